//! Advisories and licenses: the same when they are about the same package, at the same version and place, and the same
//! advisory or license.
//!
//! An advisory has many ids. All the aliases that anybody tells of a package make one graph, and its connected parts
//! are the advisories, as OSV defines an alias: another id of the same vulnerability. So where one report says that a
//! GHSA id stands for two CVE ids, a report that has the two by themselves is about one advisory, too.
//!
//! A package in two lockfiles is two findings. A tool that knows no file, or only a folder or a manifest, means any of
//! the lockfiles there: what it says joins the first.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use super::again::said_once;
use super::groups::Groups;
use super::package::{self, Packages};
use super::place;
use crate::finding::Finding;

/// Groups findings about advisories.
pub(super) fn group_advisories(findings: &[Finding], some: &[usize], groups: &Groups) {
    group(findings, some, groups, |finding| finding.package.as_ref().map_or(&[], |package| &package.aliases));
}

/// Groups findings about licenses, which have one id.
pub(super) fn group_licenses(findings: &[Finding], some: &[usize], groups: &Groups) {
    group(findings, some, groups, |_| &[]);
}

fn group(findings: &[Finding], some: &[usize], groups: &Groups, aliases: fn(&Finding) -> &[String]) {
    let mut packages = Packages::default();
    // The ids of each package, each a node of the graph.
    let mut nodes: HashMap<(usize, Id<'_>), usize> = HashMap::new();
    let mut edges: Vec<(usize, usize)> = Vec::new();
    let mut told: Vec<(usize, usize, bool)> = Vec::new();
    let mut bare: Vec<usize> = Vec::new();
    for &index in some {
        let Some(finding) = findings.get(index) else { continue };
        let Some(package) = packages.number(finding) else {
            bare.push(index);
            continue;
        };
        let mut node = |id| {
            let next = nodes.len();
            *nodes.entry((package.number, id)).or_insert(next)
        };
        let id = Id::of(finding.rule.id.rsplit('/').next().unwrap_or_default());
        let own = node(id);
        edges.extend(id.linked(aliases(finding)).map(|other| (own, node(other))));
        told.push((index, own, package.is_of_system));
    }
    said_once(findings, &bare, groups);
    let graph = Groups::new(nodes.len());
    edges.into_iter().for_each(|(a, b)| graph.unite(a, b));
    let mut advisories: HashMap<usize, (bool, Vec<usize>)> = HashMap::new();
    for (index, own, is_of_system) in told {
        let (_, same) = advisories.entry(graph.find(own)).or_insert((is_of_system, Vec::new()));
        same.push(index);
    }
    for (is_of_system, same) in advisories.values().filter(|(_, same)| same.len() > 1) {
        by_place(findings, same, *is_of_system, groups);
    }
}

/// Groups findings about one advisory for one package: those at one place, and those at a coarser name of it.
fn by_place(findings: &[Finding], same: &[usize], is_of_system: bool, groups: &Groups) {
    let mut places: Places<'_> = BTreeMap::new();
    for &index in same {
        let Some(finding) = findings.get(index) else { continue };
        let version = finding.package.as_ref().map_or("", |package| package::version(&package.version));
        let (folder, name) = place::split(place::meant(finding.location.path.as_str()));
        groups.unite(*places.entry((folder, name, version)).or_insert(index), index);
    }
    if places.len() == 1 {
        return;
    }
    let lists = |index: usize| findings.get(index).is_some_and(|it| place::is_system_list(&it.location.path));
    let coarser = |index: usize, version: &str| {
        let path = findings.get(index).map_or("", |finding| finding.location.path.as_str());
        let (folder, name) = place::split(place::meant(path));
        let versions = [version, ""].into_iter().take(if version.is_empty() { 1 } else { 2 });
        let mut found: Vec<usize> = Vec::new();
        for version in versions.clone() {
            let here = (folder, name, version);
            let above = place::coarser(path).map(|(folder, name)| (folder, name, version));
            found.extend(std::iter::once(here).chain(above).filter_map(|key| places.get(&key)));
        }
        // Whatever else the file of a system's package is called, it is a name of the image.
        if is_of_system && lists(index) {
            let images = places.iter().filter(|(key, other)| versions.clone().any(|v| v == key.2) && !lists(**other));
            found.extend(images.map(|(_, other)| other));
        }
        found.retain(|other| *other != index);
        found
    };
    let is_coarse: HashSet<usize> = places.iter().flat_map(|((.., version), index)| coarser(*index, version)).collect();
    let mut finest: BTreeMap<usize, usize> = BTreeMap::new();
    for ((.., version), index) in places.iter().filter(|(_, index)| !is_coarse.contains(index)) {
        for coarse in coarser(*index, version) {
            // Places come in order: the first one is kept.
            finest.entry(coarse).or_insert(*index);
        }
    }
    finest.into_iter().for_each(|(coarse, fine)| groups.unite(coarse, fine));
}

/// Findings by folder, file and version, in this order.
type Places<'a> = BTreeMap<(&'a str, &'a str, &'a str), usize>;

/// All ids of one vulnerability, in lower case: that of an advisory, and those aliases of it that are about the same.
pub(crate) fn names_of(id: &str, aliases: &[String]) -> Vec<String> {
    let own = Id::of(id);
    std::iter::once(own).chain(own.linked(aliases)).map(|id| id.0.to_ascii_lowercase()).collect()
}

/// The id of an advisory or a license; upper and lower case are equal.
#[derive(Clone, Copy)]
struct Id<'a>(&'a str);

/// How distributions name their records of one CVE id.
static RECORDS: [&str; 3] = ["DEBIAN-CVE-", "ALPINE-CVE-", "UBUNTU-CVE-"];

/// How ids of announcements begin. One of them is about an update, which mends several vulnerabilities, so that it is no
/// alias of any.
static ANNOUNCEMENTS: [&str; 24] = [
    "ALAS",
    "ALBA-",
    "ALEA-",
    "ALSA-",
    "ASA-",
    "CESA-",
    "DLA-",
    "DSA-",
    "ELSA-",
    "FEDORA-",
    "GLSA-",
    "MGASA-",
    "OPENSUSE-",
    "RHBA-",
    "RHEA-",
    "RHSA-",
    "RLBA-",
    "RLEA-",
    "RLSA-",
    "RXSA-",
    "SSA:",
    "SUSE-",
    "USN-",
    "VSA-",
];

impl<'a> Id<'a> {
    fn of(text: &'a str) -> Self {
        let text = text.trim();
        let record = RECORDS.iter().find(|record| Self(text).begins_with(record));
        // From the last four letters of the record, which are `CVE-`.
        Self(record.and_then(|record| text.get(record.len() - 4..)).unwrap_or(text))
    }

    /// The ids that are about the same vulnerability by the aliases of its advisory.
    fn linked(self, aliases: &'a [String]) -> impl Iterator<Item = Self> {
        let others = || aliases.iter().map(|alias| Self::of(alias)).filter(|id| !id.is_announcement());
        // An announcement of one vulnerability is another id of it.
        let counts = !self.is_announcement() || others().filter(|id| id.begins_with("CVE-")).count() == 1;
        others().filter(move |_| counts)
    }

    fn is_announcement(self) -> bool {
        ANNOUNCEMENTS.iter().any(|prefix| self.begins_with(prefix))
    }

    fn begins_with(self, prefix: &str) -> bool {
        self.0.as_bytes().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
    }
}

impl PartialEq for Id<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for Id<'_> {}

impl Hash for Id<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.bytes().for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
        state.write_u8(0xff);
    }
}
