//! The files of a commit, written to a folder, are those that git would check out.

use std::collections::BTreeMap;
use std::path::Path;

use scanall::history::snapshot::{LIMITS, Limits};
use scanall::history::{History, ObjectId};
use scanall::scanner::Cancel;

use crate::environment::Sandbox;

/// Every file in a folder and what is in it, git's own left out.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(place) = open.pop() {
        for entry in std::fs::read_dir(place).unwrap().map(|entry| entry.unwrap()) {
            let path = entry.path();
            let kind = entry.file_type().unwrap();
            assert!(!kind.is_symlink(), "{}", path.display());
            if kind.is_dir() && entry.file_name() != ".git" {
                open.push(path);
            } else if kind.is_file() {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn commit(history: &History, name: &str) -> ObjectId {
    history.commit(name).unwrap()
}

#[test]
fn every_version_is_the_one_of_git() {
    let sandbox = Sandbox::new();
    crate::history::build(&sandbox, 21, 60);
    sandbox.git("repo", &["repack", "-adfq", "--depth=50", "--window=50"]);
    let history = History::open(&sandbox.path("repo/.git")).unwrap();
    for (number, name) in ["HEAD", "HEAD~10", "HEAD~25"].into_iter().enumerate() {
        let copy = format!("copy{number}");
        let hex = sandbox.git("repo", &["rev-parse", name]);
        sandbox.git("repo", &["worktree", "add", "-q", "--detach", &format!("../{copy}"), &hex]);
        let folder = tempfile::tempdir().unwrap();
        let snapshot = history.write_files(commit(&history, name), folder.path(), LIMITS, &Cancel::default()).unwrap();
        let (ours, mut theirs) = (files(folder.path()), files(&sandbox.path(&copy)));
        theirs.remove(".git");
        assert!(ours == theirs && snapshot.files == ours.len() && ours.len() > 3, "{name}");
        assert_eq!(snapshot.gaps, Vec::<String>::new());
    }
}

#[test]
fn what_is_too_much_is_not_written_and_said() {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "-b", "main", "r"]);
    for number in 0..20 {
        sandbox.write(&format!("r/d/f{number:02}"), [b'x'; 100]);
    }
    sandbox.git("r", &["add", "."]);
    sandbox.git("r", &["commit", "-qm", "m"]);
    let history = History::open(&sandbox.path("r/.git")).unwrap();
    for (limits, most) in [
        (Limits { entries: 11, ..LIMITS }, 10),
        (Limits { bytes: 550, ..LIMITS }, 5),
        (Limits { names: 26, ..LIMITS }, 5),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let commit = commit(&history, "main");
        let snapshot = history.write_files(commit, folder.path(), limits, &Cancel::default()).unwrap();
        assert_eq!((snapshot.files, files(folder.path()).len()), (most, most), "{limits:?}");
        assert!(!snapshot.gaps.is_empty(), "{limits:?}");
    }
}

#[test]
fn a_damaged_object_is_a_gap_and_no_other_file() {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "-b", "main", "r"]);
    sandbox.write("r/good", "good\n");
    sandbox.write("r/bad", "bad\n");
    sandbox.git("r", &["add", "."]);
    sandbox.git("r", &["commit", "-qm", "m"]);
    let hex = sandbox.git("r", &["rev-parse", "HEAD:bad"]);
    let other = sandbox.git("r", &["rev-parse", "HEAD:good"]);
    let place = |hex: &str| sandbox.path(&format!("r/.git/objects/{}/{}", &hex[..2], &hex[2..]));
    std::fs::remove_file(place(&hex)).unwrap();
    std::fs::copy(place(&other), place(&hex)).unwrap();
    let history = History::open(&sandbox.path("r/.git")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let snapshot = history.write_files(commit(&history, "main"), folder.path(), LIMITS, &Cancel::default()).unwrap();
    assert_eq!(files(folder.path()).into_keys().collect::<Vec<_>>(), ["good"]);
    assert!(snapshot.gaps.len() == 1 && snapshot.gaps[0].starts_with("`bad`: "), "{:?}", snapshot.gaps);
}
