//! Walks from the two ends of a range until what is left belongs to both.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::super::commit::Commit;
use super::super::{History, ObjectId, Type};

/// So many commits are looked at beyond the point at which nothing should change any more: clocks are wrong sometimes.
/// Were it not enough, the range would seem larger than it is, never smaller.
const SLACK: usize = 256;

/// The commit is led to by our end.
const OURS: u8 = 1;
/// The commit is led to by their end.
const THEIRS: u8 = 2;

/// Which commits are in the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Those that only our end leads to.
    Ours,
    /// Those that only one of the ends leads to.
    Either,
}

/// A commit of the range.
pub(super) struct Member {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    /// In the range or not.
    pub(super) parents: Vec<ObjectId>,
    /// When it was committed, later than its parents in the range.
    pub(super) time: i64,
}

/// What came of a walk.
pub(super) struct Walked {
    /// Parents before children, older before newer.
    pub(super) commits: Vec<Member>,
    /// The trees of the commits next to the range.
    pub(super) outside: Vec<ObjectId>,
    pub(super) gaps: Vec<String>,
    pub(super) is_cut: bool,
}

impl History {
    /// The parents of a commit; none when it cannot be read.
    pub(super) fn parents(&self, id: ObjectId) -> Vec<ObjectId> {
        self.links(id).map(|commit| commit.parents).unwrap_or_default()
    }

    /// The root tree of a commit; `None` when it cannot be read.
    pub(in crate::history) fn tree_of(&self, id: ObjectId) -> Option<ObjectId> {
        self.links(id).ok().map(|commit| commit.tree)
    }

    pub(in crate::history) fn links(&self, id: ObjectId) -> Result<Commit, String> {
        match self.store().read(&id)? {
            (Type::Commit, text) => Commit::links(&text).ok_or_else(|| "it is damaged".to_owned()),
            _ => Err("it is no commit".to_owned()),
        }
    }

    /// The commits whose parents were left out by a clone with a depth.
    pub(in crate::history) fn shallow(&self) -> HashSet<ObjectId> {
        let list = std::fs::read(self.common_dir.join("shallow")).unwrap_or_default();
        list.split(|byte| *byte == b'\n').filter_map(ObjectId::from_hex).collect()
    }
}

/// Walks from our end and theirs.
pub(super) fn walk(history: &History, ours: ObjectId, theirs: &[ObjectId], side: Side) -> Walked {
    let mut walk = Walk {
        history,
        side,
        shallow: history.shallow(),
        known: HashMap::new(),
        queue: BinaryHeap::new(),
        count: 0,
        open: 0,
    };
    walk.lead(ours, OURS);
    theirs.iter().for_each(|id| walk.lead(*id, THEIRS));
    walk.run();
    walk.result(theirs)
}

struct Walk<'a> {
    history: &'a History,
    side: Side,
    shallow: HashSet<ObjectId>,
    known: HashMap<ObjectId, State>,
    /// Newest first; of the same second the one first seen.
    queue: BinaryHeap<(i64, Reverse<u64>, ObjectId)>,
    count: u64,
    /// How many commits of the range are waiting.
    open: usize,
}

struct State {
    commit: Result<Commit, String>,
    led_by: u8,
    waits: bool,
}

impl Walk<'_> {
    fn is_in(&self, led_by: u8) -> bool {
        match self.side {
            Side::Ours => led_by == OURS,
            Side::Either => led_by == OURS || led_by == THEIRS,
        }
    }

    /// Learns that an end leads to a commit.
    fn lead(&mut self, id: ObjectId, by: u8) {
        let history = self.history;
        let shallow = self.shallow.contains(&id);
        let state = self.known.entry(id).or_insert_with(|| {
            let mut commit = history.links(id);
            if let (Ok(commit), true) = (&mut commit, shallow) {
                commit.parents.clear();
            }
            State { commit, led_by: 0, waits: false }
        });
        let (before, waited) = (state.led_by, state.waits);
        if before | by == before {
            return;
        }
        state.led_by |= by;
        state.waits = true;
        let (after, time) = (state.led_by, state.commit.as_ref().map_or(0, |commit| commit.time));
        self.open -= usize::from(waited && self.is_in(before));
        self.open += usize::from(self.is_in(after));
        if !waited {
            self.count += 1;
            self.queue.push((time, Reverse(self.count), id));
        }
    }

    fn run(&mut self) {
        let (mut oldest, mut slack) = (i64::MAX, SLACK);
        while let Some((time, _, id)) = self.queue.pop() {
            // Only an older commit can lead to one that was seen, as long as clocks are right.
            if self.open == 0 && time < oldest {
                slack -= 1;
                if slack == 0 {
                    break;
                }
            } else {
                slack = SLACK;
            }
            let Some(state) = self.known.get_mut(&id) else { continue };
            state.waits = false;
            let led_by = state.led_by;
            let parents = state.commit.as_ref().map(|commit| commit.parents.clone()).unwrap_or_default();
            if self.is_in(led_by) {
                self.open -= 1;
                oldest = oldest.min(time);
            }
            parents.into_iter().for_each(|parent| self.lead(parent, led_by));
        }
    }

    fn result(self, theirs: &[ObjectId]) -> Walked {
        let mut result = Walked { commits: Vec::new(), outside: Vec::new(), gaps: Vec::new(), is_cut: false };
        let is_member =
            |id: &ObjectId| self.known.get(id).is_some_and(|state| self.is_in(state.led_by) && state.commit.is_ok());
        let (mut next_to, mut open): (HashSet<ObjectId>, HashMap<ObjectId, usize>) = Default::default();
        let mut children: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        // What A has is known even if it is no parent of the range, such as a base that has moved on.
        next_to.extend(theirs.iter().filter(|id| !is_member(id)));
        for (id, state) in &self.known {
            let commit = match &state.commit {
                Ok(commit) if self.is_in(state.led_by) => commit,
                Err(why) if self.is_in(state.led_by) => {
                    result.gaps.push(format!("commit {id}: {why}"));
                    continue;
                }
                _ => continue,
            };
            result.is_cut |= self.shallow.contains(id);
            let (inside, outside): (Vec<ObjectId>, Vec<ObjectId>) = commit.parents.iter().partition(|id| is_member(id));
            open.insert(*id, inside.len());
            inside.into_iter().for_each(|parent| children.entry(parent).or_default().push(*id));
            next_to.extend(outside);
        }
        let time = |id: &ObjectId| self.known[id].commit.as_ref().map_or(0, |commit| commit.time);
        let ready = open.iter().filter(|(_, open)| **open == 0).map(|(id, _)| Reverse((time(id), *id)));
        let mut ready: BinaryHeap<_> = ready.collect();
        while let Some(Reverse((time_here, id))) = ready.pop() {
            let Ok(commit) = &self.known[&id].commit else { continue };
            for child in children.get(&id).into_iter().flatten() {
                let Some(left) = open.get_mut(child) else { continue };
                *left -= 1;
                if *left == 0 {
                    ready.push(Reverse((time(child).max(time_here.saturating_add(1)), *child)));
                }
            }
            let parents = commit.parents.clone();
            result.commits.push(Member { id, tree: commit.tree, parents, time: time_here });
        }
        let outside = next_to.iter().filter_map(|id| self.known.get(id)?.commit.as_ref().ok());
        result.outside = outside.map(|commit| commit.tree).collect();
        result.outside.sort_unstable();
        result.gaps.sort();
        result
    }
}
