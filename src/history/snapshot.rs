//! Writes the files of a commit to a folder, so that every scanner sees them as it sees any other files.
//!
//! This is no checkout: nothing is filtered or converted, no hook runs, and nothing is executable. Links are left out,
//! as they are from every listing of files. A tree is whatever somebody wrote, so names are checked, and each file is
//! made anew: one that is there already, such as under a name that differs in case only, is never written to.

mod name;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::id::ObjectId;
use super::pack::entry::Type;
use super::read::MISSING;
use super::reader::Reader;
use super::{History, tree};
use crate::finding::RepoPath;
use crate::scanner::Cancel;
use crate::text;

/// How much is written at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files and folders.
    pub entries: usize,
    /// Bytes of all files.
    pub bytes: u64,
    /// Bytes of all paths, which are held in memory.
    pub names: usize,
}

/// What is written unless somebody asks for less: more than any repository that is known to be scanned.
pub const LIMITS: Limits = Limits { entries: 1_000_000, bytes: 8 << 30, names: 256 << 20 };

/// So many files are read together, since they are often made from each other.
const BATCH: usize = 256;

/// What was written, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// How many files were written.
    pub files: usize,
    /// The folders of submodules, which belong to other repositories, sorted.
    pub submodules: Vec<RepoPath>,
    /// What could not be written, a sentence each, sorted.
    pub gaps: Vec<String>,
    /// Files that a partial clone has left with its server.
    pub promised: usize,
}

/// A file to be written.
struct Blob {
    id: ObjectId,
    path: PathBuf,
}

impl History {
    /// Writes the files of a commit to a folder that is there and empty.
    ///
    /// # Errors
    /// The commit or its root tree cannot be read, in words.
    pub fn write_files(
        &self,
        commit: ObjectId,
        folder: &Path,
        limits: Limits,
        cancel: &Cancel,
    ) -> Result<Snapshot, String> {
        let root = self.links(commit).map_err(|why| format!("commit {commit}: {why}"))?.tree;
        let mut snapshot = Snapshot::default();
        let mut blobs = self.make_folders(root, folder, limits, &mut snapshot)?;
        // Objects that lie together are made from each other.
        blobs.sort_by_cached_key(|blob| self.store().place(&blob.id));
        let writer = Writer {
            history: self,
            folder,
            room: AtomicU64::new(limits.bytes),
            is_partial: self.is_partial(),
            out: Mutex::new(snapshot),
        };
        blobs.par_chunks(BATCH).for_each(|batch| {
            if !cancel.is_cancelled() {
                writer.write(batch);
            }
        });
        let mut snapshot = writer.out.into_inner().unwrap_or_else(PoisonError::into_inner);
        if cancel.is_cancelled() {
            snapshot.gaps.push("it was interrupted before all files were written".to_owned());
        }
        snapshot.gaps.sort();
        snapshot.submodules.sort();
        Ok(snapshot)
    }

    /// Makes the folders of a tree and lists its files, parents before what is in them.
    fn make_folders(
        &self,
        root: ObjectId,
        folder: &Path,
        limits: Limits,
        snapshot: &mut Snapshot,
    ) -> Result<Vec<Blob>, String> {
        let (mut entries, mut names) = (limits.entries, limits.names);
        let mut blobs = Vec::new();
        let mut open = vec![(PathBuf::new(), root)];
        while let Some((path, id)) = open.pop() {
            let bytes = match self.store().read(&id) {
                Ok((Type::Tree, text)) => text,
                other => {
                    let why = other.map_or_else(|why| why, |_| "it should be a tree".to_owned());
                    if path.as_os_str().is_empty() {
                        return Err(format!("tree {id}: {why}"));
                    }
                    snapshot.gaps.push(format!("folder `{}`: {why}", shown(&path)));
                    continue;
                }
            };
            let mut listed = tree::entries(&bytes, self.width());
            for entry in listed.by_ref() {
                if entry.is_link {
                    continue;
                }
                let inner = match inside(&path, entry.name) {
                    Ok(inner) => inner,
                    Err(why) => {
                        let name = text::printable(&String::from_utf8_lossy(entry.name));
                        snapshot.gaps.push(format!("`{}`: {why}", path.join(name).display()));
                        continue;
                    }
                };
                let length = inner.as_os_str().len();
                if entries == 0 || names < length {
                    snapshot
                        .gaps
                        .push(format!("more than {} files and folders are not written", limits.entries - entries));
                    return Ok(blobs);
                }
                entries -= 1;
                names -= length;
                match entry.kind {
                    None => snapshot.submodules.push(shown(&inner)),
                    Some(Type::Tree) => match fs::create_dir(folder.join(&inner)) {
                        Ok(()) => open.push((inner, entry.id)),
                        Err(e) => snapshot.gaps.push(format!("folder `{}`: {e}", shown(&inner))),
                    },
                    Some(_) => blobs.push(Blob { id: entry.id, path: inner }),
                }
            }
            if !listed.is_at_end() {
                snapshot.gaps.push(format!("folder `{}`: its tree is damaged", shown(&path)));
            }
        }
        Ok(blobs)
    }
}

/// Writes files from several threads.
struct Writer<'a> {
    history: &'a History,
    folder: &'a Path,
    /// How many bytes may still be written.
    room: AtomicU64,
    is_partial: bool,
    out: Mutex<Snapshot>,
}

impl Writer<'_> {
    fn write(&self, batch: &[Blob]) {
        let mut reader = Reader::new(self.history.store());
        let mut done = Snapshot::default();
        for blob in batch {
            match self.read(&mut reader, &blob.id).and_then(|text| self.make(&blob.path, &text)) {
                Ok(()) => done.files += 1,
                Err(why) if self.is_partial && why == MISSING => done.promised += 1,
                Err(why) => done.gaps.push(format!("`{}`: {why}", shown(&blob.path))),
            }
        }
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        out.files += done.files;
        out.promised += done.promised;
        out.gaps.extend(done.gaps);
    }

    /// Reads a file by way of what was read before; whatever is not itself is read anew, with everything compared.
    fn read(&self, reader: &mut Reader<'_>, id: &ObjectId) -> Result<Arc<Vec<u8>>, String> {
        let width = self.history.width();
        let quick = reader.read(id).ok().filter(|read| ObjectId::of(read.kind, &read.text, width) == Some(*id));
        let (kind, text) = match quick {
            Some(read) => (read.kind, read.text),
            None => self.history.store().read(id).map(|(kind, text)| (kind, Arc::new(text)))?,
        };
        if kind == Type::Blob { Ok(text) } else { Err("it should be a file".to_owned()) }
    }

    fn make(&self, path: &Path, text: &[u8]) -> Result<(), String> {
        let size = text.len() as u64;
        let take = |room: u64| room.checked_sub(size);
        if self.room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_err() {
            return Err("all files together are larger than what is written".to_owned());
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.folder.join(path));
        file.and_then(|mut file| file.write_all(text)).map_err(|e| match e.kind() {
            std::io::ErrorKind::AlreadyExists => "the tree has its name twice".to_owned(),
            _ => e.to_string(),
        })
    }
}

/// The place of an entry, or why it has none.
fn inside(folder: &Path, name: &[u8]) -> Result<PathBuf, &'static str> {
    if let Some(why) = name::refusal(name) {
        return Err(why);
    }
    #[cfg(unix)]
    let name = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(name);
    #[cfg(not(unix))]
    let name = std::str::from_utf8(name).map_err(|_| "its name is none on this system")?;
    Ok(folder.join(name))
}

fn shown(path: &Path) -> RepoPath {
    RepoPath::new(path.as_os_str().as_encoded_bytes())
}
