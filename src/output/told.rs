//! Who tells of a finding, for people.

use std::collections::BTreeMap;

use crate::finding::{Basis, Finding, Source};
use crate::text;

/// The tool whose words a finding has: scanall where it is one of them, else the one whose rule it is called by.
pub(super) fn first(finding: &Finding) -> Option<&Source> {
    let is_ours = |source: &&Source| source.is_own();
    let is_named = |source: &&Source| finding.rule.id.ends_with(&source.rule);
    let sources = || finding.sources.iter();
    sources().find(is_ours).or_else(|| sources().find(is_named)).or_else(|| sources().next())
}

/// The other tools, each with its rules where they are called otherwise: `trivy (CVE-2020-1), grype`; `None` when there
/// is no other.
pub(super) fn others(finding: &Finding) -> Option<String> {
    let first = first(finding);
    let mut tools: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in finding.sources.iter().filter(|source| Some(*source) != first) {
        let rules = tools.entry(&source.tool).or_default();
        if !source.rule.is_empty() && !finding.rule.id.ends_with(&source.rule) {
            rules.push(&source.rule);
        }
    }
    let told = tools.into_iter().map(|(tool, rules)| match rules.is_empty() {
        true => text::printable(tool),
        false => text::printable(&format!("{tool} ({})", rules.join(", "))),
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// Who says how severe it is, and on what grounds.
pub(super) fn severity(finding: &Finding) -> String {
    let says = match finding.rating.basis {
        Basis::Assumed => "assumed for what is told by",
        Basis::Stated => "stated by",
        Basis::Scored => "scored by",
    };
    text::printable(&format!("{} {says} {}", finding.severity, finding.rating.by))
}

/// How soon it wants attention, and why; `None` where that is not told.
pub(super) fn priority(finding: &Finding) -> Option<String> {
    finding.priority.as_ref().map(|priority| text::printable(&priority.words(finding.severity)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::sample;

    #[test]
    fn the_others_are_told_with_what_they_call_it() {
        let mut finding = sample::finding("CVE-2020-1");
        let source = |tool: &str, rule: &str| Source { tool: tool.to_owned(), rule: rule.to_owned() };
        finding.sources = vec![source("grype", "CVE-2020-1")];
        assert_eq!((first(&finding).map(|it| it.tool.as_str()), others(&finding)), (Some("grype"), None));
        finding.sources =
            vec![source("grype", "GHSA-x"), source("osv-scanner", "\u{1b}"), source("trivy", "CVE-2020-1")];
        assert_eq!(first(&finding).map(|it| it.tool.as_str()), Some("trivy"));
        assert_eq!(others(&finding).as_deref(), Some("grype (GHSA-x), osv-scanner (\\u{1b})"));
        finding.sources.push(source("scanall", "RUSTSEC-1"));
        assert_eq!(others(&finding).as_deref(), Some("grype (GHSA-x), osv-scanner (\\u{1b}), trivy"));
    }
}
