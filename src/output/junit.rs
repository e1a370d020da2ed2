//! The report as JUnit XML, for whatever shows tests: a suite for each kind of finding that was looked for, with a case
//! for each finding, and a suite about the scan itself. A finding at or above the threshold fails, one below is
//! skipped, so that the suites fail when the run does. No times: the same findings give the same bytes.

use std::fmt::Write as _;

use super::View;
use crate::engine::Outcome;
use crate::error::Error;
use crate::finding::{Finding, Kind};
use crate::report::{self, Coverage, Report};
use crate::text;

/// A suite, as its cases are counted.
#[derive(Default)]
struct Suite {
    name: String,
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// Writes the suites.
///
/// # Errors
/// Never.
pub fn write(report: &Report, _: &View) -> Result<String, Error> {
    let kinds = Kind::ALL.into_iter().filter(|kind| {
        report.coverage(*kind) != Coverage::None || report.findings.iter().any(|finding| finding.kind == *kind)
    });
    let suites: Vec<Suite> = std::iter::once(scan(report)).chain(kinds.map(|kind| suite(report, kind))).collect();
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(
        out,
        "<testsuites name=\"scanall\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        sum(|suite| suite.tests),
        sum(|suite| suite.failures),
        sum(|suite| suite.errors),
    );
    for Suite { name, cases, tests, failures, errors, skipped } in &suites {
        let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\"");
        let _ = writeln!(out, "  <testsuite name=\"{name}\" {counts}>\n{cases}  </testsuite>");
    }
    out.push_str("</testsuites>\n");
    Ok(out)
}

/// Whether everything was seen: an error where it was not, as a test has that could not run.
fn scan(report: &Report) -> Suite {
    let mut why = Vec::new();
    for layer in report.layers.iter().filter(|layer| report::is_incomplete(layer, report.completeness)) {
        if let Outcome::Failed(chain) = &layer.outcome {
            why.push(format!("{} failed: {}", layer.id, chain.join(": ")));
        }
        let gaps = layer.gaps.iter().filter(|gap| report::counts(gap, report.completeness));
        why.extend(gaps.map(|gap| format!("{}: {}", layer.id, gap.message)));
    }
    let mut suite =
        Suite { name: "scan".to_owned(), tests: 1, errors: usize::from(!why.is_empty()), ..Suite::default() };
    suite.cases.push_str("    <testcase classname=\"scanall\" name=\"scan is complete\"");
    suite.cases.push_str(&match why.is_empty() {
        true => "/>\n".to_owned(),
        false => format!(
            ">\n      <error message=\"not everything could be looked at\" type=\"incomplete\">{}</error>\n    </testcase>\n",
            content(&why),
        ),
    });
    suite
}

fn suite(report: &Report, kind: Kind) -> Suite {
    let name = kind.category().trim_start_matches("scanall/").trim_end_matches('/').to_owned();
    let mut suite = Suite { name, ..Suite::default() };
    for finding in report.findings.iter().filter(|finding| finding.kind == kind) {
        suite.tests += 1;
        let place = finding.location.to_string();
        let name = attribute(&format!("{}: {place}", finding.rule.title));
        let (class, path) = (attribute(&finding.rule.id), attribute(finding.location.path.as_str()));
        let _ = write!(suite.cases, "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{path}\"");
        if let Some(span) = finding.location.span {
            let _ = write!(suite.cases, " line=\"{}\"", span.start_line);
        }
        let message = attribute(&finding.message);
        let _ = match finding.severity >= report.fail_on {
            true => {
                suite.failures += 1;
                let body = content(&told(finding, &place));
                writeln!(
                    suite.cases,
                    ">\n      <failure message=\"{message}\" type=\"{}\">{body}</failure>\n    </testcase>",
                    finding.severity
                )
            }
            false => {
                suite.skipped += 1;
                let message = format!("{} is below {}: {message}", finding.severity, report.fail_on);
                writeln!(suite.cases, ">\n      <skipped message=\"{message}\"/>\n    </testcase>")
            }
        };
    }
    suite
}

/// The lines of a failure.
fn told(finding: &Finding, place: &str) -> Vec<String> {
    let tools: Vec<&str> = finding.sources.iter().map(|source| source.tool.as_str()).collect();
    let mut lines = vec![
        format!("{}: {}", finding.severity, finding.message),
        place.to_owned(),
        format!("{} (by {})", finding.rule.id, tools.join(", ")),
    ];
    lines.extend(finding.excerpt.iter().map(|excerpt| format!("> {}", excerpt.as_str())));
    lines.extend(finding.remedy.clone());
    lines
}

/// Lines of text for inside of an element.
fn content(lines: &[String]) -> String {
    lines.iter().map(|line| attribute(line)).collect::<Vec<_>>().join("\n")
}

/// Text for an attribute or an element: control characters are told, what XML has no place for at all goes.
fn attribute(text: &str) -> String {
    let mut out = String::new();
    for c in text::printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use roxmltree::{Document, Node};

    use super::*;
    use crate::finding::Severity;
    use crate::output::sample;

    /// Holds a text to what readers of JUnit XML ask: the elements, their attributes, and counts that are right.
    fn hold(text: &str) {
        let document = Document::parse(text).unwrap();
        let root = document.root_element();
        assert_eq!(root.tag_name().name(), "testsuites");
        let count = |node: Node, name: &str| node.attribute(name).unwrap().parse::<usize>().unwrap();
        let having = |node: Node, name: &str| node.descendants().filter(|n| n.has_tag_name(name)).count();
        for node in root.children().filter(Node::is_element).chain([root]) {
            assert_eq!(count(node, "tests"), having(node, "testcase"));
            assert_eq!(count(node, "failures"), having(node, "failure"));
            assert_eq!(count(node, "errors"), having(node, "error"));
        }
        for suite in root.children().filter(Node::is_element) {
            assert!(suite.has_tag_name("testsuite") && !suite.attribute("name").unwrap().is_empty());
            assert_eq!(count(suite, "skipped"), having(suite, "skipped"));
            for case in suite.children().filter(Node::is_element) {
                assert!(case.has_tag_name("testcase"));
                assert!(case.attribute("name").is_some() && case.attribute("classname").is_some());
                let inside: Vec<Node> = case.children().filter(Node::is_element).collect();
                assert!(inside.len() <= 1, "a case has one outcome");
                for outcome in inside {
                    assert!(["failure", "error", "skipped"].contains(&outcome.tag_name().name()));
                    assert!(outcome.attribute("message").is_some() && !outcome.children().any(|n| n.is_element()));
                }
            }
        }
    }

    #[test]
    fn an_incomplete_run_fails_and_a_complete_one_says_so() {
        let mut report = sample::report(Vec::new());
        let text = write(&report, &sample::view()).unwrap();
        hold(&text);
        assert!(text.contains("name=\"scan is complete\"/>"), "{text}");
        sample::break_layer(&mut report, "a <tool> & died");
        let text = write(&report, &sample::view()).unwrap();
        hold(&text);
        let document = Document::parse(&text).unwrap();
        let error = document.descendants().find(|node| node.has_tag_name("error")).unwrap();
        assert_eq!(error.text(), Some("secrets failed: a <tool> & died"));
        assert_eq!(error.parent().unwrap().attribute("name"), Some("scan is complete"));
    }

    #[test]
    fn only_what_fails_the_run_fails() {
        let mut low = sample::finding("low");
        low.severity = Severity::Low;
        let text = write(&sample::report(vec![sample::finding("high"), low]), &sample::view()).unwrap();
        hold(&text);
        assert!(text.contains("tests=\"3\" failures=\"1\" errors=\"0\""), "{text}");
        assert!(text.contains("<skipped message=\"low is below high: low\"/>"), "{text}");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_document(text in sample::hostile()) {
            let mut report = sample::report(sample::of_every_kind(&text));
            sample::break_layer(&mut report, &text);
            let written = write(&report, &sample::view()).unwrap();
            hold(&written);
            let document = Document::parse(&written).unwrap();
            let failures: Vec<_> = document.descendants().filter(|node| node.has_tag_name("failure")).collect();
            prop_assert_eq!(failures.len(), 5);
            let expected = text::printable(&text).replace(['\u{fffe}', '\u{ffff}'], "");
            prop_assert!(failures.iter().all(|failure| failure.attribute("message") == Some(expected.as_str())));
            prop_assert!(!written.contains(sample::SECRET));
        }
    }
}
