//! Defines [`Change`]: what a comparison says beside what was introduced.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::identity::Identity;
use crate::ecosystem::Ecosystem;
use crate::finding::Finding;
use crate::inventory::change::{self, Change as Difference};
use crate::inventory::{Dependency, Inventory, PackageSource};
use crate::license::sources;
use crate::scanner::Context;
use crate::text;

/// What a comparison says beside what was introduced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was compared with.
    pub base: Base,
    /// How many findings are in both.
    pub unchanged: usize,
    /// Findings that are in both, in other files; sorted by their place in HEAD.
    pub moved: Vec<Moved>,
    /// Findings of BASE that HEAD does not have any more, sorted. Of kinds that were not looked for completely in HEAD
    /// there are none: nobody knows whether they are gone.
    pub fixed: Vec<Identity>,
    /// The packages that HEAD has and BASE has not, and the other way round, sorted by ecosystem and name; `None` where
    /// the dependencies of one of them were not read.
    pub packages: Option<Vec<PackageChange>>,
}

/// A package that is new, gone, or at another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageChange {
    /// What became of it.
    pub difference: Difference,
    /// The licenses that files say its new versions have, sorted.
    pub licenses: Vec<String>,
    /// The rules that its new versions violate and that were introduced, sorted.
    pub rules: Vec<String>,
}

/// What became of the packages of BASE in HEAD, and what was introduced with them. Packages of the project itself are
/// left out.
pub(super) fn packages(base: &Inventory, head: &Context, introduced: &[Finding]) -> Vec<PackageChange> {
    let is_other = |package: &&Dependency| package.source != PackageSource::Local;
    let named = |inventory: &Inventory| -> Vec<change::Named> {
        inventory.packages.iter().filter(is_other).map(Dependency::named).collect()
    };
    let differences = change::between(named(base), named(head.inventory()));
    if differences.is_empty() {
        return Vec::new();
    }
    let head = sources::licensed(head);
    let packages = by_name(head.packages.iter());
    let rules = rules_of(introduced);
    let tell = |difference: Difference| {
        let named = packages.get(&(difference.ecosystem, Cow::Borrowed(difference.name.as_str())));
        let versions: HashSet<&String> = difference.to.iter().collect();
        let new = named.into_iter().flatten().filter(|it| versions.contains(&it.version));
        let licenses: BTreeSet<&String> = new.clone().flat_map(|it| &it.licenses).collect();
        let purls: BTreeSet<String> = new.map(|it| it.package().versioned_purl()).collect();
        let rules: BTreeSet<&String> = purls.iter().filter_map(|purl| rules.get(purl)).flatten().copied().collect();
        let sorted = |texts: BTreeSet<&String>| texts.into_iter().cloned().collect();
        PackageChange { licenses: sorted(licenses), rules: sorted(rules), difference }
    };
    differences.into_iter().map(tell).collect()
}

/// Packages by ecosystem and normalized name.
fn by_name<'a>(
    packages: impl Iterator<Item = &'a Dependency>,
) -> HashMap<(Ecosystem, Cow<'a, str>), Vec<&'a Dependency>> {
    let mut named: HashMap<_, Vec<_>> = HashMap::new();
    for package in packages {
        named.entry((package.ecosystem, package.ecosystem.normalized(&package.name))).or_default().push(package);
    }
    named
}

/// The ids of the rules that packages violate, by the package URL with the version.
fn rules_of(findings: &[Finding]) -> HashMap<String, BTreeSet<&String>> {
    let mut rules: HashMap<_, BTreeSet<_>> = HashMap::new();
    for finding in findings {
        if let Some(package) = &finding.package {
            rules.entry(package.versioned_purl()).or_default().insert(&finding.rule.id);
        }
    }
    rules
}

/// A finding that is in another file than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// As it was in BASE.
    pub from: Identity,
    /// As it is in HEAD.
    pub to: Identity,
}

/// What was compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// As it was asked for.
    pub name: String,
    /// The commit in hex; `None` for a report of what is in no repository.
    pub revision: Option<String>,
    /// What it is.
    pub kind: BaseKind,
}

/// What BASE is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseKind {
    /// The revision itself, as asked for or since HEAD begins there.
    Revision,
    /// The last commit that the revision and HEAD share.
    MergeBase,
    /// The revision itself, since it shares no commit with HEAD that is here.
    Unrelated,
    /// A report of an earlier scan.
    Report,
}

impl BaseKind {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Revision => "revision",
            Self::MergeBase => "merge-base",
            Self::Unrelated => "unrelated",
            Self::Report => "report",
        }
    }
}

impl Base {
    /// What was compared with, as the end of a sentence: `with 4b20d1b82e, where HEAD branched off from main`.
    pub fn words(&self) -> String {
        let name = text::printable(&self.name);
        let short = self.revision.as_deref().map(|id| id.get(..10).unwrap_or(id));
        match (self.kind, short) {
            (BaseKind::MergeBase, Some(id)) => format!("with {id}, where HEAD branched off from {name}"),
            (BaseKind::Unrelated, Some(id)) => format!("with {name} ({id}), which shares no commit with HEAD here"),
            (BaseKind::Report, Some(id)) => format!("with the report {name} on {id}"),
            (BaseKind::Report, None) => format!("with the report {name}"),
            (_, Some(id)) => format!("with {name} ({id})"),
            (_, None) => format!("with {name}"),
        }
    }
}
