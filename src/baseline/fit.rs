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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::{Kind, Location, Package, RepoPath, Secret, Severity, Source};
    use crate::rule::Rule;

    fn finding(kind: Kind, rule: &str, path: &str, severity: Severity) -> Finding {
        let violated = Arc::new(Rule { id: rule.to_owned(), ..Rule::default() });
        let place = Location::here(RepoPath::new(path), None);
        Finding::new(violated, kind, severity, String::new(), place, Source::own(rule))
    }

    fn entries(findings: &[Finding]) -> Vec<Entry> {
        findings.iter().map(|finding| Entry::of(finding, jiff::civil::date(2026, 4, 1))).collect()
    }

    /// How many of the findings are covered by a baseline of the others.
    fn covered(known: &[Finding], now: &[Finding]) -> usize {
        let entries = entries(known);
        Free::new(&entries).cover(&now.iter().collect::<Vec<_>>()).into_iter().flatten().count()
    }

    #[test]
    fn as_many_are_covered_as_can_be() {
        use Severity::{High, Low, Medium};
        let of = |severities: &[Severity]| -> Vec<Finding> {
            severities.iter().map(|severity| finding(Kind::Code, "code/x", "a", *severity)).collect()
        };
        for (known, now, expected) in [
            (&[High, Low][..], &[Low, High][..], 2),
            (&[High, Low], &[Low, Low], 2),
            (&[Low, Low], &[High, Low], 1),
            (&[Medium], &[Medium, Medium], 1),
            (&[], &[Low], 0),
            (&[High, Medium, Low], &[Medium, High], 2),
        ] {
            assert_eq!(covered(&of(known), &of(now)), expected, "{known:?} {now:?}");
        }
    }

    #[test]
    fn an_advisory_is_known_by_any_of_its_names() {
        let advisory = |id: &str, aliases: &[&str]| {
            let mut package = Package::new("cargo", "time", "0.2.15");
            package.aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
            let mut finding = finding(Kind::Advisory, &format!("advisory/{id}"), "Cargo.lock", Severity::High);
            finding.package = Some(package);
            vec![finding]
        };
        let known = advisory("CVE-2020-1", &[]);
        assert_eq!(covered(&known, &advisory("RUSTSEC-2020-1", &["CVE-2020-1", "GHSA-x"])), 1);
        assert_eq!(covered(&known, &advisory("RUSTSEC-2020-2", &["CVE-2020-2"])), 0);
    }

    #[test]
    fn a_weak_secret_is_known_at_its_places_and_a_strong_one_everywhere() {
        let secret = |value: &str, path: &str, also: &[&str]| {
            let mut finding = finding(Kind::Secret, "secret/x", path, Severity::High);
            finding.secret = Some(Secret::new(value.as_bytes()));
            finding.related = also.iter().map(|path| Location::here(RepoPath::new(path), None)).collect();
            vec![finding]
        };
        let strong = "k7Q2mZ9xT4vB1nL8wR5yH3cJ6dF0sGaPqEuX";
        assert_eq!(covered(&secret(strong, "a", &[]), &secret(strong, "b", &[])), 1);
        assert_eq!(covered(&secret("hunter2", "a", &[]), &secret("hunter2", "a", &[])), 1);
        assert_eq!(covered(&secret("hunter2", "a", &[]), &secret("hunter2", "b", &["a"])), 1);
        assert_eq!(covered(&secret("hunter2", "a", &[]), &secret("hunter2", "b", &[])), 0);
        assert_eq!(covered(&secret("hunter2", "a", &[]), &secret("hunter3", "a", &[])), 0);
    }

    #[test]
    fn a_secret_whose_value_only_another_tool_knows_is_known_by_its_line() {
        let on = |text: &[u8]| {
            let mut finding = finding(Kind::Secret, "secret/trivy/x", "a", Severity::High);
            finding.line_hash = scanall_sarif::line_hashes(text).line(1);
            vec![finding]
        };
        assert_eq!(covered(&on(b"key = one"), &on(b"key = one")), 1);
        assert_eq!(covered(&on(b"key = one"), &on(b"key = two")), 0);
    }
}
