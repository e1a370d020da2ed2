//! Lists the objects that a range of revisions added.

use std::collections::HashSet;

use git2::{Oid, Repository};

use super::{History, ObjectId};
use crate::error::Error;

impl History {
    /// The commits of a range, and the trees and files in them that no commit outside of it has.
    pub(super) fn objects_of(&self, range: &str) -> Result<Vec<ObjectId>, Error> {
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
        Ok(new.ids.into_iter().map(ObjectId::from).collect())
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
