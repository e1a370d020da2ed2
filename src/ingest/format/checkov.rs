//! Checkov's JSON: infrastructure as code, Dockerfiles, workflows, credentials, packages and source code.
//!
//! `checkov -o json` (<https://www.checkov.io/2.Basics/Reviewing%20Scan%20Results.html>): an object, or a list with one
//! for each framework, or counts alone where no framework had a file. What passed or was skipped does not count. There
//! is a severity only where Checkov has an account; else the map knows that of the most common checks.

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Confidence, Kind, Location};
use crate::ingest::format::{Around, Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::{Check, Leak, Licensed, Vulnerable};
use crate::ingest::manifest;
use crate::ingest::out::{Out, lines};
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};

/// Checkov's JSON.
pub static FORMAT: Format = Format {
    id: "checkov",
    name: "Checkov JSON",
    tool: "checkov",
    kinds: &[],
    syntax: Syntax::Json {
        marks: &[
            &["check_type", "results"],
            &["results.failed_checks"],
            &["results.passed_checks"],
            &["summary.checkov_version"],
            &["passed", "failed", "checkov_version"],
        ],
        records: &["results.failed_checks[]", "results.parsing_errors[]"],
        reader: || Box::<Checkov>::default(),
    },
};

#[derive(Default)]
struct Checkov {
    /// The framework, such as `terraform`, `secrets`, `sca_package` or `sast_python`.
    framework: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Failed {
    #[serde(deserialize_with = "lenient::text")]
    check_id: String,
    #[serde(deserialize_with = "lenient::text")]
    check_name: String,
    #[serde(deserialize_with = "lenient::text")]
    description: String,
    /// A word, or an object with a `name`.
    severity: Value,
    #[serde(deserialize_with = "lenient::text")]
    guideline: String,
    #[serde(deserialize_with = "lenient::text")]
    file_path: String,
    #[serde(deserialize_with = "lenient::text")]
    file_abs_path: String,
    #[serde(deserialize_with = "lenient::text")]
    repo_file_path: String,
    #[serde(deserialize_with = "lenient::list")]
    file_line_range: Vec<i64>,
    #[serde(deserialize_with = "lenient::text")]
    resource: String,
    #[serde(deserialize_with = "lenient::list")]
    code_block: Vec<(Value, String)>,
    #[serde(deserialize_with = "lenient::texts")]
    cwe: Vec<String>,
    #[serde(deserialize_with = "lenient::texts")]
    cwe_id: Vec<String>,
    #[serde(deserialize_with = "lenient::maybe")]
    vulnerability_details: Option<Details>,
    #[serde(deserialize_with = "lenient::text")]
    validation_status: String,
    #[serde(deserialize_with = "lenient::text")]
    added_commit_hash: String,
    #[serde(deserialize_with = "lenient::text")]
    added_date: String,
}

/// A vulnerable package, or one whose license a policy forbids.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::text")]
    package_name: String,
    #[serde(deserialize_with = "lenient::text")]
    package_version: String,
    #[serde(deserialize_with = "lenient::text")]
    package_type: String,
    #[serde(deserialize_with = "lenient::text")]
    link: String,
    #[serde(deserialize_with = "lenient::score")]
    cvss: Option<f64>,
    #[serde(deserialize_with = "lenient::text")]
    vector: String,
    #[serde(deserialize_with = "lenient::text")]
    description: String,
    #[serde(deserialize_with = "lenient::text")]
    lowest_fixed_version: String,
    #[serde(deserialize_with = "lenient::text")]
    status: String,
    #[serde(deserialize_with = "lenient::text")]
    license: String,
}

impl Failed {
    fn severity(&self) -> &str {
        let named = self.severity.get("name").unwrap_or(&self.severity);
        named.as_str().unwrap_or_default()
    }

    /// The place: Checkov tells the file from the root of the disk, of the repository, and of what it scanned. An image
    /// stands in parentheses behind its Dockerfile.
    fn location(&self, out: &Out) -> Location {
        let own = |path: &'_ str| path.split(" (").next().unwrap_or_default().to_owned();
        let [whole, repository, scanned] = [&self.file_abs_path, &self.repo_file_path, &self.file_path].map(|p| own(p));
        let repository = if repository.contains("..") { "" } else { &repository };
        let scanned = if scanned.is_empty() { &self.resource } else { &scanned };
        let path = out.places().path_of(&[&whole, repository.trim_start_matches('/'), scanned.trim_start_matches('/')]);
        let line =
            |index: usize| self.file_line_range.get(index).and_then(|line| u32::try_from(*line).ok()).unwrap_or(0);
        Location::here(path, lines(line(0), line(1)))
    }

    /// What is wrong, as a kind of finding.
    fn kind(&self, framework: &str) -> Kind {
        let details = self.vulnerability_details.as_ref();
        match self.check_id.as_str() {
            id if id.starts_with("CKV_SECRET") || framework == "secrets" => Kind::Secret,
            id if id.starts_with("BC_LIC") => Kind::License,
            id if id.contains("_CVE_") || details.is_some_and(|details| !details.id.is_empty()) => Kind::Advisory,
            _ if details.is_some_and(|details| !details.license.is_empty()) => Kind::License,
            id if id.contains("SAST") || framework.starts_with("sast") => Kind::Code,
            _ => Kind::Config,
        }
    }
}

impl Reader for Checkov {
    fn enter(&mut self, around: &Around<'_>, out: &mut Out) {
        if around.path.is_empty() {
            self.framework = around.text("check_type");
            let covered = match self.framework.as_str() {
                "secrets" => Kind::Secret,
                framework if framework.starts_with("sca") => Kind::Advisory,
                framework if framework.starts_with("sast") => Kind::Code,
                _ => Kind::Config,
            };
            out.covers(covered);
        }
    }

    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        if record.pattern == "results.parsing_errors[]" {
            let file: Value = record.parse()?;
            out.gap(format!("checkov could not parse `{}`", out.path(file.as_str().unwrap_or_default())));
            return Ok(());
        }
        let failed: Failed = record.parse()?;
        let none = Details::default();
        let details = failed.vulnerability_details.as_ref().unwrap_or(&none);
        match failed.kind(&self.framework) {
            Kind::Secret => leak(&failed, out),
            Kind::Advisory => vulnerable(&failed, details, out),
            Kind::License => licensed(&failed, details, out),
            kind => check(&failed, kind, out),
        }
        Ok(())
    }
}

fn check(failed: &Failed, kind: Kind, out: &mut Out) {
    let shown = failed.code_block.first().map(|(_, line)| line.as_str());
    let finding = Check {
        kind,
        id: &failed.check_id,
        title: &failed.check_name,
        message: &failed.check_name,
        description: &failed.description,
        help: "",
        url: &failed.guideline,
        cwe: lenient::weaknesses(failed.cwe.iter().chain(&failed.cwe_id)),
        severity: out.severity(failed.severity()),
        confidence: Confidence::High,
        location: failed.location(out),
        excerpt: shown,
        resource: &failed.resource,
    }
    .finding(out);
    out.finding(finding);
}

/// The code of a credential is masked in part only, and its resource is its hash: neither is used.
fn leak(failed: &Failed, out: &mut Out) {
    let is_valid = failed.validation_status == "Valid";
    let finding = Leak {
        id: &failed.check_id,
        title: &failed.check_name,
        description: "",
        severity: out.severity(failed.severity()),
        confidence: if is_valid { Confidence::High } else { Confidence::Medium },
        location: failed.location(out),
        value: "",
        commit: (&failed.added_commit_hash, &failed.added_date),
    }
    .finding(out);
    out.finding(finding);
}

/// The name of an ecosystem: the report's own, else that which the file speaks of.
fn ecosystem<'a>(details: &'a Details, location: &Location) -> &'a str {
    match details.package_type.as_str() {
        "" => manifest::ecosystem(location.path.as_str()),
        "nodejs" => "npm",
        told => told,
    }
}

fn vulnerable(failed: &Failed, details: &Details, out: &mut Out) {
    let location = failed.location(out);
    let mut package = package("", ecosystem(details, &location), &details.package_name, &details.package_version);
    let fixed = match details.lowest_fixed_version.as_str() {
        "" => details.status.strip_prefix("fixed in ").unwrap_or_default(),
        fixed => fixed,
    };
    package.fixed = fixed.split(',').map(|v| v.trim().to_owned()).filter(|v| !v.is_empty() && v != "N/A").collect();
    let word = if failed.severity().is_empty() { &details.severity } else { failed.severity() };
    let scores = [Scored { by: "", score: details.cvss, vector: &details.vector }];
    let named = failed.check_id.trim_start_matches("CKV_").trim_start_matches("BC_").replace('_', "-");
    let finding = Vulnerable {
        id: if details.id.is_empty() { &named } else { &details.id },
        aliases: Vec::new(),
        title: "",
        description: &details.description,
        url: &details.link,
        cwe: Vec::new(),
        package,
        severity: rate(out.map, word, &scores),
        location,
    }
    .finding(out);
    out.finding(finding);
}

fn licensed(failed: &Failed, details: &Details, out: &mut Out) {
    let location = failed.location(out);
    let package = package("", ecosystem(details, &location), &details.package_name, &details.package_version);
    let finding = Licensed {
        license: &details.license,
        why: &failed.check_id,
        package: (!details.package_name.is_empty()).then_some(package),
        severity: out.severity(failed.severity()),
        location,
    }
    .finding(out);
    out.finding(finding);
}

#[cfg(test)]
mod tests;
