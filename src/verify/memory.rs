//! Defines [`Memory`]: answers of earlier runs, in one file of the cache folder that only its owner reads.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::edit;
use crate::finding::Verified;
use crate::finding::verified::Status;

/// A credential that worked works so long without a new question, and one that did not stays dead so long.
const LIVE: SignedDuration = SignedDuration::from_hours(1);
const DEAD: SignedDuration = SignedDuration::from_hours(30 * 24);
/// No file is larger, in bytes, and none has more answers; the oldest go first.
const MAX_FILE: u64 = 8 << 20;
const MAX_ANSWERS: usize = 10_000;
/// What a file must say of itself to be read.
const VERSION: u32 = 1;

/// Answers by the key of their question, which is a digest: nobody learns a credential from it.
pub(super) struct Memory {
    /// `None` when nothing is to be remembered.
    file: Option<PathBuf>,
    now: Timestamp,
    answers: BTreeMap<String, Entry>,
    is_changed: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    answers: BTreeMap<String, Entry>,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    is_live: bool,
    reason: String,
    identity: Vec<(String, String)>,
    /// Seconds since 1970.
    at: i64,
}

impl Entry {
    fn time(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.at).ok()
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        let longest = if self.is_live { LIVE } else { DEAD };
        // What was asked in the future is as good as not asked.
        self.time().is_some_and(|at| at <= now && now.duration_since(at) < longest)
    }
}

impl Memory {
    /// Reads the file of a cache folder. What is damaged, of another version or too large is as good as none.
    pub(super) fn load(folder: Option<&Path>, now: Timestamp) -> Self {
        let file = folder.map(|folder| folder.join("verify").join("answers.json"));
        let mut answers = file.as_deref().and_then(read).unwrap_or_default();
        answers.retain(|_, entry| entry.is_fresh(now));
        Self { file, now, answers, is_changed: false }
    }

    /// What is remembered of a question; `None` for nothing that still holds.
    pub(super) fn recall(&self, key: &str) -> Option<Verified> {
        let entry = self.answers.get(key)?.clone();
        let at = entry.time()?;
        let status = if entry.is_live { Status::Live } else { Status::Dead };
        Some(Verified { status, reason: entry.reason, identity: entry.identity, at })
    }

    /// Remembers an answer, if it is one.
    pub(super) fn keep(&mut self, key: &str, answer: &Verified) {
        if answer.status == Status::Unknown || self.file.is_none() {
            return;
        }
        let entry = Entry {
            is_live: answer.status == Status::Live,
            reason: answer.reason.clone(),
            identity: answer.identity.clone(),
            at: self.now.as_second(),
        };
        self.answers.insert(key.to_owned(), entry);
        self.is_changed = true;
    }

    /// Writes the file, whole or not at all. Without a memory the next run asks again, so a failure is none of the run.
    pub(super) fn store(mut self) {
        while self.answers.len() > MAX_ANSWERS {
            let oldest = self.answers.iter().min_by_key(|(_, entry)| entry.at).map(|(key, _)| key.clone());
            oldest.map(|key| self.answers.remove(&key));
        }
        if let Some(file) = self.file.filter(|_| self.is_changed) {
            let content = File { version: VERSION, answers: self.answers };
            let _ = serde_json::to_vec(&content).map_err(Into::into).and_then(|bytes| edit::keep(&file, &bytes));
        }
    }
}

fn read(file: &Path) -> Option<BTreeMap<String, Entry>> {
    let mut text = Vec::new();
    fs::File::open(file).ok()?.take(MAX_FILE).read_to_end(&mut text).ok()?;
    let file: File = serde_json::from_slice(&text).ok()?;
    (file.version == VERSION).then_some(file.answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: Status, at: Timestamp) -> Verified {
        Verified { status, reason: "r".to_owned(), identity: vec![("login".to_owned(), "octocat".to_owned())], at }
    }

    #[test]
    fn answers_are_remembered_as_long_as_they_hold() {
        let folder = tempfile::tempdir().unwrap();
        let start = Timestamp::from_second(1_700_000_000).unwrap();
        let mut memory = Memory::load(Some(folder.path()), start);
        for (key, status) in [("a", Status::Live), ("b", Status::Dead), ("c", Status::Unknown)] {
            memory.keep(key, &answer(status, start));
        }
        memory.store();
        for (seconds, live, dead) in [
            (0, true, true),
            (3599, true, true),
            (3600, false, true),
            (2_591_999, false, true),
            (2_592_000, false, false),
            (-1, false, false),
        ] {
            let later = start + SignedDuration::from_secs(seconds);
            let memory = Memory::load(Some(folder.path()), later);
            assert_eq!((memory.recall("a").is_some(), memory.recall("b").is_some()), (live, dead), "{seconds}");
            assert!(memory.recall("c").is_none());
        }
        let memory = Memory::load(Some(folder.path()), start);
        assert_eq!(memory.recall("a"), Some(answer(Status::Live, start)));
    }

    #[test]
    #[cfg(unix)]
    fn nobody_else_reads_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::load(Some(folder.path()), Timestamp::UNIX_EPOCH);
        memory.keep("a", &answer(Status::Live, Timestamp::UNIX_EPOCH));
        memory.store();
        let mode = fs::metadata(folder.path().join("verify/answers.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none_and_no_folder_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("verify")).unwrap();
        for damaged in ["", "{", "[]", "{\"version\": 9, \"answers\": {}}", "{\"version\": 1, \"answers\": {\"a\": 1}}"]
        {
            fs::write(folder.path().join("verify/answers.json"), damaged).unwrap();
            assert!(Memory::load(Some(folder.path()), Timestamp::UNIX_EPOCH).recall("a").is_none());
        }
        let mut memory = Memory::load(None, Timestamp::UNIX_EPOCH);
        memory.keep("a", &answer(Status::Live, Timestamp::UNIX_EPOCH));
        assert!(memory.recall("a").is_none());
    }
}
