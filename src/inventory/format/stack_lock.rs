//! Reads `stack.yaml.lock` of Haskell's Stack (<https://docs.haskellstack.org/en/stable/topics/lock_files/>): what a project
//! uses beside its snapshot.

use std::collections::HashMap;

use super::document::{self, Tree};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::PackageSource;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format = Format {
    id: "stack-lock",
    about: "stack.yaml.lock of Haskell's Stack",
    role: Role::Lock("stack"),
    wants: |path| name_of(path).ends_with(".yaml.lock") && name_of(path).starts_with("stack"),
    read,
};

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let documents = document::read_yaml(reading);
    let Some(lock) = documents.first().filter(|lock| lock.is_map()) else {
        return Err(Unreadable::new("it is no map").hint("delete it: `stack build` writes it anew"));
    };
    let asked = asked(reading.source);
    for package in lock.get("packages").items() {
        let completed = package.get("completed");
        let hackage = completed.get("hackage");
        let draft = if hackage.is_null() { of_archive(completed) } else { of_hackage(hackage) };
        let told = package.get("original");
        let told = if told.get("hackage").is_null() { told } else { told.get("hackage") };
        match draft {
            Some(draft) => {
                let manifest = asked.get(told.text()).cloned();
                reading.add(Draft { manifest, ..draft });
            }
            None => reading.broken(package.line.max(1), "a package without a name and a version is left out"),
        }
    }
    Ok(())
}

/// `name-version@sha256:sum,size`, where the sum is that of the Cabal file.
fn of_hackage(hackage: &Tree) -> Option<Draft> {
    let (package, sum) = hackage.text().split_once('@').unwrap_or((hackage.text(), ""));
    let (name, version) = package.rsplit_once('-')?;
    let sum = sum.strip_prefix("sha256:").and_then(|sum| sum.split(',').next());
    let hashes = sum.map(|sum| format!("sha256:{sum}")).into_iter().collect();
    Some(Draft { hashes, ..Draft::new(Ecosystem::Hackage, name, version, hackage.line) })
}

/// A package of a repository or an archive.
fn of_archive(completed: &Tree) -> Option<Draft> {
    let (name, version) = (completed.get("name"), completed.get("version"));
    let sum = completed.get("sha256").text();
    let draft = Draft::new(Ecosystem::Hackage, name.text(), version.text(), name.line);
    (!name.text().is_empty()).then(|| Draft {
        source: PackageSource::Elsewhere,
        hashes: (!sum.is_empty()).then(|| format!("sha256:{sum}")).into_iter().collect(),
        ..draft
    })
}

/// The items of the lists of the configuration, with their lines.
fn asked(source: &Source) -> HashMap<String, Location> {
    let config = name_of(&source.path).strip_suffix(".lock").and_then(|name| source.neighbour(name));
    let Some(config) = config else { return HashMap::new() };
    let lines = (1u32..).zip(config.text.lines());
    let items = lines.filter_map(|(line, text)| Some((line, text.trim().strip_prefix('-')?.trim())));
    items.map(|(line, item)| (item.trim_matches(['"', '\'']).to_owned(), config.location(line))).collect()
}
