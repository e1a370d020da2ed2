//! The types of GitLab's security reports, as far as they are written. Names are those of the schemas.

use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Document {
    pub(super) version: &'static str,
    pub(super) schema: String,
    pub(super) scan: Scan,
    pub(super) vulnerabilities: Vec<Vulnerability>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dependency_files: Option<Vec<()>>,
}

#[derive(Serialize)]
pub(super) struct Scan {
    pub(super) analyzer: Program,
    pub(super) scanner: Program,
    pub(super) r#type: &'static str,
    /// `yyyy-mm-ddThh:mm:ss`, without a zone, in UTC; so is the end.
    pub(super) start_time: &'static str,
    pub(super) end_time: &'static str,
    /// `success` or `failure`.
    pub(super) status: &'static str,
    pub(super) messages: Vec<Message>,
}

#[derive(Serialize)]
pub(super) struct Program {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) url: &'static str,
    pub(super) vendor: Name,
    pub(super) version: &'static str,
}

#[derive(Serialize)]
pub(super) struct Name {
    pub(super) name: String,
}

#[derive(Serialize)]
pub(super) struct Message {
    /// `info`, `warn` or `fatal`.
    pub(super) level: &'static str,
    pub(super) value: String,
}

#[derive(Serialize)]
pub(super) struct Vulnerability {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) solution: Option<String>,
    pub(super) identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) links: Vec<Link>,
    pub(super) location: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) raw_source_code_extract: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Identifier {
    pub(super) r#type: String,
    pub(super) name: String,
    pub(super) value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Link {
    pub(super) url: String,
}

/// A place: of every type its file, of code and secrets the lines, of secrets the commit, of dependencies the package.
#[derive(Default, Serialize)]
pub(super) struct Place {
    pub(super) file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) commit: Option<Commit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dependency: Option<Dependency>,
}

#[derive(Serialize)]
pub(super) struct Commit {
    pub(super) sha: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Dependency {
    pub(super) package: Name,
    pub(super) version: String,
}
