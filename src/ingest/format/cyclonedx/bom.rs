//! Defines [`Bom`]: what a CycloneDX document says, however it is written.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::finding::Location;
use crate::ingest::component::{Component, Entry};
use crate::ingest::lenient;
use crate::ingest::make::Vulnerable;
use crate::ingest::out::Out;
use crate::ingest::package::package;
use crate::ingest::rate::{Scored, rate};
use crate::ingest::scanned::Scanned;
use crate::inventory::Scope;
use crate::text;

/// Longer ways up through what depends on what are hostile.
const MOST_STEPS: usize = 32;
/// States of an analysis after which nothing is left to do.
const DONE: [&str; 4] = ["resolved", "resolved_with_pedigree", "false_positive", "not_affected"];
/// Parts that no package manager knows.
const NO_PACKAGES: [&str; 5] = ["file", "operating-system", "cryptographic-asset", "data", "device"];
/// Properties in which tools write where they saw a part.
const PLACES: [&str; 4] = ["syft:location:0:path", "aquasecurity:trivy:FilePath", "SrcFile", "cdx:npm:package:path"];

/// What a CycloneDX document says.
#[derive(Default)]
pub(super) struct Bom {
    scanned: Scanned,
    /// What the document is about, which is no part of it.
    subject: Part,
    parts: Vec<Part>,
    /// What a part is a dependency of, or lies in: the first that says so.
    parents: HashMap<String, String>,
    /// What each part says that it depends on.
    needs: HashMap<String, Vec<String>>,
    flaws: Vec<Flaw>,
}

/// A component.
#[derive(Clone, Default)]
pub(super) struct Part {
    pub(super) reference: String,
    pub(super) kind: String,
    /// With its group in front.
    pub(super) name: String,
    pub(super) version: String,
    pub(super) purl: String,
    pub(super) licenses: Vec<String>,
    /// Where it was seen; empty when nobody says.
    pub(super) file: String,
    pub(super) scope: Option<Scope>,
    pub(super) hashes: Vec<String>,
    /// Where its name stands, in bytes.
    pub(super) at: Option<usize>,
    /// It stands for a lockfile, whose packages depend on it.
    pub(super) is_lockfile: bool,
}

/// A vulnerability.
#[derive(Default)]
pub(super) struct Flaw {
    pub(super) id: String,
    pub(super) aliases: Vec<String>,
    pub(super) ratings: Vec<Rated>,
    pub(super) cwe: Vec<u32>,
    pub(super) description: String,
    pub(super) recommendation: String,
    pub(super) url: String,
    pub(super) state: String,
    pub(super) affects: Vec<Affected>,
}

/// How bad somebody says a vulnerability is.
#[derive(Default)]
pub(super) struct Rated {
    pub(super) by: String,
    pub(super) word: String,
    pub(super) score: Option<f64>,
    pub(super) vector: String,
}

/// A part that is vulnerable, and what is said of its versions.
#[derive(Default)]
pub(super) struct Affected {
    pub(super) reference: String,
    pub(super) versions: Vec<(String, String)>,
}

/// What a tool adds to a component under a name of its own.
#[derive(Deserialize)]
pub(super) struct Property {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) value: String,
}

/// A name with its group: `org.example:shelf` for Maven, `@scope/shelf` for npm.
pub(super) fn grouped(group: &str, name: &str) -> String {
    match group {
        "" => name.to_owned(),
        group if group.starts_with('@') || group.contains('/') => format!("{group}/{name}"),
        group => format!("{group}:{name}"),
    }
}

/// What a part is needed for, by the word for it; what is excluded is so from what runs.
pub(super) fn scope(word: &str) -> Option<Scope> {
    match word.trim() {
        "required" => Some(Scope::Runtime),
        "optional" => Some(Scope::Optional),
        "excluded" => Some(Scope::Dev),
        _ => None,
    }
}

impl Part {
    /// Takes what it needs from properties.
    pub(super) fn look_at(&mut self, properties: &[Property]) {
        if properties.iter().any(|p| p.name == "cdx:npm:package:development" && p.value == "true") {
            self.scope = Some(Scope::Dev);
        }
        if self.file.is_empty() {
            let value = |name: &&str| properties.iter().find(|property| property.name == **name);
            self.file = PLACES.iter().find_map(value).map(|property| property.value.clone()).unwrap_or_default();
        }
        self.is_lockfile = self.kind == "application" && properties.iter().any(|p| p.name.starts_with("aquasecurity:"));
    }
}

/// Whether a part is one that a package manager knows.
fn is_package(part: &Part) -> bool {
    !part.purl.is_empty() || !(part.is_lockfile || NO_PACKAGES.contains(&part.kind.as_str()))
}

impl Affected {
    /// Whether every version that is named is said not to be affected.
    fn is_none(&self) -> bool {
        !self.versions.is_empty() && self.versions.iter().all(|(_, status)| status == "unaffected")
    }
}

impl Bom {
    /// What the document is about.
    pub(super) fn about(&mut self, part: &Part) {
        self.scanned = match part.kind.as_str() {
            "container" => Scanned::Image(part.name.clone()),
            // So Syft and Grype write the folder that they looked at.
            "file" => Scanned::Folder(part.name.clone()),
            _ => Scanned::Unknown,
        };
        self.subject = part.clone();
    }

    /// A part depends on another, or holds it.
    pub(super) fn depends(&mut self, parent: &str, child: String) {
        if !child.is_empty() && parent != child {
            self.parents.entry(child).or_insert_with(|| parent.to_owned());
        }
    }

    /// A part says what it depends on.
    pub(super) fn needs(&mut self, parent: &str, children: &[String]) {
        self.needs.entry(parent.to_owned()).or_default().extend_from_slice(children);
    }

    pub(super) fn part(&mut self, part: Part) {
        self.parts.push(part);
    }

    pub(super) fn flaw(&mut self, flaw: Flaw) {
        self.flaws.push(flaw);
    }

    /// Tells all of it. A part may be described behind what is said of it, so nothing is told before the end.
    pub(super) fn tell(self, out: &mut Out) {
        let known: HashMap<&str, &Part> = self
            .parts
            .iter()
            .rev()
            .map(|part| (part.reference.as_str(), part))
            .filter(|(key, _)| !key.is_empty())
            .collect();
        // What the document is about needs them, or a lockfile that stands between.
        let holders = self.parts.iter().filter(|part| !is_package(part)).chain([&self.subject]);
        let needed = holders.filter_map(|holder| self.needs.get(&holder.reference)).flatten();
        let direct: HashSet<&str> = needed.map(String::as_str).collect();
        for part in self.parts.iter().filter(|part| is_package(part) && !part.name.is_empty()) {
            let location = self.location(part, &known, out);
            let Part { reference, purl, name, version, licenses, scope, hashes, at, .. } = part;
            let entry = Entry {
                at: *at,
                reference: reference.clone(),
                needs: self.needs.get(reference).cloned().unwrap_or_default(),
                direct: (!direct.is_empty()).then(|| direct.contains(reference.as_str())),
                scope: *scope,
                hashes: hashes.clone(),
            };
            out.component(Component::new(purl, "", name, version, licenses.clone(), location).with(entry));
        }
        for flaw in self.flaws.iter().filter(|flaw| !DONE.contains(&flaw.state.as_str())) {
            let affected: Vec<&Affected> = flaw.affects.iter().filter(|affected| !affected.is_none()).collect();
            if flaw.affects.is_empty() {
                self.vulnerable(flaw, &self.subject, &known, out);
            }
            for affected in affected {
                // A link into another document ends with the reference.
                let reference = affected.reference.as_str();
                let behind = reference.rsplit('#').next().unwrap_or_default();
                let found = known.get(reference).or_else(|| known.get(behind)).copied();
                let own = [reference, behind].contains(&self.subject.reference.as_str()).then_some(&self.subject);
                let unknown = by_name(affected);
                self.vulnerable(flaw, found.or(own).unwrap_or(&unknown), &known, out);
            }
        }
    }

    /// Where a part was seen: its own place, else the lockfile that it hangs on.
    fn location(&self, part: &Part, known: &HashMap<&str, &Part>, out: &Out) -> Location {
        let mut file = part.file.as_str();
        let mut at = part.reference.as_str();
        for _ in 0..MOST_STEPS {
            if !file.is_empty() {
                break;
            }
            let Some(parent) = self.parents.get(at) else { break };
            at = parent;
            if let Some(holder) = known.get(at).filter(|holder| holder.is_lockfile) {
                file = &holder.name;
            }
        }
        self.scanned.location(out, file)
    }

    fn vulnerable(&self, flaw: &Flaw, part: &Part, known: &HashMap<&str, &Part>, out: &mut Out) {
        let name = if part.name.is_empty() { "a component" } else { &part.name };
        let scores = flaw.ratings.iter();
        let scores: Vec<Scored<'_>> =
            scores.map(|rated| Scored { by: &rated.by, score: rated.score, vector: &rated.vector }).collect();
        // Several databases may rate it; the worst that one of them says is what the document warns of.
        let words = flaw.ratings.iter().map(|rated| rated.word.as_str());
        let words = words.filter(|word| out.severity(word).1.is_substantiated());
        let word = words.max_by_key(|word| out.severity(word).0).unwrap_or_default();
        let mut finding = Vulnerable {
            id: &flaw.id,
            aliases: flaw.aliases.clone(),
            title: "",
            description: &flaw.description,
            url: &flaw.url,
            cwe: flaw.cwe.clone(),
            package: package(&part.purl, "", name, &part.version),
            severity: rate(out.map, word, &scores),
            location: self.location(part, known, out),
        }
        .finding(out);
        if let Some(remedy) = text::paragraph(&flaw.recommendation) {
            finding.remedy = Some(remedy.trim_end_matches('.').to_owned());
        }
        out.finding(finding);
    }
}

/// A part that the document does not describe, by its reference, which often is a package URL.
fn by_name(affected: &Affected) -> Part {
    let reference = affected.reference.as_str();
    let reference = match reference.strip_prefix("urn:cdx:") {
        Some(link) => link.rsplit('#').next().unwrap_or_default(),
        None => reference,
    };
    let bare = reference.split(['?', '#']).next().unwrap_or_default();
    let (before, version) = bare.rsplit_once('@').filter(|(before, _)| !before.ends_with('/')).unwrap_or((bare, ""));
    let told = affected.versions.iter().find(|(version, status)| !version.is_empty() && status != "unaffected");
    let version = if version.is_empty() { told.map_or("", |(version, _)| version) } else { version };
    let purl = if reference.starts_with("pkg:") { reference } else { "" };
    Part {
        name: before.rsplit('/').next().unwrap_or_default().to_owned(),
        version: version.to_owned(),
        purl: purl.to_owned(),
        ..Part::default()
    }
}
