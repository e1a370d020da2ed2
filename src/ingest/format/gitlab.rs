//! GitLab's security reports, which many scanners write: SAST, secrets, dependencies, containers, DAST and fuzzing.
//!
//! The schemas from 1 to 15 (<https://gitlab.com/gitlab-org/security-products/security-report-schemas>), the lists that
//! came before them, and the list that GitLab's own API gives of the findings of a project. The source of a finding is the
//! scanner that the report names. What GitLab calls dismissed or resolved does not count.

mod place;
mod vulnerability;

use crate::finding::{Confidence, Finding, Kind, Source};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Leak, Vulnerable};
use crate::ingest::map::Map;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};
use crate::text;
use serde::Deserialize;
use vulnerability::Vulnerability;

/// GitLab's security reports.
pub static FORMAT: Format = Format {
    id: "gitlab",
    name: "GitLab security report",
    tool: "gitlab",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[
            &["vulnerabilities[].scanner", "vulnerabilities[].location"],
            &["vulnerabilities[].identifiers[].type", "vulnerabilities[].category"],
            &["scan.scanner", "vulnerabilities"],
            &["scan.type", "vulnerabilities"],
            &["version=\"", "vulnerabilities=[", "remediations=["],
            &["version=\"", "vulnerabilities=[]", "!bomFormat", "!scanned_packages"],
            &["category", "scanner", "identifiers", "location"],
            &["report_type", "scanner", "identifiers"],
            &["report_type", "severity", "state"],
            &["tool", "message", "priority"],
            &["tool", "message", "cve", "file"],
        ],
        records: &["vulnerabilities[]", ""],
        reader: || Box::<GitLab>::default(),
    },
};

/// What is said of all findings of a report.
#[derive(Default)]
struct GitLab {
    /// The type of scan, such as `sast`; empty before version 13.
    scan: String,
    scanner: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Scan {
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(deserialize_with = "lenient::text")]
    status: String,
    #[serde(deserialize_with = "lenient::maybe")]
    scanner: Option<vulnerability::Scanner>,
    #[serde(deserialize_with = "lenient::list")]
    messages: Vec<Message>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Message {
    #[serde(deserialize_with = "lenient::text")]
    level: String,
    #[serde(deserialize_with = "lenient::text")]
    value: String,
}

/// The kind of finding of a category of reports; `None` for one that is not known.
fn kind_of(category: &str) -> Option<Kind> {
    Some(match category {
        "sast" | "dast" | "api_fuzzing" | "coverage_fuzzing" => Kind::Code,
        "secret_detection" | "secret-detection" => Kind::Secret,
        "dependency_scanning" | "container_scanning" | "cluster_image_scanning" => Kind::Advisory,
        _ => return None,
    })
}

/// Scanners of configuration, whose reports GitLab files under SAST.
const OF_CONFIGURATION: [&str; 8] =
    ["kics", "kubesec", "checkov", "tfsec", "hadolint", "zizmor", "terrascan", "kube-linter"];

impl Reader for GitLab {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        let scan: Scan = around.get("scan").unwrap_or_default();
        out_of_scan(&scan, out);
        self.scan = scan.kind;
        self.scanner = scan.scanner.map(|scanner| scanner.named()).unwrap_or_default();
        if let Some(kind) = kind_of(&self.scan).filter(|_| !OF_CONFIGURATION.contains(&self.scanner.as_str())) {
            out.covers(kind);
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        let found: Vulnerability = record.parse()?;
        if matches!(found.state.as_str(), "dismissed" | "resolved") {
            return Ok(());
        }
        let scanner = found.scanner().unwrap_or_else(|| self.scanner.clone());
        let scanner = if scanner.is_empty() { "gitlab".to_owned() } else { scanner };
        let category = [found.category.as_str(), &self.scan].into_iter().find(|category| !category.is_empty());
        let kind = match kind_of(category.unwrap_or_default()) {
            Some(Kind::Code) if OF_CONFIGURATION.contains(&scanner.as_str()) => Kind::Config,
            Some(kind) => kind,
            None if !found.package().0.is_empty() => Kind::Advisory,
            None => Kind::Code,
        };
        let mut finding = match kind {
            Kind::Secret => leak(&found, out),
            Kind::Advisory => vulnerable(&found, out),
            kind => check(&found, kind, &scanner, out),
        };
        // What names a credential's rule may be made of the credential; the finding has it without.
        let told = finding.sources.first().filter(|_| kind == Kind::Secret).map(|source| source.rule.clone());
        let rule = told.unwrap_or_else(|| text::printable(found.rule()));
        finding.sources = vec![Source { tool: text::printable(&scanner), rule }];
        if kind != Kind::Secret {
            finding.remedy = text::paragraph(&found.solution).or(finding.remedy);
        }
        out.finding(finding);
        Ok(())
    }
}

/// What a scan says of itself.
fn out_of_scan(scan: &Scan, out: &mut Out) {
    let errors = scan.messages.iter().filter(|message| matches!(message.level.as_str(), "error" | "fatal"));
    let mut errors = errors.map(|message| message.value.as_str()).peekable();
    if scan.status == "failure" && errors.peek().is_none() {
        out.gap("the scan failed, as its report says");
    }
    errors.for_each(|error| out.gap(format!("the scanner says: {}", error.lines().next().unwrap_or_default())));
}

fn confidence(found: &Vulnerability, out: &Out) -> Confidence {
    let is_doubtful = found.flags.iter().any(|flag| flag.kind == "flagged-as-likely-false-positive");
    if is_doubtful { Confidence::Low } else { out.confidence(&found.confidence) }
}

fn check(found: &Vulnerability, kind: Kind, scanner: &str, out: &mut Out) -> Finding {
    let map = Map::of(scanner);
    // An analyzer of GitLab's names the rule of the tool whose check it makes, such as `bandit.B303-1`.
    let other = found.identifiers.iter().find_map(|identifier| {
        let map = Map::of(identifier.kind.split('_').next().unwrap_or_default());
        map.rule(&identifier.value).map(|_| (map, identifier.value.as_str()))
    });
    let (map, id) = other.unwrap_or((map, found.rule()));
    let (severity, confidence, location) = (out.severity(&found.severity), confidence(found, out), found.location(out));
    Check {
        kind,
        id,
        title: if found.name.is_empty() { &found.message } else { &found.name },
        message: if found.message.is_empty() { &found.name } else { &found.message },
        description: &found.description,
        help: &found.solution,
        url: found.url(),
        cwe: found.cwe(),
        severity,
        confidence,
        location,
        excerpt: None,
        resource: &found.location.resource(),
    }
    .finding_of(out, if map.tool == "its tool" { scanner } else { &map.tool }, map)
}

fn leak(found: &Vulnerability, out: &mut Out) -> Finding {
    let commit = found.location.commit.as_ref();
    let (sha, date) = commit.map_or(("", ""), |commit| (commit.sha.as_str(), commit.date.as_str()));
    let is_real = sha.bytes().any(|byte| byte != b'0');
    Leak {
        id: found.rule(),
        title: &found.name,
        description: "",
        severity: out.severity(&found.severity),
        confidence: confidence(found, out),
        location: found.location(out),
        value: &found.raw_source_code_extract,
        // A scan without a history says so with a commit of zeros.
        commit: if is_real { (sha, date) } else { ("", "") },
    }
    .finding(out)
}

fn vulnerable(found: &Vulnerability, out: &mut Out) -> Finding {
    let (name, version) = found.package();
    let mut package = package("", &found.ecosystem(), name, version);
    package.fixed = found.fixed();
    let vectors = found.cvss_vectors.iter().map(|told| Scored { by: &told.vendor, score: None, vector: &told.vector });
    Vulnerable {
        id: found.rule(),
        aliases: found.aliases(),
        title: if found.name.is_empty() { &found.message } else { &found.name },
        description: &found.description,
        url: found.url(),
        cwe: found.cwe(),
        package,
        severity: rate(out.map, &found.severity, &vectors.collect::<Vec<_>>()),
        location: found.location(out),
    }
    .finding(out)
}

#[cfg(test)]
mod tests;
