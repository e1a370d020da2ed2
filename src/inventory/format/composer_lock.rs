//! Reads `composer.lock` of Composer (<https://getcomposer.org/doc/01-basic-usage.md>, and its own `Package/Locker.php`).

use std::collections::HashMap;

use super::composer_json;
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Tree};

pub(super) const FORMAT: Format = Format {
    id: "composer-lock",
    about: "composer.lock",
    role: Role::Lock("composer"),
    wants: |path| name_of(path) == "composer.lock",
    read,
};

/// The two lists of packages.
const LISTS: [(&str, Scope); 2] = [("packages", Scope::Runtime), ("packages-dev", Scope::Dev)];

/// Registries whose packages have public advisories under Packagist's name.
const PUBLIC: [&str; 3] = ["packagist.org", "repo.packagist.org", "packages.drupal.org"];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (root, problems) = tree::json::parse(&source.text);
    tree::tell(reading, &problems);
    if LISTS.iter().all(|(key, _)| root.get(key).is_none()) {
        return Err(
            Unreadable::new("it lists no packages").hint("let Composer write it anew with `composer update --lock`")
        );
    }
    let packages = LISTS.iter().flat_map(|(key, scope)| root.items_of(key).iter().map(|item| (item, *scope)));
    // Packages of a registry say where to tell it of their installation; those of a repository do not.
    let tells = packages.clone().any(|(package, _)| package.get("notification-url").is_some());
    let mut nodes: HashMap<String, Node> = HashMap::new();
    let mut instead: HashMap<String, Node> = HashMap::new();
    let mut needs = Vec::new();
    for (package, scope) in packages {
        let (name, version) = (package.text_of("name"), package.text_of("version"));
        let line = package.entry("name").map_or(package.line, |entry| entry.line);
        if name.is_empty() || version.is_empty() {
            reading.broken(line, "a package without a name and a version is left out");
            continue;
        }
        let draft = Draft {
            source: origin(package, tells),
            scope: Some(scope),
            licenses: licenses(package),
            hashes: hashes(package),
            deprecated: abandoned(package),
            ..Draft::new(Ecosystem::Packagist, name, version, line)
        };
        let Some(node) = reading.add(draft) else { continue };
        nodes.insert(name.to_lowercase(), node);
        for key in ["replace", "provide"] {
            instead.extend(package.entries_of(key).iter().map(|entry| (entry.key.to_lowercase(), node)));
        }
        let required = package.entries_of("require").iter();
        needs.extend(required.map(|entry| (node, entry.key.to_lowercase(), entry.value.text().unwrap_or_default())));
    }
    for (node, name, versions) in needs {
        match (nodes.get(&name), instead.get(&name)) {
            (Some(other), _) => reading.needs_as(node, *other, versions),
            // The versions are those of what it stands for.
            (None, Some(other)) => reading.needs(node, *other),
            (None, None) => {}
        }
    }
    let Some(manifest) = source.neighbour("composer.json") else { return Ok(()) };
    for ask in composer_json::asks(&manifest) {
        if let Some(node) = nodes.get(&ask.name.to_lowercase()) {
            reading.root_as(*node, ask.scope, Some(manifest.location(ask.line)), &ask.requirement);
        }
    }
    Ok(())
}

/// Where a package comes from.
fn origin(package: &Tree, tells: bool) -> PackageSource {
    if package.at(&["dist", "type"]).and_then(Tree::text) == Some("path") {
        return PackageSource::Local;
    }
    match package.text_of("notification-url") {
        "" if tells => PackageSource::Elsewhere,
        "" => PackageSource::Public,
        url => {
            let host = url.split_once("://").map_or("", |(_, rest)| rest).split('/').next().unwrap_or_default();
            if PUBLIC.contains(&host) { PackageSource::Public } else { PackageSource::Elsewhere }
        }
    }
}

/// The licenses, as a list or a text.
fn licenses(package: &Tree) -> Vec<String> {
    let Some(license) = package.get("license") else { return Vec::new() };
    let all = std::iter::once(license).chain(license.items()).filter_map(Tree::text);
    all.filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// What Packagist says of a package that was abandoned: what to use instead, or only that it was.
fn abandoned(package: &Tree) -> Option<String> {
    match package.text_of("abandoned") {
        "" | "false" => None,
        "true" => Some(String::new()),
        other => Some(format!("use {other} instead")),
    }
}

/// The checksum of the archive, which few registries have.
fn hashes(package: &Tree) -> Vec<String> {
    let sum = package.at(&["dist", "shasum"]).and_then(Tree::text).filter(|sum| sum.len() == 40);
    sum.map(|sum| format!("sha1:{sum}")).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, read, said};

    const LOCK: &str = r#"{
    "content-hash": "x",
    "packages": [
        {
            "name": "acme\/app-kit",
            "version": "dev-main",
            "source": {"type": "git", "url": "https://git.example.org/kit.git", "reference": "abc"},
            "require": {"php": ">=8", "psr/log": "^3", "psr/log-implementation": "*"}
        },
        {
            "name": "monolog/monolog",
            "version": "3.4.0",
            "require": {"ext-json": "*", "PSR/Log": "^2 || ^3"},
            "provide": {"psr/log-implementation": "3.0.0"},
            "dist": {"type": "zip", "shasum": "0123456789abcdef0123456789abcdef01234567"},
            "notification-url": "https://packagist.org/downloads/",
            "license": ["MIT"]
        },
        {
            "version": "v3.0.0",
            "name": "psr/log",
            "abandoned": "acme\/log",
            "notification-url": "https://packagist.org/downloads/"
        }
    ],
    "packages-dev": [
        {"name": "acme/local", "version": "1.0.0", "dist": {"type": "path", "url": "../local"}}
    ]
}"#;

    #[test]
    fn packages_and_edges() {
        let manifest = "{\n  \"require\": {\n    \"php\": \"^8\",\n    \"acme/app-kit\": \"dev-main\"\n  },\n  \"require-dev\": {\"acme/local\": \"*\"}\n}";
        let files = [("composer.lock", LOCK), ("composer.json", manifest)];
        assert_eq!(
            said(&files),
            [
                "acme/app-kit dev-main @5 elsewhere direct composer.json:4 -> monolog/monolog,psr/log",
                "acme/local 1.0.0 @27 local dev direct composer.json:6",
                "monolog/monolog 3.4.0 @11 indirect composer.json:4 -> psr/log",
                "psr/log v3.0.0 @21 indirect composer.json:4",
            ]
        );
        let read = read(&files).unwrap();
        assert_eq!(read.packages[2].licenses, ["MIT"]);
        let abandoned: Vec<Option<&str>> = read.packages.iter().map(|package| package.deprecated.as_deref()).collect();
        assert_eq!(abandoned, [None, None, None, Some("use acme/log instead")]);
        assert_eq!(read.packages[2].hashes, ["sha1:0123456789abcdef0123456789abcdef01234567"]);
    }

    #[test]
    fn damage_is_told() {
        let cut = &LOCK[..LOCK.find("v3.0.0").unwrap()];
        assert_eq!(said(&[("composer.lock", cut)]).len(), 2);
        let told = gaps(&[("composer.lock", cut)]);
        assert!(told[0].contains("line 2"), "{told:?}");
        assert_eq!(told.len(), 2);
        assert_eq!(gaps(&[("composer.lock", "{}")]), ["line None: it lists no packages"]);
    }
}
