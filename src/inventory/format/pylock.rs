//! Reads `pylock.toml` and `pylock.<name>.toml`, version 1.0
//! (<https://packaging.python.org/en/latest/specifications/pylock-toml/>).

use std::collections::HashMap;

use super::python::manifest::Manifest;
use super::python::{MAX_SAME, hash, normalized, source_of};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Tree, toml};

pub(super) const FORMAT: Format = Format {
    id: "pylock",
    about: "pylock.toml, version 1.0",
    role: Role::Lock("python"),
    wants: |path| {
        let name = name_of(path);
        name.starts_with("pylock.") && name.ends_with(".toml")
    },
    read,
};

/// The newest version that is known here.
const NEWEST: f32 = 1.0;

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (lock, problems) = toml::parse(source);
    let packages = lock.items_of("packages");
    if packages.is_empty() && lock.get("lock-version").is_none() {
        return Err(Unreadable::of(&problems, "it has neither packages nor a version"));
    }
    tree::tell(reading, &problems);
    let version = lock.text_of("lock-version");
    if version.parse().is_ok_and(|version: f32| version > NEWEST) {
        let line = lock.entry("lock-version").map_or(1, |entry| entry.line);
        reading.newer(line, version, format_args!("{NEWEST:.1}"));
    }
    let manifest = Manifest::beside(source, "").unwrap_or_default();
    let mut known: Vec<(Node, &Tree)> = Vec::new();
    let mut by_name: HashMap<String, Vec<(Node, &Tree)>> = HashMap::new();
    for package in packages {
        let Some(name) = package.entry("name") else {
            reading.broken(package.line, "this package has no name");
            continue;
        };
        let Some(node) = reading.add(draft(package, name.line)) else { continue };
        known.push((node, package));
        let same = by_name.entry(normalized(package.text_of("name"))).or_default();
        if same.len() < MAX_SAME {
            same.push((node, package));
        }
    }
    for (from, package) in &known {
        for asked in package.items_of("dependencies") {
            let version = asked.text_of("version");
            let all = by_name.get(&normalized(asked.text_of("name"))).into_iter().flatten();
            for (to, _) in all.filter(|(_, to)| version.is_empty() || version == to.text_of("version")) {
                reading.needs(*from, *to);
            }
        }
    }
    for asked in manifest.asks.iter().filter(|asked| asked.scope != Scope::Build) {
        for (node, _) in by_name.get(&normalized(&asked.name)).into_iter().flatten() {
            reading.root_as(*node, asked.scope, Some(asked.location.clone()), asked.versions());
        }
    }
    Ok(())
}

fn draft(package: &Tree, line: u32) -> Draft {
    let places = [package.get("sdist"), package.get("archive")].into_iter().flatten();
    let files = places.chain(package.items_of("wheels"));
    let sums = files.flat_map(|file| file.entries_of("hashes"));
    Draft {
        source: origin(package),
        scope: scope(package.text_of("marker")),
        hashes: sums.filter_map(|sum| hash(&format!("{}:{}", sum.key, sum.value.text()?))).collect(),
        ..Draft::new(Ecosystem::PyPi, package.text_of("name"), package.text_of("version"), line)
    }
}

/// Where a package comes from.
fn origin(package: &Tree) -> PackageSource {
    if package.get("directory").is_some() {
        return PackageSource::Local;
    }
    if package.get("vcs").is_some() {
        return PackageSource::Elsewhere;
    }
    match package.get("archive") {
        Some(archive) if archive.text_of("url").is_empty() => PackageSource::Local,
        Some(archive) => source_of(archive.text_of("url")),
        None => source_of(package.text_of("index")),
    }
}

/// What a package is needed for, where its marker tells: groups and extras are asked for on their own.
fn scope(marker: &str) -> Option<Scope> {
    match (marker.contains("dependency_groups"), marker.contains("extras")) {
        (_, true) => Some(Scope::Optional),
        (true, false) => Some(Scope::Dev),
        (false, false) => None,
    }
}
