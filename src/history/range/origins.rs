//! Finds out which commits of a range brought a file. What is new in a range is in no commit outside of it that its
//! ends lead to, so that the trees of the range say it all.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::reader::Reader;
use super::super::tree;
use super::super::{History, ObjectId, Origin, Type};
use super::Range;
use super::commits::Member;
use crate::finding::RepoPath;

/// For each object the trees that hold it, and its name in each.
type Holders = HashMap<ObjectId, Vec<(ObjectId, Vec<u8>)>>;

impl History {
    /// The origin of every wanted file that a range added.
    pub fn origins_in(&self, range: &Range, wanted: &HashSet<ObjectId>) -> HashMap<ObjectId, Origin> {
        if wanted.is_empty() {
            return HashMap::new();
        }
        let holders = self.holders(&range.trees, wanted);
        let places: HashMap<ObjectId, usize> =
            range.commits.iter().zip(0..).map(|(commit, at)| (commit.id, at)).collect();
        let head = self.revision("HEAD").ok().map(|head| head.commit);
        let at_head = match head.and_then(|head| places.get(&head)) {
            Some(place) => Head::Inside(range.commits[*place].tree),
            None => Head::Outside(head.map(|head| self.in_commit(head, wanted)).unwrap_or_default()),
        };
        let origin =
            |id: &ObjectId| Some((*id, self.origin_in(range, &places, &Climb::new(&holders, *id), &at_head, id)?));
        wanted.iter().filter_map(origin).collect()
    }

    fn origin_in(
        &self,
        range: &Range,
        places: &HashMap<ObjectId, usize>,
        climb: &Climb,
        head: &Head,
        id: &ObjectId,
    ) -> Option<Origin> {
        let has = |commit: &Member| climb.from.contains_key(&commit.tree);
        let parent_has =
            |commit: &Member| commit.parents.iter().any(|id| places.get(id).is_some_and(|at| has(&range.commits[*at])));
        let introduced: Vec<&Member> = range.commits.iter().filter(|c| has(c) && !parent_has(c)).collect();
        let removed = range.commits.iter().filter(|c| !has(c) && parent_has(c));
        let first = introduced.iter().min_by_key(|commit| (commit.time, commit.id))?;
        let paths: BTreeSet<RepoPath> = introduced.iter().map(|commit| climb.path(commit.tree)).collect();
        let head = match head {
            Head::Inside(tree) => climb.from.contains_key(tree).then(|| climb.path(*tree)),
            Head::Outside(paths) => paths.get(id).cloned(),
        };
        let last = removed.max_by_key(|commit| (commit.time, commit.id)).filter(|_| head.is_none());
        Some(Origin {
            path: climb.path(first.tree),
            commit: self.commit_ref(first.id)?,
            reach: range.reach,
            removed: last.and_then(|commit| self.commit_ref(commit.id)),
            head,
            commits: introduced.len(),
            paths: paths.into_iter().collect(),
        })
    }

    /// Who holds the wanted objects and the trees that lead to them.
    fn holders(&self, trees: &[ObjectId], wanted: &HashSet<ObjectId>) -> Holders {
        let inside: HashSet<ObjectId> = trees.iter().copied().collect();
        let (mut holders, mut reader) = (Holders::new(), Reader::new(self.store()));
        for id in trees {
            let Some(read) = reader.read(id).ok().filter(|read| read.kind == Type::Tree) else { continue };
            for entry in tree::entries(&read.text, self.width) {
                if wanted.contains(&entry.id) || (entry.kind == Some(Type::Tree) && inside.contains(&entry.id)) {
                    holders.entry(entry.id).or_default().push((*id, entry.name.to_vec()));
                }
            }
        }
        holders
    }

    /// The wanted files in the tree of a commit, each with its first path.
    fn in_commit(&self, commit: ObjectId, wanted: &HashSet<ObjectId>) -> HashMap<ObjectId, RepoPath> {
        let (mut found, mut seen): (HashMap<ObjectId, RepoPath>, HashSet<ObjectId>) = Default::default();
        let root = self.tree_of(commit);
        let mut open: Vec<(ObjectId, Vec<u8>)> = root.map(|tree| (tree, Vec::new())).into_iter().collect();
        while let Some((id, path)) = open.pop() {
            let Ok((Type::Tree, text)) = self.store().read(&id) else { continue };
            for entry in tree::entries(&text, self.width) {
                let place = || [&path[..], entry.name].join(&b'/');
                if entry.kind == Some(Type::Tree) && seen.insert(entry.id) {
                    open.push((entry.id, place()));
                } else if wanted.contains(&entry.id) {
                    let path = RepoPath::new(place());
                    let first = found.entry(entry.id).or_insert_with(|| path.clone());
                    *first = path.min(first.clone());
                }
            }
        }
        found
    }
}

/// What HEAD has.
enum Head {
    /// It is in the range, with this tree.
    Inside(ObjectId),
    /// It is not; the wanted files that it has.
    Outside(HashMap<ObjectId, RepoPath>),
}

/// The trees that hold one object.
struct Climb {
    /// What each was reached from, under which name, and in which step.
    from: HashMap<ObjectId, (ObjectId, Vec<u8>, usize)>,
    object: ObjectId,
}

impl Climb {
    /// Reaches every tree of the range that holds the object, on the shortest way, of equal ones the first by name.
    fn new(holders: &Holders, object: ObjectId) -> Self {
        let mut from: HashMap<ObjectId, (ObjectId, Vec<u8>, usize)> = HashMap::new();
        let (mut level, mut step) = (vec![object], 0);
        while !level.is_empty() {
            step += 1;
            let mut next = Vec::new();
            for child in level {
                for (tree, name) in holders.get(&child).into_iter().flatten() {
                    match from.get_mut(tree) {
                        None => {
                            from.insert(*tree, (child, name.clone(), step));
                            next.push(*tree);
                        }
                        Some(known) if known.2 == step && (name, child) < (&known.1, known.0) => {
                            *known = (child, name.clone(), step);
                        }
                        Some(_) => {}
                    }
                }
            }
            level = next;
        }
        Self { from, object }
    }

    /// The path of the object from a tree that holds it.
    fn path(&self, tree: ObjectId) -> RepoPath {
        let (mut path, mut at): (Vec<&[u8]>, ObjectId) = (Vec::new(), tree);
        while at != self.object
            && let Some((child, name, _)) = self.from.get(&at)
        {
            path.push(name);
            at = *child;
        }
        RepoPath::new(path.join(&b'/'))
    }
}
