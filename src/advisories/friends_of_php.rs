//! Reads advisories of the PHP Security Advisories Database of FriendsOfPHP, YAML files `<vendor>/<package>/<id>.yaml`
//! (<https://github.com/FriendsOfPHP/security-advisories#contributing>).
//!
//! It says which versions are affected, by constraints of Composer for each branch. Its advisories have no ids of their
//! own, so they get one of the package and the name of the file: `FRIENDSOFPHP-<vendor>--<package>-<id>`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::affected::MAX_EVENTS;
use super::osv::convert::convert;
use super::osv::schema::{Affected, Event, Osv, Package, Range, Reference};
use super::osv::{Said, first_line};
use super::version::Scheme;
use super::version::span::{self, Mark, Span};
use crate::ecosystem::Ecosystem;

#[derive(Deserialize)]
struct Advisory {
    #[serde(default)]
    title: String,
    link: Option<String>,
    cve: Option<String>,
    reference: String,
    #[serde(default)]
    branches: BTreeMap<String, Branch>,
}

#[derive(Deserialize)]
struct Branch {
    /// When it was fixed; `None` where it is not.
    time: Option<String>,
    versions: Constraints,
}

/// One, or several that must all be met.
#[derive(Deserialize)]
#[serde(untagged)]
enum Constraints {
    One(String),
    All(Vec<String>),
}

/// What a package is referred to with.
const SCHEME: &str = "composer://";

/// Whether a text means to be such an advisory.
pub(super) fn is_one(text: &str) -> bool {
    let is_reference = |line: &str| line.starts_with("reference:") && line.contains(SCHEME);
    text.lines().any(is_reference)
}

/// Reads an advisory; `name` is that of its file, without its end.
///
/// # Errors
/// It is none: a sentence with the place.
pub fn from_yaml(text: &str, name: &str) -> Result<Said, String> {
    let advisory: Advisory = serde_saphyr::from_str(text).map_err(|e| first_line(&e.to_string()))?;
    let package = advisory.reference.trim().strip_prefix(SCHEME).ok_or("its `reference` is no package of Composer")?;
    if advisory.branches.is_empty() {
        return Err("it names no `branches`".to_owned());
    }
    let times = advisory.branches.values().filter_map(|branch| branch.time.as_deref().and_then(time));
    let (published, modified) = (times.clone().min().unwrap_or_default(), times.max().unwrap_or_default());
    let ranges = ranges(advisory.branches.into_values())?;
    let cve = advisory.cve.map(|cve| cve.trim().to_owned()).filter(|cve| !cve.is_empty());
    let title = cve.as_deref().and_then(|cve| advisory.title.strip_prefix(cve)).unwrap_or(&advisory.title);
    convert(Osv {
        id: format!("FRIENDSOFPHP-{}-{name}", package.replacen('/', "--", 1)),
        summary: title.trim_start_matches([':', '-', ' ']).to_owned(),
        aliases: cve.into_iter().collect(),
        published,
        modified,
        affected: vec![Affected {
            package: Some(Package { ecosystem: Ecosystem::Packagist.osv().to_owned(), name: package.to_owned() }),
            ranges,
            ..Affected::default()
        }],
        references: advisory.link.into_iter().map(|url| Reference { url }).collect(),
        ..Osv::default()
    })
}

/// A time as RFC 3339: `2012-08-27 19:17:44` is in UTC. `None` of what is no time.
fn time(text: &str) -> Option<String> {
    let text = text.trim();
    let day: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    let at = text.get(11..19).and_then(|at| at.parse::<jiff::civil::Time>().ok());
    Some(at.map_or_else(|| day.to_string(), |at| format!("{day}T{at}Z")))
}

/// A range for each span of versions, those of branches that touch being one.
fn ranges(branches: impl Iterator<Item = Branch>) -> Result<Vec<Range>, String> {
    let scheme = Scheme::of(Ecosystem::Packagist.osv()).ok_or("Packagist is not known")?;
    let mut spans = Vec::new();
    for branch in branches {
        let constraint = match branch.versions {
            Constraints::One(one) => one,
            Constraints::All(all) => all.join(","),
        };
        let found = span::of_composer(&constraint, scheme);
        spans.extend(found.ok_or_else(|| format!("`{constraint}` is no constraint that is understood"))?);
        if spans.len() > MAX_EVENTS {
            return Err("it has too many constraints".to_owned());
        }
    }
    // What is outside of what is outside has no seams.
    let spans = span::outside(span::outside(spans, scheme), scheme);
    Ok(spans.into_iter().map(|span| Range { kind: "ECOSYSTEM".to_owned(), events: events(span) }).collect())
}

/// What Composer says of versions with four numbers, for versions that are written in any other way, too: PHP holds
/// `1.0` for less than `1.0.0`.
fn events(span: Span) -> Vec<Event> {
    let introduced = match span.from {
        None => "0".to_owned(),
        Some(Mark { version, is_behind: false }) => first(&version),
        Some(Mark { version, is_behind: true }) => format!("{}{FIRST_PATCH}", full(version)),
    };
    let mut events = vec![Event { introduced: Some(introduced), ..Event::default() }];
    match span.to {
        None => {}
        // The fixed version is told as people write it; the limit leaves out its prereleases, as Composer does.
        Some(Mark { version, is_behind: false }) => {
            events.push(Event { limit: Some(first(&version)), ..Event::default() });
            events.push(Event { fixed: Some(plain(&version)), ..Event::default() });
        }
        Some(Mark { version, is_behind: true }) => {
            events.push(Event { last_affected: Some(full(version)), ..Event::default() });
        }
    }
    events
}

/// Behind a version, the first that follows it.
const FIRST_PATCH: &str = "-p";
/// Behind a version of Composer's, that its development versions and prereleases are meant, too.
const DEV: &str = "-dev";

/// The first of all texts that are a version: `2.1.0.0-dev` is `2.1-dev`.
fn first(version: &str) -> String {
    match version.strip_suffix(DEV) {
        Some(numbers) => {
            let mut short = numbers;
            while let Some(shorter) = short.strip_suffix(".0") {
                short = shorter;
            }
            format!("{short}{DEV}")
        }
        None => plain(version),
    }
}

/// The last of all texts that are a version: `2.1.0.0`, but `2.1.0-RC1`.
fn full(version: String) -> String {
    if version.contains('-') { plain(&version) } else { version }
}

/// As people write it: `2.1.0.0-dev` is `2.1.0`, `2.1.0.0-RC1` is `2.1.0-RC1`.
fn plain(version: &str) -> String {
    let version = version.strip_suffix(DEV).unwrap_or(version);
    let (numbers, modifier) = version.split_at(version.find('-').unwrap_or(version.len()));
    format!("{}{modifier}", numbers.strip_suffix(".0").filter(|it| it.matches('.').count() == 2).unwrap_or(numbers))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::advisories::record::Record;

    const ADVISORY: &str = "title:     \"CVE-2026-1234: Hands run backwards\"\nlink:      https://clock.test/a\ncve:       CVE-2026-1234\nbranches:\n    1.0:\n        time:     2026-02-01 08:00:00\n        versions: ['>=1.0.0', '<1.1.0']\n    1.1.x:\n        time:     2026-02-03 08:00:00\n        versions: ['>=1.1', '<1.1.7']\n    2.x:\n        time:     ~\n        versions: ['>2.0.0-beta1', '<=2.3']\nreference: composer://Acme/clock-work\n";

    fn record(text: &str) -> Record {
        from_yaml(text, "CVE-2026-1234").unwrap().record.unwrap()
    }

    #[test]
    fn an_advisory() {
        assert!(is_one(ADVISORY) && !is_one("id: PYSEC-2026-1\nreference: x\n"));
        let record = record(ADVISORY);
        assert_eq!(record.id, "FRIENDSOFPHP-Acme--clock-work-CVE-2026-1234");
        assert_eq!(record.aliases, ["CVE-2026-1234"]);
        assert_eq!(record.text.summary, "Hands run backwards");
        assert_eq!(
            (record.text.published.as_str(), record.text.modified.as_str()),
            ("2026-02-01T08:00:00Z", "2026-02-03T08:00:00Z")
        );
        assert_eq!((record.packages[0].name.as_str(), record.grade), ("acme/clock-work", None));
        let scheme = Scheme::of("Packagist").unwrap();
        let affected = &record.packages[0].affected;
        for (version, expected) in [
            ("0.9.9", false),
            ("1.0.0-beta1", true),
            ("1.0", true),
            ("v1.0.5", true),
            ("1.1.0-RC1", true),
            ("1.1", true),
            ("1.1.7-RC1", false),
            ("1.1.7", false),
            ("2.0.0-beta1", false),
            ("2.0.0", true),
            ("2.3.0", true),
            ("2.3.0-p1", false),
            ("2.3.1", false),
        ] {
            assert_eq!(affected.affects(version, scheme), expected, "{version}");
        }
        assert_eq!(affected.fixes_above("1.0.5", scheme), ["1.1.7"]);
    }

    #[test]
    fn what_cannot_be_understood_is_told() {
        for (bad, why) in [
            ("reference: composer://a/b\n", "branches"),
            ("reference: pear://a/b\nbranches: {x: {versions: ['<1']}}\n", "reference"),
            ("reference: composer://a/b\nbranches: {x: {versions: ['<1', '?']}}\n", "`<1,?`"),
            ("reference: composer://a/b\nbranches: {x: {versions: dev-main}}\n", "`dev-main`"),
            ("reference: composer://a/b\nbranches: 7\n", ""),
        ] {
            let said = from_yaml(bad, "x").unwrap_err();
            assert!(said.contains(why), "{said}");
        }
    }

    proptest! {
        /// A version is affected when Composer would take it for what the constraints want.
        #[test]
        fn a_version_is_affected_when_it_meets_the_constraints_of_a_branch(
            branches in prop::collection::vec(("[0-3](\\.[0-3]){0,2}", "[0-3](\\.[0-3]){1,3}(-beta[12])?"), 1..4),
            signs in (prop::sample::select(vec![">=", ">"]), prop::sample::select(vec!["<", "<="])),
            versions in prop::collection::vec("v?[0-3](\\.[0-3]){2}(-(alpha|beta|RC)[0-2])?", 1..12),
        ) {
            let scheme = Scheme::of("Packagist").unwrap();
            let all: Vec<String> =
                branches.iter().map(|(from, to)| format!("{}{from},{}{to}", signs.0, signs.1)).collect();
            let branches: String =
                all.iter().enumerate().map(|(at, both)| format!("  '{at}': {{time: ~, versions: '{both}'}}\n")).collect();
            let text = format!("title: x\nreference: composer://a/b\nbranches:\n{branches}");
            let said = from_yaml(&text, "x").unwrap().record;
            for version in versions {
                let expected = all.iter().any(|both| scheme.satisfies(&version, both).unwrap());
                let affected = said.as_ref().is_some_and(|said| said.packages[0].affected.affects(&version, scheme));
                prop_assert_eq!(affected, expected, "{} {}", text, version);
            }
        }

        #[test]
        fn no_text_breaks_it(
            text in "(reference: composer://a/b\n|branches: |versions: |\\PC|[\\[\\]{}\":,'~>=<0-9. \n&*!|-]){0,40}"
        ) {
            let _ = from_yaml(&text, "x");
        }
    }
}
