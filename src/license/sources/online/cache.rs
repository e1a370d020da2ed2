//! Defines [`Cache`]: what deps.dev said before.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::edit;

/// The license of a version does not change, but what is known of it may: in seconds, 30 days.
const FRESH: i64 = 30 * 24 * 60 * 60;
/// The most bytes of the file that are read, and the most answers that are kept.
const MAX_FILE: u64 = 64 << 20;
const MAX_ANSWERS: usize = 200_000;

/// What deps.dev said, by question; in the cache folder it is `licenses/deps-dev.json`.
pub(super) struct Cache {
    file: Option<PathBuf>,
    now: i64,
    answers: BTreeMap<String, Answer>,
}

#[derive(Deserialize, Serialize)]
struct Answer {
    /// When it was given, in seconds since 1970.
    at: i64,
    licenses: Vec<String>,
}

impl Cache {
    /// Reads what is kept and not too old; nothing without a folder, and when the file is damaged.
    pub(super) fn read(folder: Option<&Path>, now: Timestamp) -> Self {
        let file = folder.map(|folder| folder.join("licenses/deps-dev.json"));
        let now = now.as_second();
        let mut answers = file.as_deref().and_then(load).unwrap_or_default();
        answers.retain(|_, answer: &mut Answer| (0..FRESH).contains(&now.saturating_sub(answer.at)));
        Self { file, now, answers }
    }

    /// The licenses that were told; `None` when nobody was asked.
    pub(super) fn get(&self, question: &str) -> Option<&[String]> {
        self.answers.get(question).map(|answer| &answer.licenses[..])
    }

    pub(super) fn put(&mut self, question: &str, licenses: Vec<String>) {
        self.answers.insert(question.to_owned(), Answer { at: self.now, licenses });
    }

    /// Keeps it for the next run, whole or not at all; a cache that cannot be written is none.
    pub(super) fn write(&self) {
        let Some(file) = &self.file else { return };
        let kept: BTreeMap<_, _> = self.answers.iter().take(MAX_ANSWERS).collect();
        let _ = serde_json::to_vec(&kept).map_err(Into::into).and_then(|bytes| edit::keep(file, &bytes));
    }
}

fn load(file: &Path) -> Option<BTreeMap<String, Answer>> {
    let mut bytes = Vec::new();
    fs::File::open(file).ok()?.take(MAX_FILE).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut cache = Cache::read(Some(folder.path()), at(1_000));
        cache.put("x", vec!["MIT".to_owned()]);
        cache.write();
        assert_eq!(Cache::read(Some(folder.path()), at(1_001)).get("x"), Some(&["MIT".to_owned()][..]));
        assert_eq!(Cache::read(Some(folder.path()), at(1_000 + FRESH)).get("x"), None);
        assert_eq!(Cache::read(Some(folder.path()), at(999)).get("x"), None);
        assert_eq!(Cache::read(None, at(1_001)).get("x"), None);
        fs::write(folder.path().join("licenses/deps-dev.json"), "{\"x\"").unwrap();
        assert_eq!(Cache::read(Some(folder.path()), at(1_001)).get("x"), None);
    }
}
