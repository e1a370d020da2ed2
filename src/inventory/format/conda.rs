//! Reads the `environment.yml` of conda
//! (<https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html>).

use super::python::{Requirement, normalized};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::tree::{self, Tree, yaml};

pub(super) const FORMAT: Format = Format {
    id: "conda-environment",
    about: "environment.yml of conda",
    role: Role::Alone,
    wants: |path| {
        let name = name_of(path).to_ascii_lowercase();
        let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
        stem.is_some_and(|stem| {
            stem.starts_with("environment") || matches!(stem, "conda" | "conda-env" | "conda_env" | "env")
        })
    },
    read,
};

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (documents, problems) = yaml::parse(&source.text);
    let environment = documents.iter().find(|document| document.get("dependencies").is_some_and(|list| !list.is_map()));
    // Other tools have files of these names, too.
    let Some(environment) = environment else { return Ok(()) };
    tree::tell(reading, &problems);
    for item in environment.items_of("dependencies") {
        if let Some(text) = item.text() {
            match draft(text, item.line) {
                Some(draft) => drop(reading.add(draft)),
                None => reading.broken(item.line, "this line asks for no package"),
            }
        }
        for text in item.items_of("pip").iter().filter(|text| text.text().is_some()) {
            pip(reading, text);
        }
    }
    Ok(())
}

/// A line of the list for pip.
fn pip(reading: &mut Reading, item: &Tree) {
    let text = item.text().unwrap_or_default();
    if let Some(asked) = Requirement::parse(text) {
        reading.add(Draft { direct: Some(true), ..asked.draft(item.line) });
    } else if !text.starts_with('-') && !text.contains("://") {
        reading.broken(item.line, "this line asks for no package");
    }
}

/// What a match specification asks for
/// (<https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html#package-match-specifications>):
/// `channel::name=version=build`, `name>=version`, or `name version build`.
fn draft(text: &str, line: u32) -> Option<Draft> {
    let bare = text.rsplit_once("::").map_or(text, |(_, bare)| bare).split('[').next().unwrap_or_default().trim();
    let end = bare.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(bare.len());
    let (name, asked) = bare.split_at_checked(end)?;
    let asked = asked.trim();
    let words = asked.trim_start_matches('=').split(['=', ' ']);
    // One `=` allows longer versions, too; environments that conda wrote itself have it before the version in use.
    let version = words.into_iter().next().filter(|version| is_version(version, asked)).unwrap_or_default();
    let is_name = name.starts_with(|c: char| c.is_alphanumeric() || c == '_') && !normalized(name).is_empty();
    is_name.then(|| Draft {
        direct: Some(true),
        requirement: if version.is_empty() { asked.to_owned() } else { String::new() },
        ..Draft::new(Ecosystem::Conda, name, version, line)
    })
}

fn is_version(version: &str, asked: &str) -> bool {
    let is_exact = asked.starts_with('=') || asked.starts_with(|c: char| c.is_ascii_digit());
    is_exact && !version.is_empty() && !version.contains(['*', '<', '>', '|', ',', '!', '~'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifications() {
        let of = |text| draft(text, 1).map(|draft| (draft.name, draft.version, draft.requirement));
        let said =
            |name: &str, version: &str, asked: &str| Some((name.to_owned(), version.to_owned(), asked.to_owned()));
        assert_eq!(of("numpy=1.21.0=py39h1"), said("numpy", "1.21.0", ""));
        assert_eq!(of("conda-forge::_libgcc_mutex==0.1"), said("_libgcc_mutex", "0.1", ""));
        assert_eq!(of("python>=3.9,<4"), said("python", "", ">=3.9,<4"));
        assert_eq!(of("python 3.9.1 0"), said("python", "3.9.1", ""));
        assert_eq!(of("python=3.9.*"), said("python", "", "=3.9.*"));
        assert_eq!(of("pip"), said("pip", "", ""));
        assert_eq!(of("- x"), None);
    }
}
