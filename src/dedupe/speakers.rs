//! Defines [`Speakers`]: who says something of each group.

use std::collections::HashMap;

use super::groups::Groups;
use crate::finding::{Finding, Source};

/// Who says something of each group. One tool's findings are different defects, unless it says one of them twice: so
/// a group that a tool speaks of already takes no other finding of that tool, not even by way of a third one's.
pub(super) struct Speakers<'a> {
    groups: HashMap<usize, Vec<&'a Source>>,
}

impl<'a> Speakers<'a> {
    /// Those of the groups as they are.
    pub(super) fn of(findings: &'a [Finding], some: &[usize], groups: &Groups) -> Self {
        let mut speakers = Self { groups: HashMap::with_capacity(some.len()) };
        for &index in some {
            let sources = findings.get(index).into_iter().flat_map(|finding| &finding.sources);
            speakers.groups.entry(groups.find(index)).or_default().extend(sources);
        }
        speakers
    }

    /// Whether a tool speaks of both groups.
    pub(super) fn meet(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.get(a), self.get(b));
        a.iter().any(|mine| b.iter().any(|theirs| mine.tool == theirs.tool))
    }

    /// Whether a tool speaks of both groups and means different rules.
    pub(super) fn differ(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.get(a), self.get(b));
        b.iter().any(|theirs| a.iter().any(|mine| mine.tool == theirs.tool) && !a.contains(theirs))
    }

    /// Makes one group of two findings' groups.
    pub(super) fn unite(&mut self, groups: &Groups, a: usize, b: usize) {
        let told = [a, b].map(|index| groups.find(index));
        if told[0] == told[1] {
            return;
        }
        groups.unite(a, b);
        let all = told.into_iter().flat_map(|first| self.groups.remove(&first).unwrap_or_default());
        let mut all: Vec<&Source> = all.collect();
        all.sort();
        all.dedup();
        self.groups.insert(groups.find(a), all);
    }

    fn get(&self, group: usize) -> &[&'a Source] {
        self.groups.get(&group).map_or(&[], Vec::as_slice)
    }
}
