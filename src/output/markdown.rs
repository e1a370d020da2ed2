//! The report as Markdown, for a job summary or a comment. What comes from the scanned repository is escaped.

use std::fmt::Write as _;

use super::style::Style;
use super::{View, table};
use crate::engine::Outcome;
use crate::error::Error;
use crate::finding::{Finding, Location, Severity};
use crate::report::{self, Report, Verdict};
use crate::text;

/// So many findings of a severity are listed; the rest is counted.
const MOST: usize = 100;

const HEADING: &str = "## scanall\n\n";
/// What the verdict begins with when it is clean.
const CLEAN: &str = "✅";

/// Whether a page that [`write()`] wrote has the verdict clean.
pub fn is_clean(page: &str) -> bool {
    page.strip_prefix(HEADING).is_some_and(|rest| rest.starts_with(CLEAN))
}

/// Writes the page.
///
/// # Errors
/// Never.
pub fn write(report: &Report, _: &View) -> Result<String, Error> {
    let mut out = String::from(HEADING);
    let mark = match report.verdict {
        Verdict::Clean => CLEAN,
        Verdict::Findings => "❌",
        Verdict::Incomplete => "⚠️",
    };
    let _ = writeln!(out, "{mark} {}\n", table::closing_line(report, Style::PLAIN));
    for severity in Severity::WORST_FIRST {
        let findings: Vec<&Finding> = report.of_severity(severity).collect();
        if findings.is_empty() {
            continue;
        }
        let _ = writeln!(out, "### {} ({})\n", text::sentence_case(severity.id()), findings.len());
        out.push_str("| Where | What | What to do |\n| --- | --- | --- |\n");
        for finding in findings.iter().take(MOST) {
            let remedy = finding.remedy.as_deref().unwrap_or_default();
            let what = format!("{}<br>{}", escape(&finding.message), code(&finding.rule.id));
            let _ = writeln!(out, "| {} | {what} | {} |", place(&finding.location), escape(remedy));
        }
        if findings.len() > MOST {
            let _ = writeln!(out, "\n…and {} more.", findings.len() - MOST);
        }
        out.push('\n');
    }
    out.push_str("### Layers\n\n| Layer | Time | Outcome |\n| --- | ---: | --- |\n");
    for layer in &report.layers {
        let outcome = match &layer.outcome {
            Outcome::Completed if report::is_incomplete(layer, report.completeness) => "incomplete".to_owned(),
            Outcome::Completed => "completed".to_owned(),
            Outcome::Skipped(reason) => format!("skipped: {}", escape(reason)),
            Outcome::Failed(chain) => format!("failed: {}", escape(&chain.join(": "))),
        };
        let said: Vec<String> =
            layer.notes.iter().chain(layer.gaps.iter().map(|gap| &gap.message)).map(|note| escape(note)).collect();
        let detail = if said.is_empty() { String::new() } else { format!("<br>{}", said.join("<br>")) };
        let _ = writeln!(out, "| {} | {} | {outcome}{detail} |", layer.id, text::seconds(layer.elapsed));
    }
    for unused in &report.unused {
        let state =
            unused.expired.map_or_else(|| "fits nothing any more".to_owned(), |day| format!("expired on {day}"));
        let _ = writeln!(out, "\n`[[ignore]]` number {} ({}) {state}.", unused.number, escape(&unused.selectors));
    }
    Ok(out)
}

fn place(location: &Location) -> String {
    let line = location.span.map_or_else(String::new, |span| format!(":{}", span.start_line));
    let commit = location.commit.as_ref().map_or_else(String::new, |commit| format!(" at {}", code(commit.short())));
    format!("{}{commit}", code(&format!("{}{line}", location.path)))
}

/// Takes the meaning from what Markdown and HTML would read, mentions included.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text::printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Code in a table cell: no backtick and no bar may end it early.
fn code(text: &str) -> String {
    format!("`{}`", text::printable(text).replace('`', "'").replace('|', "\\|"))
}
