//! Reads `pyproject.toml` where no lockfile is
//! (<https://packaging.python.org/en/latest/specifications/pyproject-toml/>).

use super::python::manifest::Manifest;
use super::python::{pin, source_of};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::tree;

pub(super) const FORMAT: Format = Format {
    id: "pyproject",
    about: "pyproject.toml",
    role: Role::Manifest("python"),
    wants: |path| name_of(path) == "pyproject.toml",
    read,
};

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let (manifest, problems) = Manifest::of(reading.source);
    tree::tell(reading, &problems);
    for asked in manifest.asks {
        let version = pin(&asked.versions).unwrap_or_default();
        let told = if asked.url.is_empty() { asked.versions.as_str() } else { asked.url.as_str() };
        let line = asked.location.span.map_or(1, |span| span.start_line);
        let node = reading.add(Draft {
            source: source_of(&asked.url),
            requirement: if version.is_empty() { told.to_owned() } else { String::new() },
            scope: Some(asked.scope),
            ..Draft::new(Ecosystem::PyPi, &asked.name, version, line)
        });
        if let Some(node) = node {
            reading.root_as(node, asked.scope, Some(asked.location.clone()), asked.versions());
        }
    }
    Ok(())
}
