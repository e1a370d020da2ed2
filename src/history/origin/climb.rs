//! Climbs from a blob to the root trees that reach it.

use rayon::prelude::*;

use super::commits::{Graph, NONE};
use super::trees::{Changes, Link, Reading};

/// Who holds whom, and for each root tree its commits.
pub(super) struct Holders {
    readings: Vec<Reading>,
    /// For each reading of a tree, those that were made from it.
    made: Groups<u32>,
    /// For each object, where it was gained.
    gained: Groups<Link>,
    /// For each object, where it was lost; sorted.
    lost: Groups<Link>,
    names: Vec<Vec<u8>>,
    /// By object number: the first commit with this root tree.
    first_commit: Vec<u32>,
    /// By place in the graph: the next commit with the same root tree.
    next_commit: Vec<u32>,
}

impl Holders {
    /// Sorts the changes of trees by the object that they are about; there are `count` objects.
    pub(super) fn new(count: usize, mut changes: Changes, graph: &Graph) -> Self {
        rayon::join(|| changes.gained.par_sort_unstable(), || changes.lost.par_sort_unstable());
        let mut made: Vec<u32> =
            (0u32..).zip(&changes.readings).filter(|(_, r)| r.base != NONE).map(|(at, _)| at).collect();
        made.sort_by_key(|at| changes.readings[*at as usize].base);
        let made = Groups::new(changes.readings.len(), made, |at| changes.readings[*at as usize].base);
        let (mut first_commit, mut next_commit) = (vec![NONE; count], vec![NONE; graph.nodes.len()]);
        for (node, at) in graph.nodes.iter().zip(0u32..) {
            next_commit[at as usize] = std::mem::replace(&mut first_commit[node.tree as usize], at);
        }
        Self {
            made,
            gained: Groups::new(count, changes.gained, |link| link.child),
            lost: Groups::new(count, changes.lost, |link| link.child),
            readings: changes.readings,
            names: changes.names,
            first_commit,
            next_commit,
        }
    }

    /// Calls `each` with every tree that holds an object, and its name there.
    fn of(&self, child: u32, open: &mut Vec<u32>, mut each: impl FnMut(u32, u32)) {
        let lost = self.lost.of(child);
        for &Link { reading, name, .. } in self.gained.of(child) {
            open.push(reading);
            while let Some(reading) = open.pop() {
                let tree = self.readings[reading as usize].tree;
                if tree != NONE {
                    each(tree, name);
                }
                let loses = |at: &u32| lost.binary_search(&Link { child, reading: *at, name }).is_ok();
                open.extend(self.made.of(reading).iter().filter(|at| !loses(at)));
            }
        }
    }

    /// Of several ways down that are equally long, the one with the first name is taken, whatever their order.
    fn prefers(&self, (child, name): (u32, u32), (known_child, known_name): (u32, u32)) -> bool {
        let text = |name: u32| self.names.get(name as usize);
        (text(name), child) < (text(known_name), known_child)
    }
}

/// A sorted list with the place of each group in it.
struct Groups<T> {
    /// Where each group begins, and behind the last.
    starts: Vec<u32>,
    all: Vec<T>,
}

impl<T> Groups<T> {
    fn new(count: usize, all: Vec<T>, group: impl Fn(&T) -> u32) -> Self {
        let mut starts = vec![0u32; count + 1];
        all.iter().for_each(|one| starts[group(one) as usize + 1] += 1);
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        Self { starts, all }
    }

    fn of(&self, group: u32) -> &[T] {
        let group = group as usize;
        &self.all[self.starts[group] as usize..self.starts[group + 1] as usize]
    }
}

/// The trees that hold one blob. Made once, used for many.
pub(super) struct Climber<'a> {
    holders: &'a Holders,
    climb: u32,
    /// By object number.
    known: Vec<Known>,
    /// What was reached in this climb, the blob first, nearer before farther.
    order: Vec<u32>,
}

/// How an object was last reached.
#[derive(Clone, Copy)]
struct Known {
    /// In which climb.
    climb: u32,
    /// In which level of it.
    level: u32,
    /// From what, and the name of that in it.
    from: (u32, u32),
}

impl<'a> Climber<'a> {
    pub(super) fn new(holders: &'a Holders) -> Self {
        let nothing = Known { climb: 0, level: 0, from: (NONE, NONE) };
        Self { holders, climb: 0, known: vec![nothing; holders.first_commit.len()], order: Vec::new() }
    }

    /// Reaches every tree that holds the object.
    pub(super) fn climb(&mut self, object: u32) {
        self.climb += 1;
        self.order.clear();
        self.order.push(object);
        self.known[object as usize] = Known { climb: self.climb, level: 0, from: (NONE, NONE) };
        let (mut first, mut level, mut open) = (0, 0, Vec::new());
        while first < self.order.len() {
            let end = self.order.len();
            level += 1;
            for at in first..end {
                let child = self.order[at];
                self.holders.of(child, &mut open, |tree, name| {
                    let known = &mut self.known[tree as usize];
                    if known.climb != self.climb {
                        *known = Known { climb: self.climb, level, from: (child, name) };
                        self.order.push(tree);
                    } else if known.level == level && self.holders.prefers((child, name), known.from) {
                        // Only a tree that was reached in this level may still change; others have a shorter way.
                        known.from = (child, name);
                    }
                });
            }
            first = end;
        }
    }

    /// Whether a tree was reached.
    pub(super) fn holds(&self, tree: u32) -> bool {
        self.known[tree as usize].climb == self.climb
    }

    /// The commits that have the object and none of whose parents has, and those that do not and one of whose parents
    /// has.
    pub(super) fn changes(&self, graph: &Graph) -> (Vec<u32>, Vec<u32>) {
        let (mut introduced, mut removed) = (Vec::new(), Vec::new());
        let has = |at: u32| self.holds(graph.nodes[at as usize].tree);
        for &tree in &self.order {
            let mut at = self.holders.first_commit[tree as usize];
            while at != NONE {
                if !graph.nodes[at as usize].parents.iter().any(|parent| has(*parent)) {
                    introduced.push(at);
                }
                removed.extend(graph.children[at as usize].iter().filter(|child| !has(**child)));
                at = self.holders.next_commit[at as usize];
            }
        }
        removed.sort_unstable();
        removed.dedup();
        (introduced, removed)
    }

    /// The path of the object from a tree that holds it.
    pub(super) fn path(&self, tree: u32) -> Vec<u8> {
        let mut path: Vec<u8> = Vec::new();
        let mut at = tree;
        while self.holds(at) && self.known[at as usize].from.0 != NONE {
            let (child, name) = self.known[at as usize].from;
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend(self.holders.names.get(name as usize).into_iter().flatten());
            at = child;
        }
        path
    }
}
