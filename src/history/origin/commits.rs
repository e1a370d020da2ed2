//! Defines [`Graph`]: every commit of a store, with its root tree and parents, in an order in which parents come first.

use std::sync::{Mutex, PoisonError};

use super::super::commit::Commit;
use super::super::objects::Objects;
use super::super::walk::{Seen, Whole};
use super::super::{ObjectId, Type};
use super::Reach;

/// No commit.
pub(super) const NONE: u32 = u32::MAX;

/// A commit.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Its number and that of its root tree among all objects.
    pub(super) number: u32,
    pub(super) tree: u32,
    pub(super) id: ObjectId,
    /// Places in the graph; parents that are not there are left out.
    pub(super) parents: Vec<u32>,
    /// Seconds since 1970, and more where a clock was wrong, so that no parent is younger than its child.
    pub(super) time: i64,
    /// What leads to it.
    pub(super) reach: Reach,
}

/// Every commit.
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// For each node, the nodes that have it as a parent.
    pub(super) children: Vec<Vec<u32>>,
    /// By object number: the place in the graph.
    place: Vec<u32>,
}

impl Graph {
    /// Links commits that have been read, all of a store with `count` objects.
    pub(super) fn new(count: usize, mut found: Vec<Unlinked>) -> Self {
        found.sort_unstable_by_key(|commit| commit.0.number);
        let mut place = vec![NONE; count];
        for (Unlinked(node, _), at) in found.iter().zip(0u32..) {
            place[node.number as usize] = at;
        }
        let mut children = vec![Vec::new(); found.len()];
        let mut nodes: Vec<Node> = Vec::with_capacity(found.len());
        for (Unlinked(mut node, parents), at) in found.into_iter().zip(0u32..) {
            let places = parents.iter().map(|number| place[*number as usize]);
            node.parents = places.filter(|parent| *parent != NONE).collect();
            node.parents.iter().for_each(|parent| children[*parent as usize].push(at));
            nodes.push(node);
        }
        let mut graph = Self { nodes, children, place };
        graph.correct_times();
        graph
    }

    /// The place of a commit by its object number.
    pub(super) fn place(&self, number: u32) -> Option<u32> {
        self.place.get(number as usize).copied().filter(|place| *place != NONE)
    }

    /// Marks what some commits lead to and nothing better does.
    pub(super) fn mark(&mut self, mut from: Vec<u32>, reach: Reach) {
        while let Some(at) = from.pop() {
            let node = &mut self.nodes[at as usize];
            if node.reach > reach {
                node.reach = reach;
                from.extend_from_slice(&node.parents);
            }
        }
    }

    /// Makes every commit younger than its parents.
    fn correct_times(&mut self) {
        let mut open: Vec<u32> =
            self.nodes.iter().map(|node| u32::try_from(node.parents.len()).unwrap_or(NONE)).collect();
        let mut ready: Vec<u32> = (0u32..).zip(&open).filter(|(_, open)| **open == 0).map(|(at, _)| at).collect();
        while let Some(at) = ready.pop() {
            let time = self.nodes[at as usize].time;
            for &child in &self.children[at as usize] {
                let node = &mut self.nodes[child as usize];
                node.time = node.time.max(time.saturating_add(1));
                open[child as usize] -= 1;
                if open[child as usize] == 0 {
                    ready.push(child);
                }
            }
        }
    }
}

/// A commit whose parents are still object numbers.
#[derive(Clone, Debug)]
pub struct Unlinked(Node, Vec<u32>);

impl Unlinked {
    /// Reads the links of a commit; `None` when it names no tree that the store has.
    pub fn read(objects: &Objects, seen: &Seen<'_>, text: &[u8]) -> Option<Self> {
        let (commit, id) = (Commit::links(text)?, ObjectId::from_bytes(seen.raw_id)?);
        let tree = objects.number(commit.tree.as_bytes())?;
        let parents = commit.parents.iter().filter_map(|id| objects.number(id.as_bytes())).collect();
        let (number, time) = (seen.number, commit.time);
        Some(Self(Node { number, tree, id, parents: Vec::new(), time, reach: Reach::Nothing }, parents))
    }

    /// Reads every commit.
    pub(super) fn all(objects: &Objects) -> Vec<Self> {
        let found = Mutex::new(Vec::new());
        let read = Whole(|seen: &Seen<'_>, text: &[u8]| {
            let commit = Unlinked::read(objects, seen, text);
            found.lock().unwrap_or_else(PoisonError::into_inner).extend(commit);
        });
        objects.walk(&[Type::Commit], &read, &|_| ());
        found.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
