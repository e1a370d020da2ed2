//! Makes findings of what is true of a package.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::case::{Case, Defect};
use super::priority;
use super::raise::Raise;
use crate::advisories::exploited::Exploited;
use crate::advisories::matching::Hit;
use crate::advisories::record::{Text, page};
use crate::finding::{Basis, Confidence, Finding, Kind, Location, Package, RepoPath, Source};
use crate::inventory::{Dependency, Inventory};
use crate::remedy;
use crate::remedy::fits::{Dependents, Fit};
use crate::rule::Rule;
use crate::text;
use crate::usage::Usage;

/// CWE-1395, "Dependency on Vulnerable Third-Party Component".
const DEPENDENCY: u32 = 1395;
/// Longer first sentences of a description are no titles, in characters.
const LONGEST_TITLE: usize = 120;

/// A finding for each file that names the package at this version; further lines of one file are related places.
pub(super) fn of_defect(
    (inventory, dependents): (&Inventory, &Dependents<'_>),
    case: &Case<'_>,
    defect: &Defect,
    usage: &Usage,
) -> Vec<Finding> {
    let mut files: BTreeMap<&RepoPath, Vec<(usize, &Dependency)>> = BTreeMap::new();
    for (at, package) in case.places.iter().filter_map(|at| Some((*at, inventory.packages.get(*at)?))) {
        files.entry(&package.location.path).or_default().push((at, package));
    }
    let of_file = |mut same: Vec<(usize, &Dependency)>| {
        // The one that the project asks for itself has the most to say.
        same.sort_by_key(|(_, package)| (package.direct != Some(true), package.location.clone()));
        let (places, same): (Vec<usize>, Vec<&Dependency>) = same.into_iter().unzip();
        let raise = case.raise.as_ref().filter(|raise| raise.mends(&defect.hit));
        let raise = raise.map(|raise| (raise, dependents.fit(&places, &raise.to)));
        finding(inventory, &same, defect, usage, raise.as_ref())
    };
    files.into_values().filter_map(of_file).collect()
}

fn finding(
    inventory: &Inventory,
    same: &[&Dependency],
    Defect { hit, about }: &Defect,
    usage: &Usage,
    raise: Option<&(&Raise, Fit)>,
) -> Option<Finding> {
    let (package, others) = same.split_first()?;
    let path = inventory.way(package);
    let remedy = remedy(package, hit, &path, raise);
    let title = title(&hit.id, about);
    let unscored = if hit.rating.basis == Basis::Assumed { " (not scored)" } else { "" };
    let message = format!("{} {} {}{unscored}: {title}", package.name, package.version, hit.nature.words());
    let rule = Arc::new(rule(&hit.id, about, hit.exploited, &remedy));
    let source = Source::own(&hit.id);
    let location = package.location.clone();
    let mut finding = Finding::new(rule, Kind::Advisory, hit.severity, text::printable(&message), location, source);
    finding.rating = hit.rating.clone();
    finding.confidence = Confidence::High;
    finding.related = related(&finding.location, same, others);
    finding.package = Some(Package {
        fixed: hit.fixed.iter().map(|version| text::printable(version)).collect(),
        aliases: hit.aliases.iter().map(|alias| text::printable(alias)).collect(),
        path,
        ..package.package()
    });
    finding.remedy = Some(remedy);
    // Where the package is named more than once, one line is not all that has to change.
    finding.edit = raise.filter(|_| others.is_empty()).and_then(|(raise, _)| remedy::edit(package, &raise.to));
    finding.priority = Some(priority::of(same, hit, usage));
    Some(finding)
}

/// The other lines of the file, and the lines of manifests that ask for the package or pull it in.
fn related(here: &Location, same: &[&Dependency], others: &[&Dependency]) -> Vec<Location> {
    let lines = others.iter().map(|package| &package.location);
    let manifests = same.iter().filter_map(|package| package.manifest.as_ref());
    let mut related: Vec<Location> = lines.chain(manifests).filter(|place| *place != here).cloned().collect();
    related.sort();
    related.dedup();
    related
}

/// What to do: raise it to the version that is best for the package or, where that has this defect, to one that has not.
fn remedy(package: &Dependency, hit: &Hit, path: &[String], raise: Option<&(&Raise, Fit)>) -> String {
    let remedy = match (&hit.fixed[..], raise, path) {
        ([], ..) => format!("No version is fixed; replace {}", package.name),
        (_, Some((raise, fit)), path) => {
            let sentence = remedy::sentence(package, &raise.to, path, fit);
            match raise.left.len() {
                0 => sentence,
                left => format!("{sentence}; it has {} itself", text::count(left, "known defect")),
            }
        }
        (fixed, None, [direct, .., _]) => {
            format!("Raise {} to {}; {direct} pulls it in", package.name, fixed.join(" or "))
        }
        (fixed, None, _) => format!("Raise {} to {}", package.name, fixed.join(" or ")),
    };
    text::printable(&remedy)
}

/// What outputs say of an advisory, with a remedy that may be about one package in particular.
pub fn rule(id: &str, about: &Text, exploited: Exploited, remedy: &str) -> Rule {
    let (id, title) = (text::printable(id), title(id, about));
    let known = match exploited.kev {
        Some(kev) if kev.ransomware => " It is known to be exploited, in extortion campaigns, too (CISA).",
        Some(_) => " It is known to be exploited (CISA).",
        None => "",
    };
    let mut cwe = about.cwe.clone();
    cwe.push(DEPENDENCY);
    cwe.sort_unstable();
    cwe.dedup();
    let url = page(&id);
    Rule {
        id: format!("advisory/{id}"),
        description: prose(&about.details).unwrap_or_else(|| title.clone()),
        title,
        help: format!("{remedy}.{known} See {url} for the advisory."),
        url: Some(url),
        cwe,
    }
}

/// A noun phrase or a sentence without a full stop: the summary, else a short first sentence of the description, else
/// the id.
pub fn title(id: &str, about: &Text) -> String {
    let first = || {
        let prose = prose(&about.details)?;
        let sentence = prose.split(". ").next().unwrap_or_default();
        (sentence.chars().count() <= LONGEST_TITLE).then(|| sentence.to_owned())
    };
    let summary = text::paragraph(&about.summary).or_else(first).unwrap_or_else(|| id.to_owned());
    text::printable(summary.trim_end_matches('.'))
}

/// The first paragraph of prose in Markdown; `None` when it has none.
fn prose(markdown: &str) -> Option<String> {
    let is_prose = |paragraph: &&str| paragraph.starts_with(|c: char| c.is_alphanumeric() || c == '`');
    text::paragraph(markdown.split("\n\n").map(str::trim).find(is_prose)?)
}
