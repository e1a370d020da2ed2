//! Reads what Dart and Flutter say of packages: `pubspec.lock` and, without one, `pubspec.yaml`
//! (<https://dart.dev/tools/pub/pubspec>; the lock as pub's own `lock_file.dart` writes it).

use std::collections::HashMap;

use super::document::{self, Tree};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;

pub(super) const LOCK: Format = Format {
    id: "pubspec-lock",
    about: "pubspec.lock of Dart",
    role: Role::Lock("pub"),
    wants: |path| name_of(path) == "pubspec.lock",
    read: read_lock,
};

pub(super) const MANIFEST: Format = Format {
    id: "pubspec",
    about: "pubspec.yaml of Dart",
    role: Role::Manifest("pub"),
    wants: |path| name_of(path) == "pubspec.yaml",
    read: read_manifest,
};

/// Where pub.dev was, and is.
const PUBLIC: [&str; 2] = ["pub.dev", "pub.dartlang.org"];

/// The lists of a manifest, and what they are for. What overrides counts for nothing of its own.
const LISTS: [(&str, Scope); 3] =
    [("dependencies", Scope::Runtime), ("dev_dependencies", Scope::Dev), ("dependency_overrides", Scope::Runtime)];

/// No more members of a workspace are looked at.
const MAX_MEMBERS: usize = 1000;

fn read_lock(reading: &mut Reading) -> Result<(), Unreadable> {
    let documents = document::read_yaml(reading);
    let Some(lock) = documents.first().filter(|lock| lock.is_map()) else {
        return Err(Unreadable::new("it is no map").hint("let pub write it anew with `dart pub get`"));
    };
    let packages = lock.get("packages");
    if packages.is_null() && lock.get("sdks").is_null() {
        return Err(Unreadable::new("it has no `packages`").hint("let pub write it anew with `dart pub get`"));
    }
    let manifests = manifests(reading.source);
    for member in packages.members() {
        let package = &member.value;
        let (kind, description) = (package.get("dependency").text(), package.get("description"));
        if !package.is_map() {
            reading.broken(member.line, &format!("`{}` says nothing of itself", member.key));
            continue;
        }
        let is_direct = kind.starts_with("direct");
        let sum = description.get("sha256").text();
        let draft = Draft {
            source: match package.get("source").text() {
                "hosted" => hosted(description.get("url").text()),
                "path" => PackageSource::Local,
                "" => PackageSource::Public,
                _ => PackageSource::Elsewhere,
            },
            direct: (!kind.is_empty()).then_some(is_direct),
            hashes: (!sum.is_empty()).then(|| format!("sha256:{}", sum.to_ascii_lowercase())).into_iter().collect(),
            ..Draft::new(Ecosystem::Pub, &member.key, package.get("version").text(), member.line)
        };
        let Some(node) = reading.add(draft) else { continue };
        if is_direct {
            let scope = if kind == "direct dev" { Scope::Dev } else { Scope::Runtime };
            // Every member of a workspace may ask.
            let mut asked = manifests.iter().filter_map(|manifest| manifest.asks(&member.key)).peekable();
            if asked.peek().is_none() {
                reading.root(node, scope, None);
            }
            let place = asked.peek().map(|(place, _)| place.clone());
            asked.for_each(|(_, versions)| reading.root_as(node, scope, place.clone(), versions));
        }
    }
    Ok(())
}

/// Whether a package of a server is one of pub.dev; the server may be left out.
fn hosted(url: &str) -> PackageSource {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default();
    if host.is_empty() || PUBLIC.contains(&host) { PackageSource::Public } else { PackageSource::Elsewhere }
}

/// The lines of a manifest that ask for packages, and the versions that they ask for.
struct Asked {
    lines: HashMap<String, (Location, String)>,
}

impl Asked {
    fn asks(&self, name: &str) -> Option<(Location, &str)> {
        self.lines.get(name).map(|(place, versions)| (place.clone(), versions.as_str()))
    }
}

/// The manifest beside the lock, and those of the members of its workspace.
fn manifests(source: &Source) -> Vec<Asked> {
    let Some(own) = source.neighbour("pubspec.yaml") else { return Vec::new() };
    let asked = |manifest: &Source| {
        let (documents, _) = document::yaml(&manifest.text);
        let (mut lines, mut members) = (HashMap::new(), Vec::new());
        if let Some(document) = documents.first() {
            for (list, _) in LISTS {
                for member in document.get(list).members() {
                    let place = || (manifest.location(member.line), versions(&member.value).to_owned());
                    lines.entry(member.key.to_string()).or_insert_with(place);
                }
            }
            members.extend(document.get("workspace").items().iter().map(|item| item.text().to_owned()));
        }
        (Asked { lines }, members)
    };
    let (first, members) = asked(&own);
    let others = members.iter().take(MAX_MEMBERS);
    let others = others.filter_map(|member| source.neighbour(&format!("{member}/pubspec.yaml")));
    std::iter::once(first).chain(others.map(|manifest| asked(&manifest).0)).collect()
}

fn read_manifest(reading: &mut Reading) -> Result<(), Unreadable> {
    let documents = document::read_yaml(reading);
    let Some(manifest) = documents.first() else { return Ok(()) };
    for (list, scope) in LISTS.into_iter().take(2) {
        for member in manifest.get(list).members() {
            let draft = Draft { scope: Some(scope), ..asked(&member.key, member.line, &member.value) };
            if let Some(node) = reading.add(draft) {
                reading.root_as(node, scope, None, versions(&member.value));
            }
        }
    }
    Ok(())
}

/// Which versions a manifest asks for; nobody knows of what is not of a server.
fn versions<'t>(asked: &'t Tree) -> &'t str {
    let is_elsewhere = ["path", "git", "sdk"].iter().any(|key| !asked.get(key).is_null());
    match if asked.is_map() { asked.get("version").text() } else { asked.text() } {
        _ if is_elsewhere => "",
        "" => "any",
        versions => versions,
    }
}

/// What a manifest asks for: a requirement, or a map that says where from.
fn asked(name: &str, line: u32, value: &Tree) -> Draft {
    let requirement = if value.is_map() { value.get("version").text() } else { value.text() };
    // A bare version is that one and no other.
    let is_exact = requirement.starts_with(|c: char| c.is_ascii_digit()) && !requirement.contains(' ');
    let (version, requirement) = if is_exact { (requirement, "") } else { ("", requirement) };
    let has = |key: &str| value.members().iter().any(|member| member.key == key);
    let source = match () {
        () if has("path") => PackageSource::Local,
        () if has("git") || has("sdk") => PackageSource::Elsewhere,
        () if value.get("hosted").is_map() => hosted(value.at(&["hosted", "url"]).text()),
        () => hosted(value.get("hosted").text()),
    };
    Draft { source, requirement: requirement.to_owned(), ..Draft::new(Ecosystem::Pub, name, version, line) }
}
