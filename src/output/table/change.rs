//! What a comparison adds to the table: the findings that are gone, and the counts of its closing line.

use std::fmt::Write as _;

use super::super::View;
use super::super::style::Style;
use crate::diff::Change;
use crate::diff::identity::Identity;
use crate::report::Report;
use crate::text;

/// So many findings are listed; the rest is counted.
const MOST: usize = 50;

/// The findings that are gone, a line each, and with `-v` those that moved.
pub(super) fn lists(change: &Change, view: &View) -> String {
    let mut out = String::new();
    list(&mut out, &view.style.good(&format!("FIXED ({})", change.fixed.len())), change.fixed.iter().map(line));
    if view.verbosity > 0 {
        let moved = change.moved.iter().map(|moved| format!("{}, before {}", line(&moved.to), place(&moved.from)));
        list(&mut out, &view.style.bold(&format!("MOVED ({})", change.moved.len())), moved);
    }
    out
}

/// Introduced, fixed, unchanged and moved findings, in numbers.
pub(super) fn counts(report: &Report, style: Style) -> String {
    let Some(change) = &report.change else { return String::new() };
    let worst = report.findings.iter().map(|finding| finding.severity).max();
    let introduced = format!("{} introduced", text::grouped(report.findings.len() as u64));
    let introduced = worst.map_or_else(|| introduced.clone(), |worst| style.severity(&introduced, worst));
    let number = |count: usize, word: &str| format!("{} {word}", text::grouped(count as u64));
    let mut parts = vec![introduced, number(change.fixed.len(), "fixed"), number(change.unchanged, "unchanged")];
    if !change.moved.is_empty() {
        parts.push(number(change.moved.len(), "moved"));
    }
    parts.join(", ")
}

fn list(out: &mut String, heading: &str, lines: impl ExactSizeIterator<Item = String>) {
    let count = lines.len();
    if count == 0 {
        return;
    }
    let _ = writeln!(out, "\n{heading}");
    for line in lines.take(MOST) {
        let _ = writeln!(out, "  {line}");
    }
    if count > MOST {
        let _ = writeln!(out, "  and {} more", count - MOST);
    }
}

fn line(it: &Identity) -> String {
    format!("{}  {} ({}, {})", place(it), text::printable(&it.message), text::printable(&it.rule), it.severity)
}

fn place(it: &Identity) -> String {
    let line = it.line.map_or_else(String::new, |line| format!(":{line}"));
    let commit = it.commit.as_deref().map(|id| format!(" @{}", id.get(..10).unwrap_or(id))).unwrap_or_default();
    format!("{}{line}{commit}", text::printable(it.path.as_str()))
}
