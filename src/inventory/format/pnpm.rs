//! Reads `pnpm-lock.yaml` and `shrinkwrap.yaml`, lockfile versions 3 to 9 (<https://pnpm.io/lockfile>,
//! <https://github.com/pnpm/spec/tree/master/lockfile>). Where there are two documents, the first is about pnpm itself
//! and what configures it, and the last about the project.

mod path;

use std::collections::HashMap;

use super::javascript::{Manifest, SECTIONS, deprecated, integrity, requirement, source_of};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Entry, Tree, yaml};
use path::Path;

pub(super) const FORMAT: Format = Format {
    id: "pnpm-lock",
    about: "pnpm-lock.yaml, lockfile versions 5 to 9",
    role: Role::Lock("npm"),
    wants: |path| matches!(name_of(path), "pnpm-lock.yaml" | "shrinkwrap.yaml"),
    read,
};

/// The newest version that is known here.
const NEWEST: f32 = 9.0;

/// What only the document about pnpm has.
const ENVIRONMENT: [(&str, Scope); 2] =
    [("configDependencies", Scope::Build), ("packageManagerDependencies", Scope::Build)];

/// More documents are not read; pnpm writes two.
const MAX_DOCUMENTS: usize = 16;

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (documents, problems) = yaml::parse(&source.text);
    let is_lock = |document: &Tree| {
        ["lockfileVersion", "packages", "importers", "dependencies"].iter().any(|key| document.get(key).is_some())
    };
    if !documents.iter().any(is_lock) {
        let hint = "let pnpm write it anew with `pnpm install --lockfile-only`";
        return Err(Unreadable::of(&problems, "it has neither importers nor packages").hint(hint));
    }
    tree::tell(reading, &problems);
    for (number, document) in documents.iter().enumerate() {
        if number == MAX_DOCUMENTS {
            reading.broken(document.line, "there are more documents from here on than pnpm writes; they are not read");
            break;
        }
        let version = document.text_of("lockfileVersion");
        if version.parse().is_ok_and(|version: f32| version.floor() > NEWEST) {
            let line = document.entry("lockfileVersion").map_or(1, |entry| entry.line);
            reading.newer(line, version, NEWEST);
        }
        Document::of(reading, document).read(reading);
    }
    Ok(())
}

/// One document.
struct Document<'a> {
    tree: &'a Tree<'a>,
    /// Packages by their paths, as they are written.
    nodes: HashMap<&'a str, Node>,
    /// And by their paths without what they were installed beside, where one alone has that.
    bare: HashMap<&'a str, Option<Node>>,
    /// The ranges that catalogs have, by catalog and name.
    catalogs: HashMap<(&'a str, &'a str), &'a str>,
}

/// Ranges by name.
type Ranges<'a> = HashMap<&'a str, &'a str>;

fn ranges<'a>(list: Option<&'a Tree<'a>>) -> Ranges<'a> {
    let entries = list.map_or(&[][..], Tree::entries).iter();
    entries.map(|entry| (entry.key.as_ref(), requirement(entry.value.text()))).collect()
}

impl<'a> Document<'a> {
    fn of(reading: &mut Reading, tree: &'a Tree<'a>) -> Self {
        let named = tree.entries_of("catalogs").iter().flat_map(|catalog| {
            catalog.value.entries().iter().map(move |entry| {
                let range = requirement(entry.value.get("specifier").and_then(Tree::text));
                ((catalog.key.as_ref(), entry.key.as_ref()), range)
            })
        });
        let mut document = Self { tree, nodes: HashMap::new(), bare: HashMap::new(), catalogs: named.collect() };
        let packages = tree.entries_of("packages");
        let snapshots = tree.entries_of("snapshots");
        for entry in packages {
            document.add(reading, entry);
        }
        // Since version 9 what a package needs stands in its snapshots, of which there is one for each set of peers.
        for entry in snapshots {
            let bare = path::without_peers(&entry.key);
            match document.nodes.get(bare).copied() {
                _ if document.nodes.contains_key(entry.key.as_ref()) => {}
                Some(node) => drop(document.nodes.insert(&entry.key, node)),
                None => document.add(reading, entry),
            }
        }
        document
    }

    fn add(&mut self, reading: &mut Reading, entry: &'a Entry<'a>) {
        let Some(draft) = draft(entry) else {
            return reading.broken(entry.line, &format!("`{}` names no package and version", entry.key));
        };
        let Some(node) = reading.add(draft) else { return };
        self.nodes.insert(&entry.key, node);
        let known = self.bare.entry(path::without_peers(&entry.key)).or_insert(Some(node));
        if *known != Some(node) {
            *known = None;
        }
    }

    fn read(&self, reading: &mut Reading) {
        let packages = self.tree.entries_of("packages");
        // Which versions a package asks for is known of its peers alone.
        let peers: HashMap<&str, Ranges> = packages
            .iter()
            .map(|entry| (entry.key.as_ref(), ranges(entry.value.get("peerDependencies"))))
            .filter(|(_, peers)| !peers.is_empty())
            .collect();
        for entry in packages.iter().chain(self.tree.entries_of("snapshots")) {
            let Some(from) = self.nodes.get(entry.key.as_ref()) else { continue };
            let peers = peers.get(entry.key.as_ref()).or_else(|| peers.get(path::without_peers(&entry.key)));
            for (section, is_optional) in [("dependencies", false), ("optionalDependencies", true)] {
                for asked in entry.value.entries_of(section) {
                    let range = peers.and_then(|peers| peers.get(asked.key.as_ref())).copied().unwrap_or_default();
                    match self.found(&asked.key, asked.value.text().unwrap_or_default()) {
                        Some(to) if is_optional => reading.may_need(*from, to, range),
                        Some(to) => reading.needs_as(*from, to, range),
                        None => {}
                    }
                }
            }
        }
        match self.tree.get("importers") {
            Some(importers) => {
                importers.entries().iter().for_each(|entry| self.importer(reading, &entry.key, &entry.value))
            }
            None => self.importer(reading, ".", self.tree),
        }
    }

    /// What the project, or a member of its workspace, asks for.
    fn importer(&self, reading: &mut Reading, folder: &str, importer: &Tree) {
        let manifest = Manifest::beside(reading.source, folder).unwrap_or_default();
        // Before version 6 the ranges stood together, beside the lists.
        let together = ranges(importer.get("specifiers"));
        for (section, scope) in SECTIONS.into_iter().chain(ENVIRONMENT) {
            for asked in importer.entries_of(section) {
                let version = asked.value.text().unwrap_or_else(|| asked.value.text_of("version"));
                if let Some(to) = self.found(&asked.key, version) {
                    let line = manifest.asked(&asked.key, Some(scope)).map(|asked| asked.location.clone());
                    let range = match asked.value.get("specifier") {
                        Some(specifier) => self.range(&asked.key, requirement(specifier.text())),
                        None => together.get(asked.key.as_ref()).copied().unwrap_or_default(),
                    };
                    reading.root_as(to, scope, line, range);
                }
            }
        }
    }

    /// Which versions the specifier of a package asks for: what a catalog says, where it names one
    /// (<https://pnpm.io/catalogs>).
    fn range<'r>(&'r self, name: &'r str, specifier: &'r str) -> &'r str {
        let Some(catalog) = specifier.strip_prefix("catalog:") else { return specifier };
        let catalog = if catalog.is_empty() { "default" } else { catalog };
        self.catalogs.get(&(catalog, name)).copied().unwrap_or_default()
    }

    /// The package that is meant by a name and what stands behind it: a version, or a path where it is another package.
    fn found(&self, name: &str, version: &str) -> Option<Node> {
        if version.is_empty() || version.starts_with("link:") {
            return None;
        }
        let forms = [
            format!("{name}@{version}"),
            format!("/{name}@{version}"),
            format!("/{name}/{version}"),
            version.to_owned(),
            format!("/{version}"),
        ];
        let exact = forms.iter().find_map(|form| self.nodes.get(form.as_str()));
        let bare = || forms.iter().find_map(|form| *self.bare.get(path::without_peers(form))?);
        exact.copied().or_else(bare)
    }
}

fn draft(entry: &Entry) -> Option<Draft> {
    let package = &entry.value;
    let resolution = package.get("resolution");
    let told = |key: &str| resolution.map(|resolution| resolution.text_of(key)).unwrap_or_default();
    let Path { name, version, source } = path::parse(&entry.key)?;
    let (said_name, said_version) = (package.text_of("name"), package.text_of("version"));
    let source = match (source, told("tarball"), told("type")) {
        (PackageSource::Public, "", "" | "binary") => PackageSource::Public,
        (PackageSource::Public, tarball, "") if tarball.contains("://") => source_of(tarball),
        (PackageSource::Local, ..) | (_, _, "directory") => PackageSource::Local,
        (_, tarball, _) if tarball.starts_with("file:") => PackageSource::Local,
        (source, ..) => source,
    };
    let name = if said_name.is_empty() { name } else { said_name };
    let version = if said_version.is_empty() { version } else { said_version };
    (!name.is_empty()).then(|| Draft {
        source,
        scope: package.is("dev").then_some(Scope::Dev),
        hashes: integrity(told("integrity")),
        deprecated: deprecated(package),
        ..Draft::new(Ecosystem::Npm, name, version, entry.line)
    })
}
