//! Looks up one advisory by any of its names.

use super::database::{Database, Part};
use super::rule;
use crate::advisories::affected::EventKind;
use crate::advisories::exploited::{Exploited, cve};
use crate::advisories::record::{Nature, Record, database};
use crate::error::Error;
use crate::finding::{Rating, Severity};
use crate::rule::Rule;
use crate::scanner::Context;

/// What is known of an advisory.
pub struct Known {
    /// What outputs say about it.
    pub rule: Rule,
    /// The packages it is about, sorted; some where there are many.
    pub packages: Vec<String>,
    /// How bad it is, and who says so.
    pub severity: Severity,
    /// See above.
    pub rating: Rating,
    /// What the package is, in a few words: `is vulnerable`.
    pub what: &'static str,
    /// Versions at which the defect ends; empty when there is none.
    pub fixed: Vec<String>,
    /// Its other ids, sorted.
    pub aliases: Vec<String>,
    /// The day on which it was published; empty where that is not told.
    pub date: String,
    /// Whether it is exploited.
    pub exploited: Exploited,
    /// The database that it is from, in words.
    pub source: String,
}

/// The advisory of a name, in any case, of the database that a scan would use; `None` when that does not know it.
///
/// # Errors
/// The database that the user names cannot be read, or what is kept is damaged.
pub fn find(context: &Context, name: &str) -> Result<Option<Known>, Error> {
    let part = Database::at_hand(context)?;
    let damaged = |_| Error::usage("the advisory store is damaged").hint("`scanall db update` makes a new one");
    let store = part.store();
    let Some(place) = store.find(name).map_err(damaged)?.first().copied() else { return Ok(None) };
    let record = store.record(place).map_err(damaged)?;
    let mut exploited = Exploited::default();
    for id in std::iter::once(&record.id).chain(&record.aliases).filter_map(|id| cve(id)) {
        let one = store.exploited(id).map_err(damaged)?;
        exploited = Exploited { kev: exploited.kev.or(one.kev), epss: exploited.epss.max(one.epss) };
    }
    Ok(Some(known(record, exploited, &part)))
}

fn known(record: Record, exploited: Exploited, part: &Part) -> Known {
    let (severity, rating) = match record.nature.severity() {
        Some(severity) => (severity, Rating::stated(database(&record.id))),
        None => record
            .grade
            .as_ref()
            .and_then(|grade| grade.rate(&record.id))
            .unwrap_or_else(|| (Severity::Medium, Rating::assumed("scanall"))),
    };
    let events = record.packages.iter().flat_map(|package| package.affected.ranges.iter().flatten());
    let mut fixed: Vec<String> = Vec::new();
    for event in events.filter(|event| event.kind == EventKind::Fixed) {
        if !fixed.iter().any(|known| *known == event.version) {
            fixed.push(event.version.clone().into_owned());
        }
    }
    let mut packages: Vec<String> = record.packages.iter().map(|package| package.name.clone()).collect();
    packages.sort();
    packages.dedup();
    let named = packages.first().map_or("the package", String::as_str);
    let remedy = match fixed.is_empty() {
        true => format!("No version is fixed; replace {named}"),
        false => format!("Raise {named} to {}", fixed.join(" or ")),
    };
    let what = match (record.nature, rating.is_substantiated()) {
        (Nature::Vulnerable, false) => "is vulnerable (not scored)",
        (nature, _) => nature.words(),
    };
    Known {
        rule: rule(&record.id, &record.text, exploited, &remedy),
        date: record.text.published.chars().take(10).collect(),
        packages,
        severity,
        rating,
        what,
        fixed,
        aliases: record.aliases,
        exploited,
        source: part.describe(),
    }
}
