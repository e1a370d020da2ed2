//! Finds out which commit brought a blob into the history, and under which path.

use std::collections::{HashMap, HashSet};

use git2::{ObjectType, Repository, Sort, Tree};

use super::{History, ObjectId};
use crate::error::Error;
use crate::finding::{CommitRef, RepoPath};

/// Where a blob first appeared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, in the tree of the commit.
    pub path: RepoPath,
    /// The first commit that holds it, parents before children, older before newer.
    pub commit: CommitRef,
}

impl History {
    /// The origin of every wanted blob that a reference or the reflog of HEAD reaches; the others are missing from the map.
    ///
    /// # Errors
    /// The commits cannot be walked.
    pub fn origins(&self, wanted: &HashSet<ObjectId>) -> Result<HashMap<ObjectId, Origin>, Error> {
        let unreadable = |e| Error::usage("cannot walk the commits of the repository").because(e);
        let repository = Repository::open(&self.git_dir).map_err(unreadable)?;
        let mut walk = repository.revwalk().map_err(unreadable)?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME | Sort::REVERSE).map_err(unreadable)?;
        for reference in repository.references().map_err(unreadable)?.flatten() {
            if let Ok(commit) = reference.peel_to_commit() {
                let _ = walk.push(commit.id());
            }
        }
        let _ = walk.push_head();
        if let Ok(reflog) = repository.reflog("refs/stash") {
            for entry in reflog.iter() {
                let _ = walk.push(entry.id_new());
            }
        }
        let mut search = Search { repository: &repository, wanted, seen: HashSet::new(), found: HashMap::new() };
        for id in walk.flatten() {
            if search.found.len() == wanted.len() {
                break;
            }
            let Ok(commit) = repository.find_commit(id) else { continue };
            let Ok(tree) = commit.tree() else { continue };
            search.enter(&tree, "", &commit_ref(&commit));
        }
        Ok(search.found)
    }
}

struct Search<'a> {
    repository: &'a Repository,
    wanted: &'a HashSet<ObjectId>,
    /// Trees already read: what they hold was introduced earlier.
    seen: HashSet<git2::Oid>,
    found: HashMap<ObjectId, Origin>,
}

impl Search<'_> {
    fn enter(&mut self, tree: &Tree<'_>, folder: &str, commit: &CommitRef) {
        // Git itself refuses deeper trees (core.maxTreeDepth, 2048 by default).
        if !self.seen.insert(tree.id()) || folder.matches('/').count() > 2048 {
            return;
        }
        for entry in tree {
            let path = || format!("{folder}{}", String::from_utf8_lossy(entry.name_bytes()));
            match entry.kind() {
                Some(ObjectType::Blob) if self.wanted.contains(&entry.id().into()) => {
                    let origin = || Origin { path: RepoPath::new(path()), commit: commit.clone() };
                    self.found.entry(entry.id().into()).or_insert_with(origin);
                }
                Some(ObjectType::Tree) => {
                    if let Ok(tree) = self.repository.find_tree(entry.id()) {
                        self.enter(&tree, &format!("{}/", path()), commit);
                    }
                }
                _ => {}
            }
        }
    }
}

/// What outputs say of a commit.
pub fn commit_ref(commit: &git2::Commit<'_>) -> CommitRef {
    CommitRef { id: commit.id().to_string(), date: date(commit.author().when()) }
}

/// ISO 8601 with the author's offset; empty when the time is out of the calendar.
fn date(when: git2::Time) -> String {
    let zoned = || {
        let offset = jiff::tz::Offset::from_seconds(when.offset_minutes().checked_mul(60)?).ok()?;
        let time = jiff::Timestamp::from_second(when.seconds()).ok()?;
        Some(time.display_with_offset(offset).to_string())
    };
    zoned().unwrap_or_default()
}
