//! Reads `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3
//! (<https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json>).

mod nested;

use std::collections::HashMap;

use super::javascript::{Manifest, SECTIONS, deprecated, integrity, is_address, requirement, source_of};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Entry, Tree, json};

pub(super) const FORMAT: Format = Format {
    id: "package-lock",
    about: "package-lock.json, versions 1 to 3",
    role: Role::Lock("npm"),
    wants: |path| matches!(name_of(path), "package-lock.json" | "npm-shrinkwrap.json"),
    read,
};

/// The newest version that is known here.
const NEWEST: u32 = 3;

/// Folders further up are not searched for a package.
const MAX_FOLDERS: usize = 64;

/// From a folder with a longer path no package is searched.
const MAX_PATH: usize = 4096;

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (lock, problems) = json::parse(&source.text);
    let is_lock = lock.get("packages").or(lock.get("dependencies")).is_some_and(Tree::is_map);
    let version = lock.text_of("lockfileVersion");
    if !is_lock && (!lock.is_map() || version.is_empty()) {
        let hint = "let npm write it anew with `npm install --package-lock-only`";
        return Err(Unreadable::of(&problems, "it has neither packages nor dependencies").hint(hint));
    }
    tree::tell(reading, &problems);
    if version.parse().is_ok_and(|version: u32| version > NEWEST) {
        let line = lock.entry("lockfileVersion").map_or(1, |entry| entry.line);
        reading.newer(line, version, NEWEST);
    }
    match lock.get("packages").filter(|packages| packages.is_map()) {
        Some(packages) => Packages::of(packages).read(reading),
        None => nested::read(reading, &lock),
    }
    Ok(())
}

/// What a package is needed for, by the flags that npm computes.
fn scope_of(package: &Tree) -> Scope {
    match (package.is("dev"), package.is("optional") || package.is("devOptional")) {
        (true, _) => Scope::Dev,
        (false, true) => Scope::Optional,
        (false, false) => Scope::Runtime,
    }
}

/// The licenses in any of the forms that `package.json` has had.
fn licenses_of(package: &Tree) -> Vec<String> {
    let one = |license: &Tree| license.text().or_else(|| license.get("type")?.text()).map(str::to_owned);
    let told = package.get("license").or(package.get("licenses"));
    let all = told.into_iter().flat_map(|told| one(told).into_iter().chain(told.items().iter().filter_map(one)));
    all.filter(|license| !license.is_empty()).collect()
}

/// The packages by the folders that they are installed in: versions 2 and 3.
struct Packages<'a> {
    entries: &'a [Entry<'a>],
    by_folder: HashMap<&'a str, &'a Entry<'a>>,
    /// The names under which folders of the project are linked.
    links: HashMap<&'a str, &'a str>,
}

impl<'a> Packages<'a> {
    fn of(packages: &'a Tree<'a>) -> Self {
        let entries = packages.entries();
        let by_folder: HashMap<&str, &Entry> = entries.iter().map(|entry| (entry.key.as_ref(), entry)).collect();
        let linked = entries.iter().filter(|entry| entry.value.is("link"));
        let links = linked.map(|entry| (entry.value.text_of("resolved"), name_in(&entry.key))).collect();
        Self { entries, by_folder, links }
    }

    fn read(&self, reading: &mut Reading) {
        let mut nodes: HashMap<&str, Node> = HashMap::new();
        for entry in self.entries.iter().filter(|entry| !self.is_mere_link(entry)) {
            if let Some(node) = reading.add(self.draft(entry)) {
                nodes.insert(&entry.key, node);
            }
        }
        for entry in self.entries {
            match is_own(&entry.key) {
                true => self.own(reading, entry, &nodes),
                false => self.foreign(reading, entry, &nodes),
            }
        }
    }

    /// Whether an entry only says where another one is.
    fn is_mere_link(&self, entry: &Entry) -> bool {
        entry.value.is("link") && self.by_folder.contains_key(entry.value.text_of("resolved"))
    }

    fn draft(&self, entry: &Entry) -> Draft {
        let (folder, package) = (entry.key.as_ref(), &entry.value);
        let name = match package.text_of("name") {
            "" if is_own(folder) => self.links.get(folder).copied().unwrap_or_else(|| name_in(folder)),
            "" => name_in(folder),
            name => name,
        };
        let version = package.text_of("version");
        Draft {
            source: match package.text_of("resolved") {
                _ if is_own(folder) || package.is("link") => PackageSource::Local,
                "" if is_address(version) => source_of(version),
                resolved => source_of(resolved),
            },
            scope: (!is_own(folder)).then(|| scope_of(package)),
            licenses: licenses_of(package),
            hashes: integrity(package.text_of("integrity")),
            deprecated: deprecated(package),
            ..Draft::new(Ecosystem::Npm, name, if is_address(version) { "" } else { version }, entry.line)
        }
    }

    /// What the project, or a member of its workspace, asks for.
    fn own(&self, reading: &mut Reading, entry: &Entry, nodes: &HashMap<&str, Node>) {
        let from = nodes.get(entry.key.as_ref()).copied();
        let manifest = Manifest::beside(reading.source, &entry.key).unwrap_or_default();
        for (section, scope) in SECTIONS {
            for asked in entry.value.entries_of(section) {
                let Some(to) = self.found(&entry.key, &asked.key).and_then(|folder| nodes.get(folder)) else {
                    continue;
                };
                let line = manifest.asked(&asked.key, Some(scope)).map(|asked| asked.location.clone());
                let range = requirement(asked.value.text());
                reading.root_as(*to, scope, line, range);
                if let Some(from) = from {
                    reading.needs_as(from, *to, range);
                }
            }
        }
    }

    /// What an installed package needs.
    fn foreign(&self, reading: &mut Reading, entry: &Entry, nodes: &HashMap<&str, Node>) {
        let Some(from) = nodes.get(entry.key.as_ref()) else { return };
        for (section, scope) in SECTIONS.into_iter().filter(|(_, scope)| *scope != Scope::Dev) {
            for asked in entry.value.entries_of(section) {
                let range = requirement(asked.value.text());
                match self.found(&entry.key, &asked.key).and_then(|folder| nodes.get(folder)) {
                    Some(to) if scope == Scope::Optional => reading.may_need(*from, *to, range),
                    Some(to) => reading.needs_as(*from, *to, range),
                    None => {}
                }
            }
        }
    }

    /// The folder that Node.js finds a package in, searched from another folder upwards; that of the project if it is
    /// linked there.
    fn found(&self, from: &str, name: &str) -> Option<&'a str> {
        if from.len() + name.len() > MAX_PATH {
            return None;
        }
        let above = std::iter::successors(Some(from), |folder| {
            (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
        });
        let searched = above.filter(|folder| *folder != "node_modules" && !folder.ends_with("/node_modules"));
        let entry = searched.take(MAX_FOLDERS).find_map(|folder| {
            let path = if folder.is_empty() { String::new() } else { format!("{folder}/") };
            self.by_folder.get(format!("{path}node_modules/{name}").as_str())
        })?;
        match self.is_mere_link(entry) {
            true => self.by_folder.get(entry.value.text_of("resolved")).map(|entry| entry.key.as_ref()),
            false => Some(entry.key.as_ref()),
        }
    }
}

/// Whether a folder is one of the project itself.
fn is_own(folder: &str) -> bool {
    !folder.starts_with("node_modules/") && !folder.contains("/node_modules/")
}

/// The name of the package that is installed in a folder.
fn name_in(folder: &str) -> &str {
    match folder.rsplit_once("node_modules/") {
        Some((_, name)) => name,
        None => folder.rsplit('/').next().unwrap_or_default(),
    }
}
