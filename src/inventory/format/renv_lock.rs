//! Reads `renv.lock` of R (<https://rstudio.github.io/renv/articles/lockfile.html>).

use std::collections::HashMap;

use super::document::{self, Tree};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format = Format {
    id: "renv-lock",
    about: "renv.lock of R",
    role: Role::Lock("renv"),
    wants: |path| name_of(path) == "renv.lock",
    read,
};

/// Names of CRAN and of those that mirror it, and parts of their addresses.
const CRAN: [&str; 8] =
    ["cran", "rspm", "ppm", "p3m", "r-project.org", "packagemanager.", "cran.rstudio.com", "cloud.r-project"];

/// Fields of a package that name others, since renv 1.1; before that there is `Requirements`.
const NEEDS: [&str; 4] = ["Requirements", "Imports", "Depends", "LinkingTo"];

/// The fields of `DESCRIPTION` that name packages.
const ASKED: [(&str, Scope); 4] =
    [("Depends", Scope::Runtime), ("Imports", Scope::Runtime), ("LinkingTo", Scope::Runtime), ("Suggests", Scope::Dev)];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let lock = document::read_json(reading);
    let packages = lock.get("Packages");
    if !packages.is_map() && lock.get("R").is_null() {
        return Err(Unreadable::new("it has no `Packages`").hint("let renv write it anew with `renv::snapshot()`"));
    }
    let repositories: HashMap<&str, &str> = lock
        .at(&["R", "Repositories"])
        .items()
        .iter()
        .map(|item| (item.get("Name").text(), item.get("URL").text()))
        .collect();
    let mut nodes: HashMap<&str, Node> = HashMap::new();
    for member in packages.members() {
        let package = &member.value;
        if !package.is_map() {
            reading.broken(member.line, &format!("`{}` says nothing of itself", member.key));
            continue;
        }
        let told = package.get("Package").text();
        let name = if told.is_empty() { &*member.key } else { told };
        let (ecosystem, source) = origin(package, &repositories);
        let (hash, license) = (package.get("Hash").text(), package.get("License").text());
        let draft = Draft {
            source,
            hashes: (hash.len() == 32).then(|| format!("md5:{hash}")).into_iter().collect(),
            licenses: (!license.is_empty()).then(|| license.to_owned()).into_iter().collect(),
            ..Draft::new(ecosystem, name, package.get("Version").text(), member.line)
        };
        if let Some(node) = reading.add(draft) {
            nodes.insert(name, node);
        }
    }
    for member in packages.members() {
        let Some(from) = nodes.get(&*member.key) else { continue };
        for (list, need) in NEEDS.iter().flat_map(|list| member.value.get(list).items().iter().map(move |n| (list, n)))
        {
            if let Some(to) = nodes.get(bare(need.text())) {
                // The older list has names alone.
                reading.needs_as(*from, *to, if *list == NEEDS[0] { "" } else { versions(need.text()) });
            }
        }
    }
    for (asked, scope, place) in asked(reading.source) {
        if let Some(node) = nodes.get(bare(&asked)) {
            reading.root_as(*node, scope, Some(place), versions(&asked));
        }
    }
    Ok(())
}

/// Where a package comes from, and of which ecosystem that is.
fn origin(package: &Tree, repositories: &HashMap<&str, &str>) -> (Ecosystem, PackageSource) {
    let repository = package.get("Repository").text();
    match package.get("Source").text() {
        "Bioconductor" => (Ecosystem::Bioconductor, PackageSource::Public),
        "Repository" | "CRAN" | "RSPM" if repository.to_ascii_lowercase().starts_with("bioc") => {
            (Ecosystem::Bioconductor, PackageSource::Public)
        }
        "CRAN" | "RSPM" => (Ecosystem::Cran, PackageSource::Public),
        "Repository" | "" => {
            let url = repositories.get(repository).copied().unwrap_or(repository).to_ascii_lowercase();
            let is_cran = url.is_empty() || CRAN.iter().any(|part| url.contains(part)) || repository == "CRAN";
            (Ecosystem::Cran, if is_cran { PackageSource::Public } else { PackageSource::Elsewhere })
        }
        "Local" => (Ecosystem::Cran, PackageSource::Local),
        _ => (Ecosystem::Cran, PackageSource::Elsewhere),
    }
}

/// A name without the requirement behind it: `rlang (>= 1.0)`.
fn bare(need: &str) -> &str {
    need.split(['(', ' ', '\n']).next().unwrap_or_default().trim()
}

/// The requirement behind a name; any version without one.
fn versions(need: &str) -> &str {
    need.split_once('(').map_or(">= 0", |(_, rest)| rest.split(')').next().unwrap_or_default())
}

/// What `DESCRIPTION` asks for, with the requirements behind the names
/// (<https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file>).
fn asked(source: &Source) -> Vec<(String, Scope, Location)> {
    let Some(description) = source.neighbour("DESCRIPTION") else { return Vec::new() };
    let mut found = Vec::new();
    let mut scope = None;
    for (number, line) in (1u32..).zip(description.text.lines()) {
        let is_continued = line.starts_with([' ', '\t']);
        let names = match line.split_once(':').filter(|_| !is_continued) {
            Some((field, rest)) => {
                scope = ASKED.iter().find(|(name, _)| *name == field).map(|(_, scope)| *scope);
                rest
            }
            None => line,
        };
        if let Some(scope) = scope {
            let names = names.split(',').map(str::trim).filter(|name| !bare(name).is_empty());
            found.extend(names.map(|name| (name.to_owned(), scope, description.location(number))));
        }
    }
    found
}
