//! Defines [`Bill`] and [`Entry`]: what an SPDX document says, however it is written.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::ingest::component::{self, Component};
use crate::ingest::out::Out;
use crate::ingest::scanned::Scanned;
use crate::inventory::Scope;

/// What an SPDX document says.
#[derive(Default)]
pub(super) struct Bill {
    described: BTreeSet<String>,
    entries: Vec<Entry>,
    /// What each element needs.
    needs: HashMap<String, Vec<String>>,
    /// What elements are needed for, where a relationship says so.
    scopes: HashMap<String, Scope>,
}

/// Relationships by which an element needs another
/// (<https://spdx.github.io/spdx-spec/v2.3/relationships-between-SPDX-elements/>), as letters alone, which SPDX 3 writes in
/// another way; whether the second element needs the first; what the needed one is for, where that is said.
const RELATIONS: [(&str, bool, Option<Scope>); 16] = [
    ("dependson", false, None),
    ("dependencyof", true, None),
    ("runtimedependencyof", true, Some(Scope::Runtime)),
    ("buildtoolof", true, Some(Scope::Build)),
    ("builddependencyof", true, Some(Scope::Build)),
    ("devtoolof", true, Some(Scope::Dev)),
    ("devdependencyof", true, Some(Scope::Dev)),
    ("testtoolof", true, Some(Scope::Dev)),
    ("testdependencyof", true, Some(Scope::Dev)),
    ("optionaldependencyof", true, Some(Scope::Optional)),
    ("optionalcomponentof", true, Some(Scope::Optional)),
    ("provideddependencyof", true, Some(Scope::Build)),
    ("hasprerequisite", false, None),
    ("prerequisitefor", true, None),
    ("hasoptionaldependency", false, Some(Scope::Optional)),
    ("hasprovideddependency", false, Some(Scope::Build)),
];

/// A package.
#[derive(Clone, Default)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) purl: String,
    /// The license that somebody came to, and that which the package declares: expressions, or NOASSERTION.
    pub(super) concluded: String,
    pub(super) declared: String,
    /// How it was found, a sentence; Syft and Trivy end it with the file.
    pub(super) source: String,
    /// Checksums, as `algorithm:hexadecimal`.
    pub(super) hashes: Vec<String>,
    /// Where its name stands, in bytes.
    pub(super) at: Option<usize>,
    /// `CONTAINER`, `FILE`, `LIBRARY` and the like; may be empty.
    pub(super) purpose: String,
}

impl Entry {
    fn license(&self) -> String {
        let says = |license: &&String| !matches!(license.trim(), "" | "NOASSERTION");
        [&self.concluded, &self.declared].into_iter().find(says).cloned().unwrap_or_default()
    }

    /// The file at the end of the sentence; empty when there is none.
    fn file(&self) -> &str {
        let (before, last) = self.source.rsplit_once(": ").unwrap_or_default();
        let first = last.split(", ").next().unwrap_or_default().trim();
        let is_file = first.starts_with('/') || before.ends_with("found in");
        if is_file && !first.contains(' ') { first } else { "" }
    }

    /// Whether it stands for a lockfile, as Trivy has one for each.
    fn is_lockfile(&self) -> bool {
        self.id.starts_with("SPDXRef-Application-") && self.purl.is_empty() && self.version.is_empty()
    }
}

impl Bill {
    /// The document is about an element.
    pub(super) fn describes(&mut self, id: String) {
        self.described.insert(id);
    }

    /// Two elements have something to do with each other.
    pub(super) fn relates(&mut self, from: &str, relation: &str, to: &str) {
        if relation.eq_ignore_ascii_case("DESCRIBED_BY") {
            self.describes(from.to_owned());
        }
        let word: String = relation.chars().filter(char::is_ascii_alphanumeric).collect();
        let word = word.to_ascii_lowercase();
        if word == "describes" {
            self.describes(to.to_owned());
        }
        let Some((_, is_turned, scope)) = RELATIONS.iter().find(|(name, ..)| *name == word) else { return };
        let (from, to) = if *is_turned { (to, from) } else { (from, to) };
        self.needs.entry(from.to_owned()).or_default().push(to.to_owned());
        if let Some(scope) = scope {
            let known = self.scopes.entry(to.to_owned()).or_insert(*scope);
            *known = (*known).min(*scope);
        }
    }

    pub(super) fn entry(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Tells all of it. What the document is about, without a package URL, is the folder or image, and no part of it.
    pub(super) fn tell(self, out: &mut Out) {
        // A document about several packages, or about one alone, is a list of just them.
        let has_subject = self.described.len() == 1 && self.entries.len() > 1;
        let is_subject = |entry: &Entry| {
            let is_described = has_subject && self.described.contains(&entry.id);
            entry.purl.is_empty() && (is_described || entry.id.contains("DocumentRoot"))
        };
        let subject = self.entries.iter().find(|entry| self.described.contains(&entry.id) || is_subject(entry));
        let scanned = match subject {
            Some(subject) if subject.purpose.eq_ignore_ascii_case("container") => Scanned::Image(subject.name.clone()),
            Some(subject) if subject.id.contains("DocumentRoot-Directory") => Scanned::Folder(subject.name.clone()),
            Some(subject) if subject.id.contains("DocumentRoot-Image") => Scanned::Image(subject.name.clone()),
            _ => Scanned::Unknown,
        };
        let is_holder = |entry: &&Entry| self.described.contains(&entry.id) || is_subject(entry) || entry.is_lockfile();
        let needed = self.entries.iter().filter(is_holder).filter_map(|holder| self.needs.get(&holder.id)).flatten();
        let direct: HashSet<&str> = needed.map(String::as_str).collect();
        for entry in self.entries.iter().filter(|entry| !(is_subject(entry) || entry.is_lockfile())) {
            let location = scanned.location(out, entry.file());
            let Entry { id, purl, name, version, hashes, at, .. } = entry;
            let is_described = self.described.contains(id);
            let told = component::Entry {
                at: *at,
                reference: id.clone(),
                needs: self.needs.get(id).cloned().unwrap_or_default(),
                direct: (!direct.is_empty() && !is_described).then(|| direct.contains(id.as_str())),
                scope: self.scopes.get(id).copied(),
                hashes: hashes.clone(),
            };
            out.component(Component::new(purl, "", name, version, vec![entry.license()], location).with(told));
        }
    }
}
