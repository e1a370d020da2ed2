//! The report for people at a terminal: findings by severity, what the layers did, one closing line.

mod change;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use comfy_table::{Cell, CellAlignment, ColumnConstraint, Width};

use super::style::Style;
use super::{View, told};
use crate::baseline::{Standing, State};
use crate::engine::{LayerRun, Outcome};
use crate::error::Error;
use crate::finding::verified::Status;
use crate::finding::{Finding, Location, Severity};
use crate::report::{self, Report, Verdict};
use crate::suppress::{Place, Unused};
use crate::text;

/// So many other places of a finding are shown; the message tells how many there are.
const PLACES: usize = 3;

/// Writes the table.
///
/// # Errors
/// Never.
pub fn write(report: &Report, view: &View) -> Result<String, Error> {
    let style = view.style;
    let mut out = String::new();
    for severity in Severity::WORST_FIRST {
        let findings: Vec<&Finding> = report.of_severity(severity).collect();
        if findings.is_empty() {
            continue;
        }
        let heading = format!("{} ({})", severity.id().to_uppercase(), findings.len());
        let _ = writeln!(out, "\n{}", style.severity(&heading, severity));
        let _ = writeln!(out, "{}", table_of(&findings, view));
    }
    if let Some(change) = &report.change {
        out.push_str(&change::lists(change, view));
    }
    if view.verbosity >= 0 {
        let _ = writeln!(out, "\n{}", style.bold("Layers"));
        out.push_str(&layers(report, view));
        report.unused.iter().for_each(|unused| out.push_str(&unused_line(unused, style)));
        report.baseline.iter().for_each(|baseline| out.push_str(&baseline_line(baseline, style)));
    }
    let compared = report.change.as_ref().map(|change| format!("Compared {}\n", change.base.words()));
    let _ = writeln!(out, "\n{}{}", compared.unwrap_or_default(), closing_line(report, style));
    Ok(out.trim_start_matches('\n').to_owned())
}

fn table_of(findings: &[&Finding], view: &View) -> String {
    let mut table = view.style.table();
    for finding in findings {
        table.add_row([Cell::new(place_cell(finding)), Cell::new(what_cell(finding, view))]);
    }
    // The place takes what it needs, up to two fifths, so that the words beside it stay readable.
    let most = view.style.columns().saturating_mul(2) / 5;
    if let Some(column) = table.column_mut(0) {
        column.set_padding((2, 1));
        column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(most)));
    }
    faint_ids(&table.trim_fmt(), view.style)
}

/// Makes the fingerprints at the ends of lines faint. Cells stay plain, so that their width is that of their text.
fn faint_ids(table: &str, style: Style) -> String {
    let line = |line: &str| match line.trim_end().rsplit_once(" · ") {
        Some((before, id)) if id.len() == 10 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("{before} · {}", style.faint(id))
        }
        _ => line.to_owned(),
    };
    table.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn place_cell(finding: &Finding) -> String {
    place(&finding.location)
}

fn place(location: &Location) -> String {
    text::printable(&location.to_string())
}

/// The other places, each line once: tools differ about columns.
fn other_places(finding: &Finding) -> Vec<String> {
    let mut seen = BTreeSet::from([place(&finding.location)]);
    finding.related.iter().map(place).filter(|place| seen.insert(place.clone())).collect()
}

fn what_cell(finding: &Finding, view: &View) -> String {
    let mut lines = vec![finding.message.clone()];
    let by = told::first(finding).filter(|source| !source.is_own()).map(|source| text::printable(&source.tool));
    let by = by.map_or_else(String::new, |tool| format!(" (by {tool})"));
    // What `scanall explain` and `scanall ignore` take.
    lines.push(format!("{}{by} · {}", finding.rule.id, finding.fingerprint().short()));
    lines.extend(told::others(finding).map(|tools| format!("also by {tools}")));
    if let Some(secret) = &finding.secret {
        lines.push(match view.show_secrets {
            true => format!("secret: {}", text::printable(&String::from_utf8_lossy(secret.expose()))),
            false => format!("secret: {}", secret.redacted()),
        });
    }
    // The message says of the others what most need.
    let verified = finding.verified.iter().filter(|it| it.status == Status::Unknown || view.verbosity > 0);
    lines.extend(verified.map(|verified| format!("verified: {}", verified.words())));
    let places = other_places(finding);
    lines.extend(places.iter().take(PLACES).map(|place| format!("also {place}")));
    if places.len() > PLACES {
        lines.push(format!("and {} more", places.len() - PLACES));
    }
    if let Some(path) = finding.package.as_ref().map(|p| &p.path).filter(|path| path.len() > 1) {
        lines.push(format!("via {}", path.join(" > ")));
    }
    lines.extend(told::priority(finding).map(|priority| format!("priority {priority}")));
    if let Some(remedy) = &finding.remedy {
        lines.push(format!("→ {remedy}"));
    }
    if view.verbosity > 0 {
        lines.push(format!("severity {}", told::severity(finding)));
        lines.extend(finding.rule.url.iter().map(|url| format!("see {}", text::printable(url))));
        lines.push(format!("fingerprint {}", finding.fingerprint().as_str()));
        lines.extend(view.alerts.of(finding).map(|alert| format!("alert {}", alert.url)));
    }
    lines.join("\n")
}

fn layers(report: &Report, view: &View) -> String {
    let style = view.style;
    let mut table = style.table();
    for layer in report.present() {
        table.add_row([
            Cell::new(layer.id),
            // As wide as anything below a minute: what is beside it stays where it is from run to run.
            Cell::new(format!("{:>6}", text::seconds(layer.elapsed))).set_alignment(CellAlignment::Right),
            Cell::new(summary(layer)),
        ]);
    }
    if let Some(column) = table.column_mut(0) {
        column.set_padding((2, 1));
    }
    let mut out = table.trim_fmt();
    out.push('\n');
    if view.verbosity > 0 {
        out.push_str(&absent_line(report, style));
    }
    for layer in &report.layers {
        for gap in &layer.gaps {
            let counts = report::counts(gap, report.completeness);
            let word = if counts { style.bad("incomplete:") } else { style.warning("warning:") };
            let _ = writeln!(out, "  {word} {}: {}", layer.id, text::printable(&gap.message));
            if let Some(hint) = &gap.hint {
                let _ = writeln!(out, "    {} {hint}", style.faint("hint:"));
            }
        }
        if let Outcome::Failed(sentences) = &layer.outcome {
            let (hints, chain): (Vec<_>, Vec<_>) = sentences.iter().partition(|s| s.starts_with("hint: "));
            let chain: Vec<String> = chain.into_iter().map(|s| text::printable(s)).collect();
            let _ = writeln!(out, "  {} {}: {}", style.bad("failed:"), layer.id, chain.join(": "));
            for hint in hints {
                let _ = writeln!(out, "    {} {}", style.faint("hint:"), &hint["hint: ".len()..]);
            }
        }
    }
    out
}

/// The programs that take no part; empty when all do.
fn absent_line(report: &Report, style: Style) -> String {
    let is_absent = |layer: &&LayerRun| matches!(layer.outcome, Outcome::Absent(_));
    let names: Vec<&str> = report.layers.iter().filter(is_absent).map(|layer| layer.id).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("  {} {}; `scanall tools` says more\n", style.faint("not here:"), names.join(", ")),
    }
}

fn summary(layer: &LayerRun) -> String {
    match &layer.outcome {
        Outcome::Completed if layer.notes.is_empty() => "completed".to_owned(),
        Outcome::Completed => layer.notes.join(", "),
        Outcome::Skipped(reason) | Outcome::Absent(reason) => format!("skipped: {reason}"),
        Outcome::Failed(_) => "failed, see below".to_owned(),
    }
}

fn unused_line(unused: &Unused, style: Style) -> String {
    let what = match unused.expired {
        Some(day) => format!("expired on {day}"),
        None => "fits nothing any more".to_owned(),
    };
    format!("  {} [[ignore]] number {} ({}) {what}\n", style.warning("warning:"), unused.number, unused.selectors)
}

/// What a baseline lists and is gone; empty when nothing is.
fn baseline_line(baseline: &Standing, style: Style) -> String {
    let gone = baseline.count(State::Gone);
    if gone == 0 {
        return String::new();
    }
    let (what, name) = (text::count(gone, "finding"), &baseline.name);
    let (word, hint) = (style.warning("warning:"), style.faint("hint:"));
    format!("  {word} {what} of the baseline {name} no longer there\n    {hint} scanall baseline update --prune-only\n")
}

/// The last line: counts, time, verdict.
pub fn closing_line(report: &Report, style: Style) -> String {
    let counts: Vec<String> = Severity::WORST_FIRST
        .into_iter()
        .map(|severity| (report.of_severity(severity).count(), severity))
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| style.severity(&format!("{count} {severity}"), severity))
        .collect();
    let found = match counts.is_empty() {
        _ if report.change.is_some() => change::counts(report, style),
        true => "No findings".to_owned(),
        false => format!("{}: {}", text::count(report.findings.len(), "finding"), counts.join(", ")),
    };
    let known = report.suppressed.iter().filter(|(_, why)| why.place == Place::Baseline).count();
    let told = |count: usize, word: &str| if count == 0 { String::new() } else { format!(", {count} {word}") };
    let accepted = told(report.suppressed.len() - known, "accepted") + &told(known, "known from the baseline");
    let verdict = match report.verdict {
        Verdict::Clean if report.findings.is_empty() => style.good("clean"),
        Verdict::Clean => style.good(&format!("clean: nothing of {} or worse", report.fail_on)),
        Verdict::Findings => style.bad(&format!("failed: something of {} or worse", report.fail_on)),
        Verdict::Incomplete => style.bad("incomplete: not everything could be looked at"),
    };
    format!("{found}{accepted} in {} — {verdict}", text::seconds(report.elapsed))
}
