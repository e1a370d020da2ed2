//! Reads `pdm.lock`, lock versions 2 to 4
//! (<https://github.com/pdm-project/pdm/tree/main/src/pdm/formats>, <https://pdm-project.org/en/latest/usage/lockfile/>).

use std::collections::HashMap;

use super::python::manifest::Manifest;
use super::python::{MAX_SAME, Requirement, allowed, hash, normalized, source_of};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Tree, toml};

pub(super) const FORMAT: Format = Format {
    id: "pdm-lock",
    about: "pdm.lock, lock versions 2 to 4",
    role: Role::Lock("python"),
    wants: |path| name_of(path) == "pdm.lock",
    read,
};

/// A package of a name, with its version and its extras.
type Known<'a> = (Node, &'a str, Vec<String>);

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (lock, problems) = toml::parse(source);
    let packages = lock.items_of("package");
    if packages.is_empty() && lock.get("metadata").is_none() {
        let hint = "let PDM write it anew with `pdm lock`";
        return Err(Unreadable::of(&problems, "it has neither packages nor metadata").hint(hint));
    }
    tree::tell(reading, &problems);
    let newest = 4.99;
    let version = lock.at(&["metadata", "lock_version"]);
    if let Some(version) = version.filter(|version| version.text().and_then(major).is_some_and(|major| major > newest))
    {
        let told = version.text().unwrap_or_default();
        reading.newer(version.line, told, 4);
    }
    let manifest = Manifest::beside(source, "").unwrap_or_default();
    let asks = manifest.asks.iter().filter(|asked| asked.scope != Scope::Build);
    let groups: HashMap<&str, Scope> = asks.map(|asked| (asked.group.as_str(), asked.scope)).collect();
    let mut nodes: Vec<Option<Node>> = Vec::new();
    let mut by_name: HashMap<String, Vec<Known>> = HashMap::new();
    for package in packages {
        let Some(name) = package.entry("name") else {
            reading.broken(package.line, "this package has no name");
            nodes.push(None);
            continue;
        };
        let node = reading.add(draft(&lock, package, &groups, name.line));
        nodes.push(node);
        let extras = package.items_of("extras").iter().filter_map(Tree::text).map(normalized).collect();
        let same = by_name.entry(normalized(package.text_of("name"))).or_default();
        if same.len() < MAX_SAME {
            same.extend(node.map(|node| (node, package.text_of("version"), extras)));
        }
    }
    // A package with extras is an entry of its own, which needs the one without.
    let find = |name: &str, extras: &[String], versions: &str| -> Vec<Node> {
        let all = by_name.get(&normalized(name)).map_or(&[][..], Vec::as_slice);
        let has = |known: &[String]| known == extras;
        let is_there = all.iter().any(|(.., known)| has(known));
        let some = all.iter().filter(|(.., known)| !is_there || has(known));
        let some: Vec<(Node, &str)> = some.map(|(node, version, _)| (*node, *version)).collect();
        allowed(&some, versions)
    };
    for (package, from) in packages.iter().zip(&nodes) {
        let Some(from) = from else { continue };
        for asked in package.items_of("dependencies").iter().filter_map(|item| Requirement::parse(item.text()?)) {
            let extras: Vec<String> = asked.extras().map(normalized).collect();
            for to in find(asked.name, &extras, asked.versions).into_iter().filter(|to| to != from) {
                reading.needs_as(*from, to, asked.versions());
            }
        }
    }
    for asked in manifest.asks.iter().filter(|asked| asked.scope != Scope::Build) {
        let extras: Vec<String> = asked.extras.iter().map(|extra| normalized(extra)).collect();
        for node in find(&asked.name, &extras, &asked.versions) {
            reading.root_as(node, asked.scope, Some(asked.location.clone()), asked.versions());
        }
    }
    Ok(())
}

/// The first two numbers of a version.
fn major(version: &str) -> Option<f32> {
    let mut parts = version.splitn(3, '.');
    format!("{}.{}", parts.next()?, parts.next().unwrap_or("0")).parse().ok()
}

fn draft(lock: &Tree, package: &Tree, groups: &HashMap<&str, Scope>, line: u32) -> Draft {
    let (name, version) = (package.text_of("name"), package.text_of("version"));
    // Before lock version 4 the files of all packages stood together at its end.
    let key = format!("{name} {version}");
    let files = [package.get("files"), lock.at(&["metadata", "files", &key])];
    Draft {
        source: origin(package),
        scope: scope(package, groups),
        hashes: files
            .into_iter()
            .flatten()
            .flat_map(Tree::items)
            .filter_map(|file| hash(file.text_of("hash")))
            .collect(),
        ..Draft::new(Ecosystem::PyPi, name, version, line)
    }
}

/// Where a package comes from.
fn origin(package: &Tree) -> PackageSource {
    let has = |key: &str| !package.text_of(key).is_empty();
    match () {
        () if has("path") => PackageSource::Local,
        () if ["git", "hg", "svn", "bzr", "url"].into_iter().any(has) => match package.text_of("url") {
            url if has("url") => source_of(url),
            _ => PackageSource::Elsewhere,
        },
        () => PackageSource::Public,
    }
}

/// What a package is needed for, by its groups, where the lock tells them.
fn scope(package: &Tree, groups: &HashMap<&str, Scope>) -> Option<Scope> {
    let of = |group: &str| match groups.get(group) {
        _ if group == "default" => Scope::Runtime,
        Some(scope) => *scope,
        None => Scope::Dev,
    };
    package.items_of("groups").iter().filter_map(Tree::text).map(of).min()
}
