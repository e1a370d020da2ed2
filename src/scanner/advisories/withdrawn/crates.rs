//! Defines [`Crates`]: Cargo's own copies of the index of crates.io, which say of each version whether it was yanked.
//!
//! Cargo keeps what it has read of an index in `registry/index/<registry>/.cache`, a file for each crate: a version of
//! the format, a mark of how new it is, and then for each version its number and its line of the index, between zeros
//! (`SummariesCache` in cargo's `sources/registry/index/cache.rs`,
//! <https://doc.rust-lang.org/cargo/reference/registry-index.html>).

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::advisories::version::Scheme;
use crate::ecosystem::Ecosystem;

/// How the folders of copies of crates.io begin: by the newer protocol, and by that of git.
const REGISTRIES: [&str; 2] = ["index.crates.io-", "github.com-"];
/// More folders are not looked into.
const MAX_FOLDERS: usize = 64;
/// No file of a crate is larger, in bytes; the largest have some 10 MiB.
const MAX_FILE: u64 = 64 << 20;
/// No name of a crate is longer, in bytes.
const LONGEST_NAME: usize = 64;

/// Copies of the index of crates.io; none where Cargo has made none.
#[derive(Default)]
pub(super) struct Crates {
    folders: Vec<PathBuf>,
}

/// What is known of a version.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) is_yanked: bool,
    /// The version to take instead of one that was yanked: the smallest above it that Cargo takes for compatible, else the
    /// smallest above it; `None` where none is left.
    pub(super) instead: Option<String>,
}

/// A line of the index.
#[derive(Deserialize)]
struct Line {
    vers: String,
    #[serde(default)]
    yanked: Option<bool>,
}

impl Crates {
    /// Those in Cargo's home.
    pub(super) fn open(home: &Path) -> Self {
        let entries = fs::read_dir(home.join("registry/index")).into_iter().flatten().flatten().take(MAX_FOLDERS);
        let is_public = |name: &str| REGISTRIES.iter().any(|start| name.starts_with(start));
        let public = entries.filter(|entry| entry.file_name().to_str().is_some_and(is_public));
        let mut folders: Vec<PathBuf> = public.map(|entry| entry.path().join(".cache")).collect();
        folders.sort();
        Self { folders }
    }

    /// What the newest copy says of a version of a crate; `None` where none knows it.
    pub(super) fn find(&self, name: &str, version: &str) -> Option<Found> {
        let place = place(name)?;
        let changed = |path: &PathBuf| fs::metadata(path).and_then(|about| about.modified()).ok();
        let mut files: Vec<_> = self.folders.iter().map(|folder| folder.join(&place)).collect();
        files.sort_by_key(|path| std::cmp::Reverse(changed(path)));
        files.iter().find_map(|path| found(&read(path)?, version))
    }
}

/// Where the file of a crate is, by the rule of the index; `None` of what is no name of a crate.
fn place(name: &str) -> Option<String> {
    let is_one = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(is_one) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    Some(match name.len() {
        length @ (1 | 2) => format!("{length}/{name}"),
        3 => format!("3/{}/{name}", name.get(..1)?),
        _ => format!("{}/{}/{name}", name.get(..2)?, name.get(2..4)?),
    })
}

/// The bytes of a plain file that is not too large.
fn read(path: &Path) -> Option<Vec<u8>> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MAX_FILE + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MAX_FILE).then_some(bytes)
}

/// What a file says of a version. The parts are told by their form, so that the version of the format does not matter.
fn found(bytes: &[u8], version: &str) -> Option<Found> {
    let mut parts = bytes.split(|byte| *byte == 0);
    parts.find(|part| *part == version.as_bytes())?;
    let line: Line = serde_json::from_slice(parts.next()?).ok()?;
    match line.yanked == Some(true) {
        true => Some(Found { is_yanked: true, instead: instead(bytes, version) }),
        false => Some(Found { is_yanked: false, instead: None }),
    }
}

fn instead(bytes: &[u8], version: &str) -> Option<String> {
    let lines = bytes.split(|byte| *byte == 0).filter(|part| part.starts_with(b"{"));
    let lines: Vec<Line> = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let scheme = Scheme::of(Ecosystem::Cargo.osv())?;
    let is_above = |line: &&Line| line.yanked != Some(true) && scheme.compare(&line.vers, version).is_gt();
    let takes = |line: &Line, requirement: &str| scheme.satisfies(&line.vers, requirement) == Some(true);
    let smallest = |requirement: &str| {
        let fits = lines.iter().filter(is_above).filter(|line| takes(line, requirement));
        fits.min_by(|a, b| scheme.compare(&a.vers, &b.vers))
    };
    let found = smallest(&format!("^{version}")).or_else(|| smallest("*"));
    found.map(|line| line.vers.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(versions: &[(&str, &str)]) -> Vec<u8> {
        let mut bytes = b"\x03\x02\0\0\0etag: W/\"x\"\0".to_vec();
        for (version, yanked) in versions {
            let line = format!("{{\"name\":\"x\",\"vers\":\"{version}\",\"deps\":[],\"cksum\":\"\"{yanked}}}");
            bytes.extend([version.as_bytes(), b"\0", line.as_bytes(), b"\0"].concat());
        }
        bytes
    }

    #[test]
    fn places_follow_the_rule_of_the_index() {
        for (name, expected) in [
            ("a", "1/a"),
            ("ab", "2/ab"),
            ("abc", "3/a/abc"),
            ("Serde_JSON", "se/rd/serde_json"),
            ("a-b-c", "a-/b-/a-b-c"),
        ] {
            assert_eq!(place(name).as_deref(), Some(expected));
        }
        for name in ["", "../x", "a/b", "a.b", "é", &"a".repeat(65)] {
            assert_eq!(place(name), None, "{name}");
        }
    }

    #[test]
    fn what_was_yanked_and_what_to_take_instead() {
        let (yes, no) = (",\"yanked\":true", ",\"yanked\":false");
        let versions = [
            ("1.0.0", yes),
            ("1.1.0", yes),
            ("1.1.1-rc.1", no),
            ("1.2.0", no),
            ("1.3.0", no),
            ("2.0.0", ""),
            ("3.0.0", yes),
        ];
        let bytes = file(&versions);
        let of = |version| found(&bytes, version).map(|found| (found.is_yanked, found.instead));
        assert_eq!(of("1.0.0"), Some((true, Some("1.2.0".to_owned()))));
        assert_eq!(of("1.2.0"), Some((false, None)));
        assert_eq!(of("2.0.0"), Some((false, None)));
        assert_eq!(of("3.0.0"), Some((true, None)));
        assert_eq!(of("4.0.0"), None);
        let bytes = file(&[("0.1.0", yes), ("0.2.0", no)]);
        assert_eq!(found(&bytes, "0.1.0").unwrap().instead.as_deref(), Some("0.2.0"), "no other is compatible");
    }

    #[test]
    fn the_newest_copy_of_crates_io_counts() {
        let home = tempfile::tempdir().unwrap();
        let write = |registry: &str, yanked: &str, days: u64| {
            let path = home.path().join(format!("registry/index/{registry}/.cache/cl/oc/clock"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, file(&[("1.0.0", yanked)])).unwrap();
            let time = std::time::SystemTime::now() - std::time::Duration::from_secs(days * 86_400);
            File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        };
        assert_eq!(Crates::open(home.path()).find("clock", "1.0.0"), None);
        write("example.test-0123", ",\"yanked\":true", 0);
        assert_eq!(Crates::open(home.path()).find("clock", "1.0.0"), None, "another registry");
        write("github.com-0123", ",\"yanked\":true", 2);
        assert!(Crates::open(home.path()).find("clock", "1.0.0").unwrap().is_yanked);
        write("index.crates.io-0123", "", 1);
        assert!(!Crates::open(home.path()).find("clock", "1.0.0").unwrap().is_yanked);
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(prop_oneof![Just(0u8), Just(b'{'), any::<u8>()], 0..64)) {
            let _ = found(&bytes, "1.0.0");
        }
    }
}
