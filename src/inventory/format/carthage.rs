//! Reads `Cartfile.resolved` of Carthage (<https://github.com/Carthage/Carthage/blob/master/Documentation/Artifacts.md>).
//! What it names by the address of a repository is a Swift package.

use std::collections::HashMap;

use super::swift::repository;
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format = Format {
    id: "cartfile-resolved",
    about: "Cartfile.resolved of Carthage",
    role: Role::Lock("carthage"),
    wants: |path| name_of(path) == "Cartfile.resolved",
    read,
};

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let asked = asked(source);
    for (number, line) in (1u32..).zip(source.text.lines()) {
        if is_empty(line) {
            continue;
        }
        let Some((kind, origin, version)) = entry(line).filter(|(.., version)| !version.is_empty()) else {
            reading.broken(number, "it is no `github`, `git` or `binary` with a name and a version");
            continue;
        };
        let (ecosystem, package) = match kind {
            "binary" => (Ecosystem::Generic, PackageSource::Elsewhere),
            _ => (Ecosystem::Swift, PackageSource::Public),
        };
        let found = asked.get(&(kind, name(kind, origin).to_lowercase()));
        let draft = Draft { source: package, ..Draft::new(ecosystem, &name(kind, origin), version, number) };
        let direct = (!asked.is_empty()).then_some(found.is_some());
        if let Some(node) = reading.add(Draft { direct, ..draft })
            && let Some((scope, place)) = found
        {
            reading.root(node, *scope, Some(place.clone()));
        }
    }
    Ok(())
}

fn is_empty(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

/// The kind, the origin and the version or requirement of a line.
fn entry(line: &str) -> Option<(&'static str, &str, &str)> {
    let (word, rest) = line.trim().split_once(char::is_whitespace)?;
    let kind = ["github", "git", "binary"].into_iter().find(|kind| *kind == word)?;
    let mut texts = rest.split('"').skip(1).step_by(2);
    Some((kind, texts.next()?, texts.next().unwrap_or_default()))
}

fn name(kind: &str, origin: &str) -> String {
    let is_bare = kind == "github" && !origin.contains("://");
    if is_bare { format!("github.com/{origin}") } else { repository(origin) }
}

/// What the manifests ask for, and where.
fn asked(source: &Source) -> HashMap<(&'static str, String), (Scope, Location)> {
    let mut asked = HashMap::new();
    for (file, scope) in [("Cartfile", Scope::Runtime), ("Cartfile.private", Scope::Dev)] {
        let Some(manifest) = source.neighbour(file) else { continue };
        for (number, line) in (1u32..).zip(manifest.text.lines()).filter(|(_, line)| !is_empty(line)) {
            if let Some((kind, origin, _)) = entry(line) {
                let place = (scope, manifest.location(number));
                asked.entry((kind, name(kind, origin).to_lowercase())).or_insert(place);
            }
        }
    }
    asked
}
