//! The same finding, said again: by a report that was read twice, or by a tool that ran twice.

use std::collections::HashMap;

use super::groups::Groups;
use super::place;
use crate::finding::Finding;

/// Unites what the same tools say by the same rule of exactly one place; returns the first of each. What is about a
/// file as a whole says the rest in its message.
pub(super) fn said_once(findings: &[Finding], some: &[usize], groups: &Groups) -> Vec<usize> {
    let mut first: HashMap<_, usize> = HashMap::with_capacity(some.len());
    let mut once = Vec::with_capacity(some.len());
    for (index, finding) in some.iter().filter_map(|index| Some((*index, findings.get(*index)?))) {
        let message = Some(&finding.message).filter(|_| finding.location.span.is_none());
        let what = (finding.kind, &finding.rule.id, &finding.sources, &finding.resource, message);
        let same = *first.entry((what, place::exact(&finding.location))).or_insert(index);
        groups.unite(same, index);
        if same == index {
            once.push(index);
        }
    }
    once
}
