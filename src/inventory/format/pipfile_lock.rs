//! Reads `Pipfile.lock`, version 6 (<https://pipenv.pypa.io/en/latest/pipfile.html>,
//! <https://github.com/pypa/pipfile>).

use std::collections::HashMap;

use super::pipfile::{self, Asked};
use super::python::{hash, normalized, pin, source_of};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::tree::{self, Entry, Tree, json};

pub(super) const FORMAT: Format = Format {
    id: "pipfile-lock",
    about: "Pipfile.lock, version 6",
    role: Role::Lock("python"),
    wants: |path| name_of(path) == "Pipfile.lock",
    read,
};

/// The newest version that is known here.
const NEWEST: u32 = 6;

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (lock, problems) = json::parse(&source.text);
    let meta = lock.get("_meta");
    if meta.is_none() && lock.get("default").or(lock.get("develop")).is_none() {
        let hint = "let Pipenv write it anew with `pipenv lock`";
        return Err(Unreadable::of(&problems, "it has neither packages nor `_meta`").hint(hint));
    }
    tree::tell(reading, &problems);
    let version = lock.at(&["_meta", "pipfile-spec"]);
    if let Some(version) =
        version.filter(|told| told.text().and_then(|v| v.parse().ok()).is_some_and(|v: u32| v > NEWEST))
    {
        let told = version.text().unwrap_or_default();
        reading.newer(version.line, told, NEWEST);
    }
    let sources = meta.map_or(&[][..], |meta| meta.items_of("sources"));
    let registries: HashMap<&str, &str> = sources.iter().map(|s| (s.text_of("name"), s.text_of("url"))).collect();
    let asks = pipfile::beside(source);
    let asks: Option<HashMap<(String, String), Asked>> = asks
        .map(|asks| asks.into_iter().map(|asked| ((asked.category.clone(), normalized(&asked.name)), asked)).collect());
    for category in lock.entries().iter().filter(|entry| entry.key != "_meta") {
        let scope = scope_of(&category.key);
        for entry in category.value.entries() {
            let key = (lists(&category.key).to_owned(), normalized(&entry.key));
            let asked = asks.as_ref().map(|asks| asks.get(&key));
            let node = reading.add(draft(entry, scope, &registries, asked.map(|asked| asked.is_some())));
            if let (Some(node), Some(asked)) = (node, asked.flatten()) {
                reading.root_as(node, scope, Some(asked.location.clone()), asked.versions());
            }
        }
    }
    Ok(())
}

/// What the packages of a category of the lock are needed for.
pub(super) fn scope_of(category: &str) -> Scope {
    match category {
        "default" | "packages" => Scope::Runtime,
        _ => Scope::Dev,
    }
}

/// The category of the manifest that a category of the lock is of.
fn lists(category: &str) -> &str {
    match category {
        "default" => "packages",
        "develop" => "dev-packages",
        category => category,
    }
}

fn draft(entry: &Entry, scope: Scope, registries: &HashMap<&str, &str>, direct: Option<bool>) -> Draft {
    let package = &entry.value;
    let versions = package.text().unwrap_or_else(|| package.text_of("version"));
    let version = pin(versions).unwrap_or_default();
    let place = ["git", "hg", "svn", "bzr", "file", "path", "uri"].into_iter().find(|key| package.get(key).is_some());
    let source = match place {
        Some("path") => PackageSource::Local,
        Some("file" | "uri") => source_of(place.map(|key| package.text_of(key)).unwrap_or_default()),
        Some(_) => PackageSource::Elsewhere,
        None => source_of(registries.get(package.text_of("index")).copied().unwrap_or_default()),
    };
    let asked = place.map_or(versions, |key| package.text_of(key));
    Draft {
        source,
        requirement: if version.is_empty() { asked.to_owned() } else { String::new() },
        scope: Some(scope),
        direct,
        hashes: package.items_of("hashes").iter().filter_map(Tree::text).filter_map(hash).collect(),
        ..Draft::new(Ecosystem::PyPi, &entry.key, version, entry.line)
    }
}
