//! What a comparison adds to the table: the findings that are gone, the packages that are different, and the counts of its closing line.

use std::fmt::Write as _;

use super::super::View;
use super::super::style::Style;
use crate::diff::identity::Identity;
use crate::diff::{Change, PackageChange};
use crate::report::Report;
use crate::text;

/// So many findings are listed; the rest is counted.
const MOST: usize = 50;

/// The findings that are gone and the packages that are different, a line each, and with `-v` those that moved.
pub(super) fn lists(change: &Change, view: &View) -> String {
    let mut out = String::new();
    list(&mut out, &view.style.good(&format!("FIXED ({})", change.fixed.len())), change.fixed.iter().map(line));
    let packages = change.packages.as_deref().unwrap_or_default();
    list(&mut out, &view.style.bold(&format!("PACKAGES ({})", packages.len())), packages.iter().map(package));
    if view.verbosity > 0 {
        let moved = change.moved.iter().map(|moved| format!("{}, before {}", line(&moved.to), place(&moved.from)));
        list(&mut out, &view.style.bold(&format!("MOVED ({})", change.moved.len())), moved);
    }
    out
}

/// A package that is different: `raised  serde 1.0.1 -> 1.0.2 (MIT)`.
fn package(package: &PackageChange) -> String {
    let difference = &package.difference;
    let versions = |versions: &[String]| versions.iter().map(|v| text::printable(v)).collect::<Vec<_>>().join(", ");
    let (from, to) = (versions(&difference.from), versions(&difference.to));
    let versions = match (from.as_str(), to.as_str()) {
        ("", only) | (only, "") => only.to_owned(),
        (from, to) => format!("{from} -> {to}"),
    };
    let licenses = match package.licenses.as_slice() {
        [] => String::new(),
        licenses => format!(" ({})", text::printable(&licenses.join(", "))),
    };
    let rules = match package.rules.as_slice() {
        [] => String::new(),
        rules => format!(": {}", text::printable(&rules.join(", "))),
    };
    format!("{:<7}  {} {versions}{licenses}{rules}", difference.kind.word(), text::printable(&difference.name))
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
