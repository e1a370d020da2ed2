//! Defines [`Format`]: what a report looks like and how it is read. [`FORMATS`] is the one list of them.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::out::Out;
use crate::finding::Kind;

pub mod actionlint;
mod anchore;
pub mod bandit;
pub mod betterleaks;
pub mod brakeman;
pub mod bun_audit;
pub mod bundler_audit;
pub mod cargo_audit;
pub mod cargo_deny;
pub mod checkov;
pub mod checkstyle;
pub mod codeclimate;
pub mod cyclonedx;
pub mod dependabot;
pub mod dependency_check;
pub mod dependency_snapshot;
pub mod detect_secrets;
pub mod gitlab;
pub mod gitleaks;
pub mod gitleaks_csv;
pub mod gosec;
pub mod govulncheck;
pub mod grype;
pub mod hadolint;
pub mod junit;
pub mod kics;
pub mod kingfisher;
pub mod kube_linter;
mod npm_advisory;
pub mod npm_audit;
pub mod osv_scanner;
pub mod pip_audit;
pub mod pip_licenses;
pub mod retire;
pub mod safety;
pub mod sarif;
pub mod semgrep;
pub mod shellcheck;
pub mod snyk;
pub mod spdx;
pub mod syft;
pub mod terrascan;
pub mod tfsec;
pub mod trivy;
pub mod trufflehog;
pub mod trufflehog3;
pub mod yarn_audit;
pub mod zizmor;

/// Every format, the more particular before the more general: the first that fits a document reads it.
pub static FORMATS: &[&Format] = &[
    &actionlint::FORMAT,
    &bandit::FORMAT,
    &betterleaks::FORMAT,
    &brakeman::FORMAT,
    &bun_audit::FORMAT,
    &bundler_audit::FORMAT,
    &cargo_audit::FORMAT,
    &cargo_deny::FORMAT,
    &checkov::FORMAT,
    &checkstyle::FORMAT,
    &codeclimate::FORMAT,
    &cyclonedx::FORMAT,
    &cyclonedx::XML,
    &dependabot::FORMAT,
    &dependabot::GRAPHQL,
    &dependency_check::FORMAT,
    &dependency_snapshot::FORMAT,
    &detect_secrets::FORMAT,
    &gitlab::FORMAT,
    &gitleaks::FORMAT,
    &gitleaks_csv::FORMAT,
    &gosec::FORMAT,
    &govulncheck::FORMAT,
    &grype::FORMAT,
    &grype::MATCHES,
    &hadolint::FORMAT,
    &junit::FORMAT,
    &kics::FORMAT,
    &kingfisher::FORMAT,
    &kube_linter::FORMAT,
    &npm_audit::PNPM,
    &npm_audit::FORMAT,
    &osv_scanner::FORMAT,
    &pip_audit::FORMAT,
    &pip_audit::DEPENDENCIES,
    &pip_licenses::FORMAT,
    &retire::FORMAT,
    &safety::FORMAT,
    &sarif::FORMAT,
    &semgrep::FORMAT,
    &shellcheck::FORMAT,
    &snyk::FORMAT,
    &spdx::FORMAT,
    &spdx::GRAPH,
    &spdx::TAGS,
    &syft::FORMAT,
    &terrascan::FORMAT,
    &tfsec::FORMAT,
    &trivy::FORMAT,
    &trufflehog::FORMAT,
    &trufflehog3::FORMAT,
    &yarn_audit::FORMAT,
    &zizmor::FORMAT,
];

/// The format of an id.
pub fn by_id(id: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.id == id).copied()
}

/// What a report looks like, and how it is read.
pub struct Format {
    /// The word for it in settings and on the command line, such as `trivy`.
    pub id: &'static str,
    /// What people call it, such as `Trivy JSON`.
    pub name: &'static str,
    /// The tool whose words it speaks, lower case: the name of its map in `rules/map`, and the source of its findings
    /// unless the report names another.
    pub tool: &'static str,
    /// The kinds of finding that such a report is about; a kind that it may or may not be about is told through
    /// [`Out::covers`] instead.
    pub kinds: &'static [Kind],
    /// How it is written.
    pub syntax: Syntax,
}

/// How a format is written.
pub enum Syntax {
    /// Documents of JSON. A list of objects counts as many documents, see [`super::json::Text::next_document`].
    Json {
        /// What tells it from others: a document is of this format when all marks of one line fit. A mark is a path
        /// such as `Results[].Vulnerabilities` that must exist, with `*` for any key and `[]` for any of the first
        /// elements; `runs=[` asks that the value begins so, written without blanks.
        marks: &'static [&'static [&'static str]],
        /// Where the records are, as paths of the same kind; the empty path is the document itself, when nothing that
        /// another path leads to is in it. What lies around them is told to [`Reader::enter`] first, wherever it
        /// stands.
        records: &'static [&'static str],
        /// Makes the reader of one report.
        reader: fn() -> Box<dyn Reader>,
    },
    /// Any other text, at most 64 MiB.
    Text {
        /// Whether a text is of this format; given its first 64 KiB.
        fits: fn(&str) -> bool,
        /// Reads it whole.
        read: fn(&str, &mut Out) -> Result<(), String>,
    },
}

impl Format {
    /// A reader for one report; `None` for formats that are read whole.
    pub fn reader(&self) -> Option<Box<dyn Reader>> {
        match self.syntax {
            Syntax::Json { reader, .. } => Some(reader()),
            Syntax::Text { .. } => None,
        }
    }
}

/// Makes findings of the records of one report. It may remember what earlier parts said.
pub trait Reader {
    /// An object is entered that records lie in: what else it holds, wherever that stands.
    fn enter(&mut self, _around: &Around<'_>, _out: &mut Out) {}

    /// A record.
    ///
    /// # Errors
    /// It is none that can be read, in words without anything of its text. The others are read all the same.
    fn record(&mut self, record: &Record<'_>, out: &mut Out) -> Result<(), Unreadable>;

    /// The report ends.
    fn end(&mut self, _out: &mut Out) {}
}

/// An object that records lie in, without them.
pub struct Around<'a> {
    /// Where it is: empty for the document itself, else a path such as `Results[]`.
    pub path: &'a str,
    pub(super) members: &'a [(&'a [u8], &'a [u8])],
}

impl Around<'_> {
    /// The value of a member; `None` when there is none that can be read.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let (_, value) = self.members.iter().find(|(name, _)| *name == key.as_bytes())?;
        serde_json::from_slice(value).ok()
    }

    /// A member that is a text, or a number as one; empty when it is neither.
    pub fn text(&self, key: &str) -> String {
        match self.get(key) {
            Some(Value::String(text)) => text,
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// The names of the members, still escaped.
    pub fn keys(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.members.iter().map(|(name, _)| String::from_utf8_lossy(name))
    }
}

/// The smallest part of a report that makes a finding.
pub struct Record<'a> {
    /// Which of the format's records it is.
    pub pattern: &'static str,
    /// The key that it stands under; `None` in a list and for a document.
    pub key: Option<&'a str>,
    /// Its JSON.
    pub bytes: &'a [u8],
    /// Where it begins, in bytes.
    pub at: usize,
}

impl<'a> Record<'a> {
    /// The record as a value of a type.
    ///
    /// # Errors
    /// It does not fit the type.
    pub fn parse<T: Deserialize<'a>>(&self) -> Result<T, Unreadable> {
        serde_json::from_slice(self.bytes).map_err(|e| Unreadable::new(&e))
    }
}

/// Why a record cannot be read; nothing of its text is in it, since that may hold a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl Unreadable {
    /// Takes what was read out of serde's sentence about it.
    pub fn new(error: &serde_json::Error) -> Self {
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        let plain = match said.strip_prefix("missing field") {
            Some(_) => said.to_owned(),
            None => {
                let (quote, accent) = (said.find('"'), said.find('`'));
                match (quote.into_iter().chain(accent).min(), said.rfind(", expected")) {
                    (None, _) => said.to_owned(),
                    (Some(from), Some(to)) if from < to => format!("{}{}", said[..from].trim_end(), &said[to..]),
                    (Some(from), _) => said[..from].trim_end().to_owned(),
                }
            }
        };
        Self(plain)
    }
}

impl From<&str> for Unreadable {
    fn from(why: &str) -> Self {
        Self(why.to_owned())
    }
}
