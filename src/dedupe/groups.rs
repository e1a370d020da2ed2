//! Defines [`Groups`]: which findings are one.

use std::cell::Cell;

/// A partition of findings, by their places in a list: a union-find, whose ways become shorter as they are walked.
pub(crate) struct Groups {
    /// For each the one that it is joined with, which is before it; or itself.
    parents: Vec<Cell<usize>>,
}

impl Groups {
    /// Every finding by itself.
    pub(crate) fn new(count: usize) -> Self {
        Self { parents: (0..count).map(Cell::new).collect() }
    }

    /// The first finding of a group, which stands for it. One that is not in the list is by itself.
    pub(crate) fn find(&self, mut index: usize) -> usize {
        while let Some(parent) = self.parents.get(index).filter(|parent| parent.get() != index) {
            let above = self.parents.get(parent.get()).map_or(index, Cell::get);
            parent.set(above);
            index = above;
        }
        index
    }

    /// Makes one group of two; the one that stands for it does not depend on their order.
    pub(crate) fn unite(&self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        if let Some(parent) = self.parents.get(a.max(b)) {
            parent.set(a.min(b));
        }
    }

    /// Whether nothing was united.
    pub(crate) fn are_single(&self) -> bool {
        self.parents.iter().enumerate().all(|(index, parent)| index == parent.get())
    }
}
