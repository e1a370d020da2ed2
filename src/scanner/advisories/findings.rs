//! Makes findings of what is true of a package.

use std::sync::Arc;

use super::case::{Case, Defect};
use super::lines::Lines;
use super::priority;
use super::raise::Raise;
use crate::advisories::exploited::Exploited;
use crate::advisories::matching::Hit;
use crate::advisories::record::{Text, page};
use crate::finding::{Basis, Confidence, Finding, Kind, Package, Source};
use crate::inventory::{Dependency, Inventory};
use crate::remedy;
use crate::remedy::fits::Fit;
use crate::rule::Rule;
use crate::text;
use crate::usage::Usage;

/// CWE-1395, "Dependency on Vulnerable Third-Party Component".
const DEPENDENCY: u32 = 1395;
/// Longer first sentences of a description are no titles, in characters.
const LONGEST_TITLE: usize = 120;

/// A finding for each file that names the package at this version, and each defect of it; further lines of one file are
/// related places. `usages` are those of the defects, in their order; `fit` says whether dependents of the packages at
/// some places allow another version.
pub(super) fn of_case(
    inventory: &Inventory,
    case: &Case<'_>,
    usages: &[Usage],
    fit: impl Fn(&[usize], &str) -> Fit,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for lines in Lines::of(inventory, case.places.iter().copied()) {
        let raise = case.raise.as_ref().map(|raise| (raise, fit(lines.places(), &raise.to)));
        for (defect, usage) in case.defects.iter().zip(usages) {
            let raise = raise.as_ref().filter(|(raise, _)| raise.mends(&defect.hit));
            findings.push(finding(inventory, &lines, defect, usage, raise));
        }
    }
    findings
}

fn finding(
    inventory: &Inventory,
    lines: &Lines<'_>,
    Defect { hit, about }: &Defect,
    usage: &Usage,
    raise: Option<&(&Raise, Fit)>,
) -> Finding {
    let package = lines.first();
    let path = inventory.way(package);
    let remedy = remedy(package, hit, &path, raise);
    let title = title(&hit.id, about);
    let unscored = if hit.rating.basis == Basis::Assumed { " (not scored)" } else { "" };
    let message = format!("{} {} {}{unscored}: {title}", package.name, package.version, hit.nature.words());
    let rule = Arc::new(rule(&hit.id, about, hit.exploited, &remedy));
    let source = Source::own(&hit.id);
    let location = package.location.clone();
    // Where the package is named more than once, one line is not all that has to change.
    let edit = raise.filter(|_| lines.all().len() == 1).and_then(|(raise, _)| remedy::edit(package, &raise.to));
    Finding {
        rating: hit.rating.clone(),
        confidence: Confidence::High,
        related: lines.related(),
        package: Some(Package {
            fixed: hit.fixed.iter().map(|version| text::printable(version)).collect(),
            aliases: hit.aliases.iter().map(|alias| text::printable(alias)).collect(),
            path,
            ..package.package()
        }),
        remedy: Some(remedy),
        edit,
        priority: Some(priority::of(lines.all(), hit, usage)),
        ..Finding::new(rule, Kind::Advisory, hit.severity, text::printable(&message), location, source)
    }
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
