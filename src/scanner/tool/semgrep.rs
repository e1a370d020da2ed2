//! Semgrep: weaknesses in source code, by the project's own rules or packs of the Semgrep registry.
//!
//! Report: `semgrep scan --json`, as <https://semgrep.dev/docs/semgrep-appsec-platform/json-and-sarif> describes it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::{Preparation, Reading, Spec};
use crate::finding::{Confidence, Excerpt, Finding, Kind, Location, Rating, RepoPath, Severity, Source, Span};
use crate::rule::Rule;
use crate::scanner::{Context, Sink};
use crate::target::Target;
use crate::text;

/// Semgrep as a layer.
pub static SEMGREP: Spec = Spec {
    program: "semgrep",
    about: "weaknesses in source code, by Semgrep",
    kinds: &[Kind::Code],
    install: "pip install semgrep",
    prepare,
    good: &[0, 1],
    read,
    timeout: Duration::from_secs(15 * 60),
    environment: &["SEMGREP_ENABLE_VERSION_CHECK"],
};

/// Where projects keep their own rules, the first that exists counts.
const OWN_RULES: [&str; 3] = [".semgrep.yml", ".semgrep.yaml", ".semgrep"];

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    let target = &context.target;
    let own = OWN_RULES.iter().map(|name| context.project.join(name)).find(|path| path.exists());
    let mut rules = Vec::new();
    for wanted in &context.config.semgrep.config {
        let on_disk = context.project.join(RepoPath::new(wanted).as_str());
        match (on_disk.exists(), wanted.contains("://")) {
            (true, _) => rules.push(on_disk.display().to_string()),
            (false, true) => {
                return Preparation::Skip(format!("`{wanted}` under [semgrep] config is a network address"));
            }
            (false, false) if !context.options.offline => rules.push(wanted.clone()),
            (false, false) => {}
        }
    }
    match own {
        Some(path) if rules.is_empty() => rules.push(path.display().to_string()),
        None if rules.is_empty() && !context.options.offline => rules.push("p/default".to_owned()),
        _ => {}
    }
    if rules.is_empty() {
        return Preparation::Skip(
            "semgrep has no rules offline: put some in `.semgrep.yml` or list files under [semgrep] config".to_owned(),
        );
    }
    let mut arguments: Vec<String> =
        ["scan", "--json", "--quiet", "--metrics=off", "--disable-version-check"].map(str::to_owned).to_vec();
    arguments.extend(rules.into_iter().flat_map(|rule| ["--config".to_owned(), rule]));
    let place = target.scope.as_ref().map_or_else(|| target.root.clone(), |scope| target.root.join(scope.as_str()));
    arguments.extend(["--".to_owned(), place.display().to_string()]);
    Preparation::Run(arguments)
}

#[derive(Deserialize)]
struct Report {
    results: Vec<SemgrepResult>,
    #[serde(default)]
    errors: Vec<ReportedError>,
}

#[derive(Deserialize)]
struct SemgrepResult {
    check_id: String,
    path: String,
    start: Position,
    end: Position,
    extra: Extra,
}

#[derive(Clone, Copy, Deserialize)]
struct Position {
    line: u32,
    col: u32,
}

#[derive(Deserialize)]
struct Extra {
    #[serde(default)]
    message: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    lines: String,
    #[serde(default)]
    is_ignored: bool,
    #[serde(default)]
    metadata: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct ReportedError {
    #[serde(default)]
    level: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    path: String,
}

fn read(report: &[u8], target: &Target) -> Result<Reading, String> {
    let report: Report = serde_json::from_slice(report).map_err(|e| e.to_string())?;
    let findings = report.results.iter().filter(|r| !r.extra.is_ignored).map(|r| finding(r, target)).collect();
    let gaps = report
        .errors
        .iter()
        .filter(|error| error.level == "error")
        .map(|error| {
            let about =
                if error.path.is_empty() { String::new() } else { format!(" on `{}`", relative(target, &error.path)) };
            format!("semgrep{about}: {}", text::printable(error.message.lines().next().unwrap_or_default()))
        })
        .collect();
    Ok(Reading { findings, gaps })
}

fn relative(target: &Target, path: &str) -> RepoPath {
    target.relative(std::path::Path::new(path))
}

/// Semgrep's older words and the newer ones (since 1.90) that rules may use.
fn severity(word: &str) -> Severity {
    match word {
        "CRITICAL" => Severity::Critical,
        "ERROR" | "HIGH" => Severity::High,
        "WARNING" | "MEDIUM" => Severity::Medium,
        "LOW" => Severity::Low,
        _ => Severity::Info,
    }
}

fn confidence(metadata: &BTreeMap<String, Value>) -> Confidence {
    match metadata.get("confidence").and_then(Value::as_str) {
        Some("HIGH") => Confidence::High,
        Some("LOW") => Confidence::Low,
        _ => Confidence::Medium,
    }
}

/// The numbers in `"CWE-89: …"`, one text or a list of them.
fn cwe(metadata: &BTreeMap<String, Value>) -> Vec<u32> {
    let texts: Vec<&str> = match metadata.get("cwe") {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let number = |text: &str| text.strip_prefix("CWE-")?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
    let mut numbers: Vec<u32> = texts.into_iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The rule's id without the path of its file, which Semgrep puts before it and which differs between machines.
fn stable_id(check_id: &str) -> &str {
    check_id.rsplit('.').next().unwrap_or(check_id)
}

fn finding(found: &SemgrepResult, target: &Target) -> Finding {
    let extra = &found.extra;
    let id = stable_id(&found.check_id);
    let message = text::paragraph(&extra.message).unwrap_or_else(|| id.to_owned());
    let span = Span {
        start_line: found.start.line.max(1),
        start_column: found.start.col.max(1),
        end_line: found.end.line.max(found.start.line).max(1),
        end_column: found.end.col.max(1),
    };
    let url = extra.metadata.get("source").and_then(Value::as_str).filter(|url| url.starts_with("https://"));
    let fix = extra.metadata.get("fix").and_then(Value::as_str).map(text::printable);
    Finding {
        rule: Arc::new(Rule {
            id: format!("code/semgrep/{id}"),
            title: text::sentence_case(&id.replace(['-', '_'], " ")),
            description: message.clone(),
            help: fix.clone().unwrap_or_else(|| message.clone()),
            url: url.map(str::to_owned),
            cwe: cwe(&extra.metadata),
        }),
        kind: Kind::Code,
        severity: severity(&extra.severity),
        confidence: confidence(&extra.metadata),
        message,
        location: Location::here(relative(target, &found.path), Some(span)),
        related: Vec::new(),
        // Without a login Semgrep prints this sentence in the place of the code.
        excerpt: Some(&extra.lines).filter(|lines| *lines != "requires login").map(|lines| Excerpt::plain(lines)),
        package: None,
        secret: None,
        history: None,
        remedy: fix,
        sources: vec![Source { tool: "semgrep".to_owned(), rule: found.check_id.clone() }],
        rating: Rating::stated("semgrep"),
        resource: None,
        line_hash: None,
        marker: None,
    }
}
