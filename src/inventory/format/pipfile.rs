//! Reads `Pipfile` (<https://pipenv.pypa.io/en/latest/pipfile.html>), on its own where no lockfile is.

use super::pipfile_lock::scope_of;
use super::python::{pin, source_of};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;
use crate::inventory::tree::{self, Tree, toml};

pub(super) const FORMAT: Format = Format {
    id: "pipfile",
    about: "Pipfile",
    role: Role::Manifest("python"),
    wants: |path| name_of(path) == "Pipfile",
    read,
};

/// The tables that are no packages.
const OTHERS: [&str; 5] = ["source", "requires", "pipenv", "scripts", "sources"];

/// A package that a Pipfile asks for.
pub(super) struct Asked {
    /// Its name as it is written.
    pub(super) name: String,
    /// The table that it stands in: `packages`, `dev-packages`, or one of the project's own.
    pub(super) category: String,
    /// The line.
    pub(super) location: Location,
    versions: String,
    place: String,
}

impl Asked {
    /// Which versions it asks for in words that can be kept: `*` for any, and none for what is at an address.
    pub(super) fn versions(&self) -> &str {
        match (self.versions.as_str(), self.place.as_str()) {
            ("", "") => "*",
            (versions, "") => versions,
            _ => "",
        }
    }
}

/// What the one beside a lock asks for; `None` when there is none.
pub(super) fn beside(lock: &Source) -> Option<Vec<Asked>> {
    let source = lock.neighbour("Pipfile")?;
    let (tree, _) = toml::parse(&source);
    Some(asks(&source, &tree))
}

fn asks(source: &Source, tree: &Tree) -> Vec<Asked> {
    let tables = tree.entries().iter().filter(|table| !OTHERS.contains(&table.key.as_ref()));
    let entries = tables.flat_map(|table| table.value.entries().iter().map(move |entry| (table, entry)));
    let places = ["git", "hg", "svn", "file", "path"];
    entries
        .map(|(table, entry)| Asked {
            name: entry.key.to_string(),
            category: table.key.to_string(),
            location: source.location(entry.line),
            versions: entry.value.text().unwrap_or_else(|| entry.value.text_of("version")).to_owned(),
            place: places
                .iter()
                .map(|key| entry.value.text_of(key))
                .find(|place| !place.is_empty())
                .unwrap_or_default()
                .to_owned(),
        })
        .collect()
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (tree, problems) = toml::parse(source);
    tree::tell(reading, &problems);
    for asked in asks(source, &tree) {
        let version = pin(&asked.versions).unwrap_or_default();
        let told = if asked.place.is_empty() { asked.versions.as_str() } else { asked.place.as_str() };
        let line = asked.location.span.map_or(1, |span| span.start_line);
        let scope = scope_of(&asked.category);
        let node = reading.add(Draft {
            source: source_of(&asked.place),
            requirement: if version.is_empty() { told.to_owned() } else { String::new() },
            scope: Some(scope),
            ..Draft::new(Ecosystem::PyPi, &asked.name, version, line)
        });
        if let Some(node) = node {
            reading.root_as(node, scope, Some(asked.location.clone()), asked.versions());
        }
    }
    Ok(())
}
