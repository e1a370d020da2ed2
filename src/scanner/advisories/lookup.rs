//! Looks up one advisory by any of its names.

use rustsec::Advisory;

use super::store::Store;
use super::{assess, rule};
use crate::error::Error;
use crate::finding::{Finding, Severity};
use crate::rule::Rule;
use crate::scanner::{Context, Gap, Sink};

/// What is known of an advisory.
pub struct Known {
    /// What outputs say about it.
    pub rule: Rule,
    /// The package it is about.
    pub package: String,
    /// How bad it is.
    pub severity: Severity,
    /// What the package is, in a few words: `is vulnerable`.
    pub what: &'static str,
    /// Requirements of versions without the defect; empty when there is none.
    pub fixed: Vec<String>,
    /// Its other ids, sorted.
    pub aliases: Vec<String>,
    /// The day on which it was published.
    pub date: String,
    /// The database that it is from, in words.
    pub source: String,
}

/// The advisory of a name, in any case, of the database that a scan would use; `None` when that does not know it.
///
/// # Errors
/// The database that the user names cannot be read.
pub fn find(context: &Context, name: &str) -> Result<Option<Known>, Error> {
    let store = Store::open(context, &Deaf)?;
    let is_it = |advisory: &&Advisory| {
        let aliases = advisory.metadata.aliases.iter().map(ToString::to_string);
        std::iter::once(advisory.id().to_string()).chain(aliases).any(|id| id.eq_ignore_ascii_case(name))
    };
    let found = store.all().filter(is_it).min_by_key(|advisory| advisory.id().clone());
    Ok(found.map(|advisory| known(advisory, &store)))
}

fn known(advisory: &Advisory, store: &Store) -> Known {
    let (severity, what) = assess(advisory);
    let package = advisory.metadata.package.to_string();
    let fixed: Vec<String> = advisory.versions.patched().iter().map(ToString::to_string).collect();
    let remedy = match fixed.is_empty() {
        true => format!("No version is fixed; replace {package}"),
        false => format!("Raise {package} to {}", fixed.join(" or ")),
    };
    let mut aliases: Vec<String> = advisory.metadata.aliases.iter().map(ToString::to_string).collect();
    aliases.sort();
    let rule = rule(advisory, &remedy);
    Known {
        rule,
        package,
        severity,
        what,
        fixed,
        aliases,
        date: advisory.metadata.date.to_string(),
        source: store.describe(),
    }
}

/// Nobody listens: whoever asks about one advisory is told which database answered.
struct Deaf;

impl Sink for Deaf {
    fn finding(&self, _: Finding) {}
    fn gap(&self, _: Gap) {}
    fn note(&self, _: String) {}
    fn expect(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}
