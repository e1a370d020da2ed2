//! Reads `composer.lock` of Composer (<https://getcomposer.org/doc/01-basic-usage.md>, and its own `Package/Locker.php`).

use std::collections::HashMap;

use super::composer_json;
use super::tree::{Document, Value};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};

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
    let document = Document::read(reading)?;
    let root = document.root();
    if LISTS.iter().all(|(key, _)| root.get(key).is_none()) {
        return Err(
            Unreadable::new("it lists no packages").hint("let Composer write it anew with `composer update --lock`")
        );
    }
    let packages: Vec<(Value, Scope)> = LISTS
        .iter()
        .flat_map(|(key, scope)| root.get(key).into_iter().flat_map(Value::items).map(|item| (item, *scope)))
        .collect();
    // Packages of a registry say where to tell it of their installation; those of a repository do not.
    let tells = packages.iter().any(|(package, _)| package.get("notification-url").is_some());
    let mut nodes: HashMap<String, Node> = HashMap::new();
    let mut instead: HashMap<String, Node> = HashMap::new();
    let mut needs = Vec::new();
    for (package, scope) in packages {
        let (Some(at), Some(version)) = (package.get("name"), package.text_at("version")) else {
            reading.broken(document.line(source, package), "a package without a name and a version is left out");
            continue;
        };
        let name = at.text().unwrap_or_default();
        let draft = Draft {
            source: origin(package, tells),
            scope: Some(scope),
            licenses: licenses(package),
            hashes: hashes(package),
            ..Draft::new(Ecosystem::Packagist, &name, &version, document.line(source, at))
        };
        let Some(node) = reading.add(draft) else { continue };
        nodes.insert(name.to_lowercase(), node);
        for key in ["replace", "provide"] {
            let others = package.get(key).into_iter().flat_map(Value::members);
            instead.extend(others.map(|member| (member.key.to_lowercase(), node)));
        }
        let wanted = package.get("require").into_iter().flat_map(Value::members);
        needs.extend(wanted.map(|member| (node, member.key.to_lowercase())));
    }
    for (node, name) in needs {
        if let Some(other) = nodes.get(&name).or_else(|| instead.get(&name)) {
            reading.needs(node, *other);
        }
    }
    let Some(manifest) = source.neighbour("composer.json") else { return Ok(()) };
    for ask in composer_json::asks(&manifest) {
        if let Some(node) = nodes.get(&ask.name.to_lowercase()) {
            reading.root(*node, ask.scope, Some(manifest.location(ask.line)));
        }
    }
    Ok(())
}

/// Where a package comes from.
fn origin(package: Value, tells: bool) -> PackageSource {
    let dist = package.get("dist");
    if dist.and_then(|dist| dist.text_at("type")).as_deref() == Some("path") {
        return PackageSource::Local;
    }
    match package.text_at("notification-url") {
        Some(url) => {
            let host = url.split_once("://").map_or("", |(_, rest)| rest).split('/').next().unwrap_or_default();
            if PUBLIC.contains(&host) { PackageSource::Public } else { PackageSource::Elsewhere }
        }
        None if tells => PackageSource::Elsewhere,
        None => PackageSource::Public,
    }
}

/// The licenses, as a list or a text.
fn licenses(package: Value) -> Vec<String> {
    let Some(license) = package.get("license") else { return Vec::new() };
    let one = license.text().map(|text| text.into_owned());
    let many = license.items().into_iter().filter_map(|item| item.text().map(|text| text.into_owned()));
    one.into_iter().chain(many).filter(|text| !text.is_empty()).collect()
}

/// The checksum of the archive, which few registries have.
fn hashes(package: Value) -> Vec<String> {
    let sum = package.get("dist").and_then(|dist| dist.text_at("shasum"));
    sum.filter(|sum| sum.len() == 40).map(|sum| format!("sha1:{sum}")).into_iter().collect()
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
                "acme/local 1.0.0 @26 local dev direct composer.json:6",
                "monolog/monolog 3.4.0 @11 indirect composer.json:4 -> psr/log",
                "psr/log v3.0.0 @21 indirect composer.json:4",
            ]
        );
        let read = read(&files).unwrap();
        assert_eq!(read.packages[2].licenses, ["MIT"]);
        assert_eq!(read.packages[2].hashes, ["sha1:0123456789abcdef0123456789abcdef01234567"]);
    }

    #[test]
    fn damage_is_told() {
        let cut = &LOCK[..LOCK.find("v3.0.0").unwrap()];
        assert_eq!(said(&[("composer.lock", cut)]).len(), 2);
        assert_eq!(gaps(&[("composer.lock", cut)]).len(), 1);
        assert_eq!(gaps(&[("composer.lock", "{}")]), ["line None: it lists no packages"]);
    }
}
