//! The shape of a JSON report, as far as it is read. What a report may lack has a default.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) schema: u64,
    pub(super) tool: Tool,
}

#[derive(Deserialize)]
pub(super) struct Tool {
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct Document {
    pub(super) fail_on: Option<String>,
    pub(super) findings: Vec<Entry>,
    pub(super) suppressed: Vec<Accepted>,
    pub(super) layers: Vec<Layer>,
    pub(super) repository: Option<Repository>,
    pub(super) change: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
pub(super) struct Repository {
    pub(super) revision: Option<String>,
    pub(super) branch: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Accepted {
    #[serde(default)]
    pub(super) reason: String,
    pub(super) by: String,
    pub(super) expires: Option<String>,
    pub(super) finding: Entry,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    pub(super) rule: String,
    #[serde(default)]
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) severity: String,
    #[serde(default)]
    pub(super) severity_basis: String,
    pub(super) severity_by: Option<String>,
    #[serde(default)]
    pub(super) confidence: String,
    #[serde(default)]
    pub(super) signals: Vec<Signal>,
    pub(super) check: Option<Check>,
    pub(super) message: String,
    pub(super) location: Place,
    pub(super) related: Vec<Place>,
    pub(super) history: Option<History>,
    pub(super) excerpt: Option<String>,
    pub(super) resource: Option<String>,
    pub(super) package: Option<Package>,
    pub(super) remedy: Option<String>,
    pub(super) edit: Option<Edit>,
    pub(super) priority: Option<Priority>,
    #[serde(default)]
    pub(super) sources: Vec<Source>,
    pub(super) fingerprint: String,
    pub(super) content_fingerprint: Option<String>,
    pub(super) redacted: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Edit {
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) start_column: u32,
    pub(super) end_column: u32,
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct Priority {
    #[serde(default)]
    pub(super) signals: Vec<Signal>,
}

#[derive(Deserialize)]
pub(super) struct Signal {
    pub(super) points: i32,
    pub(super) what: String,
}

#[derive(Deserialize)]
pub(super) struct Check {
    pub(super) outcome: String,
    pub(super) reason: String,
    #[serde(default)]
    pub(super) facts: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(super) struct Source {
    pub(super) tool: String,
    pub(super) rule: String,
}

#[derive(Deserialize)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) start_line: Option<u32>,
    pub(super) start_column: Option<u32>,
    pub(super) end_line: Option<u32>,
    pub(super) end_column: Option<u32>,
    pub(super) commit: Option<String>,
    pub(super) date: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct History {
    pub(super) introduced: Option<Place>,
    pub(super) head: Option<String>,
    pub(super) removed: Option<Removed>,
    #[serde(default)]
    pub(super) commits: usize,
    #[serde(default)]
    pub(super) paths: usize,
}

#[derive(Deserialize)]
pub(super) struct Removed {
    pub(super) commit: String,
    #[serde(default)]
    pub(super) date: String,
}

#[derive(Deserialize)]
pub(super) struct Package {
    pub(super) purl: String,
    #[serde(default)]
    pub(super) name: String,
    pub(super) version: String,
    #[serde(default)]
    pub(super) fixed: Vec<String>,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    #[serde(default)]
    pub(super) path: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Layer {
    pub(super) layer: String,
    pub(super) outcome: String,
    pub(super) reason: Option<String>,
    pub(super) incomplete: bool,
    #[serde(default)]
    pub(super) seconds: f64,
    pub(super) gaps: Vec<ToldGap>,
    #[serde(default)]
    pub(super) notes: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct ToldGap {
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Package {
    /// The package URL without its version. The name of a scope begins with an encoded `@`, so that the last one is
    /// that of the version.
    pub(super) fn unversioned(&self) -> &str {
        match self.purl.rsplit_once('@') {
            Some((name, _)) if !self.version.is_empty() => name,
            _ => &self.purl,
        }
    }
}
