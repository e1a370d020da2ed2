//! Finds out which commits brought a blob into the history, under which path, and whether it is still there.
//!
//! One pass over the tree objects collects who holds whom (`trees`), one over the commits their links (`commits`).
//! From each wanted blob the edges are climbed to the root trees that reach it. A commit introduces a blob when its
//! root tree reaches it and that of no parent does; a commit removes it when it is the other way round.

mod climb;
mod commits;
mod trees;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::PoisonError;

use rayon::prelude::*;

use super::{History, ObjectId, Type, refs};
use crate::error::Error;
use crate::finding::{CommitRef, RepoPath};
use climb::{Climber, Holders};
use commits::Graph;
pub use commits::Unlinked;

/// Where a blob came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, in the tree of the commit.
    pub path: RepoPath,
    /// The first commit that brought it, parents before children, older before newer, reachable ones before others.
    pub commit: CommitRef,
    /// What leads to that commit.
    pub reach: Reach,
    /// The file in the tree of HEAD, when it is still there.
    pub head: Option<RepoPath>,
    /// The last commit that removed it, when it is not at HEAD.
    pub removed: Option<CommitRef>,
    /// How many commits brought it; merges of branches that have it do not count.
    pub commits: usize,
    /// The paths they brought it under, sorted; never empty.
    pub paths: Vec<RepoPath>,
}

/// What leads to a commit, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// A branch, a tag, a remote's branch, HEAD.
    Reference,
    /// The stash, its older entries included.
    Stash,
    /// Notes on other objects.
    Note,
    /// The reflog alone: it was reset, rebased or deleted.
    Reflog,
    /// Nothing: only the object store still has it.
    Nothing,
}

impl History {
    /// The origin of every wanted blob that is in the tree of a commit; the others are missing from the map.
    ///
    /// # Errors
    /// None as yet: what cannot be read is missing from the map.
    pub fn origins(&self, wanted: &HashSet<ObjectId>) -> Result<HashMap<ObjectId, Origin>, Error> {
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        let objects = self.objects();
        let commits = || {
            let scanned = self.commits.lock().unwrap_or_else(PoisonError::into_inner).take();
            Graph::new(objects.count(), scanned.unwrap_or_else(|| Unlinked::all(objects)))
        };
        let (changes, mut graph) = rayon::join(|| trees::read(objects, wanted), commits);
        let references = refs::all(&self.git_dir, &self.common_dir);
        let place = |id: &ObjectId| self.commit_place(&graph, id);
        let tips: Vec<(Reach, u32)> =
            references.iter().filter_map(|(name, id)| Some((reach_of(name), place(id)?))).collect();
        let head = references.iter().find(|(name, _)| name == "HEAD").and_then(|(_, id)| place(id));
        for reach in [Reach::Reference, Reach::Stash, Reach::Note, Reach::Reflog] {
            graph.mark(tips.iter().filter(|tip| tip.0 == reach).map(|tip| tip.1).collect(), reach);
        }
        let holders = Holders::new(objects.count(), changes, &graph);
        let mut ids: Vec<ObjectId> = wanted.iter().copied().collect();
        ids.sort_unstable();
        let numbered = ids.into_par_iter().filter_map(|id| Some((id, objects.number(id.as_bytes())?)));
        let origins = numbered.map_init(
            || Climber::new(&holders),
            |climber, (id, number)| Some((id, self.origin(&graph, climber, number, head)?)),
        );
        Ok(origins.flatten().collect())
    }

    fn origin(&self, graph: &Graph, climber: &mut Climber<'_>, number: u32, head: Option<u32>) -> Option<Origin> {
        climber.climb(number);
        let (introduced, removed) = climber.changes(graph);
        let first = *introduced.iter().min_by_key(|at| {
            let node = &graph.nodes[**at as usize];
            (node.reach, node.time, node.id)
        })?;
        let paths: BTreeSet<RepoPath> =
            introduced.iter().map(|at| RepoPath::new(climber.path(graph.nodes[*at as usize].tree))).collect();
        let node = &graph.nodes[first as usize];
        let head_tree = head.map(|at| graph.nodes[at as usize].tree).filter(|tree| climber.holds(*tree));
        let last = removed.iter().filter(|at| graph.nodes[**at as usize].reach == Reach::Reference).max_by_key(|at| {
            let node = &graph.nodes[**at as usize];
            (node.time, node.id)
        });
        Some(Origin {
            path: RepoPath::new(climber.path(node.tree)),
            commit: self.commit_ref(node.id)?,
            reach: node.reach,
            head: head_tree.map(|tree| RepoPath::new(climber.path(tree))),
            removed: match head_tree {
                None => last.and_then(|at| self.commit_ref(graph.nodes[*at as usize].id)),
                Some(_) => None,
            },
            commits: introduced.len(),
            paths: paths.into_iter().collect(),
        })
    }

    /// The commit that a reference leads to, through annotated tags.
    fn commit_place(&self, graph: &Graph, id: &ObjectId) -> Option<u32> {
        let mut id = *id;
        // Tags of tags exist, circles of them cannot: an id is a hash of what it names.
        for _ in 0..16 {
            if let Some(place) = graph.place(self.objects().number(id.as_bytes())?) {
                return Some(place);
            }
            let (kind, text) = self.objects().store().read(&id).ok()?;
            let target = text.strip_prefix(b"object ").filter(|_| kind == Type::Tag)?;
            id = ObjectId::from_hex(target.split(|byte| *byte == b'\n').next()?)?;
        }
        None
    }
}

/// How good a way a reference is.
pub(super) fn reach_of(reference: &str) -> Reach {
    match reference {
        "refs/stash" | "logs/refs/stash" => Reach::Stash,
        name if name.starts_with("refs/notes/") => Reach::Note,
        name if name.starts_with("logs/") => Reach::Reflog,
        _ => Reach::Reference,
    }
}
