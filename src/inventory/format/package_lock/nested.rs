//! Reads version 1 of `package-lock.json`: packages in packages, as they are installed.

use std::collections::HashMap;

use super::super::javascript::{Manifest, integrity, is_address, requirement, source_of, split_at_range};
use super::{licenses_of, scope_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::PackageSource;
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{Entry, Tree};

/// What is installed in one folder, by name.
type Folder<'a> = HashMap<&'a str, Node>;

pub(super) fn read(reading: &mut Reading, lock: &Tree) {
    let mut around = Vec::new();
    let installed = install(reading, lock, &mut around);
    let manifest = Manifest::beside(reading.source, "").unwrap_or_default();
    for asked in &manifest.asks {
        if let Some(node) = installed.get(asked.name.as_str()) {
            reading.root_as(*node, asked.scope, Some(asked.location.clone()), requirement(Some(&asked.range)));
        }
    }
}

/// Adds what is installed in a package or the project, and in that, and says who needs whom. A package finds what it
/// needs inside of itself or around it.
fn install<'a>(reading: &mut Reading, of: &'a Tree<'a>, around: &mut Vec<Folder<'a>>) -> Folder<'a> {
    let entries = of.entries_of("dependencies");
    let added = |reading: &mut Reading, entry: &'a Entry<'a>| Some((entry.key.as_ref(), reading.add(draft(entry))?));
    let here: Folder = entries.iter().filter_map(|entry| added(reading, entry)).collect();
    around.push(here);
    for entry in entries {
        let inside = install(reading, &entry.value, around);
        let Some(from) = around.last().and_then(|here| here.get(entry.key.as_ref())).copied() else { continue };
        for required in entry.value.entries_of("requires") {
            let name = required.key.as_ref();
            let found = inside.get(name).or_else(|| around.iter().rev().find_map(|folder| folder.get(name)));
            if let Some(to) = found {
                reading.needs_as(from, *to, requirement(required.value.text()));
            }
        }
    }
    around.pop().unwrap_or_default()
}

fn draft(entry: &Entry) -> Draft {
    let package = &entry.value;
    let told = package.text_of("version");
    // An alias tells what it is: `npm:name@version`.
    let (name, version) = match told.strip_prefix("npm:") {
        Some(real) => split_at_range(real),
        None => (entry.key.as_ref(), told),
    };
    // The first releases wrote the address of the archive there, which ends with the version.
    let version = match source_of(version) {
        PackageSource::Public if is_address(version) => in_archive(version, name).unwrap_or(version),
        _ => version,
    };
    let is_pinned = !is_address(version);
    Draft {
        source: if is_pinned { source_of(package.text_of("resolved")) } else { source_of(version) },
        requirement: if is_pinned { String::new() } else { version.to_owned() },
        scope: Some(scope_of(package)),
        licenses: licenses_of(package),
        hashes: integrity(package.text_of("integrity")),
        ..Draft::new(Ecosystem::Npm, name, if is_pinned { version } else { "" }, entry.line)
    }
}

/// The version in the address of an archive of the registry, `…/-/name-version.tgz`.
fn in_archive<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    let (_, file) = address.rsplit_once("/-/")?;
    let bare = name.rsplit('/').next().unwrap_or_default();
    file.strip_prefix(bare)?.strip_prefix('-')?.strip_suffix(".tgz")
}
