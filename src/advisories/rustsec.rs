//! Reads advisories of the RustSec database, Markdown behind a head in TOML, with the crate that defines them.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use rustsec::advisory::{Category, Informational};
use serde::Deserialize;

use super::affected::{Affected, Event, EventKind};
use super::grade::Grade;
use super::osv::Said;
use super::record::{AffectedPackage, Code, Nature, Record, Text};
use super::version::Scheme;
use crate::ecosystem::Ecosystem;

/// Reads an advisory.
///
/// # Errors
/// It is none: a sentence.
pub fn from_markdown(text: &str) -> Result<Said, String> {
    let advisory = parse(text)?;
    let about = &advisory.metadata;
    let id = about.id.to_string();
    let scheme = Scheme::of(Ecosystem::Cargo.osv()).filter(|_| !advisory.withdrawn());
    // Toolchains and their tools are no packages of the registry.
    let Some(scheme) = scheme.filter(|_| about.collection != Some(rustsec::Collection::Rust)) else {
        return Ok(Said { id, record: None, left_out: 0 });
    };
    let ranges = rustsec::osv::ranges_for_advisory(&advisory.versions).into_iter().map(|range| {
        let introduced = range.introduced.map_or_else(|| "0".to_owned(), |version| version.to_string());
        let fixed = range.fixed.map(|version| Event::new(EventKind::Fixed, version.to_string()));
        std::iter::once(Event::new(EventKind::Introduced, introduced)).chain(fixed).collect()
    });
    let (affected, left_out) = Affected::compile(ranges.collect(), Vec::new(), scheme);
    let name = about.package.to_string();
    let package = AffectedPackage {
        ecosystem: Ecosystem::Cargo.osv().to_owned(),
        name: Ecosystem::Cargo.normalized(&name).into_owned(),
        affected,
        grade: None,
    };
    let functions = advisory.affected.iter().flat_map(|affected| affected.functions.keys());
    let symbols: Vec<String> = functions.map(ToString::to_string).collect();
    let mut aliases: Vec<String> = about.aliases.iter().map(ToString::to_string).collect();
    aliases.sort();
    let pages = about.url.iter().chain(&about.references).map(ToString::to_string);
    let text = Text {
        summary: about.title.clone(),
        details: about.description.clone(),
        published: about.date.to_string(),
        modified: about.date.to_string(),
        references: pages.collect(),
        cwe: Vec::new(),
        code: if symbols.is_empty() {
            Vec::new()
        } else {
            vec![Code { package: name, import: String::new(), symbols }]
        },
    };
    let record = Record {
        id: id.clone(),
        aliases,
        nature: nature(&about.categories, about.informational.as_ref()),
        grade: about.cvss.as_ref().map(|cvss| Grade::own(cvss.to_string())),
        packages: vec![package],
        text,
    };
    Ok(Said { id, record: Some(record), left_out })
}

/// What stands in front of the head of an advisory.
const FENCE: &str = "```toml";

/// The requirements of an advisory.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    versions: Versions,
}

#[derive(Default, Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<String>,
    #[serde(default)]
    unaffected: Vec<String>,
}

/// The crate's reading of an advisory. It panics where two requirements begin at one version and do not overlap (`= 1.0.0`
/// and `> 1.0.0`), so they are looked at before.
fn parse(text: &str) -> Result<rustsec::Advisory, String> {
    // The crate takes the first bytes for this mark without looking whether a character ends there.
    let rest = text.strip_prefix(FENCE).ok_or_else(|| format!("it does not begin with {FENCE}"))?;
    let head = rest.split_once("\n```").map_or(rest, |(head, _)| head);
    let Head { versions } = toml::from_str(head).map_err(|e| e.message().to_owned())?;
    let mut starts = BTreeSet::new();
    for requirement in versions.patched.iter().chain(&versions.unaffected) {
        for part in requirement.split(',').map(str::trim).filter(|part| !part.starts_with('<')) {
            if !starts.insert(full(part.trim_start_matches(['=', '>', '^', '~', ' ']))) {
                return Err(format!("more than one of its requirements begins like `{requirement}`"));
            }
        }
    }
    rustsec::Advisory::from_str(text).map_err(|e| e.to_string())
}

/// A version with all three numbers: `1.0` is `1.0.0`.
fn full(version: &str) -> String {
    let version = version.split('+').next().unwrap_or_default();
    let (numbers, pre) = version.split_once('-').unwrap_or((version, ""));
    let missing = 2usize.saturating_sub(numbers.matches('.').count());
    format!("{numbers}{}-{pre}", ".0".repeat(missing))
}

fn nature(categories: &[Category], informational: Option<&Informational>) -> Nature {
    if categories.iter().any(|category| matches!(category, Category::Other(name) if name == "malicious")) {
        return Nature::Malicious;
    }
    match informational {
        Some(Informational::Unmaintained) => Nature::Unmaintained,
        Some(Informational::Unsound) => Nature::Unsound,
        Some(_) => Nature::Notice,
        None => Nature::Vulnerable,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn advisory(patched: &[String], unaffected: &[String]) -> String {
        format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2026-9999\"\npackage = \"clockwork\"\ndate = \"2026-01-01\"\n[versions]\npatched = {patched:?}\nunaffected = {unaffected:?}\n```\n# Hands run backwards\n\nThe clock lies.\n"
        )
    }

    #[test]
    fn an_advisory() {
        let said = from_markdown(&advisory(&[">= 0.5".to_owned()], &["< 0.2".to_owned()])).unwrap();
        let record = said.record.unwrap();
        assert_eq!((record.id.as_str(), record.text.summary.as_str()), ("RUSTSEC-2026-9999", "Hands run backwards"));
        assert_eq!(record.text.details.trim(), "The clock lies.");
        assert!(from_markdown("nothing").is_err());
    }

    #[test]
    fn requirements_that_begin_alike_are_refused() {
        for (one, other) in [("= 1.0.0", "> 1.0.0"), ("> 1.0", "= 1.0.0"), ("=1.2.3-rc.1", "> 1.2.3-rc.1")] {
            let why = from_markdown(&advisory(&[one.to_owned()], &[other.to_owned()])).err().unwrap();
            assert!(why.starts_with("more than one"), "{why}");
        }
        assert!(from_markdown(&advisory(&["= 1.0.0".to_owned()], &["> 1.0.1, < 1.1".to_owned()])).is_ok());
    }

    fn version() -> impl Strategy<Value = String> {
        ("[0-3]\\.[0-3]\\.[0-3]", prop::option::of("(0|1|alpha|rc\\.1|beta\\.2)"))
            .prop_map(|(version, pre)| pre.map_or(version.clone(), |pre| format!("{version}-{pre}")))
    }

    proptest! {
        /// What the store keeps of an advisory is what the crate of RustSec thinks of it, for every version.
        #[test]
        fn a_version_is_affected_when_the_crate_says_so(
            patched in prop::collection::vec((prop::sample::select(vec![">=", ">", "^", "~", "="]), version()), 0..3),
            unaffected in prop::collection::vec((prop::sample::select(vec!["<", "<=", "=", "^"]), version()), 0..3),
            versions in prop::collection::vec(version(), 1..12),
        ) {
            let requirements = |list: &[(&str, String)]| {
                list.iter().map(|(sign, version)| format!("{sign} {version}")).collect::<Vec<_>>()
            };
            let text = advisory(&requirements(&patched), &requirements(&unaffected));
            // Requirements that overlap are refused by both, and we refuse some that the crate panics at.
            let Ok(ours) = from_markdown(&text) else { return Ok(()) };
            let (ours, theirs) = (ours.record.unwrap(), rustsec::Advisory::from_str(&text).unwrap());
            let scheme = Scheme::of(Ecosystem::Cargo.osv()).unwrap();
            for version in versions {
                let expected = theirs.versions.is_vulnerable(&version.parse().unwrap());
                prop_assert_eq!(ours.packages[0].affected.affects(&version, scheme), expected, "{} {}", text, version);
            }
        }
    }

    /// The same over a whole database and every `Cargo.lock` of a folder, both named by variables of the environment:
    /// `ADVISORY_DB=… LOCKS=… cargo test --lib -- --ignored every_lock_of_a_folder`.
    #[test]
    #[ignore = "needs a checkout of the RustSec database"]
    fn every_lock_of_a_folder() {
        use std::collections::BTreeSet;
        let (database, locks) = (std::env::var("ADVISORY_DB").unwrap(), std::env::var("LOCKS").unwrap());
        let mut packages: BTreeSet<(String, String)> = BTreeSet::new();
        for folder in std::fs::read_dir(locks).unwrap() {
            let Ok(lock) = cargo_lock::Lockfile::load(folder.unwrap().path().join("Cargo.lock")) else { continue };
            packages.extend(lock.packages.iter().map(|it| (it.name.to_string(), it.version.to_string())));
        }
        let (mut advisories, mut compared, mut affected) = (0, 0, 0);
        for folder in std::fs::read_dir(format!("{database}/crates")).unwrap() {
            for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
                let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
                let theirs = rustsec::Advisory::from_str(&text).unwrap();
                let Some(ours) = from_markdown(&text).unwrap().record else { continue };
                advisories += 1;
                let scheme = Scheme::of("crates.io").unwrap();
                let ours = &ours.packages[0].affected;
                for (name, version) in &packages {
                    let expected = theirs.versions.is_vulnerable(&version.parse().unwrap());
                    assert_eq!(ours.affects(version, scheme), expected, "{} {version}", theirs.id());
                    let is_it = *name == theirs.metadata.package.to_string();
                    (compared, affected) = (compared + 1, affected + usize::from(is_it && expected));
                }
            }
        }
        assert!(affected > 0, "{advisories} advisories, {compared} comparisons");
    }
}
