//! Reads `vcpkg.json` (<https://learn.microsoft.com/en-us/vcpkg/reference/vcpkg-json>). Only what is overridden has a
//! version; everything else is at that of the baseline, which is a commit of the registry, or newer.

use std::collections::{HashMap, HashSet};

use super::document::{self, Tree};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format = Format {
    id: "vcpkg",
    about: "vcpkg.json",
    role: Role::Manifest("vcpkg"),
    wants: |path| name_of(path) == "vcpkg.json",
    read,
};

/// The keys that a version may stand under.
const VERSIONS: [&str; 4] = ["version", "version-string", "version-semver", "version-date"];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let manifest = document::read_json(reading);
    if !manifest.is_map() {
        return Err(Unreadable::new("it is no object"));
    }
    let overrides: HashMap<&str, String> =
        manifest.get("overrides").items().iter().map(|item| (item.get("name").text(), version(item))).collect();
    let mut asked: HashSet<&str> = HashSet::new();
    let lists =
        manifest.get("features").items().iter().chain(manifest.get("features").members().iter().map(|m| &m.value));
    let lists = lists.map(|feature| (feature, Scope::Optional));
    for (holder, scope) in std::iter::once((&manifest, Scope::Runtime)).chain(lists) {
        for item in holder.get("dependencies").items() {
            let named = if item.is_map() { item.get("name") } else { item };
            let least = item.get("version>=").text();
            let exact = overrides.get(named.text()).map(String::as_str).unwrap_or_default();
            let is_asked = !asked.insert(named.text());
            // A feature asks again for what the project itself has asked for, and a project for itself.
            if is_asked && scope == Scope::Optional || named.text() == manifest.get("name").text() {
                continue;
            }
            let is_host = item.get("host").text() == "true" && scope == Scope::Runtime;
            let requirement = if least.is_empty() || !exact.is_empty() { String::new() } else { format!(">={least}") };
            reading.add(Draft {
                requirement,
                scope: Some(if is_host { Scope::Build } else { scope }),
                direct: Some(true),
                ..Draft::new(Ecosystem::Vcpkg, named.text(), exact, named.line)
            });
        }
    }
    for item in manifest.get("overrides").items() {
        let name = item.get("name");
        if !asked.contains(name.text()) {
            let draft = Draft::new(Ecosystem::Vcpkg, name.text(), &version(item), name.line);
            reading.add(Draft { direct: Some(false), ..draft });
        }
    }
    Ok(())
}

/// The version of an override, with that of the port behind it as in `1.2.3#1`.
fn version(item: &Tree) -> String {
    let version =
        VERSIONS.iter().map(|key| item.get(key).text()).find(|version| !version.is_empty()).unwrap_or_default();
    match item.get("port-version").text() {
        "" | "0" => version.to_owned(),
        port => format!("{version}#{port}"),
    }
}
