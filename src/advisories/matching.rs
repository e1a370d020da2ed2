//! Says which advisories of a store are true of a package at a version.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use super::affected::Affected;
use super::exploited::{Exploited, cve};
use super::record::{Nature, Text, database};
use super::store::bytes::Damaged;
use super::store::{About, Head, Place, Store};
use super::version::Scheme;
use crate::dedupe::dependency::names_of;
use crate::dedupe::groups::Groups;
use crate::ecosystem::Ecosystem;
use crate::finding::{Rating, Severity};

/// A package at a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asked<'a> {
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// The release of a Linux distribution; empty for all other ecosystems.
    pub release: &'a str,
    /// The name as its ecosystem writes it.
    pub name: &'a str,
    /// The version; empty where it is not known, of which nothing is said.
    pub version: &'a str,
}

/// What is true of a package.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Its defects, worst first.
    pub hits: Vec<Hit>,
    /// Ids of advisories about the package of which nobody can tell whether they are true: its version is a commit or a
    /// branch, which has no place among versions.
    pub undecided: Vec<String>,
}

/// A defect that a package has. Records of several databases that are aliases are one.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The id that names it: see [`PREFERENCE`] and [`UNHEARD`].
    pub id: String,
    /// All its other ids, sorted.
    pub aliases: Vec<String>,
    /// What kind of defect it is.
    pub nature: Nature,
    /// How severe it is, and who says so; the worst that a database has grounds for.
    pub severity: Severity,
    /// See above.
    pub rating: Rating,
    /// Versions above the one in use that do not have it, smallest first, one for each branch.
    pub fixed: Vec<String>,
    /// Whether it is exploited.
    pub exploited: Exploited,
    /// Its records, the one that names it first.
    pub places: Vec<Place>,
}

/// Which id names a defect that has several: one that says that a package is malicious, then that of the ecosystem's own
/// database where it is the one that people know, then GitHub's, then any other. Within one kind the first by text.
pub const PREFERENCE: [&str; 5] = ["MAL-", "RUSTSEC-", "GO-", "GHSA-", "PYSEC-"];

/// Asks a store about a package.
///
/// # Errors
/// The store makes no sense.
pub fn ask(store: &Store, asked: Asked<'_>) -> Result<Answer, Damaged> {
    let mut answer = Answer::default();
    let Some(scheme) = Scheme::of(asked.ecosystem.osv()).filter(|_| !asked.version.is_empty()) else {
        return Ok(answer);
    };
    let (name, version) = (asked.ecosystem.normalized(asked.name), meant(asked.ecosystem, asked.version));
    let has_place = has_place(&version);
    let mut found: Vec<(About<'_>, Head)> = Vec::new();
    for key in keys(asked) {
        for about in store.about(&key, &name)? {
            let is_listed = || about.affected.versions.iter().any(|one| *one == asked.version);
            let is_new = !found.iter().any(|(other, _)| other.place == about.place);
            if !has_place && !is_listed() {
                answer.undecided.push(store.head(about.place)?.id);
            } else if is_new && (about.affected.affects(&version, scheme) || is_listed()) {
                let head = store.head(about.place)?;
                found.push((about, head));
            }
        }
    }
    answer.undecided.sort();
    answer.undecided.dedup();
    answer.hits = fold(store, found, &version, scheme)?;
    answer.hits.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));
    Ok(answer)
}

/// What there is to read of a defect: of the record that names it, and of the next one what that does not say.
///
/// # Errors
/// The store makes no sense.
pub fn text(store: &Store, places: &[Place]) -> Result<Text, Damaged> {
    let mut all = Text::default();
    for place in places {
        let text = store.text(*place)?;
        let fill = |mine: &mut String, other: String| {
            if mine.is_empty() {
                *mine = other;
            }
        };
        fill(&mut all.summary, text.summary);
        fill(&mut all.details, text.details);
        fill(&mut all.published, text.published);
        fill(&mut all.modified, text.modified);
        all.references.extend(text.references);
        all.cwe.extend(text.cwe);
        all.code.extend(text.code);
    }
    all.cwe.sort_unstable();
    all.cwe.dedup();
    all.references.sort();
    all.references.dedup();
    Ok(all)
}

/// The names under which records speak of the ecosystem of a package.
fn keys(asked: Asked<'_>) -> Vec<String> {
    let osv = asked.ecosystem.osv();
    if osv.is_empty() {
        return Vec::new();
    }
    let mut keys = vec![osv.to_owned()];
    if !asked.release.is_empty() {
        let release = asked.release;
        keys.push(format!("{osv}:{release}"));
        match asked.ecosystem {
            Ecosystem::Ubuntu => keys.push(format!("{osv}:{release}:LTS")),
            Ecosystem::Alpine if !release.starts_with('v') => keys.push(format!("{osv}:v{release}")),
            _ => {}
        }
    }
    // Drupal has a registry of its own for its modules, and all names in it are its own.
    if asked.ecosystem == Ecosystem::Packagist && asked.name.to_ascii_lowercase().starts_with("drupal/") {
        keys.extend(["7", "8"].map(|core| format!("{osv}:https://packages.drupal.org/{core}")));
    }
    keys
}

/// A version as records write it: Go's without the `v` of tags and the `go` of toolchains. A tag of a workflow's step
/// that is no full version, such as `v4`, stands for the newest one that begins so.
fn meant(ecosystem: Ecosystem, version: &str) -> Cow<'_, str> {
    match ecosystem {
        Ecosystem::Go => {
            Cow::Borrowed(version.strip_prefix("go").or_else(|| version.strip_prefix('v')).unwrap_or(version))
        }
        Ecosystem::GitHubActions => {
            let bare = version.strip_prefix('v').unwrap_or(version);
            let is_short =
                bare.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
            let missing = 3usize.saturating_sub(bare.split('.').count());
            match is_short && bare.len() < 12 {
                true => Cow::Owned(format!("{bare}{}", format!(".{NEWEST}").repeat(missing))),
                false => Cow::Borrowed(bare),
            }
        }
        _ => Cow::Borrowed(version),
    }
}

/// Larger than any part of a version.
const NEWEST: u32 = 999_999_999;

/// Whether a version has a place among others: a commit has none, nor has the name of a branch.
fn has_place(version: &str) -> bool {
    let is_commit = matches!(version.len(), 40 | 64) && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    !is_commit && version.bytes().any(|byte| byte.is_ascii_digit())
}

/// Makes one hit of records that are about one defect.
fn fold(store: &Store, found: Vec<(About<'_>, Head)>, version: &str, scheme: Scheme) -> Result<Vec<Hit>, Damaged> {
    let groups = Groups::new(found.len());
    let mut first = HashMap::new();
    for (at, (_, head)) in found.iter().enumerate() {
        for name in names_of(&head.id, &head.aliases) {
            groups.unite(*first.entry(name).or_insert(at), at);
        }
    }
    let mut members: BTreeMap<usize, Vec<(About<'_>, Head)>> = BTreeMap::new();
    for (at, one) in found.into_iter().enumerate() {
        members.entry(groups.find(at)).or_default().push(one);
    }
    members.into_values().map(|members| hit(store, members, version, scheme)).collect()
}

fn hit(store: &Store, mut members: Vec<(About<'_>, Head)>, version: &str, scheme: Scheme) -> Result<Hit, Damaged> {
    members.sort_by(|(_, a), (_, b)| rank(&a.id).cmp(&rank(&b.id)).then_with(|| a.id.cmp(&b.id)));
    let is_malicious = members.iter().any(|(_, head)| head.nature == Nature::Malicious);
    let mut ids: Vec<String> =
        members.iter().flat_map(|(_, head)| std::iter::once(&head.id).chain(&head.aliases)).cloned().collect();
    ids.sort();
    ids.dedup();
    let mut exploited = Exploited::default();
    for id in ids.iter().filter_map(|id| cve(id)) {
        let one = store.exploited(id)?;
        exploited = Exploited { kev: exploited.kev.or(one.kev), epss: exploited.epss.max(one.epss) };
    }
    let (severity, rating) = rate(&members);
    let (id, nature) = members.first().map(|(_, head)| (head.id.clone(), head.nature)).unwrap_or_default();
    let id = known(&ids).filter(|_| UNHEARD.iter().any(|prefix| id.starts_with(prefix))).unwrap_or(id);
    ids.retain(|other| *other != id);
    let all: Vec<&Affected<'_>> = members.iter().map(|(about, _)| &about.affected).collect();
    Ok(Hit {
        fixed: fixed(&all, version, scheme),
        nature: if is_malicious { Nature::Malicious } else { nature },
        places: members.iter().map(|(about, _)| about.place).collect(),
        id,
        aliases: ids,
        severity,
        rating,
        exploited,
    })
}

/// Databases whose ids nobody else uses, since they give them here only: what they say is named by another id, if it has
/// one that people know.
pub const UNHEARD: [&str; 2] = ["RUBYSEC-", "FRIENDSOFPHP-"];

/// The id of GitHub or of CVE.
fn known(ids: &[String]) -> Option<String> {
    ["GHSA-", "CVE-"].into_iter().find_map(|prefix| ids.iter().find(|id| id.starts_with(prefix)).cloned())
}

fn rank(id: &str) -> usize {
    PREFERENCE.iter().position(|prefix| id.starts_with(prefix)).unwrap_or(PREFERENCE.len())
}

/// The worst that a record has grounds for. A vulnerability of which nobody says how severe it is gets a medium one, which
/// is said to be assumed.
fn rate(members: &[(About<'_>, Head)]) -> (Severity, Rating) {
    let of = |(about, head): &(About<'_>, Head)| match head.nature.severity() {
        Some(severity) => Some((severity, Rating::stated(database(&head.id)))),
        None => about.grade.as_ref().or(head.grade.as_ref())?.rate(&head.id),
    };
    let rated = members.iter().filter_map(of);
    let worst =
        rated.reduce(|best, other| if (other.0, other.1.basis) > (best.0, best.1.basis) { other } else { best });
    worst.unwrap_or_else(|| (Severity::Medium, Rating::assumed("scanall")))
}

/// Versions at which a record says that the defect ends, and that no other record affects.
fn fixed(all: &[&Affected<'_>], version: &str, scheme: Scheme) -> Vec<String> {
    let mut fixes: Vec<&str> = all.iter().flat_map(|affected| affected.fixes_above(version, scheme)).collect();
    // A record's own fixes are none of its affected versions.
    if all.len() > 1 {
        fixes.retain(|fix| all.iter().all(|affected| !affected.affects(fix, scheme)));
    }
    fixes.sort_by(|a, b| scheme.compare(a, b).then_with(|| a.cmp(b)));
    fixes.dedup_by(|later, kept| scheme.compare(later, kept) == Ordering::Equal);
    fixes.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
