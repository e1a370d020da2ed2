//! Reads `Manifest.toml` of Julia, formats 1 and 2 (<https://pkgdocs.julialang.org/v1/toml-files/#Manifest.toml>). Most
//! packages of the standard library have no version, being those of the compiler.

use std::collections::HashMap;

use super::tables::{self, Table};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::RepoPath;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};

pub(super) const FORMAT: Format = Format {
    id: "julia-manifest",
    about: "Manifest.toml of Julia, formats 1 and 2",
    role: Role::Lock("julia"),
    wants: is_manifest,
    read,
};

/// The newest format that is known.
const NEWEST: f64 = 2.1;

/// The lists of a project, and what they are for.
const LISTS: [(&str, Scope); 3] = [("deps", Scope::Runtime), ("weakdeps", Scope::Optional), ("extras", Scope::Dev)];

/// `Manifest.toml`, `JuliaManifest.toml`, and those of one version of Julia such as `Manifest-v1.11.toml`.
fn is_manifest(path: &RepoPath) -> bool {
    let name = name_of(path).strip_prefix("Julia").unwrap_or(name_of(path));
    let middle = name.strip_prefix("Manifest").and_then(|rest| rest.strip_suffix(".toml"));
    middle.is_some_and(|middle| middle.is_empty() || middle.starts_with("-v"))
}

/// A package, and what it needs: names, each with the id of the package if there are several of the name.
struct Entry<'t> {
    node: Node,
    id: &'t str,
    needs: Vec<(&'t str, Option<&'t str>)>,
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let document = tables::read(reading);
    let format = tables::text(&document, "manifest_format");
    if format.is_some_and(|format| format.parse::<f64>().is_ok_and(|format| format > NEWEST)) {
        let why = format!("format {} is newer than {NEWEST}; it is read as that one", format.unwrap_or_default());
        reading.broken(tables::line_of(source, &document, "manifest_format"), &why);
    }
    // In format 1 the packages stand beside each other, without anything around them.
    let is_old = format.is_none_or(|format| format.starts_with('1'));
    let list = if is_old { Some(&document) } else { tables::table(&document, "deps") };
    let mut by_name: HashMap<&str, Vec<Entry>> = HashMap::new();
    let list: Vec<_> = list.into_iter().flat_map(|list| list.iter()).collect();
    for (key, packages) in &list {
        let line = source.line_at(key.span().start);
        for (index, package) in packages.get_ref().as_array().into_iter().flat_map(|list| list.iter()).enumerate() {
            let Some(table) = package.get_ref().as_table() else { continue };
            let Some(id) = tables::text(table, "uuid") else {
                reading.broken(line, &format!("`{}` has no uuid and is left out", key.get_ref()));
                continue;
            };
            let version = tables::text(table, "version").unwrap_or_default();
            let has = |key: &str| table.contains_key(key);
            let package_source = match () {
                () if has("path") => PackageSource::Local,
                () if has("repo-url") => PackageSource::Elsewhere,
                () => PackageSource::Public,
            };
            // Of several packages of one name each has a line of its own: that above its first key.
            let first = table.keys().map(|key| source.line_at(key.span().start)).min().unwrap_or(line);
            let line = if index == 0 { line } else { first.saturating_sub(1).max(1) };
            let draft = Draft { source: package_source, ..Draft::new(Ecosystem::Julia, key.get_ref(), version, line) };
            if let Some(node) = reading.add(draft) {
                by_name.entry(key.get_ref()).or_default().push(Entry { node, id, needs: needs(table) });
            }
        }
    }
    if by_name.is_empty() && !list.is_empty() && is_old && tables::text(&document, "julia_version").is_none() {
        return Err(Unreadable::new("it lists no packages of Julia"));
    }
    let find = |name: &str, id: Option<&str>| {
        let entries = by_name.get(name)?;
        entries.iter().find(|entry| id.is_none_or(|id| id == entry.id)).map(|entry| entry.node)
    };
    for entry in by_name.values().flatten() {
        for to in entry.needs.iter().filter_map(|(name, id)| find(name, *id)) {
            reading.needs(entry.node, to);
        }
    }
    let project = ["Project.toml", "JuliaProject.toml"].iter().find_map(|name| source.neighbour(name));
    if let Some(project) = project {
        let (asked, _) = tables::parse(&project);
        for (list, scope) in LISTS {
            for (key, id) in tables::table(&asked, list).into_iter().flat_map(|list| list.iter()) {
                if let Some(node) = find(key.get_ref(), id.get_ref().as_str()) {
                    let line = project.line_at(key.span().start);
                    reading.root(node, scope, Some(project.location(line)));
                }
            }
        }
    }
    Ok(())
}

/// A list of names or, where a name alone would be that of several packages, a table of names with ids.
fn needs<'t>(table: &'t Table) -> Vec<(&'t str, Option<&'t str>)> {
    let names = tables::list(table, "deps").filter_map(|item| item.get_ref().as_str()).map(|name| (name, None));
    let pairs = tables::table(table, "deps").into_iter().flat_map(|list| list.iter());
    names.chain(pairs.map(|(key, id)| (key.get_ref().as_ref(), id.get_ref().as_str()))).collect()
}
