//! Whether the cache folder can be written, and how large it is.

use std::path::Path;

use super::{Check, Patient};

const AREA: &str = "cache";
/// So many files are counted.
const MOST_FILES: usize = 200_000;

pub(super) fn checks(patient: &Patient<'_>) -> Vec<Check> {
    let Some(folder) = &patient.context.options.cache_dir else {
        return vec![
            Check::warn(AREA, "there is no cache folder, so every scan begins anew").hint("set HOME or XDG_CACHE_HOME"),
        ];
    };
    let place = folder.display();
    // The nearest folder that is there says whether the rest of the way can be made.
    let Some(there) = folder.ancestors().find(|folder| folder.is_dir()) else {
        return vec![Check::warn(AREA, format!("no part of {place} exists"))];
    };
    if let Err(why) = tempfile::Builder::new().prefix(".scanall-").tempfile_in(there) {
        return vec![
            Check::warn(AREA, format!("{place} cannot be written, so every scan begins anew: {why}"))
                .hint("make it writable, or set XDG_CACHE_HOME"),
        ];
    }
    vec![match size(folder) {
        Some(0) => Check::ok(AREA, format!("{place} is empty")),
        Some(bytes) => Check::ok(AREA, format!("{place} holds {}", amount(bytes))),
        None => {
            Check::warn(AREA, format!("{place} holds more than {MOST_FILES} files")).hint("it may be deleted any time")
        }
    }]
}

/// The bytes of all files below a folder, links not followed; `None` when there are too many to count.
fn size(folder: &Path) -> Option<u64> {
    let (mut bytes, mut count) = (0, 0);
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            count += 1;
            if count > MOST_FILES {
                return None;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => bytes += entry.metadata().map_or(0, |about| about.len()),
                _ => {}
            }
        }
    }
    Some(bytes)
}

fn amount(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
