//! What a SARIF log says of findings that somebody accepted.

use crate::finding::Finding;
use crate::suppress::Suppression;
use crate::text;

/// What becomes of a finding that is accepted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Accepted {
    /// It is not in the log.
    LeftOut,
    /// It is a result like those that nobody accepts.
    Open,
    /// It is a result that says who accepted it.
    Suppressed,
}

/// Who accepted a finding, where that is written and why.
pub(super) fn suppression(finding: &Finding, why: &Suppression) -> scanall_sarif::Suppression {
    let in_source = why.place.is_in_source();
    let line = finding.location.span.map_or_else(String::new, |span| format!(":{}", span.start_line));
    let here = if in_source { format!(", {}{line}", finding.location.path) } else { String::new() };
    let until = why.expires.map_or_else(String::new, |day| format!(" until {day}"));
    let reason = if why.reason.is_empty() { String::new() } else { format!(": {}", why.reason) };
    let justification = format!("Accepted by {}{here}{until}{reason}", why.place.words());
    scanall_sarif::Suppression { in_source, justification: text::printable(&justification) }
}
