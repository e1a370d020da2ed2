//! Finds versions that their authors have withdrawn: deprecated ones, as lockfiles say, and crates that were yanked, as
//! Cargo's own copy of the index says. Neither is known to be harmful, so that the severity is low, as that of packages
//! which nobody maintains.

mod crates;

use std::sync::Arc;

use super::lines::Lines;
use crate::ecosystem::Ecosystem;
use crate::finding::{Confidence, Finding, Kind, Package, Rating, Severity, Source};
use crate::inventory::{Dependency, Inventory, PackageSource};
use crate::remedy::fits::Fit;
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
/// looked up. `fit` says whether dependents of the packages at some places allow another version.
pub(super) fn report(context: &Context, sink: &dyn Sink, fit: impl Fn(&[usize], &str) -> Fit) {
    let inventory = context.inventory();
    let crates = context.options.cargo_home.as_deref().map(Crates::open).unwrap_or_default();
    let mut looked_up = 0;
    let is_known = |package: &Dependency| package.source != PackageSource::Local && !package.version.is_empty();
    let places = inventory.packages.iter().enumerate().filter(|(_, package)| is_known(package)).map(|(at, _)| at);
    for lines in Lines::of(inventory, places) {
        let package = lines.first();
        if let Some(why) = lines.all().iter().find_map(|package| package.deprecated.as_deref()) {
            sink.finding(deprecated(inventory, &lines, why));
        }
        let is_crate = package.ecosystem == Ecosystem::Cargo && package.source == PackageSource::Public;
        if let Some(found) = is_crate.then(|| crates.find(&package.name, &package.version)).flatten() {
            looked_up += 1;
            if found.is_yanked {
                let instead = found.instead.map(|to| (fit(lines.places(), &to), to));
                sink.finding(yanked(inventory, &lines, instead));
            }
        }
    }
    if looked_up > 0 {
        sink.note(format!("looked up {} in Cargo's index for yanked versions", text::count(looked_up, "crate")));
    }
}

fn deprecated(inventory: &Inventory, lines: &Lines<'_>, why: &str) -> Finding {
    let package = lines.first();
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
    finding(Way::Deprecated, lines, &said, &remedy, Package { path, ..package.package() })
}

fn yanked(inventory: &Inventory, lines: &Lines<'_>, instead: Option<(Fit, String)>) -> Finding {
    let package = lines.first();
    let path = inventory.way(package);
    let remedy = match &instead {
        Some((fit, version)) => remedy::sentence(package, version, &path, fit),
        None => format!("No later version is left; replace {}, or go back to an earlier version", package.name),
    };
    let fixed = instead.into_iter().map(|(_, version)| version).collect();
    finding(Way::Yanked, lines, "was yanked from crates.io", &remedy, Package { fixed, path, ..package.package() })
}

fn finding(way: Way, lines: &Lines<'_>, said: &str, remedy: &str, package: Package) -> Finding {
    let rule = Arc::new(way.rule());
    let at = lines.first();
    let message = text::printable(&format!("{} {} {said}", at.name, at.version));
    let source = Source::own(&rule.id);
    Finding {
        rating: Rating::stated("scanall"),
        confidence: Confidence::High,
        related: lines.related(),
        package: Some(package),
        remedy: Some(text::printable(remedy)),
        ..Finding::new(rule, Kind::Advisory, SEVERITY, message, at.location.clone(), source)
    }
}
