//! Defines [`History`]: every object git holds for a repository, and where each came from.

pub mod origin;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use git2::{Odb, Oid, Repository};
use rayon::prelude::*;

use crate::error::Error;
use crate::finding::CommitRef;
use crate::scanner::Cancel;
use crate::scanner::secrets::matcher::{Match, Matcher};

pub use origin::Origin;

/// Larger objects are not read but reported, in bytes.
pub const MAX_OBJECT: usize = 256 << 20;
/// So many objects are a unit of parallel work.
const BATCH: usize = 512;

/// The objects of a repository.
pub struct History {
    git_dir: PathBuf,
}

/// What an object is, as far as a reader cares. Trees hold names, not text, and are not scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A version of a file.
    Blob,
    /// A commit: its message and the people in it.
    Commit,
    /// An annotated tag.
    Tag,
}

/// An object in which something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// The object's id.
    pub id: Oid,
    /// What it is.
    pub kind: ObjectKind,
}

/// What was read, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Objects scanned.
    pub objects: u64,
    /// Bytes of text scanned.
    pub bytes: u64,
    /// What could not be read, a sentence each, sorted.
    pub gaps: Vec<String>,
}

impl History {
    /// Opens the object store of a git directory.
    ///
    /// # Errors
    /// It is no repository, or one in a format that libgit2 does not know.
    pub fn open(git_dir: &Path) -> Result<Self, Error> {
        Repository::open(git_dir)
            .map_err(|e| Error::usage(format!("cannot open the repository `{}`", git_dir.display())).because(e))?;
        Ok(Self { git_dir: git_dir.to_owned() })
    }

    /// Scans every object that git still holds, reachable or not, or those that a range of revisions added, and calls
    /// `found` for each one with a match, in no particular order and from several threads. `expect` is told the number
    /// of objects, `advance` how many were done since it was last called.
    ///
    /// # Errors
    /// The object store cannot be listed, or the range is not valid.
    pub fn scan(
        &self,
        range: Option<&str>,
        matcher: &Matcher,
        cancel: &Cancel,
        expect: &(dyn Fn(u64) + Sync),
        advance: &(dyn Fn(u64) + Sync),
        found: &(dyn Fn(Object, &[u8], &[Match]) + Sync),
    ) -> Result<Coverage, Error> {
        let ids = match range {
            None => self.every_object()?,
            Some(range) => self.objects_of(range)?,
        };
        expect(ids.len() as u64);
        let (objects, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
        let mut gaps: Vec<String> = ids
            .par_chunks(BATCH)
            .flat_map_iter(|batch| {
                if cancel.is_cancelled() {
                    return Vec::new();
                }
                let gaps = self.scan_batch(batch, |object, data| {
                    objects.fetch_add(1, Ordering::Relaxed);
                    bytes.fetch_add(data.len() as u64, Ordering::Relaxed);
                    let matches = matcher.scan(data);
                    if !matches.is_empty() {
                        found(object, data, &matches);
                    }
                });
                advance(batch.len() as u64);
                gaps
            })
            .collect();
        gaps.sort();
        Ok(Coverage { objects: objects.into_inner(), bytes: bytes.into_inner(), gaps })
    }
}

impl History {
    fn every_object(&self) -> Result<Vec<Oid>, Error> {
        let unreadable = |e| Error::usage("cannot list the objects of the repository").because(e);
        let repository = Repository::open(&self.git_dir).map_err(unreadable)?;
        let mut ids = Vec::new();
        let odb = repository.odb().map_err(unreadable)?;
        odb.foreach(|id| {
            ids.push(*id);
            true
        })
        .map_err(unreadable)?;
        Ok(ids)
    }

    /// The commits of a range, and the trees and files in them that no commit outside of it has.
    fn objects_of(&self, range: &str) -> Result<Vec<Oid>, Error> {
        let unknown = |e: git2::Error| {
            Error::usage(format!("`{range}` is not a range of revisions"))
                .because(e.message().to_owned())
                .hint("write it as BASE..HEAD; in CI, fetch the base first")
        };
        let repository = Repository::open(&self.git_dir).map_err(unknown)?;
        let mut builder = repository.revwalk().map_err(unknown)?;
        builder.push_range(range).map_err(unknown)?;
        let spec = repository.revparse(range).map_err(unknown)?;
        let mut new = Additions { repository: &repository, seen: HashSet::new(), ids: Vec::new() };
        if let Some(base) = spec.from() {
            new.enter(base.peel(git2::ObjectType::Tree).map_err(unknown)?.id(), 0);
            new.ids.clear();
        }
        builder.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::REVERSE).map_err(unknown)?;
        for id in builder {
            let id = id.map_err(unknown)?;
            let commit = repository.find_commit(id).map_err(unknown)?;
            new.ids.push(id);
            // What a parent outside of the range holds is not new, whichever parent it is.
            for parent in commit.parents() {
                let known = new.ids.len();
                new.enter(parent.tree_id(), 0);
                if !new.ids.contains(&parent.id()) {
                    new.ids.truncate(known);
                }
            }
            new.enter(commit.tree_id(), 0);
        }
        Ok(new.ids)
    }

    /// What outputs say of a commit; `None` when it cannot be read.
    pub fn commit_ref(&self, id: Oid) -> Option<CommitRef> {
        let repository = Repository::open(&self.git_dir).ok()?;
        let commit = repository.find_commit(id).ok()?;
        Some(origin::commit_ref(&commit))
    }

    /// Reads objects with a handle of its own, since libgit2's are not shared between threads; returns the gaps.
    fn scan_batch(&self, batch: &[Oid], visit: impl Fn(Object, &[u8])) -> Vec<String> {
        let repository = match Repository::open(&self.git_dir) {
            Ok(repository) => repository,
            Err(e) => return vec![format!("{} objects: {}", batch.len(), e.message())],
        };
        let odb = match repository.odb() {
            Ok(odb) => odb,
            Err(e) => return vec![format!("{} objects: {}", batch.len(), e.message())],
        };
        let mut gaps = Vec::new();
        for &id in batch {
            match read(&odb, id) {
                Ok(Some((kind, data))) => visit(Object { id, kind }, data.data()),
                Ok(None) => {}
                Err(why) => gaps.push(why),
            }
        }
        gaps
    }
}

/// Collects the objects of trees that were not seen before.
struct Additions<'a> {
    repository: &'a Repository,
    seen: HashSet<Oid>,
    ids: Vec<Oid>,
}

impl Additions<'_> {
    fn enter(&mut self, tree: Oid, depth: usize) {
        // Git itself refuses deeper trees (core.maxTreeDepth, 2048 by default).
        if depth > 2048 || !self.seen.insert(tree) {
            return;
        }
        let Ok(tree) = self.repository.find_tree(tree) else { return };
        for entry in &tree {
            match entry.kind() {
                Some(git2::ObjectType::Blob) if self.seen.insert(entry.id()) => self.ids.push(entry.id()),
                Some(git2::ObjectType::Tree) => self.enter(entry.id(), depth + 1),
                _ => {}
            }
        }
    }
}

/// Reads one object; `None` for a tree.
fn read<'odb>(odb: &'odb Odb<'_>, id: Oid) -> Result<Option<(ObjectKind, git2::OdbObject<'odb>)>, String> {
    let unreadable = |e: git2::Error| format!("object {id}: {}", e.message());
    let (size, kind) = odb.read_header(id).map_err(unreadable)?;
    let kind = match kind {
        git2::ObjectType::Blob => ObjectKind::Blob,
        git2::ObjectType::Commit => ObjectKind::Commit,
        git2::ObjectType::Tag => ObjectKind::Tag,
        _ => return Ok(None),
    };
    if size > MAX_OBJECT {
        return Err(format!("object {id}: {size} bytes are more than the {MAX_OBJECT} that are read"));
    }
    Ok(Some((kind, odb.read(id).map_err(unreadable)?)))
}
