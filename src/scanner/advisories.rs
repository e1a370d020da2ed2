//! Finds dependencies with known vulnerabilities, and malicious, unsound and abandoned ones.

mod cache;
pub mod lookup;
pub mod status;
mod store;

use std::sync::Arc;

use rustsec::Advisory;
use rustsec::advisory::{Category, Informational};

use super::{Context, Plan, Scanner, Sink};
use crate::ecosystem::Ecosystem;
use crate::error::Error;
use crate::finding::{Confidence, Finding, Kind, Package, Rating, Severity, Source};
use crate::inventory::{Dependency, Inventory, PackageSource};
use crate::rule::Rule;
use crate::text;
use store::Store;

/// The dependencies layer.
pub struct Advisories;

impl Scanner for Advisories {
    fn id(&self) -> &'static str {
        "dependencies"
    }

    fn about(&self) -> &'static str {
        "vulnerable, malicious and abandoned dependencies in Cargo.lock"
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Advisory]
    }

    fn plan(&self, _: &Context) -> Plan {
        Plan::Run
    }

    fn scan(&self, context: &Context, sink: &dyn Sink) -> Result<(), Error> {
        let inventory = context.inventory();
        inventory.gaps.iter().for_each(|gap| sink.gap(gap.clone()));
        if inventory.files.is_empty() {
            sink.note("no Cargo.lock".to_owned());
            return Ok(());
        }
        let store = Store::open(context, sink)?;
        let is_public = |p: &&Dependency| p.ecosystem == Ecosystem::Cargo && p.source == PackageSource::Public;
        let public: Vec<&Dependency> = inventory.packages.iter().filter(is_public).collect();
        sink.expect(public.len() as u64);
        for &package in &public {
            let Ok(version) = package.version.parse() else { continue };
            for advisory in store.about(&package.name) {
                if advisory.versions.is_vulnerable(&version) {
                    sink.finding(finding(inventory, package, advisory));
                }
            }
            sink.advance(1);
        }
        sink.note(format!("checked {} against {}", text::count(public.len(), "package"), store.describe()));
        Ok(())
    }
}

fn finding(inventory: &Inventory, package: &Dependency, advisory: &Advisory) -> Finding {
    let path = inventory.way(package);
    let id = advisory.id().to_string();
    let about = &advisory.metadata;
    let (severity, what) = assess(advisory);
    let rating = rating(advisory);
    let mut aliases: Vec<String> = about.aliases.iter().map(ToString::to_string).collect();
    aliases.sort();
    let fixed: Vec<String> = advisory.versions.patched().iter().map(ToString::to_string).collect();
    let remedy = match (&fixed[..], &path[..]) {
        ([], _) => format!("No version is fixed; replace {}", package.name),
        (fixed, [direct, .., _]) => {
            format!("Raise {} to {}; {direct} pulls it in", package.name, fixed.join(" or "))
        }
        (fixed, _) => format!("Raise {} to {}", package.name, fixed.join(" or ")),
    };
    let title = title(advisory);
    Finding {
        rule: Arc::new(rule(advisory, &remedy)),
        kind: Kind::Advisory,
        severity,
        confidence: Confidence::High,
        assessment: None,
        message: format!("{} {} {what}: {title}", package.name, package.version),
        location: package.location.clone(),
        related: Vec::new(),
        excerpt: None,
        package: Some(Package { fixed, aliases, path, ..package.package() }),
        secret: None,
        companions: std::collections::BTreeMap::new(),
        verified: None,
        history: None,
        remedy: Some(remedy),
        sources: vec![Source::own(&id)],
        rating,
        resource: None,
        line_hash: None,
        marker: None,
    }
}

/// What outputs say of an advisory, with a remedy that may be about one package in particular.
fn rule(advisory: &Advisory, remedy: &str) -> Rule {
    let (id, title) = (advisory.id(), title(advisory));
    Rule {
        id: format!("advisory/{id}"),
        description: summary(&advisory.metadata.description).unwrap_or_else(|| title.clone()),
        title,
        help: format!("{remedy}. See https://rustsec.org/advisories/{id}.html for the advisory."),
        url: Some(format!("https://rustsec.org/advisories/{id}.html")),
        cwe: vec![1395],
    }
}

fn title(advisory: &Advisory) -> String {
    text::printable(advisory.metadata.title.trim_end_matches('.'))
}

/// The severity, and what the package is, in a few words. A score decides where there is one; a vulnerability that
/// nobody scored is medium, and says so.
fn assess(advisory: &Advisory) -> (Severity, &'static str) {
    let about = &advisory.metadata;
    match &about.informational {
        Some(Informational::Unmaintained) => return (Severity::Low, "is unmaintained"),
        Some(Informational::Unsound) => return (Severity::Medium, "is unsound"),
        Some(_) => return (Severity::Info, "has a notice"),
        None => {}
    }
    if about.categories.iter().any(|c| matches!(c, Category::Other(name) if name == "malicious")) {
        return (Severity::Critical, "is malicious");
    }
    match about.cvss.as_ref().map(|cvss| cvss.score()) {
        Some(score) => (Severity::from_cvss(score), "is vulnerable"),
        None => (Severity::Medium, "is vulnerable (not scored)"),
    }
}

/// Who says how severe it is: the score, or what kind of advisory it is.
fn rating(advisory: &Advisory) -> Rating {
    match (&advisory.metadata.cvss, &advisory.metadata.informational) {
        (_, Some(_)) => Rating::stated("RustSec"),
        (Some(cvss), None) => Rating::scored(format!("RustSec, CVSS {:.1}", cvss.score())),
        (None, None) => Rating::assumed("scanall"),
    }
}

/// The first paragraph of prose in an advisory's Markdown; `None` when it has none.
fn summary(markdown: &str) -> Option<String> {
    let prose = |paragraph: &&str| paragraph.starts_with(|c: char| c.is_alphanumeric() || c == '`');
    let paragraph = markdown.split("\n\n").map(str::trim).find(prose)?;
    Some(text::printable(&paragraph.split_whitespace().collect::<Vec<_>>().join(" ")))
}
