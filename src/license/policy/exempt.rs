//! Defines [`Exemption`] and [`Clarification`]: what a project says of single packages, until when, and on what evidence.

use globset::{GlobBuilder, GlobMatcher};
use jiff::civil::Date;

use super::{Expression, Subject, Term};
use crate::config;
use crate::error::Error;
use crate::license::id;

/// The packages that something is said of.
#[derive(Debug)]
pub(super) struct Of {
    written: String,
    name: GlobMatcher,
    version: Option<GlobMatcher>,
    expires: Option<Date>,
    evidence: Option<String>,
}

/// An exception: a package whose license is accepted.
#[derive(Debug)]
pub(super) struct Exemption {
    pub(super) of: Of,
    pub(super) reason: String,
    /// The licenses that are; all when there are none.
    licenses: Vec<Expression>,
}

/// What the license of a package is, whatever it says itself.
#[derive(Debug)]
pub(super) struct Clarification {
    pub(super) of: Of,
    pub(super) expression: Expression,
}

/// An exception or a clarification that does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Its number, from 0 in the order of the file.
    pub number: usize,
    /// Whether it is a clarification.
    pub clarification: bool,
    /// The package as it is written.
    pub package: String,
    /// Why it does nothing.
    pub reason: Reason,
}

/// Why an exception does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its last day is over.
    Expired,
    /// No package needs it, or the text of the license changed.
    Unused,
}

impl Exemption {
    pub(super) fn new(settings: &config::LicenseException) -> Result<Self, Error> {
        let of = Of::new("exceptions", &settings.package, settings.expires, settings.evidence.as_deref())?;
        if settings.reason.trim().is_empty() {
            return Err(Error::usage(format!("the exception for `{}` has an empty reason", settings.package))
                .hint("say why the license is accepted; whoever reads it next will want to know"));
        }
        let read = |license: &String| {
            Expression::parse(license).map_err(|error| {
                Error::usage(format!("`{license}` of the exception for `{}` is no license", settings.package))
                    .because(error)
            })
        };
        let licenses = settings.licenses.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { of, reason: settings.reason.clone(), licenses })
    }

    /// Whether a term is one of those that are accepted.
    pub(super) fn covers(&self, term: &Term) -> bool {
        let same = |other: &Term| {
            other == term || (other.exception() == term.exception() && id::stem(term.id()) == other.id())
        };
        self.licenses.is_empty() || self.licenses.iter().flat_map(Expression::terms).any(same)
    }
}

impl Clarification {
    pub(super) fn new(settings: &config::LicenseClarification) -> Result<Self, Error> {
        let of = Of::new("clarify", &settings.package, settings.expires, settings.evidence.as_deref())?;
        let wrong =
            || Error::usage(format!("`{}` of `{}` is no SPDX expression", settings.expression, settings.package));
        let expression = Expression::parse(&settings.expression).map_err(|error| wrong().because(error))?;
        if let Some(term) = expression.terms().find(|term| !term.is_known()) {
            return Err(
                wrong().hint(format!("`{term}` is not on the SPDX list; `LicenseRef-…` names a license of your own"))
            );
        }
        Ok(Self { of, expression })
    }
}

impl Of {
    fn new(table: &str, package: &str, expires: Option<config::Day>, evidence: Option<&str>) -> Result<Self, Error> {
        let refuse = |what: &str| Error::usage(format!("`{package}` under [[licenses.{table}]] {what}"));
        let Some(rest) = package.strip_prefix("pkg:").filter(|rest| rest.contains('/')) else {
            return Err(
                refuse("is no package").hint("name it as in `pkg:cargo/ring`, `pkg:npm/@scope/*` or `pkg:pypi/x@1.*`")
            );
        };
        if let Some(hash) = evidence
            && (hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            return Err(refuse("has an `evidence` that is no SHA-256").hint("it has 64 digits: `sha256sum LICENSE`"));
        }
        // The `@` of a scope is at the beginning of a part.
        let at = rest.rfind('@').filter(|at| *at > 0 && !rest[..*at].ends_with('/'));
        let (name, version) = at.map_or((rest, None), |at| (&rest[..at], Some(&rest[at + 1..])));
        let glob = |text: &str| {
            let built = GlobBuilder::new(text).literal_separator(true).build();
            built.map(|glob| glob.compile_matcher()).map_err(|e| refuse("is no pattern").because(e.kind().to_string()))
        };
        Ok(Self {
            written: package.to_owned(),
            name: glob(&plain(name))?,
            version: version.map(glob).transpose()?,
            expires: expires.map(|day| day.0),
            evidence: evidence.map(str::to_ascii_lowercase),
        })
    }

    /// Whether it is said of a package, still, and on the same evidence.
    pub(super) fn applies(&self, subject: &Subject) -> bool {
        let evidence = self
            .evidence
            .as_ref()
            .is_none_or(|hash| subject.evidence_hash.is_some_and(|other| other.eq_ignore_ascii_case(hash)));
        evidence
            && self.expires.is_none_or(|day| subject.today <= day)
            && self.name.is_match(plain(subject.purl.strip_prefix("pkg:").unwrap_or(subject.purl)))
            && self.version.as_ref().is_none_or(|version| version.is_match(subject.version))
    }

    pub(super) fn stale(&self, today: Date, used: bool) -> Option<Reason> {
        match self.expires {
            Some(day) if day < today => Some(Reason::Expired),
            _ if used => None,
            _ => Some(Reason::Unused),
        }
    }

    pub(super) fn report(&self, number: usize, clarification: bool, reason: Reason) -> Stale {
        Stale { number, clarification, package: self.written.clone(), reason }
    }
}

/// A name without the escapes that purls have for scopes.
fn plain(name: &str) -> String {
    percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned()
}
