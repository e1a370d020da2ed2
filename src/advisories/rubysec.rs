//! Reads advisories of the Ruby Advisory Database, YAML files `gems/<gem>/<id>.yml`
//! (<https://github.com/rubysec/ruby-advisory-db#yaml-schema>).
//!
//! It says which versions are patched or were never affected; all others are. Its advisories have no ids of their own,
//! so they get one of the gem and the name of the file: `RUBYSEC-<gem>-<id>`.

use serde::Deserialize;

use super::affected::MAX_EVENTS;
use super::grade;
use super::osv::convert::convert;
use super::osv::schema::{Affected, Event, Osv, Package, Range, Reference, Severity};
use super::osv::{Said, first_line};
use super::version::Scheme;
use super::version::span::{self, Mark, Span};
use crate::ecosystem::Ecosystem;

#[derive(Deserialize)]
struct Advisory {
    /// `None` of one about an implementation of Ruby, which is no package.
    gem: Option<String>,
    engine: Option<String>,
    platform: Option<String>,
    cve: Option<String>,
    ghsa: Option<String>,
    osvdb: Option<String>,
    url: Option<String>,
    #[serde(default)]
    title: String,
    date: Option<String>,
    description: Option<String>,
    cvss_v2: Option<f64>,
    cvss_v3: Option<f64>,
    cvss_v4: Option<f64>,
    patched_versions: Option<Vec<String>>,
    unaffected_versions: Option<Vec<String>>,
    related: Option<Related>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Related {
    url: Option<Vec<String>>,
}

/// Whether a text means to be such an advisory.
pub(super) fn is_one(text: &str) -> bool {
    let has = |key: &str| text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
    (has("gem") || has("engine")) && has("title")
}

/// Reads an advisory; `name` is that of its file, without its end.
///
/// # Errors
/// It is none: a sentence with the place.
pub fn from_yaml(text: &str, name: &str) -> Result<Said, String> {
    let advisory: Advisory = serde_saphyr::from_str(text).map_err(|e| first_line(&e.to_string()))?;
    let Some(gem) = advisory.gem else {
        let engine = advisory.engine.ok_or("it names neither a `gem` nor an `engine`")?;
        return Ok(Said { id: format!("RUBYSEC-{engine}-{name}"), record: None, left_out: 0 });
    };
    let [patched, unaffected] =
        [advisory.patched_versions, advisory.unaffected_versions].map(Option::unwrap_or_default);
    let events = affected(patched.iter().chain(&unaffected))?;
    let ids = [("CVE-", advisory.cve), ("GHSA-", advisory.ghsa), ("OSVDB-", advisory.osvdb)];
    let aliases = ids.into_iter().filter_map(|(prefix, id)| Some(with_prefix(prefix, &id?))).collect();
    let scores = [("2.0", advisory.cvss_v2), ("3", advisory.cvss_v3), ("4.0", advisory.cvss_v4)];
    let scores = scores.into_iter().filter_map(|(version, score)| Some(grade::bare(version, score?)));
    let pages = advisory.url.into_iter().chain(advisory.related.unwrap_or_default().url.unwrap_or_default());
    let platform = advisory.platform.map(|platform| format!("\n\nThis is about the platform {platform}."));
    let date = advisory.date.unwrap_or_default();
    convert(Osv {
        id: format!("RUBYSEC-{gem}-{name}"),
        aliases,
        summary: advisory.title,
        details: advisory.description.unwrap_or_default() + &platform.unwrap_or_default(),
        published: date.clone(),
        modified: date,
        severity: scores.map(|score| Severity { score }).collect(),
        affected: vec![Affected {
            package: Some(Package { ecosystem: Ecosystem::RubyGems.osv().to_owned(), name: gem }),
            ranges: vec![Range { kind: "ECOSYSTEM".to_owned(), events }],
            ..Affected::default()
        }],
        references: pages.map(|url| Reference { url }).collect(),
        ..Osv::default()
    })
}

/// What the versions are that meet no requirement.
fn affected<'a>(safe: impl Iterator<Item = &'a String> + Clone) -> Result<Vec<Event>, String> {
    let scheme = Scheme::of(Ecosystem::RubyGems.osv()).ok_or("RubyGems is not known")?;
    if safe.clone().count() > MAX_EVENTS {
        return Err("it has too many requirements".to_owned());
    }
    let mut spans = Vec::new();
    for requirement in safe {
        let found = span::of_rubygems(requirement, scheme);
        spans.extend(found.ok_or_else(|| format!("`{requirement}` is no requirement that is understood"))?);
    }
    Ok(span::outside(spans, scheme).into_iter().flat_map(events).collect())
}

/// What stands for a place before all versions in events.
const FIRST: &str = "0";

/// The version 0 is one as any other, and has prereleases before it.
fn not_first(mark: Mark) -> Mark {
    let version = if mark.version == FIRST { "0.0".to_owned() } else { mark.version };
    Mark { version, ..mark }
}

fn events(span: Span) -> [Event; 2] {
    let [from, to] = [span.from, span.to].map(|mark| mark.map(not_first));
    let introduced = match from {
        None => FIRST.to_owned(),
        Some(Mark { version, is_behind: false }) => version,
        // Nobody gives out a version that is nearer.
        Some(Mark { version, is_behind: true }) => format!("{version}.0.0.0.0.1"),
    };
    let end = match to {
        None => Event::default(),
        Some(Mark { version, is_behind: false }) => Event { fixed: Some(version), ..Event::default() },
        Some(Mark { version, is_behind: true }) => Event { last_affected: Some(version), ..Event::default() },
    };
    [Event { introduced: Some(introduced), ..Event::default() }, end]
}

/// An id as everybody writes it; the database leaves the prefix out.
fn with_prefix(prefix: &str, id: &str) -> String {
    let id = id.trim();
    match id.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)) {
        true => id.to_owned(),
        false => format!("{prefix}{id}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::advisories::record::Record;

    const ADVISORY: &str = "---\ngem: clockwork\nframework: clocks\nplatform: jruby\ncve: 2026-1234\nghsa: 2222-3333-4444\nosvdb: 77\nurl: https://clock.test/a\ntitle: Hands run backwards\ndate: 2026-01-02\ndescription: |\n  All of them.\n\n  # Impact\n  Late trains.\ncvss_v2: 4.3\ncvss_v3: 9.1\nunaffected_versions:\n  - \"< 1.0\"\npatched_versions:\n  - \"~> 1.4.2\"\n  - '>= 2.0.0.rc1'\nrelated:\n  url:\n    - https://clock.test/b\n  cve:\n    - 2026-9\nnotes: none\n";

    fn record(text: &str) -> Record {
        from_yaml(text, "CVE-2026-1234").unwrap().record.unwrap()
    }

    #[test]
    fn an_advisory() {
        assert!(is_one(ADVISORY) && !is_one("id: PYSEC-2026-1\nsummary: 'gem: x'\n"));
        let record = record(ADVISORY);
        assert_eq!(record.id, "RUBYSEC-clockwork-CVE-2026-1234");
        assert_eq!(record.aliases, ["CVE-2026-1234", "GHSA-2222-3333-4444", "OSVDB-77"]);
        assert_eq!(
            (record.text.summary.as_str(), record.text.published.as_str()),
            ("Hands run backwards", "2026-01-02")
        );
        assert_eq!(record.text.references, ["https://clock.test/a", "https://clock.test/b"]);
        assert!(record.text.details.ends_with("This is about the platform jruby."));
        let (severity, rating) = record.grade.as_ref().unwrap().rate(&record.id).unwrap();
        assert_eq!((severity.id(), rating.by.as_str()), ("critical", "RubySec, CVSS 3 9.1"));
        let scheme = Scheme::of("RubyGems").unwrap();
        let affected = &record.packages[0].affected;
        for (version, expected) in [
            ("0.9", false),
            ("1.0", true),
            ("1.4.1", true),
            ("1.4.2", false),
            ("1.4.9", false),
            ("1.5.0.beta", true),
            ("1.9", true),
            ("2.0.0.beta", true),
            ("2.0.0.rc1", false),
            ("3.0", false),
        ] {
            assert_eq!(affected.affects(version, scheme), expected, "{version}");
        }
        assert_eq!(affected.fixes_above("1.2", scheme), ["1.4.2", "2.0.0.rc1"]);
    }

    #[test]
    fn without_versions_all_are_affected_and_toolchains_are_no_packages() {
        let all = record("gem: clock\ntitle: x\nurl: y\npatched_versions:\n");
        assert!(all.packages[0].affected.affects("99", Scheme::of("RubyGems").unwrap()));
        let ruby = from_yaml("engine: jruby\ntitle: x\npatched_versions: ['>= 9']\n", "CVE-2026-1").unwrap();
        assert_eq!(ruby.record, None);
        for bad in ["title: x", "gem: [1]\ntitle: x", "gem: x\ntitle: x\npatched_versions: ['^1']", "gem: ''\ntitle: x"]
        {
            assert!(!matches!(from_yaml(bad, "x"), Ok(Said { record: Some(_), .. })), "{bad}");
        }
    }

    proptest! {
        /// A version is affected when it meets no requirement, which is the database's definition.
        #[test]
        fn a_version_is_affected_when_it_meets_no_requirement(
            safe in prop::collection::vec("(>=|>|<|<=|~>) [0-3](\\.[0-3]){0,2}(\\.rc[12])?", 0..4),
            versions in prop::collection::vec("[0-3](\\.[0-3]){0,3}(\\.(a|rc[12]))?", 1..12),
        ) {
            let scheme = Scheme::of("RubyGems").unwrap();
            let text = format!("gem: clock\ntitle: x\npatched_versions: {safe:?}\n");
            let said = from_yaml(&text, "CVE-2026-1").unwrap().record;
            // In records, 0 is no version but a place before all.
            for version in versions.into_iter().filter(|version| version != FIRST) {
                let expected = !safe.iter().any(|text| scheme.satisfies(&version, text).unwrap());
                let affected = said.as_ref().is_some_and(|said| said.packages[0].affected.affects(&version, scheme));
                prop_assert_eq!(affected, expected, "{} {}", text, version);
            }
        }

        #[test]
        fn no_text_breaks_it(text in "(gem: x\n|title: y\n|patched_versions:|\\PC|[\\[\\]{}\":,'~>= \n&*!|-]){0,40}") {
            let _ = from_yaml(&text, "x");
        }
    }
}
