//! The advisories in the binary: facts about widely used packages, in our own words. Those of RustSec are in its format,
//! all others in a file for each ecosystem, `rules/advisories/<ecosystem>.toml`.

use serde::Deserialize;

use super::affected::{Affected, Event, EventKind};
use super::grade::Grade;
use super::record::{AffectedPackage, Nature, Record, Text, database};
use super::rustsec;
use super::store::Store;
use super::store::build::{Input, build};
use super::version::Scheme;
use crate::ecosystem::Ecosystem;
use crate::error::Error;

/// A file of an ecosystem.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// In OSV's words.
    ecosystem: String,
    advisory: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default)]
    aliases: Vec<String>,
    package: String,
    /// Ranges: `1.0..1.2` from the first version up to the second, which is fixed; `1.0..=1.2` with the second; nothing
    /// in front of the points for every version before, nothing behind them for every later one.
    affected: Vec<String>,
    #[serde(default)]
    cvss: String,
    /// The alias whose record has the vector, where this one's own has none.
    #[serde(default)]
    scored_by: String,
    #[serde(default)]
    cwe: Vec<u32>,
    #[serde(default)]
    malicious: bool,
    title: String,
}

/// A store of them.
///
/// # Errors
/// Never, unless the binary is broken.
pub fn store() -> Result<Store, Error> {
    let broken = |why: String| Error::usage("the starter set cannot be read").because(why);
    let mut records = Vec::new();
    for (name, text) in crate::embedded::ADVISORIES {
        records.extend(read(name, text).map_err(|why| broken(format!("{name}: {why}")))?);
    }
    let records = records.into_iter().map(|record| (record.clone(), database(&record.id).to_owned())).collect();
    Store::from_bytes(build(Input { records, ..Input::default() })).map_err(broken)
}

fn read(name: &str, text: &str) -> Result<Vec<Record>, String> {
    if name.starts_with("RUSTSEC-") {
        return rustsec::from_markdown(text).map(|said| said.record.into_iter().collect());
    }
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    let family = Ecosystem::of_osv(&file.ecosystem).ok_or("the ecosystem is not known")?;
    let scheme = Scheme::of(&file.ecosystem).ok_or("the ecosystem has no order of versions")?;
    file.advisory.into_iter().map(|entry| record(entry, family, scheme)).collect()
}

fn record(entry: Entry, family: Ecosystem, scheme: Scheme) -> Result<Record, String> {
    let ranges = entry.affected.iter().map(|range| events(range)).collect::<Option<Vec<_>>>();
    let ranges = ranges.ok_or_else(|| format!("{}: a range has no `..`", entry.id))?;
    let package = AffectedPackage {
        ecosystem: family.osv().to_owned(),
        name: family.normalized(&entry.package).into_owned(),
        affected: Affected::compile(ranges, Vec::new(), scheme).0,
        grade: None,
    };
    Ok(Record {
        id: entry.id,
        aliases: entry.aliases,
        nature: if entry.malicious { Nature::Malicious } else { Nature::Vulnerable },
        grade: Some(entry.cvss).filter(|vector| !vector.is_empty()).map(|says| Grade { says, from: entry.scored_by }),
        packages: vec![package],
        text: Text { summary: entry.title, cwe: entry.cwe, ..Text::default() },
    })
}

fn events(range: &str) -> Option<Vec<Event<'static>>> {
    let (from, to) = range.split_once("..")?;
    let first = Event::new(EventKind::Introduced, if from.is_empty() { "0" } else { from }.to_owned());
    let end = match to.strip_prefix('=') {
        Some(last) => Some(Event::new(EventKind::LastAffected, last.to_owned())),
        None => Some(to).filter(|to| !to.is_empty()).map(|to| Event::new(EventKind::Fixed, to.to_owned())),
    };
    Some(std::iter::once(first).chain(end).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::advisories::matching::{Asked, ask};

    #[test]
    fn every_entry_is_true_of_some_version_and_has_words() {
        let store = store().unwrap();
        let records = store.records().unwrap();
        assert!(records.len() >= 150, "{}", records.len());
        let mut ecosystems = BTreeSet::new();
        for (record, _) in &records {
            assert!(!record.text.summary.is_empty() && !record.text.summary.ends_with('.'), "{}", record.id);
            let package = &record.packages[0];
            ecosystems.insert(package.ecosystem.clone());
            let grade = record.grade.as_ref().map(|grade| grade.says.clone());
            assert!(grade.is_none_or(|says| crate::cvss::score(&says).is_some()), "{}", record.id);
            let scheme = Scheme::of(&package.ecosystem).unwrap();
            for events in &package.affected.ranges {
                let starts = events.iter().filter(|event| event.kind == EventKind::Introduced);
                // The beginning of all versions is none itself.
                for start in starts.filter(|event| event.version != "0") {
                    assert!(package.affected.affects(&start.version, scheme), "{} {}", record.id, start.version);
                }
                let fixes = events.iter().filter(|event| event.kind == EventKind::Fixed);
                for fix in fixes {
                    assert!(!package.affected.affects(&fix.version, scheme), "{} {}", record.id, fix.version);
                }
            }
        }
        assert!(ecosystems.len() >= 12, "{ecosystems:?}");
    }

    #[test]
    fn something_true_of_each_ecosystem() {
        let store = store().unwrap();
        for (ecosystem, name, version, id) in [
            (Ecosystem::Npm, "lodash", "4.17.15", "GHSA-35jh-r3h4-6jhm"),
            (Ecosystem::Maven, "org.apache.logging.log4j:log4j-core", "2.14.1", "GHSA-jfh8-c2jp-5v3q"),
            (Ecosystem::NuGet, "newtonsoft.json", "12.0.3", "GHSA-5crp-9r3c-p9vr"),
            (Ecosystem::Cargo, "time", "0.1.43", "RUSTSEC-2020-0071"),
            (Ecosystem::GitHubActions, "tj-actions/changed-files", "v45", "GHSA-mrrh-fwg8-r2c3"),
        ] {
            let answer = ask(&store, Asked { ecosystem, release: "", name, version }).unwrap();
            assert!(answer.hits.iter().any(|hit| hit.id == id), "{name}");
        }
    }
}
