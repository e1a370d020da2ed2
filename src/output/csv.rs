//! The open findings as CSV (RFC 4180), for a spreadsheet: a line of names, a line for each finding, and one for each
//! layer that did not see everything, so that no table without findings passes for a clean one.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. What was scanned has no business
//! there: such a cell gets an apostrophe in front, which spreadsheets do not show.

use super::View;
use crate::engine::{LayerRun, Outcome};
use crate::error::Error;
use crate::finding::Finding;
use crate::report::{self, Report};
use crate::text;

/// The columns, in order.
const COLUMNS: [&str; 17] = [
    "severity",
    "kind",
    "rule",
    "title",
    "path",
    "line",
    "column",
    "commit",
    "message",
    "package",
    "version",
    "fixed",
    "remedy",
    "confidence",
    "priority",
    "tools",
    "fingerprint",
];

/// Writes the table.
///
/// # Errors
/// Never.
pub fn write(report: &Report, _: &View) -> Result<String, Error> {
    let mut out = String::new();
    line(&mut out, &COLUMNS.map(str::to_owned));
    for layer in report.layers.iter().filter(|layer| report::is_incomplete(layer, report.completeness)) {
        line(&mut out, &incomplete(layer, report));
    }
    report.findings.iter().for_each(|finding| line(&mut out, &cells(finding)));
    Ok(out)
}

fn cells(finding: &Finding) -> [String; COLUMNS.len()] {
    let place = &finding.location;
    let package = finding.package.as_ref();
    [
        finding.severity.id().to_owned(),
        finding.kind.id().to_owned(),
        finding.rule.id.clone(),
        finding.rule.title.clone(),
        place.path.as_str().to_owned(),
        place.span.map_or_else(String::new, |span| span.start_line.to_string()),
        place.span.map_or_else(String::new, |span| span.start_column.to_string()),
        place.commit.as_ref().map_or_else(String::new, |commit| commit.id.clone()),
        finding.message.clone(),
        package.map_or_else(String::new, |package| package.name.clone()),
        package.map_or_else(String::new, |package| package.version.clone()),
        package.map_or_else(String::new, |package| package.fixed.join(" or ")),
        finding.remedy.clone().unwrap_or_default(),
        finding.confidence.id().to_owned(),
        finding.priority.as_ref().map_or_else(String::new, |it| it.urgency(finding.severity).to_string()),
        finding.sources.iter().map(|source| source.tool.as_str()).collect::<Vec<_>>().join(" "),
        finding.fingerprint().as_str().to_owned(),
    ]
}

/// A layer that did not see everything; its kind is `incomplete`, and its rule the layer.
fn incomplete(layer: &LayerRun, report: &Report) -> [String; COLUMNS.len()] {
    let gaps = layer.gaps.iter().filter(|gap| report::counts(gap, report.completeness)).map(|gap| gap.message.clone());
    let failure = match &layer.outcome {
        Outcome::Failed(chain) => Some(chain.join(": ")),
        Outcome::Completed | Outcome::Skipped(_) | Outcome::Absent(_) => None,
    };
    let why: Vec<String> = failure.into_iter().chain(gaps).collect();
    let mut cells = COLUMNS.map(|_| String::new());
    cells[1] = "incomplete".to_owned();
    cells[2] = format!("layer/{}", layer.id);
    cells[3] = format!("The layer {} did not see everything", layer.id);
    cells[8] = why.join("; ");
    cells
}

/// Adds a line: a cell with a quote, a comma or a space at its ends stands in quotes.
fn line(out: &mut String, cells: &[String]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let cell = harmless(&text::printable(cell));
        match cell.contains(['"', ',', ';', '\n']) || cell.trim() != cell {
            true => out.push_str(&format!("\"{}\"", cell.replace('"', "\"\""))),
            false => out.push_str(&cell),
        }
    }
    out.push_str("\r\n");
}

/// The cell, such that no spreadsheet calculates it; those of wide characters count too.
fn harmless(cell: &str) -> String {
    match cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::output::sample;

    fn read(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_formula_is_no_formula_any_more() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1"] {
            let report = sample::report(vec![sample::finding(text)]);
            let lines = read(&write(&report, &sample::view()).unwrap());
            for cell in &lines[1] {
                assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '\t', '\r']), "{cell:?}");
            }
        }
    }

    #[test]
    fn an_incomplete_run_has_a_line_of_its_own() {
        let mut report = sample::report(Vec::new());
        assert_eq!(read(&write(&report, &sample::view()).unwrap()).len(), 1);
        sample::break_layer(&mut report, "it, \"broke\"");
        let lines = read(&write(&report, &sample::view()).unwrap());
        assert_eq!((lines[1][1].as_str(), lines[1][8].as_str()), ("incomplete", "it, \"broke\""));
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(text in sample::hostile()) {
            let report = sample::report(vec![sample::finding(&text), sample::finding("plain")]);
            let lines = read(&write(&report, &sample::view()).unwrap());
            prop_assert_eq!(lines.len(), 3);
            prop_assert!(lines.iter().all(|line| line.len() == COLUMNS.len()));
            prop_assert_eq!(&lines[1][8], &harmless(&text::printable(&text)));
        }
    }
}
