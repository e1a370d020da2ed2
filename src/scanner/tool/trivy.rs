//! Trivy: vulnerabilities of every ecosystem, misconfiguration, secrets.
//!
//! Report: `trivy fs --format json`, `SchemaVersion` 2, as its documentation describes it
//! (<https://trivy.dev/docs/latest/configuration/reporting/>).

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use super::{Preparation, Reading, Spec};
use crate::finding::{Confidence, Excerpt, Finding, Kind, Location, Package, Rating, RepoPath, Severity, Source, Span};
use crate::rule::Rule;
use crate::scanner::{Context, Gap, Sink};
use crate::target::Target;
use crate::text;

/// Trivy as a layer.
pub static TRIVY: Spec = Spec {
    program: "trivy",
    about: "vulnerable packages and misconfiguration, by Trivy",
    kinds: &[Kind::Advisory, Kind::Config, Kind::Secret],
    install: "https://trivy.dev",
    prepare,
    good: &[0],
    read,
    timeout: Duration::from_secs(15 * 60),
    environment: &["TRIVY_CACHE_DIR"],
};

fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    let mut scanners = vec!["misconfig", "secret"];
    let mut arguments: Vec<String> =
        ["fs", "--quiet", "--no-progress", "--format", "json", "--offline-scan"].map(str::to_owned).to_vec();
    arguments.extend(["--timeout".to_owned(), format!("{}s", TRIVY.timeout.as_secs())]);
    let has_database =
        context.options.trivy_cache.as_ref().is_some_and(|cache| cache.join("db/metadata.json").is_file());
    if context.options.offline {
        arguments.extend(
            ["--skip-db-update", "--skip-java-db-update", "--skip-check-update", "--skip-vex-repo-update"]
                .map(str::to_owned),
        );
    }
    if has_database || !context.options.offline {
        scanners.push("vuln");
    } else {
        sink.gap(
            Gap::unavailable("trivy has no vulnerability database on this machine, so it looked for the rest only")
                .hint("run it online once, or `trivy fs --download-db-only`"),
        );
    }
    arguments.extend(["--scanners".to_owned(), scanners.join(",")]);
    let place = context
        .target
        .scope
        .as_ref()
        .map_or_else(|| context.target.root.clone(), |scope| context.target.root.join(scope.as_str()));
    arguments.extend(["--".to_owned(), place.display().to_string()]);
    Preparation::Run(arguments)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report {
    #[serde(default)]
    schema_version: u32,
    results: Option<Vec<TrivyResult>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TrivyResult {
    #[serde(default)]
    target: String,
    #[serde(default, rename = "Type")]
    ecosystem: String,
    vulnerabilities: Option<Vec<Vulnerability>>,
    misconfigurations: Option<Vec<Misconfiguration>>,
    secrets: Option<Vec<TrivySecret>>,
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(rename = "VulnerabilityID")]
    id: String,
    #[serde(default, rename = "VendorIDs")]
    vendor_ids: Vec<String>,
    #[serde(default, rename = "PkgName")]
    package: String,
    #[serde(default, rename = "PkgPath")]
    path: String,
    #[serde(default, rename = "InstalledVersion")]
    installed: String,
    #[serde(default, rename = "FixedVersion")]
    fixed: String,
    #[serde(default, rename = "Severity")]
    severity: String,
    #[serde(default, rename = "Title")]
    title: String,
    #[serde(default, rename = "Description")]
    description: String,
    #[serde(default, rename = "PrimaryURL")]
    url: String,
    #[serde(default, rename = "CweIDs")]
    cwe: Vec<String>,
    #[serde(default, rename = "PkgIdentifier")]
    identifier: Identifier,
}

#[derive(Default, Deserialize)]
struct Identifier {
    #[serde(default, rename = "PURL")]
    purl: String,
}

#[derive(Deserialize)]
struct Misconfiguration {
    #[serde(rename = "ID")]
    id: String,
    #[serde(default, rename = "AVDID")]
    avd_id: String,
    #[serde(default, rename = "Title")]
    title: String,
    #[serde(default, rename = "Description")]
    description: String,
    #[serde(default, rename = "Message")]
    message: String,
    #[serde(default, rename = "Resolution")]
    resolution: String,
    #[serde(default, rename = "PrimaryURL")]
    url: String,
    #[serde(default, rename = "Severity")]
    severity: String,
    #[serde(default, rename = "Status")]
    status: String,
    #[serde(default, rename = "CauseMetadata")]
    cause: CauseMetadata,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CauseMetadata {
    start_line: u32,
    end_line: u32,
    code: Code,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Code {
    lines: Option<Vec<CodeLine>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CodeLine {
    content: String,
    is_cause: bool,
}

#[derive(Deserialize)]
struct TrivySecret {
    #[serde(rename = "RuleID")]
    rule: String,
    #[serde(default, rename = "Title")]
    title: String,
    #[serde(default, rename = "Severity")]
    severity: String,
    #[serde(default, rename = "StartLine")]
    start_line: u32,
    #[serde(default, rename = "EndLine")]
    end_line: u32,
}

fn read(report: &[u8], target: &Target) -> Result<Reading, String> {
    let report: Report = serde_json::from_slice(report).map_err(|e| e.to_string())?;
    if report.schema_version != 2 {
        return Err(format!("its schema version is {}, and only 2 is known", report.schema_version));
    }
    let mut reading = Reading::default();
    for result in report.results.into_iter().flatten() {
        let file = |path: &str| place(target, if path.is_empty() { &result.target } else { path });
        for vulnerability in result.vulnerabilities.iter().flatten() {
            reading.findings.push(vulnerable(vulnerability, &result.ecosystem, file(&vulnerability.path)));
        }
        for check in result.misconfigurations.iter().flatten().filter(|check| check.status != "PASS") {
            reading.findings.push(misconfigured(check, file("")));
        }
        for secret in result.secrets.iter().flatten() {
            reading.findings.push(leaked(secret, file("")));
        }
    }
    Ok(reading)
}

/// Trivy names files relative to what it was given.
fn place(target: &Target, path: &str) -> RepoPath {
    match &target.scope {
        Some(scope) if target.root.join(scope.as_str()).is_dir() => RepoPath::new(format!("{}/{path}", scope.as_str())),
        Some(scope) => scope.clone(),
        None => RepoPath::new(path),
    }
}

fn severity(word: &str) -> Severity {
    word.to_ascii_lowercase().parse().unwrap_or(Severity::Info)
}

fn lines(start: u32, end: u32) -> Option<Span> {
    (start > 0).then(|| Span { start_line: start, start_column: 1, end_line: end.max(start), end_column: 1 })
}

fn vulnerable(found: &Vulnerability, ecosystem: &str, path: RepoPath) -> Finding {
    let purl = found.identifier.purl.split(['?', '@']).next().unwrap_or_default();
    let kind = purl.strip_prefix("pkg:").and_then(|rest| rest.split('/').next()).unwrap_or(ecosystem);
    let mut package = Package::new(kind, &found.package, &found.installed);
    if !purl.is_empty() {
        package.purl = found.identifier.purl.rsplit_once('@').map_or(purl, |(name, _)| name).to_owned();
    }
    package.fixed = found.fixed.split(',').map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect();
    package.aliases = found.vendor_ids.clone();
    package.aliases.sort();
    let title = text::printable(if found.title.is_empty() { &found.id } else { &found.title });
    let remedy = match package.fixed.is_empty() {
        true => format!("No version is fixed; replace {}", found.package),
        false => format!("Raise {} to {}", found.package, package.fixed.join(" or ")),
    };
    Finding {
        rule: Arc::new(Rule {
            id: format!("advisory/{}", found.id),
            title: title.clone(),
            description: text::paragraph(&found.description).unwrap_or_else(|| title.clone()),
            help: format!("{remedy}."),
            url: Some(found.url.clone()).filter(|url| url.starts_with("https://")),
            cwe: found.cwe.iter().filter_map(|id| id.strip_prefix("CWE-")?.parse().ok()).collect(),
        }),
        kind: Kind::Advisory,
        severity: severity(&found.severity),
        confidence: Confidence::High,
        message: text::printable(&format!("{} {} is vulnerable: {title}", found.package, found.installed)),
        location: Location::here(path, None),
        related: Vec::new(),
        excerpt: None,
        package: Some(package),
        secret: None,
        history: None,
        remedy: Some(remedy),
        sources: vec![Source { tool: "trivy".to_owned(), rule: found.id.clone() }],
        rating: Rating::stated("trivy"),
        resource: None,
        line_hash: None,
        marker: None,
    }
}

fn misconfigured(found: &Misconfiguration, path: RepoPath) -> Finding {
    let id = if found.avd_id.is_empty() { &found.id } else { &found.avd_id };
    let cause = found.cause.code.lines.iter().flatten().find(|line| line.is_cause);
    Finding {
        rule: Arc::new(Rule {
            id: format!("config/{id}"),
            title: text::printable(&found.title),
            description: text::paragraph(&found.description).unwrap_or_else(|| text::printable(&found.title)),
            help: text::printable(&found.resolution),
            url: Some(found.url.clone()).filter(|url| url.starts_with("https://")),
            cwe: Vec::new(),
        }),
        kind: Kind::Config,
        severity: severity(&found.severity),
        confidence: Confidence::High,
        message: text::printable(if found.message.is_empty() { &found.title } else { &found.message }),
        location: Location::here(path, lines(found.cause.start_line, found.cause.end_line)),
        related: Vec::new(),
        excerpt: cause.map(|line| Excerpt::plain(&line.content)),
        package: None,
        secret: None,
        history: None,
        remedy: Some(text::printable(&found.resolution)).filter(|text| !text.is_empty()),
        sources: vec![Source { tool: "trivy".to_owned(), rule: found.id.clone() }],
        rating: Rating::stated("trivy"),
        resource: None,
        line_hash: None,
        marker: None,
    }
}

/// Trivy masks the secret in its report, so the finding has neither value nor excerpt.
fn leaked(found: &TrivySecret, path: RepoPath) -> Finding {
    let title = text::printable(&found.title);
    Finding {
        rule: Arc::new(Rule {
            id: format!("secret/trivy/{}", found.rule),
            description: format!("{title}: a credential in a repository can be used by everybody who can read it."),
            help: "Revoke the credential, then remove it from the code.".to_owned(),
            url: None,
            cwe: vec![798],
            title: title.clone(),
        }),
        kind: Kind::Secret,
        severity: severity(&found.severity),
        confidence: Confidence::Medium,
        message: title,
        location: Location::here(path, lines(found.start_line, found.end_line)),
        related: Vec::new(),
        excerpt: None,
        package: None,
        secret: None,
        history: None,
        remedy: Some("Revoke the credential, then remove it from the code".to_owned()),
        sources: vec![Source { tool: "trivy".to_owned(), rule: found.rule.clone() }],
        rating: Rating::stated("trivy"),
        resource: None,
        line_hash: None,
        marker: None,
    }
}
