//! Reads `poetry.lock`, of Poetry 0.12 to 2
//! (<https://github.com/python-poetry/poetry/blob/main/src/poetry/packages/locker.py>).

use std::collections::{HashMap, HashSet};

use super::python::manifest::Manifest;
use super::python::{MAX_SAME, Requirement, allowed, hash, normalized, source_of};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Entry, Tree, toml};

pub(super) const FORMAT: Format = Format {
    id: "poetry-lock",
    about: "poetry.lock, of Poetry 0.12 to 2",
    role: Role::Lock("python"),
    wants: |path| name_of(path) == "poetry.lock",
    read,
};

/// The newest version of the format that is known here.
const NEWEST: f32 = 2.99;

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (lock, problems) = toml::parse(source);
    let packages = lock.items_of("package");
    if packages.is_empty() && lock.get("metadata").is_none() {
        let hint = "let Poetry write it anew with `poetry lock`";
        return Err(Unreadable::of(&problems, "it has neither packages nor metadata").hint(hint));
    }
    tree::tell(reading, &problems);
    let version = lock.at(&["metadata", "lock-version"]).and_then(Tree::text).unwrap_or_default();
    if version.parse().is_ok_and(|version: f32| version > NEWEST) {
        let line = lock.at(&["metadata", "lock-version"]).map_or(1, |version| version.line);
        reading.newer(line, version, 2);
    }
    let manifest = Manifest::beside(source, "").unwrap_or_default();
    let mut nodes: Vec<Option<Node>> = Vec::new();
    let mut by_name: HashMap<String, Vec<(Node, &str)>> = HashMap::new();
    for package in packages {
        let Some(name) = package.entry("name") else {
            reading.broken(package.line, "this package has no name");
            nodes.push(None);
            continue;
        };
        let node = reading.add(draft(&lock, package, name.value.text().unwrap_or_default(), name.line));
        nodes.push(node);
        let same = by_name.entry(normalized(package.text_of("name"))).or_default();
        if same.len() < MAX_SAME {
            same.extend(node.map(|node| (node, package.text_of("version"))));
        }
    }
    let extras = Extras::of(packages, &manifest);
    for (package, from) in packages.iter().zip(&nodes) {
        let Some(from) = from else { continue };
        let wanted = extras.of_package(package);
        for entry in package.entries_of("dependencies") {
            let name = normalized(&entry.key);
            let is_optional = entry.value.is("optional") || entry.value.items().iter().any(|one| one.is("optional"));
            if is_optional && !wanted.contains(&name) {
                continue;
            }
            let Some(all) = by_name.get(&name) else { continue };
            for versions in constraints(&entry.value) {
                allowed(all, versions).into_iter().for_each(|to| reading.needs_as(*from, to, versions));
            }
        }
    }
    for asked in manifest.asks.iter().filter(|asked| asked.scope != Scope::Build) {
        for node in by_name.get(&normalized(&asked.name)).map_or_else(Vec::new, |all| allowed(all, &asked.versions)) {
            reading.root_as(node, asked.scope, Some(asked.location.clone()), asked.versions());
        }
    }
    Ok(())
}

/// The versions that a dependency allows: of one table, or of several with a marker each. A list of many tables says no
/// more than its first.
fn constraints<'a>(dependency: &'a Tree) -> impl Iterator<Item = &'a str> {
    let one = |told: &'a Tree| told.text().unwrap_or_else(|| told.text_of("version"));
    let alone = dependency.items().is_empty().then(|| one(dependency));
    alone.into_iter().chain(dependency.items().iter().take(MAX_SAME).map(one))
}

fn draft(lock: &Tree, package: &Tree, name: &str, line: u32) -> Draft {
    let version = package.text_of("version");
    // Before version 2 of the format the files of all packages stood together at its end, and before 1 their hashes.
    let files = [Some(package), lock.at(&["metadata", "files"])];
    let files = [files[0].and_then(|own| own.get("files")), files[1].and_then(|all| all.get(name))];
    let hashes = files.into_iter().flatten().flat_map(Tree::items).filter_map(|file| hash(file.text_of("hash")));
    let old = lock.at(&["metadata", "hashes", name]).map_or(&[][..], Tree::items);
    let old = old.iter().filter_map(|sum| hash(&format!("sha256:{}", sum.text()?)));
    Draft {
        source: origin(package),
        scope: scope(package),
        hashes: hashes.chain(old).collect(),
        ..Draft::new(Ecosystem::PyPi, name, version, line)
    }
}

/// Where a package comes from.
fn origin(package: &Tree) -> PackageSource {
    let Some(source) = package.get("source") else { return PackageSource::Public };
    match source.text_of("type") {
        "directory" | "file" => PackageSource::Local,
        "legacy" | "" => source_of(source.text_of("url")),
        _ => PackageSource::Elsewhere,
    }
}

/// What a package is needed for, where the lock tells: by its groups since Poetry 2, by its category before 1.5.
fn scope(package: &Tree) -> Option<Scope> {
    let groups: Vec<&str> = package.items_of("groups").iter().filter_map(Tree::text).collect();
    let is_main = match package.text_of("category") {
        "" if groups.is_empty() => return None,
        "" => groups.contains(&"main"),
        category => category == "main",
    };
    Some(match (is_main, package.is("optional")) {
        (true, true) => Scope::Optional,
        (true, false) => Scope::Runtime,
        (false, _) => Scope::Dev,
    })
}

/// The extras that somebody asks for, by the name of the package that has them.
struct Extras {
    wanted: HashSet<(String, String)>,
}

impl Extras {
    fn of(packages: &[Tree], manifest: &Manifest) -> Self {
        let mut wanted = HashSet::new();
        for asked in &manifest.asks {
            wanted.extend(asked.extras.iter().map(|extra| (normalized(&asked.name), normalized(extra))));
        }
        for entry in packages.iter().flat_map(|package| package.entries_of("dependencies")) {
            let several = [&entry.value].into_iter().chain(entry.value.items());
            for extra in several.flat_map(|one| one.items_of("extras")).filter_map(Tree::text) {
                wanted.insert((normalized(&entry.key), normalized(extra)));
            }
        }
        Self { wanted }
    }

    /// What the extras of a package that somebody asks for need.
    fn of_package(&self, package: &Tree) -> HashSet<String> {
        let name = normalized(package.text_of("name"));
        let is_wanted = |extra: &&Entry| self.wanted.contains(&(name.clone(), normalized(&extra.key)));
        let items = package.entries_of("extras").iter().filter(is_wanted).flat_map(|extra| extra.value.items());
        items.filter_map(|item| Some(normalized(Requirement::parse(item.text()?)?.name))).collect()
    }
}
