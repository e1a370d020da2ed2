//! Climbs from a blob to the root trees that reach it.

use super::commits::{Graph, NONE};
use super::trees::{Edge, Edges};

/// Who holds whom: for each object the trees that hold it, and for each root tree its commits.
pub(super) struct Holders {
    /// Where the edges of each child begin, and behind the last.
    starts: Vec<u32>,
    /// Holding tree and name, sorted by child.
    holders: Vec<(u32, u32)>,
    names: Vec<Vec<u8>>,
    /// By object number: the first commit with this root tree.
    first_commit: Vec<u32>,
    /// By place in the graph: the next commit with the same root tree.
    next_commit: Vec<u32>,
}

impl Holders {
    /// Sorts the edges between `count` objects by child.
    pub(super) fn new(count: usize, edges: Edges, graph: &Graph) -> Self {
        let mut starts = vec![0u32; count + 1];
        edges.edges.iter().flatten().for_each(|edge| starts[edge.child as usize + 1] += 1);
        for child in 0..count {
            starts[child + 1] += starts[child];
        }
        let mut next = starts.clone();
        let mut holders = vec![(0, 0); *starts.last().unwrap_or(&0) as usize];
        for Edge { child, tree, name } in edges.edges.into_iter().flatten() {
            let place = &mut next[child as usize];
            holders[*place as usize] = (tree, name);
            *place += 1;
        }
        drop(next);
        let (mut first_commit, mut next_commit) = (vec![NONE; count], vec![NONE; graph.nodes.len()]);
        for (node, at) in graph.nodes.iter().zip(0u32..) {
            next_commit[at as usize] = std::mem::replace(&mut first_commit[node.tree as usize], at);
        }
        Self { starts, holders, names: edges.names, first_commit, next_commit }
    }

    fn of(&self, child: u32) -> &[(u32, u32)] {
        let child = child as usize;
        &self.holders[self.starts[child] as usize..self.starts[child + 1] as usize]
    }
}

/// The trees that hold one blob. Made once, used for many.
pub(super) struct Climber<'a> {
    holders: &'a Holders,
    /// By object number: the climb in which it was last reached.
    reached: Vec<u32>,
    climb: u32,
    /// By object number: what it was reached from, and the name of that in it.
    from: Vec<(u32, u32)>,
    /// By object number: in which level of the climb it was reached.
    level: Vec<u32>,
    /// What was reached in this climb, the blob first, nearer before farther.
    order: Vec<u32>,
}

impl<'a> Climber<'a> {
    pub(super) fn new(holders: &'a Holders) -> Self {
        let count = holders.first_commit.len();
        Self {
            holders,
            reached: vec![0; count],
            climb: 0,
            from: vec![(NONE, NONE); count],
            level: vec![0; count],
            order: Vec::new(),
        }
    }

    /// Reaches every tree that holds the object.
    pub(super) fn climb(&mut self, object: u32) {
        self.climb += 1;
        self.order.clear();
        self.order.push(object);
        self.reached[object as usize] = self.climb;
        self.from[object as usize] = (NONE, NONE);
        self.level[object as usize] = 0;
        let (mut first, mut level) = (0, 0);
        while first < self.order.len() {
            let end = self.order.len();
            level += 1;
            for at in first..end {
                let child = self.order[at];
                for &(tree, name) in self.holders.of(child) {
                    if self.reached[tree as usize] != self.climb {
                        self.reached[tree as usize] = self.climb;
                        self.level[tree as usize] = level;
                        self.order.push(tree);
                        self.from[tree as usize] = (child, name);
                    } else {
                        self.prefer(tree, child, name, level);
                    }
                }
            }
            first = end;
        }
    }

    /// Of several ways down that are equally long, takes the one with the first name, whatever the order of the edges.
    fn prefer(&mut self, tree: u32, child: u32, name: u32, level: u32) {
        let (known_child, known_name) = self.from[tree as usize];
        // Only a tree that was reached in this level may still change; the others have a shorter way.
        let Some(text) = self.holders.names.get(name as usize) else { return };
        let Some(known) = self.holders.names.get(known_name as usize) else { return };
        if self.level[tree as usize] == level && (text, child) < (known, known_child) {
            self.from[tree as usize] = (child, name);
        }
    }

    /// Whether a tree was reached.
    pub(super) fn holds(&self, tree: u32) -> bool {
        self.reached[tree as usize] == self.climb
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
        while self.holds(at) && self.from[at as usize].0 != NONE {
            let (child, name) = self.from[at as usize];
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend(self.holders.names.get(name as usize).into_iter().flatten());
            at = child;
        }
        path
    }
}
