//! Finds out which entry of a baseline is about which finding: each entry is about one.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::entry::{Entry, names};
use crate::finding::Finding;

/// Which entries are free, by their fingerprint.
pub(super) struct Free<'a> {
    entries: &'a [Entry],
    by_name: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Free<'a> {
    /// All of them.
    pub(super) fn new(entries: &'a [Entry]) -> Self {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            by_name.entry(&entry.fingerprint).or_default().push(index);
        }
        Self { entries, by_name }
    }

    /// For each finding the entry that covers it. The worst findings choose first, and each takes the entry that is
    /// just bad enough, so that as many are covered as can be.
    pub(super) fn cover(&mut self, findings: &[&Finding]) -> Vec<Option<usize>> {
        let mut order: Vec<usize> = (0..findings.len()).collect();
        order.sort_by_key(|index| Reverse(findings[*index].severity));
        let mut covered = vec![None; findings.len()];
        for index in order {
            let finding = findings[index];
            covered[index] = self.take(finding, |entry| entry.severity >= finding.severity);
        }
        covered
    }

    /// The entries that would cover a finding each if that were not worse than it was.
    pub(super) fn outgrown(&mut self, findings: &[&Finding]) -> Vec<usize> {
        findings.iter().filter_map(|finding| self.take(finding, |_| true)).collect()
    }

    /// Takes the mildest entry about a finding that will do, one with its path if there is one.
    fn take(&mut self, finding: &Finding, will_do: impl Fn(&Entry) -> bool) -> Option<usize> {
        names(finding).iter().find_map(|name| {
            let free = self.by_name.get_mut(name.as_str())?;
            let about = |index: &usize| self.entries[*index].is_about(finding) && will_do(&self.entries[*index]);
            let elsewhere = |entry: &Entry| entry.path != finding.location.path.as_str();
            let best = free.iter().copied().filter(about).min_by_key(|index| {
                let entry = &self.entries[*index];
                (entry.severity, elsewhere(entry), *index)
            })?;
            free.retain(|index| *index != best);
            Some(best)
        })
    }
}
