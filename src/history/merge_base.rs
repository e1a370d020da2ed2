//! Finds where two lines of history parted, as `git merge-base` does.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::{History, ObjectId};

/// One end leads to the commit.
const ONE: u8 = 1;
/// The other end leads to the commit.
const OTHER: u8 = 2;
/// A commit that both ends lead to leads to this one, so that it is not the last they share.
const STALE: u8 = 4;
/// So many candidates are compared with each other; criss-cross merges make two.
const MAX_CANDIDATES: usize = 16;

impl History {
    /// The last commit that two commits share: the newest one where there are several, as after criss-cross merges;
    /// `None` when they share none, or none that is here.
    pub fn merge_base(&self, one: ObjectId, other: ObjectId) -> Option<ObjectId> {
        let shallow = self.shallow();
        let mut found = self.shared(one, other, &shallow);
        found.truncate(MAX_CANDIDATES);
        // Where clocks are wrong an ancestor of the answer may be among the candidates.
        let leads_to = |from: ObjectId, to: ObjectId| self.shared(from, to, &shallow).contains(&to);
        let is_last = |id: &ObjectId| !found.iter().any(|newer| newer != id && leads_to(*newer, *id));
        found.iter().copied().find(is_last)
    }

    /// The candidates, newest first.
    fn shared(&self, one: ObjectId, other: ObjectId, shallow: &HashSet<ObjectId>) -> Vec<ObjectId> {
        let mut walk = Walk { history: self, shallow, known: HashMap::new(), queue: BinaryHeap::new(), fresh: 0 };
        walk.lead(one, ONE);
        walk.lead(other, OTHER);
        walk.run()
    }
}

struct Walk<'a> {
    history: &'a History,
    shallow: &'a HashSet<ObjectId>,
    known: HashMap<ObjectId, State>,
    /// Newest first.
    queue: BinaryHeap<(i64, Reverse<ObjectId>)>,
    /// How many commits are waiting that may still lead to an answer.
    fresh: usize,
}

struct State {
    parents: Vec<ObjectId>,
    time: i64,
    led_by: u8,
    waits: bool,
}

impl Walk<'_> {
    /// Learns what leads to a commit.
    fn lead(&mut self, id: ObjectId, by: u8) {
        let (history, shallow) = (self.history, self.shallow);
        let state = self.known.entry(id).or_insert_with(|| {
            let commit = history.links(id).ok();
            let time = commit.as_ref().map_or(0, |commit| commit.time);
            let parents = commit.filter(|_| !shallow.contains(&id)).map(|commit| commit.parents);
            State { parents: parents.unwrap_or_default(), time, led_by: 0, waits: false }
        });
        if state.led_by | by == state.led_by {
            return;
        }
        let was_fresh = state.waits && state.led_by & STALE == 0;
        state.led_by |= by;
        self.fresh -= usize::from(was_fresh);
        self.fresh += usize::from(state.led_by & STALE == 0);
        if !state.waits {
            state.waits = true;
            self.queue.push((state.time, Reverse(id)));
        }
    }

    fn run(&mut self) -> Vec<ObjectId> {
        let mut shared = Vec::new();
        while self.fresh > 0 {
            let Some((_, Reverse(id))) = self.queue.pop() else { break };
            let Some(state) = self.known.get_mut(&id) else { continue };
            state.waits = false;
            self.fresh -= usize::from(state.led_by & STALE == 0);
            let mut by = state.led_by;
            if by & (ONE | OTHER) == ONE | OTHER {
                shared.push((Reverse(state.time), id));
                by |= STALE;
            }
            let parents = state.parents.clone();
            parents.into_iter().for_each(|parent| self.lead(parent, by));
        }
        shared.sort_unstable();
        shared.dedup();
        shared.retain(|(_, id)| self.known[id].led_by & STALE == 0);
        shared.into_iter().map(|(_, id)| id).collect()
    }
}
