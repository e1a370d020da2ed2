//! Finds versions that their authors have withdrawn: deprecated ones, as lockfiles say, and crates that were yanked, as
//! Cargo's own copy of the index says. Neither is known to be harmful, so that the severity is low, as that of packages
//! which nobody maintains.

mod crates;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ecosystem::Ecosystem;
use crate::finding::{Confidence, Finding, Kind, Location, Package, Rating, RepoPath, Severity, Source};
use crate::inventory::{Dependency, Inventory, PackageSource};
use crate::remedy::fits::{Dependents, Fit};
use crate::rule::Rule;
use crate::scanner::{Context, Sink};
use crate::{remedy, text};
use crates::Crates;

/// How bad a version is that was withdrawn, with no defect known.
pub const SEVERITY: Severity = Severity::Low;

/// CWE-1104, "Use of Unmaintained Third Party Components".
const UNMAINTAINED: u32 = 1104;
/// More of what authors say is not repeated, in characters.
const LONGEST_WORD: usize = 300;

/// In which way a version was withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Deprecated,
    Yanked,
}

/// What outputs say of each way.
pub fn rules() -> [Rule; 2] {
    [Way::Deprecated, Way::Yanked].map(Way::rule)
}

/// Whether a rule is about versions that were withdrawn, which is no vulnerability.
pub fn is_rule(id: &str) -> bool {
    rules().iter().any(|rule| rule.id == id)
}

impl Way {
    fn rule(self) -> Rule {
        let (id, title, description, help) = match self {
            Self::Deprecated => (
                "advisory/deprecated",
                "Dependency that its authors have deprecated",
                "The authors of a dependency have marked it, or this version of it, as deprecated or abandoned: they advise \
                 against its use and may not mend what is found in it. The lockfile says so.",
                "Raise it to a version that is not deprecated, or replace it with what its authors name",
            ),
            Self::Yanked => (
                "advisory/yanked",
                "Dependency at a version that was yanked",
                "The authors of a crate have yanked this version from crates.io: it stays in lockfiles that have it, but \
                 nothing new may depend on it. Often it is broken or has a defect. Cargo's own copy of the index of \
                 crates.io says so.",
                "Raise it to a version that was not yanked",
            ),
        };
        Rule {
            id: id.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            help: format!("{help}. No defect is known of it by this alone."),
            url: None,
            cwe: if self == Self::Deprecated { vec![UNMAINTAINED] } else { Vec::new() },
        }
    }
}

/// Tells `sink` of every version that was withdrawn, once for each file that names it, and how many crates could be
/// looked up.
pub(super) fn report(context: &Context, inventory: &Inventory, sink: &dyn Sink) {
    let crates = context.options.cargo_home.as_deref().map(Crates::open).unwrap_or_default();
    let (mut looked_up, dependents) = (0, OnceCell::new());
    for places in groups(inventory) {
        let same: Vec<&Dependency> = places.iter().map(|(_, package)| *package).collect();
        let Some(package) = same.first() else { continue };
        if let Some(why) = same.iter().find_map(|package| package.deprecated.as_deref()) {
            sink.finding(deprecated(inventory, &same, package, why));
        }
        let is_crate = package.ecosystem == Ecosystem::Cargo && package.source == PackageSource::Public;
        if let Some(found) = is_crate.then(|| crates.find(&package.name, &package.version)).flatten() {
            looked_up += 1;
            if found.is_yanked {
                let places: Vec<usize> = places.iter().map(|(at, _)| *at).collect();
                let fit = |to: &str| dependents.get_or_init(|| Dependents::of(inventory)).fit(&places, to);
                let instead = found.instead.map(|to| (fit(&to), to));
                sink.finding(yanked(inventory, &same, package, instead));
            }
        }
    }
    if looked_up > 0 {
        sink.note(format!("looked up {} in Cargo's index for yanked versions", text::count(looked_up, "crate")));
    }
}

/// Lines that name one package at one version, with their places in the inventory.
type Places<'i> = Vec<(usize, &'i Dependency)>;

/// The packages that have a version, with their places in the inventory: each with all lines of one file that name it,
/// the one that the project asks for itself first.
fn groups(inventory: &Inventory) -> impl Iterator<Item = Places<'_>> {
    let mut groups: BTreeMap<(&RepoPath, Ecosystem, &str, &str), Places<'_>> = BTreeMap::new();
    let is_known = |package: &Dependency| package.source != PackageSource::Local && !package.version.is_empty();
    for (at, package) in inventory.packages.iter().enumerate().filter(|(_, package)| is_known(package)) {
        let key = (&package.location.path, package.ecosystem, package.name.as_str(), package.version.as_str());
        groups.entry(key).or_default().push((at, package));
    }
    groups.into_values().map(|mut same| {
        same.sort_by_key(|(_, package)| (package.direct != Some(true), &package.location));
        same
    })
}

fn deprecated(inventory: &Inventory, same: &[&Dependency], package: &Dependency, why: &str) -> Finding {
    let why = text::paragraph(why).map(|why| match why.char_indices().nth(LONGEST_WORD) {
        Some((end, _)) => format!(": {}…", why.get(..end).unwrap_or_default()),
        None => format!(": {why}"),
    });
    let said = format!("is deprecated{}", why.unwrap_or_default());
    let remedy = format!("Replace {}, or raise it to a version that is not deprecated", package.name);
    let path = inventory.way(package);
    let remedy = match &path[..] {
        [direct, .., _] => format!("{remedy}; {direct} pulls it in"),
        _ => remedy,
    };
    finding(Way::Deprecated, same, package, &said, remedy, Package { path, ..package.package() })
}

fn yanked(
    inventory: &Inventory,
    same: &[&Dependency],
    package: &Dependency,
    instead: Option<(Fit, String)>,
) -> Finding {
    let path = inventory.way(package);
    let remedy = match &instead {
        Some((fit, version)) => remedy::sentence(package, version, &path, fit),
        None => format!("No later version is left; replace {}, or go back to an earlier version", package.name),
    };
    let fixed = instead.into_iter().map(|(_, version)| version).collect();
    finding(
        Way::Yanked,
        same,
        package,
        "was yanked from crates.io",
        remedy,
        Package { fixed, path, ..package.package() },
    )
}

fn finding(way: Way, same: &[&Dependency], at: &Dependency, said: &str, remedy: String, package: Package) -> Finding {
    let rule = Arc::new(way.rule());
    let message = text::printable(&format!("{} {} {said}", at.name, at.version));
    let here = at.location.clone();
    let places = same.iter().flat_map(|other| [Some(&other.location), other.manifest.as_ref()]).flatten();
    let mut related: Vec<Location> = places.filter(|place| **place != here).cloned().collect();
    related.sort();
    related.dedup();
    let source = Source::own(&rule.id);
    Finding {
        rating: Rating::stated("scanall"),
        confidence: Confidence::High,
        related,
        package: Some(package),
        remedy: Some(text::printable(&remedy)),
        ..Finding::new(rule, Kind::Advisory, SEVERITY, message, here, source)
    }
}
