//! Reads `uv.lock` and the locks of scripts, version 1 (<https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile>,
//! <https://github.com/astral-sh/uv/tree/main/crates/uv-resolver/src/lock>).

use std::collections::HashMap;

use super::python::manifest::Manifest;
use super::python::{MAX_SAME, hash, normalized, source_of};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Tree, toml};

pub(super) const FORMAT: Format = Format {
    id: "uv-lock",
    about: "uv.lock, version 1",
    role: Role::Lock("python"),
    wants: |path| name_of(path) == "uv.lock",
    read,
};

/// The lock of a script, which is for that script alone.
pub(super) const SCRIPT: Format = Format {
    id: "uv-script-lock",
    about: "the lock of a Python script, version 1",
    role: Role::Alone,
    wants: |path| name_of(path).ends_with(".py.lock"),
    read,
};

/// The newest version that is known here.
const NEWEST: u32 = 1;

/// More requirements of one package on another are not looked at; there is one for each marker and extra.
const MAX_ASKED: usize = 8;

/// The keys of a source, and where such a package comes from; an address decides where there is none.
const SOURCES: [(&str, Option<PackageSource>); 7] = [
    ("registry", None),
    ("git", Some(PackageSource::Elsewhere)),
    ("url", None),
    ("path", Some(PackageSource::Local)),
    ("directory", Some(PackageSource::Local)),
    ("editable", Some(PackageSource::Local)),
    ("virtual", Some(PackageSource::Local)),
];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (lock, problems) = toml::parse(source);
    let packages = lock.items_of("package");
    if packages.is_empty() && lock.get("version").is_none() {
        let hint = "let uv write it anew with `uv lock`";
        return Err(Unreadable::of(&problems, "it has neither packages nor a version").hint(hint));
    }
    tree::tell(reading, &problems);
    let version = lock.text_of("version");
    if version.parse().is_ok_and(|version: u32| version > NEWEST) {
        let line = lock.entry("version").map_or(1, |entry| entry.line);
        reading.newer(line, version, NEWEST);
    }
    let mut known: Vec<(Node, &Tree)> = Vec::new();
    let mut by_name: HashMap<&str, Vec<(Node, &Tree)>> = HashMap::new();
    for package in packages {
        let Some(name) = package.entry("name") else {
            reading.broken(package.line, "this package has no name");
            continue;
        };
        let Some(node) = reading.add(draft(package, name.line)) else { continue };
        known.push((node, package));
        let same = by_name.entry(package.text_of("name")).or_default();
        if same.len() < MAX_SAME {
            same.push((node, package));
        }
    }
    for (node, package) in &known {
        needs(reading, *node, package, &by_name);
    }
    // What a script, or a workspace without a project, asks for itself.
    for (section, scope) in [("requirements", Scope::Runtime), ("dependency-groups", Scope::Dev)] {
        let Some(told) = lock.at(&["manifest", section]) else { continue };
        let groups = told.entries().iter().flat_map(|group| group.value.items());
        for asked in told.items().iter().chain(groups) {
            for (to, _) in by_name.get(asked.text_of("name")).into_iter().flatten() {
                reading.root_as(*to, scope, None, versions(asked));
            }
        }
    }
    Ok(())
}

fn draft(package: &Tree, line: u32) -> Draft {
    let files = package.get("sdist").into_iter().chain(package.items_of("wheels"));
    Draft {
        source: origin(package),
        hashes: files.filter_map(|file| hash(file.text_of("hash"))).collect(),
        ..Draft::new(Ecosystem::PyPi, package.text_of("name"), package.text_of("version"), line)
    }
}

/// Where a package comes from.
fn origin(package: &Tree) -> PackageSource {
    let found = SOURCES.iter().find_map(|(key, source)| Some((package.at(&["source", key])?, source)));
    found.map_or(PackageSource::Public, |(place, source)| {
        source.unwrap_or_else(|| source_of(place.text().unwrap_or_default()))
    })
}

/// The folder of a member of the project; `None` for what only comes from one.
fn folder<'a>(package: &'a Tree) -> Option<&'a str> {
    ["editable", "virtual", "directory"].iter().find_map(|key| package.at(&["source", key])?.text())
}

fn needs(reading: &mut Reading, from: Node, package: &Tree, by_name: &HashMap<&str, Vec<(Node, &Tree)>>) {
    let member = folder(package);
    let manifest = member.and_then(|folder| Manifest::beside(reading.source, folder)).unwrap_or_default();
    let lists = |key: &str| package.entries_of(key).iter().flat_map(|list| list.value.items());
    let own = package.items_of("dependencies").iter().map(|asked| (asked, Scope::Runtime));
    let extras = lists("optional-dependencies").map(|asked| (asked, Scope::Optional));
    // They were `dev-dependencies` in the first releases, too.
    let groups = lists("dev-dependencies").chain(lists("dependency-groups")).map(|asked| (asked, Scope::Dev));
    let metadata = Metadata::of(package);
    for (asked, scope) in own.chain(extras).chain(groups) {
        for (to, _) in by_name.get(asked.text_of("name")).into_iter().flatten().filter(|(_, to)| is_meant(asked, to)) {
            if *to == from {
                continue;
            }
            match (member, scope) {
                (Some(_), scope) => {
                    let name = normalized(asked.text_of("name"));
                    let line = manifest.asked(&name, scope).map(|known| known.location.clone());
                    for versions in metadata.asked(&name, scope) {
                        reading.root_as(*to, scope, line.clone(), versions);
                        reading.needs_as(from, *to, versions);
                    }
                }
                (None, Scope::Runtime) => reading.needs(from, *to),
                // Only extras that somebody asks for are in a lock.
                (None, Scope::Optional) => reading.needs(from, *to),
                (None, _) => {}
            }
        }
    }
}

/// What a package of the project asks for, which uv repeats behind it: by name, what is for development apart.
struct Metadata<'a> {
    runtime: HashMap<String, Vec<&'a str>>,
    groups: HashMap<String, Vec<&'a str>>,
}

impl<'a> Metadata<'a> {
    fn of(package: &'a Tree<'a>) -> Self {
        fn by_name<'a>(list: impl Iterator<Item = &'a Tree<'a>>) -> HashMap<String, Vec<&'a str>> {
            let mut all: HashMap<String, Vec<&str>> = HashMap::new();
            for asked in list {
                let same = all.entry(normalized(asked.text_of("name"))).or_default();
                if same.len() < MAX_ASKED && !same.contains(&versions(asked)) {
                    same.push(versions(asked));
                }
            }
            all
        }
        let metadata = package.get("metadata");
        let own = metadata.map_or(&[][..], |metadata| metadata.items_of("requires-dist"));
        let groups = metadata.map_or(&[][..], |metadata| metadata.entries_of("requires-dev"));
        Self { runtime: by_name(own.iter()), groups: by_name(groups.iter().flat_map(|group| group.value.items())) }
    }

    /// All that is asked for of a name; one that is empty where it is not told.
    fn asked(&self, name: &str, scope: Scope) -> &[&'a str] {
        let list = if scope == Scope::Dev { &self.groups } else { &self.runtime };
        list.get(name).map_or(&[""], Vec::as_slice)
    }
}

/// Which versions a requirement of uv asks for: any where it says none, and nobody knows of what is not of a registry.
fn versions<'a>(asked: &'a Tree) -> &'a str {
    let is_elsewhere = SOURCES.iter().any(|(key, _)| asked.get(key).is_some());
    match asked.text_of("specifier") {
        _ if is_elsewhere => "",
        "" => "*",
        specifier => specifier,
    }
}

/// Whether a package is the one that a dependency means, which tells as much as it takes to know.
fn is_meant(asked: &Tree, package: &Tree) -> bool {
    let version = asked.text_of("version");
    let of = |tree: &Tree, key: &str| tree.at(&["source", key]).and_then(Tree::text).map(str::to_owned);
    let same = |key: &&str| of(asked, key).is_none_or(|told| Some(told) == of(package, key));
    (version.is_empty() || version == package.text_of("version")) && SOURCES.iter().map(|(key, _)| key).all(same)
}
