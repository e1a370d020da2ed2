//! Semgrep's and Opengrep's JSON: weaknesses in source code, and vulnerable packages of Semgrep Supply Chain.
//!
//! `semgrep scan --json`, as <https://semgrep.dev/docs/semgrep-appsec-platform/json-and-sarif> describes it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Kind, Location};
use crate::ingest::format::{Format, Reader, Record, Syntax, Unreadable};
use crate::ingest::lenient;
use crate::ingest::make::Check;
use crate::ingest::out::{Out, span};
use crate::text;

/// Semgrep's JSON.
pub static FORMAT: Format = Format {
    id: "semgrep",
    name: "Semgrep JSON",
    tool: "semgrep",
    kinds: &[Kind::Code],
    syntax: Syntax::Json {
        marks: &[
            &["results[].check_id", "results[].path", "results[].extra"],
            &["results=[", "errors=[", "paths"],
            &["results=[", "errors=[", "version", "!generated_at"],
        ],
        records: &["results[]", "errors[]"],
        reader: || Box::new(Semgrep),
    },
};

struct Semgrep;

impl Reader for Semgrep {
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable> {
        match record.pattern {
            "results[]" => result(&record.parse()?, out),
            _ => error(&record.parse()?, out),
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Found {
    check_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    path: String,
    #[serde(default)]
    start: Position,
    #[serde(default)]
    end: Position,
    #[serde(default)]
    extra: Extra,
}

#[derive(Clone, Copy, Default, Deserialize)]
struct Position {
    #[serde(default, deserialize_with = "lenient::number")]
    line: u32,
    #[serde(default, deserialize_with = "lenient::number")]
    col: u32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Extra {
    #[serde(deserialize_with = "lenient::text")]
    message: String,
    #[serde(deserialize_with = "lenient::text")]
    severity: String,
    #[serde(deserialize_with = "lenient::text")]
    lines: String,
    is_ignored: Option<bool>,
    #[serde(deserialize_with = "lenient::maybe")]
    metadata: Option<BTreeMap<String, Value>>,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default, deserialize_with = "lenient::text")]
    level: String,
    #[serde(default, deserialize_with = "lenient::text")]
    message: String,
    #[serde(default, deserialize_with = "lenient::text")]
    path: String,
}

fn error(failed: &Failure, out: &mut Out) {
    if failed.level != "error" {
        return;
    }
    let about = if failed.path.is_empty() { String::new() } else { format!(" on `{}`", out.path(&failed.path)) };
    out.gap(format!("semgrep{about}: {}", failed.message.lines().next().unwrap_or_default()));
}

/// The words of a rule's own author.
fn told<'m>(metadata: &'m BTreeMap<String, Value>, key: &str) -> &'m str {
    metadata.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The numbers in `"CWE-89: …"`, one text or a list of them.
fn cwe(metadata: &BTreeMap<String, Value>) -> Vec<u32> {
    match metadata.get("cwe") {
        Some(Value::String(text)) => lenient::weaknesses([text]),
        Some(Value::Array(list)) => lenient::weaknesses(list.iter().filter_map(Value::as_str)),
        _ => Vec::new(),
    }
}

/// The rule's id without the path of its file, which Semgrep puts before it and which differs between machines.
fn stable_id(check_id: &str) -> &str {
    check_id.rsplit('.').next().unwrap_or(check_id)
}

fn result(found: &Found, out: &mut Out) {
    let extra = &found.extra;
    if extra.is_ignored == Some(true) {
        return;
    }
    let none = BTreeMap::new();
    let metadata = extra.metadata.as_ref().unwrap_or(&none);
    let id = stable_id(&found.check_id);
    let place = span(found.start.line, found.start.col, found.end.line, found.end.col);
    let mut finding = Check {
        kind: Kind::Code,
        id,
        title: "",
        message: &extra.message,
        description: &extra.message,
        help: told(metadata, "fix"),
        url: told(metadata, "source"),
        cwe: cwe(metadata),
        severity: out.severity(&extra.severity),
        confidence: out.confidence(told(metadata, "confidence")),
        location: Location::here(out.path(&found.path), place),
        // Without a login Semgrep prints this sentence in the place of the code.
        excerpt: Some(extra.lines.as_str()).filter(|lines| *lines != "requires login"),
        resource: "",
    }
    .finding(out);
    if let Some(source) = finding.sources.first_mut() {
        source.rule = text::printable(&found.check_id);
    }
    out.finding(finding);
}
