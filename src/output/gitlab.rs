//! The report as GitLab's security reports, version 15.0.7 of their schemas, one for each of three kinds of scan: code
//! and configuration (`sast`), dependencies, secrets. Licenses have no such report; GitLab takes those from an SBOM.
//!
//! A report has to say when the scan began and ended. GitLab shows neither, and the same findings are to give the same
//! bytes, so that both are the beginning of 1970, which nobody takes for a time that was measured.

#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeSet;

use super::View;
use super::markdown::escape::words;
use crate::engine::{LayerRun, Outcome};
use crate::error::Error;
use crate::finding::{Finding, Fingerprint, Kind, Location, Severity};
use crate::report::{self, Coverage, Report};
use crate::text;
use wire::{Commit, Dependency, Document, Identifier, Link, Message, Name, Place, Program, Scan, Vulnerability};

/// The version of the schemas that the reports keep to; GitLab 16 and later read it.
const VERSION: &str = "15.0.7";
/// Stands for times; see above.
const NO_TIME: &str = "1970-01-01T00:00:00";
/// Stands for the commit of what no commit has, as GitLab's own scanner of secrets writes it.
const NO_COMMIT: &str = "0000000";

/// What the schemas allow, in code points: 255, 1,048,576 and 7,000. The last two are Markdown, where escaping makes at
/// most eight of one.
const MOST_NAME: usize = 255;
const MOST_DESCRIPTION: usize = 100_000;
const MOST_SOLUTION: usize = 800;
/// GitLab refuses a vulnerability with more identifiers.
const MOST_IDENTIFIERS: usize = 20;

/// One of GitLab's kinds of scan.
struct Type {
    /// GitLab's word.
    id: &'static str,
    /// The file of the schema.
    schema: &'static str,
    /// What it holds.
    kinds: &'static [Kind],
}

const SAST: Type = Type { id: "sast", schema: "sast", kinds: &[Kind::Code, Kind::Config] };
const DEPENDENCY: Type = Type { id: "dependency_scanning", schema: "dependency-scanning", kinds: &[Kind::Advisory] };
const SECRET: Type = Type { id: "secret_detection", schema: "secret-detection", kinds: &[Kind::Secret] };

/// Writes the report of code and configuration.
///
/// # Errors
/// Never: the document holds nothing that JSON cannot.
pub fn write_sast(report: &Report, _: &View) -> Result<String, Error> {
    document(report, &SAST)
}

/// Writes the report of dependencies.
///
/// # Errors
/// Never.
pub fn write_dependency(report: &Report, _: &View) -> Result<String, Error> {
    document(report, &DEPENDENCY)
}

/// Writes the report of secrets.
///
/// # Errors
/// Never.
pub fn write_secret(report: &Report, _: &View) -> Result<String, Error> {
    document(report, &SECRET)
}

fn document(report: &Report, of: &Type) -> Result<String, Error> {
    let looked = |kind: &Kind| report.coverage(*kind);
    let complete = of.kinds.iter().map(looked).all(|coverage| coverage != Coverage::Partial)
        && of.kinds.iter().map(looked).any(|coverage| coverage == Coverage::Full);
    let layers = || report.layers.iter().filter(|layer| layer.kinds.iter().any(|kind| of.kinds.contains(kind)));
    let mut ids = BTreeSet::new();
    let findings = report.findings.iter().filter(|finding| of.kinds.contains(&finding.kind));
    let document = Document {
        version: VERSION,
        schema: format!(
            "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v{VERSION}/dist/{}-report-format.json",
            of.schema
        ),
        scan: Scan {
            analyzer: program(),
            scanner: program(),
            r#type: of.id,
            start_time: NO_TIME,
            end_time: NO_TIME,
            status: if complete { "success" } else { "failure" },
            messages: layers().flat_map(|layer| messages(layer, report)).collect(),
        },
        vulnerabilities: findings.map(|finding| vulnerability(finding, report, &mut ids)).collect(),
        // Required; the dependencies themselves are in an SBOM, not here.
        dependency_files: (of.id == DEPENDENCY.id).then(Vec::new),
    };
    super::document(&document)
}

fn program() -> Program {
    Program {
        id: "scanall",
        name: "scanall",
        url: env!("CARGO_PKG_HOMEPAGE"),
        vendor: Name { name: "scanall".to_owned() },
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// What a layer said of itself that takes something from the result.
fn messages(layer: &LayerRun, report: &Report) -> Vec<Message> {
    let message = |level, value: String| Message { level, value: text::printable(&format!("{}: {value}", layer.id)) };
    let mut messages: Vec<Message> = match &layer.outcome {
        Outcome::Completed | Outcome::Absent(_) => Vec::new(),
        Outcome::Skipped(reason) => vec![message("info", format!("skipped: {reason}"))],
        Outcome::Failed(chain) => vec![message("fatal", format!("failed: {}", chain.join(": ")))],
    };
    messages.extend(layer.gaps.iter().map(|gap| {
        let level = if report::counts(gap, report.completeness) { "warn" } else { "info" };
        message(level, gap.message.clone())
    }));
    messages
}

fn vulnerability(finding: &Finding, report: &Report, ids: &mut BTreeSet<String>) -> Vulnerability {
    let rule = &finding.rule;
    let description = match rule.description.is_empty() || rule.description == finding.message {
        true => finding.message.clone(),
        false => format!("{}\n\n{}", finding.message, rule.description),
    };
    let name = if rule.title.is_empty() { &rule.id } else { &rule.title };
    Vulnerability {
        id: id(finding, ids),
        name: clip(name, MOST_NAME),
        description: markdown(&description, MOST_DESCRIPTION),
        severity: match finding.severity {
            Severity::Critical => "Critical",
            Severity::High => "High",
            Severity::Medium => "Medium",
            Severity::Low => "Low",
            Severity::Info => "Info",
        },
        solution: finding.remedy.as_ref().map(|remedy| markdown(remedy, MOST_SOLUTION)),
        identifiers: identifiers(finding),
        links: rule.url.iter().filter_map(|url| web(url)).map(|url| Link { url }).collect(),
        location: place(finding, report),
        raw_source_code_extract: finding.excerpt.as_ref().map(|excerpt| excerpt.as_str().to_owned()),
    }
}

/// A UUID of the fingerprint, so that the next report calls it the same; a number goes in where several findings share
/// one.
fn id(finding: &Finding, ids: &mut BTreeSet<String>) -> String {
    let fingerprint = finding.fingerprint();
    let mut id = uuid(&fingerprint);
    let mut number = 1_u64;
    while !ids.insert(id.clone()) {
        number += 1;
        id = uuid(&Fingerprint::of(&[fingerprint.as_str().as_bytes(), &number.to_le_bytes()]));
    }
    id
}

/// Writes 128 bits as a UUID of version 8, which leaves what is in them to whoever makes it (RFC 9562, section 5.8).
fn uuid(fingerprint: &Fingerprint) -> String {
    let mut out = String::with_capacity(36);
    for (index, digit) in fingerprint.as_str().chars().enumerate() {
        if [8, 12, 16, 20].contains(&index) {
            out.push('-');
        }
        out.push(match index {
            12 => '8',
            16 => ['8', '9', 'a', 'b'][digit.to_digit(16).unwrap_or_default() as usize % 4],
            _ => digit,
        });
    }
    out
}

/// What identifies the defect, the rule first: GitLab tells by it and the place whether two findings are one.
fn identifiers(finding: &Finding) -> Vec<Identifier> {
    let rule = &finding.rule;
    let own = Identifier {
        r#type: "scanall".to_owned(),
        name: rule.id.clone(),
        value: rule.id.clone(),
        url: rule.url.as_deref().and_then(web),
    };
    let aliases = finding.package.iter().flat_map(|package| &package.aliases).filter_map(|alias| advisory(alias));
    let advisory = rule.id.strip_prefix("advisory/").and_then(advisory);
    let cwe = rule.cwe.iter().map(|number| Identifier {
        r#type: "cwe".to_owned(),
        name: format!("CWE-{number}"),
        value: number.to_string(),
        url: Some(format!("https://cwe.mitre.org/data/definitions/{number}.html")),
    });
    [own].into_iter().chain(advisory).chain(aliases).chain(cwe).take(MOST_IDENTIFIERS).collect()
}

/// The well-known databases of advisories: the prefix of their ids, GitLab's word, the page of the id @.
const DATABASES: [(&str, &str, &str); 3] = [
    ("CVE-", "cve", "https://nvd.nist.gov/vuln/detail/@"),
    ("GHSA-", "ghsa", "https://github.com/advisories/@"),
    ("RUSTSEC-", "rustsec", "https://rustsec.org/advisories/@.html"),
];

/// An identifier in a well-known database; `None` for an id of another one.
fn advisory(id: &str) -> Option<Identifier> {
    let (_, word, page) = DATABASES.into_iter().find(|(prefix, ..)| id.starts_with(prefix))?;
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    plain.then(|| Identifier {
        r#type: word.to_owned(),
        name: id.to_owned(),
        value: id.to_owned(),
        url: Some(page.replace('@', id)),
    })
}

fn place(finding: &Finding, report: &Report) -> Place {
    let Location { path, span, commit } = &finding.location;
    // A finding about the scanned folder as a whole has no path.
    let file = if path.as_str().is_empty() { "." } else { path.as_str() };
    let mut place = Place { file: file.to_owned(), ..Place::default() };
    match finding.kind {
        Kind::Advisory => {
            let package = finding.package.as_ref();
            place.dependency = Some(Dependency {
                package: Name { name: package.map_or_else(String::new, |package| package.name.clone()) },
                version: package.map_or_else(String::new, |package| package.version.clone()),
            });
            return place;
        }
        Kind::Secret => {
            let (sha, date) = match commit {
                Some(commit) => (commit.id.clone(), Some(commit.date.clone())),
                None => (report.origin.revision.clone().unwrap_or_else(|| NO_COMMIT.to_owned()), None),
            };
            place.commit = Some(Commit { sha, date });
        }
        Kind::Code | Kind::Config | Kind::License => {}
    }
    place.start_line = span.map(|span| span.start_line);
    place.end_line = span.map(|span| span.end_line);
    place
}

/// The address of a web page; `None` for anything else, which the schemas refuse.
fn web(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    (!rest.is_empty() && !url.contains(|c: char| c.is_whitespace() || c.is_control())).then(|| url.to_owned())
}

/// At most so many code points, of which GitLab's Markdown makes the same text and nothing else; line breaks stay.
fn markdown(text: &str, most: usize) -> String {
    let kept: String = text.chars().take(most).collect();
    kept.lines().map(|line| words(line, most)).collect::<Vec<_>>().join("\n")
}

/// At most so many code points, without what drives a terminal; line breaks stay.
fn clip(text: &str, most: usize) -> String {
    let lines: Vec<String> = text.lines().map(text::printable).collect();
    lines.join("\n").chars().take(most).collect()
}
