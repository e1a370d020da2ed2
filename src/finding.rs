//! Defines [`Finding`]: one defect at one place, which every output is a projection of.

pub mod assessment;
pub mod edit;
pub mod excerpt;
pub mod fingerprint;
pub mod history;
pub mod location;
pub mod marker;
pub mod package;
pub mod priority;
pub mod rating;
pub mod secret;
pub mod verified;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

pub use assessment::Assessment;
pub use edit::Edit;
pub use excerpt::Excerpt;
pub use fingerprint::Fingerprint;
pub use history::History;
pub use location::{CommitRef, Location, RepoPath, Span};
pub use marker::{Mark, Marker};
pub use package::Package;
pub use priority::Priority;
pub use rating::{Basis, Rating};
pub use secret::Secret;
pub use verified::Verified;

use crate::rule::Rule;

/// One defect at one place.
#[derive(Clone)]
pub struct Finding {
    /// What was violated; findings of the same rule share one value.
    pub rule: Arc<Rule>,
    /// The class of defect, which decides the category it is uploaded under.
    pub kind: Kind,
    /// How bad it is if the finding is real.
    pub severity: Severity,
    /// Who says so, and on what grounds.
    pub rating: Rating,
    /// How sure we are that it is real.
    pub confidence: Confidence,
    /// Why; `None` where a tool says so and not why.
    pub assessment: Option<Assessment>,
    /// One sentence for people; never contains a secret.
    pub message: String,
    /// Where it is. Never optional: one result without a place makes GitHub refuse the whole file.
    pub location: Location,
    /// Every other place of the same defect, in order.
    pub related: Vec<Location>,
    /// The offending lines, redacted; `None` when there is no text to show.
    pub excerpt: Option<Excerpt>,
    /// What is configured wrong, as the configuration names it (`aws_s3_bucket.logs`, `Deployment/shop`); `None` where
    /// nobody names it.
    pub resource: Option<String>,
    /// The package at fault; `None` unless the finding is about a dependency.
    pub package: Option<Package>,
    /// The credential itself, for fingerprints and `--show-secrets`; `None` unless the finding is a secret.
    pub secret: Option<Secret>,
    /// The credentials near it that belong to it, by the id of the needed rule without `secret/`; empty where its rule
    /// needs none.
    pub companions: BTreeMap<String, Secret>,
    /// What the provider says of the credential; `None` when it was not asked.
    pub verified: Option<Verified>,
    /// When it came and went; `None` unless a commit has it.
    pub history: Option<History>,
    /// What to do next, one short imperative sentence; `None` when the rule's own help says it all.
    pub remedy: Option<String>,
    /// The change of one line that is all it takes; `None` where it takes more, or nobody knows.
    pub edit: Option<Edit>,
    /// How soon it wants attention; `None` unless it is about a dependency whose advisories are known here.
    pub priority: Option<Priority>,
    /// Which tools said so, each with its own rule id; never empty.
    pub sources: Vec<Source>,
    /// `primaryLocationLineHash` as GitHub computes it for the line of the location; `None` until a file is read for
    /// it, and where there is no file or line.
    pub line_hash: Option<scanall_sarif::LineHash>,
    /// The comments beside it that accept it or others there, such as `scanall:ignore`; `None` without one.
    pub marker: Option<Marker>,
}

impl Finding {
    /// A finding that one source tells, with nothing known but the essentials; the rest is added field by field.
    pub fn new(
        rule: Arc<Rule>,
        kind: Kind,
        severity: Severity,
        message: String,
        location: Location,
        source: Source,
    ) -> Self {
        Self {
            rule,
            kind,
            severity,
            rating: Rating::stated(&source.tool),
            confidence: Confidence::Medium,
            assessment: None,
            message,
            location,
            related: Vec::new(),
            excerpt: None,
            resource: None,
            package: None,
            secret: None,
            companions: BTreeMap::new(),
            verified: None,
            history: None,
            remedy: None,
            edit: None,
            priority: None,
            sources: vec![source],
            line_hash: None,
            marker: None,
        }
    }

    /// What makes it the same defect in the next run: see [`Fingerprint`] for what goes in.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint_under(&self.rule.id)
    }

    /// The fingerprint that it would have under another rule, such as another name of its advisory.
    pub fn fingerprint_under(&self, rule: &str) -> Fingerprint {
        let rule = rule.as_bytes();
        let path = self.location.path.as_str().as_bytes();
        let line: String = self.excerpt.iter().flat_map(|e| e.as_str().split_whitespace()).collect();
        if let Some(told) = self.secret.as_ref().and_then(Secret::told_fingerprint) {
            return told.clone();
        }
        match (&self.secret, &self.package) {
            (Some(secret), _) => Fingerprint::of(&[b"secret", rule, &secret.digest()]),
            (None, Some(package)) => Fingerprint::of(&[b"package", rule, package.purl.as_bytes(), path]),
            (None, None) => Fingerprint::of(&[self.kind.id().as_bytes(), rule, path, line.as_bytes()]),
        }
    }
}

impl Finding {
    /// What makes it the same defect in another file, such as a renamed one; `None` when it is about a file as a whole,
    /// so that nothing but the path tells it from others.
    pub fn content_fingerprint(&self) -> Option<Fingerprint> {
        let (kind, rule) = (self.kind.id().as_bytes(), self.rule.id.as_bytes());
        let line: String = self.excerpt.iter().flat_map(|e| e.as_str().split_whitespace()).collect();
        match (&self.secret, &self.package) {
            (Some(_), _) => Some(self.fingerprint()),
            (None, Some(package)) => Some(Fingerprint::of(&[b"content", kind, rule, package.purl.as_bytes()])),
            (None, None) if line.is_empty() => None,
            (None, None) => Some(Fingerprint::of(&[b"content", kind, rule, line.as_bytes()])),
        }
    }
}

/// The classes of defect; each is one run of the SARIF log and one category on GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A leaked credential.
    Secret,
    /// A dependency with a known vulnerability, or a malicious or abandoned one.
    Advisory,
    /// A dependency whose license the policy does not allow.
    License,
    /// A weakness in the source code.
    Code,
    /// A weakness in configuration: containers, infrastructure as code, workflows.
    Config,
}

impl Kind {
    /// Every kind, in the order of outputs.
    pub const ALL: [Self; 5] = [Self::Secret, Self::Advisory, Self::License, Self::Code, Self::Config];

    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Advisory => "advisory",
            Self::License => "license",
            Self::Code => "code",
            Self::Config => "config",
        }
    }

    /// The category under which GitHub keeps the alerts of this kind; ends with a slash.
    pub fn category(self) -> &'static str {
        match self {
            Self::Secret => "scanall/secrets/",
            Self::Advisory => "scanall/dependencies/",
            Self::License => "scanall/licenses/",
            Self::Code => "scanall/code/",
            Self::Config => "scanall/config/",
        }
    }
}

/// How bad a finding is if it is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, nothing to fix.
    Info,
    /// Fix when convenient.
    Low,
    /// Fix in the normal course of work.
    Medium,
    /// Fix soon.
    High,
    /// Fix now.
    Critical,
}

impl Severity {
    /// Every severity, worst first.
    pub const WORST_FIRST: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The lower-case word used in every output and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of a CVSS base score (0.0 to 10.0), by the bands of the CVSS 3.1 specification, section 5.
    pub fn from_cvss(score: f64) -> Self {
        match score {
            s if s >= 9.0 => Self::Critical,
            s if s >= 7.0 => Self::High,
            s if s >= 4.0 => Self::Medium,
            s if s > 0.0 => Self::Low,
            _ => Self::Info,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::WORST_FIRST
            .into_iter()
            .find(|severity| severity.id() == word)
            .ok_or_else(|| format!("`{word}` is none of critical, high, medium, low, info"))
    }
}

/// How sure a scanner is that a finding is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A guess from weak signals.
    Low,
    /// Probably real.
    Medium,
    /// The format leaves little doubt.
    High,
}

impl Confidence {
    /// The lower-case word used in every output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl FromStr for Confidence {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Self::High, Self::Medium, Self::Low]
            .into_iter()
            .find(|confidence| confidence.id() == word)
            .ok_or_else(|| format!("`{word}` is none of high, medium, low"))
    }
}

/// A tool that reported a finding, and what it calls the rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The tool's name, lower case: `scanall`, `trivy`, `semgrep`.
    pub tool: String,
    /// The tool's own id of the rule.
    pub rule: String,
}

impl Source {
    /// What scanall calls itself as the source of a finding.
    pub const OWN: &str = "scanall";

    /// Names scanall itself as the source.
    pub fn own(rule: &str) -> Self {
        Self { tool: Self::OWN.to_owned(), rule: rule.to_owned() }
    }

    /// Whether scanall itself says so.
    pub fn is_own(&self) -> bool {
        self.tool == Self::OWN
    }
}
