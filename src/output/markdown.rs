//! The report as Markdown, for a job summary or a comment. What comes from the scanned repository is escaped, and the
//! page stays below what GitHub takes: the worst findings come first, and whole rows are left out at the end.

mod change;
pub(super) mod escape;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use super::style::Style;
use super::{View, table, told};
use crate::baseline::State;
use crate::engine::{LayerRun, Outcome};
use crate::error::Error;
use crate::finding::verified::Status;
use crate::finding::{Finding, Location, Severity};
use crate::report::{self, Report, Verdict};
use crate::text;
use escape::{code, words};

/// GitHub drops the whole summary of a step that is larger than 1 MiB. In bytes.
const SUMMARY: usize = 1_000_000;
/// GitHub refuses a comment of more than 65,536 characters. In bytes, of which there are never fewer.
const COMMENT: usize = 65_000;
/// By this first line a later run finds the comment of an earlier one; nobody sees it.
pub const MARKER: &str = "<!-- scanall -->";
/// So many code points of a text and of a name are shown.
const WORDS: usize = 600;
const NAME: usize = 300;
/// What the sentence about rows that were left out needs, in bytes.
const LEFT_OUT: usize = 200;

const HEADING: &str = "## scanall\n\n";
/// What a verdict begins with when it is clean.
const CLEAN: &str = "✅";

/// Whether a page that [`write()`] or [`write_comment`] wrote has the verdict clean.
pub fn is_clean(page: &str) -> bool {
    let page = page.strip_prefix(MARKER).unwrap_or(page).trim_start();
    page.strip_prefix(HEADING).is_some_and(|rest| rest.starts_with(CLEAN))
}

/// Writes the page for a job summary, of less than 1,000,000 bytes.
///
/// # Errors
/// Never.
pub fn write(report: &Report, _: &View) -> Result<String, Error> {
    Ok(page(report, "", SUMMARY))
}

/// Writes the page for a comment, which begins with [`MARKER`] and has less than 65,000 bytes.
///
/// # Errors
/// Never.
pub fn write_comment(report: &Report, _: &View) -> Result<String, Error> {
    Ok(page(report, &format!("{MARKER}\n"), COMMENT))
}

fn page(report: &Report, head: &str, most: usize) -> String {
    let mark = match report.verdict {
        Verdict::Clean => CLEAN,
        Verdict::Findings => "❌",
        Verdict::Incomplete => "⚠️",
    };
    let mut out = format!("{head}{HEADING}{mark} {}\n\n", table::closing_line(report, Style::PLAIN));
    if let Some(change) = &report.change {
        let _ = writeln!(out, "Compared {}.\n", words(&change.base.words(), WORDS));
    }
    // What was looked at matters as much as what was found: it has up to three eighths of the page for itself.
    let changed = report.change.iter().map(|change| change::lists(change, most / 8)).collect::<String>();
    let tail = format!("{changed}{}{}", layers(report, most / 8), unused(report, most / 8));
    let room = most.saturating_sub(tail.len() + LEFT_OUT);
    let mut shown = 0;
    'page: for severity in Severity::WORST_FIRST {
        let count = report.of_severity(severity).count();
        let mut heading = format!("### {} ({count})\n\n", text::sentence_case(severity.id()));
        heading.push_str("| Where | What | What to do |\n| --- | --- | --- |\n");
        for finding in report.of_severity(severity) {
            let row = row(finding);
            if out.len() + heading.len() + row.len() >= room {
                break 'page;
            }
            out.push_str(&std::mem::take(&mut heading));
            out.push_str(&row);
            shown += 1;
        }
        if heading.is_empty() {
            out.push('\n');
        }
    }
    let left_out = report.findings.len() - shown;
    if left_out > 0 {
        let count = text::count(left_out, "finding");
        let _ = writeln!(out, "\n…and {count} more, which the JSON and the SARIF report of the same run have.\n");
    }
    out.push_str(&tail);
    out
}

fn row(finding: &Finding) -> String {
    let remedy = finding.remedy.as_deref().unwrap_or_default();
    let also = told::others(finding).map_or_else(String::new, |tools| format!("<br>also by {}", words(&tools, NAME)));
    // The message says of the others what most need.
    let verified = finding.verified.as_ref().filter(|it| it.status == Status::Unknown);
    let verified = verified.map_or_else(String::new, |it| format!("<br>verified: {}", words(&it.words(), WORDS)));
    let priority = told::priority(finding);
    let priority = priority.map_or_else(String::new, |it| format!("<br>priority {}", words(&it, WORDS)));
    let what =
        format!("{}<br>{}{also}{verified}{priority}", words(&finding.message, WORDS), code(&finding.rule.id, NAME));
    format!("| {} | {what} | {} |\n", place(&finding.location), words(remedy, WORDS))
}

fn place(location: &Location) -> String {
    // A finding about the scanned folder as a whole has no path.
    let path = if location.path.as_str().is_empty() { "." } else { location.path.as_str() };
    let line = location.span.map_or_else(String::new, |span| format!(":{}", span.start_line));
    let commit =
        location.commit.as_ref().map_or_else(String::new, |commit| format!(" at {}", code(commit.short(), NAME)));
    format!("{}{commit}", code(&format!("{path}{line}"), NAME))
}

/// What the layers did, in about so many bytes.
fn layers(report: &Report, most: usize) -> String {
    let mut out = "### Layers\n\n| Layer | Time | Outcome |\n| --- | ---: | --- |\n".to_owned();
    let each = most / report.present().count().max(1);
    for layer in report.present() {
        let outcome = match &layer.outcome {
            Outcome::Completed if report::is_incomplete(layer, report.completeness) => "incomplete".to_owned(),
            Outcome::Completed => "completed".to_owned(),
            Outcome::Skipped(reason) | Outcome::Absent(reason) => format!("skipped: {}", words(reason, NAME)),
            Outcome::Failed(chain) => format!("failed: {}", words(&chain.join(": "), NAME)),
        };
        let time = text::seconds(layer.elapsed);
        let _ = writeln!(out, "| {} | {time} | {outcome}{} |", layer.id, said(layer, each));
    }
    out
}

/// What a layer said, in about so many bytes. What it could not see comes first where not all of it fits.
fn said(layer: &LayerRun, most: usize) -> String {
    let all = || layer.notes.iter().chain(layer.gaps.iter().map(|gap| &gap.message));
    let line = |said: &String| format!("<br>{}", words(said, NAME));
    let whole: String = all().take(most).map(line).collect();
    if whole.len() <= most {
        return whole;
    }
    let gaps_first = layer.gaps.iter().map(|gap| &gap.message).chain(&layer.notes);
    let mut out = String::new();
    for (index, said) in gaps_first.enumerate() {
        let line = line(said);
        if out.len() + line.len() > most {
            let _ = write!(out, "<br>…and {} more", text::grouped((all().count() - index) as u64));
            break;
        }
        out.push_str(&line);
    }
    out
}

/// Acceptances that accept nothing, in about so many bytes.
fn unused(report: &Report, most: usize) -> String {
    let mut out = String::new();
    for (index, unused) in report.unused.iter().enumerate() {
        let state =
            unused.expired.map_or_else(|| "fits nothing any more".to_owned(), |day| format!("expired on {day}"));
        let what = words(&unused.selectors, NAME);
        let line = format!("\n`[[ignore]]` number {} ({what}) {state}.\n", unused.number);
        if out.len() + line.len() > most {
            let _ = writeln!(out, "\n…and {} more.", text::grouped((report.unused.len() - index) as u64));
            break;
        }
        out.push_str(&line);
    }
    for baseline in report.baseline.iter().filter(|baseline| baseline.count(State::Gone) > 0) {
        let gone = text::count(baseline.count(State::Gone), "finding");
        let _ = writeln!(out, "\n{gone} of the baseline {} no longer there.", code(&baseline.name, NAME));
    }
    out
}
