//! Defines [`Bill`]: what a bill of materials says, whatever its format.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::ecosystem::Ecosystem;
use crate::finding::{Finding, Kind, Location, Severity};
use crate::inventory::{Dependency, Inventory, PackageSource, Scope};
use crate::report::Report;
use crate::scanner::advisories::withdrawn;
use crate::text;

/// What a bill of materials says.
pub struct Bill {
    /// What it is a bill of.
    pub subject: Subject,
    /// When what it is of was made.
    pub created: Timestamp,
    /// The parts, in the order of their references.
    pub parts: Vec<Part>,
    /// The parts that the subject needs itself, as places in [`Bill::parts`], in order.
    pub needs: Vec<usize>,
    /// What is known to be wrong with the parts; `None` when nobody asked for it.
    pub vulnerabilities: Option<Vec<Vulnerability>>,
    /// Whether every file could be read.
    pub complete: bool,
}

/// What a bill is of.
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its version; empty when nobody says.
    pub version: String,
}

/// A part.
pub struct Part {
    /// The package URL with its version; no other part has it.
    pub purl: String,
    /// Where packages of its kind come from.
    pub ecosystem: Ecosystem,
    /// Its name as its ecosystem writes it.
    pub name: String,
    /// Its version; empty when it is not pinned.
    pub version: String,
    /// What it is needed for.
    pub scope: Scope,
    /// Where it comes from.
    pub source: PackageSource,
    /// What files say of its license, sorted.
    pub licenses: Vec<String>,
    /// Checksums, as `algorithm:hexadecimal`, sorted.
    pub hashes: Vec<String>,
    /// The lines that name it, sorted.
    pub places: Vec<Location>,
    /// What it needs itself, as places in [`Bill::parts`], in order.
    pub needs: Vec<usize>,
}

/// Something that is known to be wrong with parts.
pub struct Vulnerability {
    /// The advisory.
    pub id: String,
    /// Its other ids.
    pub aliases: Vec<String>,
    /// What it is about, in one sentence.
    pub title: String,
    /// What to do; empty when nothing can be done.
    pub remedy: String,
    /// How bad it is.
    pub severity: Severity,
    /// Its page; `None` when there is none.
    pub url: Option<String>,
    /// Weaknesses, as numbers of the CWE list.
    pub cwe: Vec<u32>,
    /// The package URLs of the parts that it affects, with versions, sorted.
    pub affects: Vec<String>,
    /// That somebody accepts it, and why; `None` while nobody does.
    pub accepted: Option<Acceptance>,
}

/// Why a vulnerability is accepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Acceptance {
    /// In words.
    pub reason: String,
    /// That the product is not affected at all, not only that somebody lives with it.
    pub is_unaffected: bool,
}

impl Bill {
    /// A bill of everything in an inventory. The same package in several files is one part.
    pub fn new(inventory: &Inventory, subject: Subject, created: Timestamp) -> Self {
        let purls: Vec<String> = inventory.packages.iter().map(|package| package.package().versioned_purl()).collect();
        let mut parts: BTreeMap<&str, Part> = BTreeMap::new();
        for (package, purl) in inventory.packages.iter().zip(&purls) {
            parts.entry(purl).or_insert_with(|| Part::of(package, purl)).take(package);
        }
        let place: BTreeMap<&str, usize> = parts.keys().enumerate().map(|(at, purl)| (*purl, at)).collect();
        let at = |index: usize| purls.get(index).and_then(|purl| place.get(purl.as_str())).copied();
        let mut needs: Vec<Vec<usize>> = vec![Vec::new(); parts.len()];
        for (package, from) in inventory.packages.iter().zip((0..).map(at)) {
            if let Some(own) = from.and_then(|from| needs.get_mut(from)) {
                own.extend(package.needed().filter_map(at));
            }
        }
        let mut needed = vec![false; needs.len()];
        needs.iter().flatten().for_each(|other| needed[*other] = true);
        let is_direct = |package: &Dependency| package.direct != Some(false) && package.source != PackageSource::Local;
        let direct = inventory.packages.iter().zip((0..).map(at)).filter(|(package, _)| is_direct(package));
        let mut own: Vec<usize> = direct.filter_map(|(_, at)| at).filter(|at| !needed[*at]).collect();
        own.extend((0..needed.len()).filter(|at| !needed[*at]));
        tidy(&mut own);
        let parts = parts.into_values().zip(needs).map(|(mut part, mut needs)| {
            tidy(&mut needs);
            part.needs = needs;
            part.licenses.sort();
            part.licenses.dedup();
            part.hashes.sort();
            part.hashes.dedup();
            part.places.sort();
            part.places.dedup();
            part
        });
        Self {
            subject,
            created,
            parts: parts.collect(),
            needs: own,
            vulnerabilities: None,
            complete: inventory.gaps.is_empty(),
        }
    }

    /// Adds what a scan found to be wrong with the parts, accepted or not.
    pub fn add_vulnerabilities(&mut self, report: &Report) {
        let open = report.findings.iter().map(|finding| (finding, None));
        let accepted = report.suppressed.iter().map(|(finding, why)| (finding, Some(why)));
        let mut known: BTreeMap<(String, Option<Acceptance>), Vulnerability> = BTreeMap::new();
        for (finding, why) in open.chain(accepted).filter(|(finding, _)| is_vulnerability(finding)) {
            let Some(package) = &finding.package else { continue };
            let id = finding.rule.id.trim_start_matches("advisory/").to_owned();
            let acceptance =
                why.map(|why| Acceptance { reason: text::printable(&why.reason), is_unaffected: why.is_unaffected });
            let key = (id, acceptance);
            let found = known.entry(key.clone()).or_insert_with(|| Vulnerability::of(finding, key));
            found.affects.push(package.versioned_purl());
        }
        let in_order = |mut found: Vulnerability| {
            found.affects.retain(|purl| self.parts.binary_search_by(|part| part.purl.cmp(purl)).is_ok());
            found.affects.sort();
            found.affects.dedup();
            found
        };
        let found = known.into_values().map(in_order).filter(|found| !found.affects.is_empty()).collect();
        self.vulnerabilities = Some(found);
    }
}

/// Whether a finding is about an advisory.
fn is_vulnerability(finding: &Finding) -> bool {
    finding.kind == Kind::Advisory && !withdrawn::is_rule(&finding.rule.id)
}

impl Part {
    fn of(package: &Dependency, purl: &str) -> Self {
        Self {
            purl: purl.to_owned(),
            ecosystem: package.ecosystem,
            name: text::printable(&package.name),
            version: text::printable(&package.version),
            scope: package.scope,
            source: package.source,
            licenses: Vec::new(),
            hashes: Vec::new(),
            places: Vec::new(),
            needs: Vec::new(),
        }
    }

    /// Adds what one more file says.
    fn take(&mut self, package: &Dependency) {
        self.scope = self.scope.min(package.scope);
        self.licenses.extend(package.licenses.iter().map(|license| text::printable(license.trim())));
        self.licenses.retain(|license| !license.is_empty());
        self.hashes.extend(package.hashes.iter().cloned());
        self.places.push(package.location.clone());
    }
}

impl Vulnerability {
    fn of(finding: &Finding, (id, accepted): (String, Option<Acceptance>)) -> Self {
        Self {
            id,
            aliases: finding.package.as_ref().map(|package| package.aliases.clone()).unwrap_or_default(),
            title: finding.rule.title.clone(),
            remedy: finding.remedy.clone().unwrap_or_default(),
            severity: finding.severity,
            url: finding.rule.url.clone(),
            cwe: finding.rule.cwe.clone(),
            affects: Vec::new(),
            accepted,
        }
    }
}

fn tidy(places: &mut Vec<usize>) {
    places.sort_unstable();
    places.dedup();
}
