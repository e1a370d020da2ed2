//! The file of a cache: a magic word, the length of a JSON header, the header, the ids, and a checksum of it all.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::ObjectId;
use super::super::origin::{Origin, Reach};
use super::Known;
use crate::edit;
use crate::finding::{CommitRef, RepoPath};

const MAGIC: &[u8; 16] = b"scanall history\n";
/// No cache is larger, in bytes: that is 50 million objects.
const MAX: u64 = 1 << 30;
/// What nobody asked for in so long is deleted.
const FORGOTTEN: Duration = Duration::from_secs(90 * 24 * 60 * 60);

#[derive(Serialize, Deserialize)]
struct Header {
    rules: [u8; 32],
    state: [u8; 32],
    width: usize,
    noted: Vec<String>,
    origins: Vec<Saved>,
}

/// An [`Origin`] in writing.
#[derive(Serialize, Deserialize)]
struct Saved {
    blob: String,
    path: String,
    commit: (String, String),
    reach: u8,
    head: Option<String>,
    removed: Option<(String, String)>,
    commits: usize,
    paths: Vec<String>,
}

/// The ways to reach a commit, by their number in the file.
const REACHES: [Reach; 5] = [Reach::Reference, Reach::Stash, Reach::Note, Reach::Reflog, Reach::Nothing];

/// Reads a file; `None` when there is none, or one for other rules or other ids.
///
/// # Errors
/// The file cannot be read or is damaged, in words.
pub(super) fn read(path: &Path, rules: [u8; 32], width: usize) -> Result<Option<Known>, String> {
    let bytes = match std::fs::metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e.to_string()),
        Ok(file) if file.len() > MAX => return Err("it is larger than any".to_owned()),
        Ok(_) => std::fs::read(path).map_err(|e| e.to_string())?,
    };
    parse(&bytes, rules, width).ok_or_else(|| "it is damaged".to_owned())
}

#[expect(clippy::option_option, reason = "damage is one thing, a file for other rules another")]
fn parse(bytes: &[u8], rules: [u8; 32], width: usize) -> Option<Option<Known>> {
    let (body, checksum) = bytes.split_last_chunk::<4>()?;
    if libdeflater::crc32(body) != u32::from_le_bytes(*checksum) {
        return None;
    }
    let (length, rest) = body.strip_prefix(MAGIC)?.split_first_chunk::<8>()?;
    let (header, ids) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    let header: Header = serde_json::from_slice(header).ok()?;
    if header.rules != rules || header.width != width {
        return Some(None);
    }
    let sorted = ids.chunks_exact(width).is_sorted() && ids.len().is_multiple_of(width);
    let noted: Option<Vec<ObjectId>> = header.noted.iter().map(|id| ObjectId::from_hex(id.as_bytes())).collect();
    let origins: Option<HashMap<ObjectId, Origin>> = header.origins.into_iter().map(Saved::restore).collect();
    Some(Some(Known { state: header.state, ids: sorted.then(|| ids.to_vec())?, noted: noted?, origins: origins? }))
}

/// Writes a file for its owner alone, under another name first, and deletes those that nobody has used for long.
pub(super) fn write(path: &Path, rules: [u8; 32], width: usize, known: &Known) -> io::Result<()> {
    let header = Header {
        rules,
        state: known.state,
        width,
        noted: known.noted.iter().map(ObjectId::to_string).collect(),
        origins: {
            let mut origins: Vec<Saved> = known.origins.iter().map(Saved::of).collect();
            origins.sort_by(|a, b| a.blob.cmp(&b.blob));
            origins
        },
    };
    let header = serde_json::to_vec(&header)?;
    let mut bytes = MAGIC.to_vec();
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend(header);
    bytes.extend(&known.ids);
    bytes.extend(libdeflater::crc32(&bytes).to_le_bytes());
    edit::keep(path, &bytes)?;
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    for entry in std::fs::read_dir(folder)?.flatten() {
        let age = entry.metadata().and_then(|file| file.modified()).ok().and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age > FORGOTTEN) {
            // Somebody else may have been faster.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}

impl Saved {
    fn of((blob, origin): (&ObjectId, &Origin)) -> Self {
        let commit = |commit: &CommitRef| (commit.id.clone(), commit.date.clone());
        let path = |path: &RepoPath| path.as_str().to_owned();
        Self {
            blob: blob.to_string(),
            path: path(&origin.path),
            commit: commit(&origin.commit),
            reach: REACHES.iter().zip(0..).find(|(reach, _)| **reach == origin.reach).map_or(0, |(_, number)| number),
            head: origin.head.as_ref().map(path),
            removed: origin.removed.as_ref().map(commit),
            commits: origin.commits,
            paths: origin.paths.iter().map(path).collect(),
        }
    }

    fn restore(self) -> Option<(ObjectId, Origin)> {
        let commit = |(id, date): (String, String)| CommitRef { id, date };
        let origin = Origin {
            path: RepoPath::new(&self.path),
            commit: commit(self.commit),
            reach: *REACHES.get(usize::from(self.reach))?,
            head: self.head.map(RepoPath::new),
            removed: self.removed.map(commit),
            commits: self.commits,
            paths: self.paths.into_iter().map(RepoPath::new).collect(),
        };
        Some((ObjectId::from_hex(self.blob.as_bytes())?, origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let id = ObjectId::from_bytes(&[7; 20]).unwrap();
        let commit = |id: &str| CommitRef { id: id.to_owned(), date: "2026-01-02T03:04:05+00:00".to_owned() };
        let origin = Origin {
            path: RepoPath::new("a/b"),
            commit: commit("c1"),
            reach: Reach::Note,
            head: None,
            removed: Some(commit("c2")),
            commits: 3,
            paths: vec![RepoPath::new("a/b"), RepoPath::new("c")],
        };
        Known {
            state: [1; 32],
            ids: [[3; 20], [7; 20]].concat(),
            noted: vec![id],
            origins: HashMap::from([(id, origin)]),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history/x");
        assert!(read(&path, [2; 32], 20).unwrap().is_none());
        write(&path, [2; 32], 20, &known()).unwrap();
        let read_back = read(&path, [2; 32], 20).unwrap().unwrap();
        assert_eq!(read_back.ids, known().ids);
        assert_eq!((read_back.state, read_back.noted, read_back.origins), ([1; 32], known().noted, known().origins));
        assert!(read(&path, [9; 32], 20).unwrap().is_none() && read(&path, [2; 32], 32).unwrap().is_none());
    }

    #[test]
    fn damage_anywhere_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        write(&path, [2; 32], 20, &known()).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            assert!(parse(&damaged, [2; 32], 20).is_none(), "{at}");
            assert!(parse(&bytes[..at], [2; 32], 20).is_none(), "{at}");
        }
    }
}
