//! JUnit XML, for tools that have nothing else: a failed test case is a finding.
//!
//! There is no standard; what is read is what Maven, pytest and Jenkins agree on
//! (<https://github.com/testmoapp/junitxml>), and the ways in which Bandit, Checkov, Gitleaks and Trivy fill it. Test cases
//! that passed or were skipped do not count.

mod case;

use case::Case;

use crate::finding::{Confidence, Kind};
use crate::ingest::format::{Format, Syntax};
use crate::ingest::make::{Check, Leak, Vulnerable};
use crate::ingest::map::Map;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::xml::{self, Ends, elements};

/// JUnit XML.
pub static FORMAT: Format =
    Format { id: "junit", name: "JUnit XML", tool: "junit", kinds: &[], syntax: Syntax::Text { fits, read } };

const ENDS: Ends = Ends { record: "</testcase>", closings: &["</testsuite>", "</testsuite></testsuites>"] };

fn fits(head: &str) -> bool {
    let is_xml = head.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    is_xml && (head.contains("<testsuite") || head.contains("<testcase"))
}

fn read(text: &str, out: &mut Out) -> Result<(), String> {
    xml::read(text, &ENDS, out, |root, out| {
        for case in elements(root, "testcase").filter_map(Case::failed) {
            match case.kind() {
                Kind::Secret => leak(&case, out),
                Kind::Advisory => vulnerable(&case, out),
                kind => check(&case, kind, out),
            }
        }
    })
}

fn check(case: &Case<'_>, kind: Kind, out: &mut Out) {
    let (id, tool) = case.rule();
    let message = if case.message().is_empty() { case.name } else { case.message() };
    let finding = Check {
        kind,
        id,
        title: case.title(),
        message,
        description: "",
        help: "",
        url: case.url(),
        cwe: Vec::new(),
        severity: out.severity(case.severity()),
        confidence: Confidence::Medium,
        location: case.location(out),
        excerpt: None,
        resource: "",
    }
    .finding_of(out, tool, Map::of(tool));
    out.finding(finding);
}

/// The texts of such a test case may hold the credential, so that nothing of them is shown.
fn leak(case: &Case<'_>, out: &mut Out) {
    let told = case.leak();
    let mut location = case.location(out);
    if !told.file.is_empty() {
        location = out.lines(&told.file, told.start_line, told.end_line);
    }
    let (id, tool) = case.rule();
    let id = if told.rule_id.is_empty() { id } else { &told.rule_id };
    let mut finding = Leak {
        id,
        title: "",
        description: "",
        severity: out.severity(case.severity()),
        confidence: Confidence::Medium,
        location,
        value: &told.secret,
        commit: (&told.commit, &told.date),
    }
    .finding(out);
    finding.sources.iter_mut().for_each(|source| tool.clone_into(&mut source.tool));
    out.finding(finding);
}

fn vulnerable(case: &Case<'_>, out: &mut Out) {
    let (id, tool) = case.rule();
    let (name, version) = case.package();
    let mut finding = Vulnerable {
        id,
        aliases: Vec::new(),
        title: case.title(),
        description: case.message(),
        url: case.url(),
        cwe: Vec::new(),
        package: package("", case.ecosystem(), name, version),
        severity: out.severity(case.severity()),
        location: case.location(out),
    }
    .finding(out);
    finding.sources.iter_mut().for_each(|source| tool.clone_into(&mut source.tool));
    out.finding(finding);
}

#[cfg(test)]
mod tests;
