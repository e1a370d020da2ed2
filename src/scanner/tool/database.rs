//! Defines [`Database`]: the data that a tool keeps on this machine.

use std::fs::File;
use std::io::Read as _;
use std::time::SystemTime;

use serde_json::Value;

use super::Spec;
use crate::options::Options;

/// So much of what a tool writes about its database is read, in bytes.
const MAX_METADATA: u64 = 1 << 20;
/// What tools call the time at which their database was made, the best word first.
const MADE: [&str; 4] = ["UpdatedAt", "built", "Built", "DownloadedAt"];

/// The data that a tool keeps on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// It keeps none.
    Needless,
    /// It keeps one, and has none yet.
    Missing,
    /// It was made so many days ago.
    Days(u64),
}

impl Database {
    /// Looks for the database of a tool.
    pub fn of(spec: &Spec, options: &Options, now: SystemTime) -> Self {
        let Some(place) = spec.database else { return Self::Needless };
        let Some(file) = place(options).and_then(|path| File::open(path).ok()) else { return Self::Missing };
        let changed = file.metadata().and_then(|about| about.modified()).ok();
        let Some(made) = told(file).or(changed) else { return Self::Missing };
        Self::Days(now.duration_since(made).unwrap_or_default().as_secs() / 86_400)
    }
}

/// The time that the file itself tells.
fn told(file: File) -> Option<SystemTime> {
    let mut bytes = Vec::new();
    file.take(MAX_METADATA).read_to_end(&mut bytes).ok()?;
    let about: Value = serde_json::from_slice(&bytes).ok()?;
    let time = MADE.iter().find_map(|key| about.get(key)?.as_str()?.parse::<jiff::Timestamp>().ok())?;
    Some(time.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_the_file_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metadata.json");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            told(File::open(&path).unwrap()).map(|time| jiff::Timestamp::try_from(time).unwrap().to_string())
        };
        let words = r#"{"Version":2,"UpdatedAt":"2026-10-07T12:35:42.957Z","DownloadedAt":"2026-11-01T00:00:00Z"}"#;
        assert_eq!(read(words).as_deref(), Some("2026-10-07T12:35:42.957Z"));
        for text in ["", "[]", "{}", r#"{"UpdatedAt":7}"#, r#"{"UpdatedAt":"soon"}"#] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
