//! Defines [`Licenses`]: the `[licenses]` of `.scanall.toml`.

use serde::Deserialize;

use super::Day;
use crate::license::policy::Verdict;

/// `[licenses]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Licenses {
    /// SPDX ids, with or without `WITH` and an exception, and `category:` names that are fine; when given, everything
    /// else is a finding.
    pub allow: Option<Vec<String>>,
    /// Those that somebody has to look at.
    pub review: Option<Vec<String>>,
    /// Those that are not fine; replaces the default list.
    pub deny: Option<Vec<String>>,
    /// What is said of a license that nobody knows; `None` for review.
    pub unknown: Option<Word>,
    /// deps.dev is asked for licenses that nothing on disk tells, unless the run is offline.
    pub online: bool,
    /// What is said otherwise of packages that are shipped.
    pub runtime: LicenseLists,
    /// What is said otherwise of packages that only developers use.
    pub dev: LicenseLists,
    /// What is said otherwise of packages that only the build uses.
    pub build: LicenseLists,
    /// Packages whose license is accepted.
    pub exceptions: Vec<LicenseException>,
    /// Packages whose license is another than they say.
    pub clarify: Vec<LicenseClarification>,
}

/// The lists of one scope; what is `None` is said by `[licenses]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LicenseLists {
    /// What is fine.
    pub allow: Option<Vec<String>>,
    /// What somebody has to look at.
    pub review: Option<Vec<String>>,
    /// What is not fine.
    pub deny: Option<Vec<String>>,
    /// What is said of a license that nobody knows.
    pub unknown: Option<Word>,
}

/// A verdict as settings write it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// It may be used.
    Allow,
    /// Somebody has to look at it.
    Review,
    /// It must not be used.
    Deny,
}

/// `[[licenses.exceptions]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenseException {
    /// A purl, with or without `@version`; `*` stands for any text of one part.
    pub package: String,
    /// The licenses that are accepted; all when there are none.
    #[serde(default)]
    pub licenses: Vec<String>,
    /// Why they are.
    pub reason: String,
    /// The last day on which they are; `None` for ever.
    pub expires: Option<Day>,
    /// The SHA-256 of the license file in hex: the exception ends when that changes.
    pub evidence: Option<String>,
}

/// `[[licenses.clarify]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenseClarification {
    /// A purl, with or without `@version`; `*` stands for any text of one part.
    pub package: String,
    /// What its license is, as an SPDX expression.
    pub expression: String,
    /// The last day on which it is; `None` for ever.
    pub expires: Option<Day>,
    /// The SHA-256 of the license file in hex: the clarification ends when that changes.
    pub evidence: Option<String>,
}

impl Licenses {
    /// The lists for all scopes. An empty list of what is allowed is none, since nothing could be used.
    pub fn lists(&self) -> LicenseLists {
        LicenseLists {
            allow: self.allow.clone().filter(|list| !list.is_empty()),
            review: self.review.clone(),
            deny: self.deny.clone(),
            unknown: self.unknown,
        }
    }
}

impl LicenseLists {
    /// These lists, and where they say nothing, others.
    #[must_use]
    pub fn over(&self, under: &Self) -> Self {
        Self {
            allow: self.allow.clone().or_else(|| under.allow.clone()),
            review: self.review.clone().or_else(|| under.review.clone()),
            deny: self.deny.clone().or_else(|| under.deny.clone()),
            unknown: self.unknown.or(under.unknown),
        }
    }
}

impl From<Word> for Verdict {
    fn from(word: Word) -> Self {
        match word {
            Word::Allow => Self::Allow,
            Word::Review => Self::Review,
            Word::Deny => Self::Deny,
        }
    }
}
