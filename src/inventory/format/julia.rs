//! Reads `Manifest.toml` of Julia, formats 1 and 2 (<https://pkgdocs.julialang.org/v1/toml-files/#Manifest.toml>). Most
//! packages of the standard library have no version, being those of the compiler.

use std::collections::HashMap;

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::RepoPath;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Tree};

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
    let (document, problems) = tree::toml::parse(source);
    tree::tell(reading, &problems);
    let format = document.text_of("manifest_format");
    if format.parse().is_ok_and(|format: f64| format > NEWEST) {
        let why = format!("format {format} is newer than {NEWEST}; it is read as that one");
        reading.broken(document.entry("manifest_format").map_or(1, |entry| entry.line), &why);
    }
    // In format 1 the packages stand beside each other, without anything around them.
    let is_old = format.is_empty() || format.starts_with('1');
    let list = if is_old { document.entries() } else { document.entries_of("deps") };
    let mut by_name: HashMap<&str, Vec<Entry>> = HashMap::new();
    for packages in list {
        let name = packages.key.as_ref();
        for (index, package) in packages.value.items().iter().enumerate().filter(|(_, package)| package.is_map()) {
            let Some(id) = package.get("uuid").and_then(Tree::text) else {
                reading.broken(packages.line, &format!("`{name}` has no uuid and is left out"));
                continue;
            };
            let package_source = match () {
                () if package.get("path").is_some() => PackageSource::Local,
                () if package.get("repo-url").is_some() => PackageSource::Elsewhere,
                () => PackageSource::Public,
            };
            // Of several packages of one name each has a line of its own: that above its first key.
            let first = package.entries().iter().map(|entry| entry.line).min().unwrap_or(packages.line);
            let line = if index == 0 { packages.line } else { first.saturating_sub(1).max(1) };
            let version = package.text_of("version");
            let draft = Draft { source: package_source, ..Draft::new(Ecosystem::Julia, name, version, line) };
            if let Some(node) = reading.add(draft) {
                by_name.entry(name).or_default().push(Entry { node, id, needs: needs(package) });
            }
        }
    }
    if by_name.is_empty() && !list.is_empty() && is_old && document.get("julia_version").is_none() {
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
        let (asked, _) = tree::toml::parse(&project);
        let compat = asked.entries_of("compat").iter();
        let compat: HashMap<&str, &str> =
            compat.map(|entry| (entry.key.as_ref(), entry.value.text().unwrap_or_default())).collect();
        for (list, scope) in LISTS {
            for entry in asked.entries_of(list) {
                if let Some(node) = find(&entry.key, entry.value.text()) {
                    let versions = compat.get(entry.key.as_ref()).copied().unwrap_or("*");
                    reading.root_as(node, scope, Some(project.location(entry.line)), versions);
                }
            }
        }
    }
    Ok(())
}

/// A list of names or, where a name alone would be that of several packages, a table of names with ids.
fn needs<'t>(package: &'t Tree) -> Vec<(&'t str, Option<&'t str>)> {
    let names = package.items_of("deps").iter().filter_map(Tree::text).map(|name| (name, None));
    let pairs = package.entries_of("deps").iter();
    names.chain(pairs.map(|entry| (entry.key.as_ref(), entry.value.text()))).collect()
}
