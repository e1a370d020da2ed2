//! Defines [`Ignores`]: the `[[ignore]]`s of the configuration, and [`Unused`], those that accept nothing.

use globset::GlobMatcher;
use jiff::civil::Date;

use super::{Place, Suppression};
use crate::config::{self, Ignore};
use crate::error::Error;
use crate::finding::Finding;
use crate::text;

/// An `[[ignore]]` that suppressed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// Which one, counted from 1 in the order of the file.
    pub number: usize,
    /// What it names, in words.
    pub selectors: String,
    /// The reason it gives.
    pub reason: String,
    /// The day on which it expired; `None` when it has not.
    pub expired: Option<Date>,
}

/// The `[[ignore]]`s of a configuration, on a day.
pub(super) struct Ignores<'a> {
    all: Vec<Compiled<'a>>,
    used: Vec<bool>,
    today: Date,
}

impl<'a> Ignores<'a> {
    /// Makes them ready.
    ///
    /// # Errors
    /// A path is not a valid glob.
    pub(super) fn new(ignores: &'a [Ignore], today: Date) -> Result<Self, Error> {
        let all = ignores.iter().map(Compiled::new).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { used: vec![false; all.len()], all, today })
    }

    /// The acceptance of the first that fits and has not expired. Every one that fits is in use.
    pub(super) fn accept(&mut self, finding: &Finding) -> Option<Suppression> {
        let mut why = None;
        for (index, (ignore, used)) in self.all.iter().zip(&mut self.used).enumerate() {
            if ignore.holds_on(self.today) && ignore.fits(finding) {
                *used = true;
                why.get_or_insert_with(|| ignore.suppression(index + 1));
            }
        }
        why
    }

    /// Those that accepted nothing.
    pub(super) fn unused(&self) -> Vec<Unused> {
        let all = self.all.iter().zip(&self.used).enumerate();
        all.filter(|(_, (_, used))| !**used).map(|(index, (ignore, _))| ignore.unused(index + 1, self.today)).collect()
    }
}

struct Compiled<'a> {
    ignore: &'a Ignore,
    path: Option<GlobMatcher>,
}

impl<'a> Compiled<'a> {
    fn new(ignore: &'a Ignore) -> Result<Self, Error> {
        Ok(Self { ignore, path: ignore.path.as_deref().map(config::glob_of).transpose()? })
    }

    fn holds_on(&self, today: Date) -> bool {
        self.ignore.expires.is_none_or(|day| today <= day.0)
    }

    fn fits(&self, finding: &Finding) -> bool {
        let ignore = self.ignore;
        let every = |selector: &Option<String>, fits: &dyn Fn(&str) -> bool| selector.as_deref().is_none_or(fits);
        every(&ignore.fingerprint, &|wanted| finding.fingerprint().as_str() == wanted)
            && every(&ignore.rule, &|pattern| matches(pattern, &finding.rule.id))
            && every(&ignore.package, &|wanted| is_package(wanted, finding))
            && every(&ignore.advisory, &|wanted| is_advisory(wanted, finding))
            && self.path.as_ref().is_none_or(|glob| {
                // A credential that stands elsewhere too is not accepted by accepting one of its places.
                let here = std::iter::once(&finding.location).chain(&finding.related);
                here.map(|place| place.path.as_str()).all(|path| glob.is_match(path))
            })
    }

    fn suppression(&self, number: usize) -> Suppression {
        Suppression {
            place: Place::Config(number),
            reason: self.ignore.reason.clone(),
            expires: self.ignore.expires.map(|day| day.0),
            is_unaffected: false,
        }
    }

    fn unused(&self, number: usize, today: Date) -> Unused {
        let ignore = self.ignore;
        let named = [
            ("fingerprint", &ignore.fingerprint),
            ("rule", &ignore.rule),
            ("path", &ignore.path),
            ("package", &ignore.package),
            ("advisory", &ignore.advisory),
        ];
        let selectors: Vec<String> =
            named.iter().filter_map(|(key, value)| Some(format!("{key} {}", value.as_ref()?))).collect();
        Unused {
            number,
            selectors: text::printable(&selectors.join(", ")),
            reason: text::printable(&ignore.reason),
            expired: ignore.expires.map(|day| day.0).filter(|day| *day < today),
        }
    }
}

/// Whether a rule id fits a pattern in which `*` stands for any text.
fn matches(pattern: &str, id: &str) -> bool {
    let mut rest = id;
    let mut parts = pattern.split('*').peekable();
    let Some(start) = parts.next().filter(|start| rest.starts_with(start)) else { return false };
    rest = &rest[start.len()..];
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

fn is_package(wanted: &str, finding: &Finding) -> bool {
    finding.package.as_ref().is_some_and(|package| {
        let versioned = format!("{}@{}", package.name, package.version);
        [&package.name, &versioned, &package.purl, &package.versioned_purl()].into_iter().any(|name| name == wanted)
    })
}

fn is_advisory(wanted: &str, finding: &Finding) -> bool {
    let id = finding.rule.id.strip_prefix("advisory/");
    let aliases = finding.package.iter().flat_map(|package| package.aliases.iter().map(String::as_str));
    id.is_some() && id.into_iter().chain(aliases).any(|name| name.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_of_rules() {
        for (pattern, id, fits) in [
            ("secret/a", "secret/a", true),
            ("secret/a", "secret/ab", false),
            ("secret/*", "secret/ab", true),
            ("*-key", "secret/ab-key", true),
            ("secret/*-key", "secret/key", false),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "aXc", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, id), fits, "{pattern} {id}");
        }
    }
}
