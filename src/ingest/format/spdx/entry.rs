//! Defines [`Bill`] and [`Entry`]: what an SPDX document says, however it is written.

use std::collections::BTreeSet;

use crate::ingest::component::Component;
use crate::ingest::out::Out;
use crate::ingest::scanned::Scanned;

/// What an SPDX document says.
#[derive(Default)]
pub(super) struct Bill {
    described: BTreeSet<String>,
    entries: Vec<Entry>,
}

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

    pub(super) fn entry(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Tells all of it. What the document is about, without a package URL, is the folder or image, and no part of it.
    pub(super) fn tell(self, out: &mut Out) {
        let is_subject = |entry: &Entry| {
            entry.purl.is_empty() && (self.described.contains(&entry.id) || entry.id.contains("DocumentRoot"))
        };
        let subject = self.entries.iter().find(|entry| self.described.contains(&entry.id) || is_subject(entry));
        let scanned = match subject {
            Some(subject) if subject.purpose.eq_ignore_ascii_case("container") => Scanned::Image(subject.name.clone()),
            Some(subject) if subject.id.contains("DocumentRoot-Directory") => Scanned::Folder(subject.name.clone()),
            Some(subject) if subject.id.contains("DocumentRoot-Image") => Scanned::Image(subject.name.clone()),
            _ => Scanned::Unknown,
        };
        for entry in self.entries.iter().filter(|entry| !(is_subject(entry) || entry.is_lockfile())) {
            let location = scanned.location(out, entry.file());
            let Entry { purl, name, version, .. } = entry;
            out.component(Component::new(purl, "", name, version, vec![entry.license()], location));
        }
    }
}
