//! Crates: `vendor` folders, Cargo's unpacked registries and its checkouts of repositories.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;
use toml::Value;

use super::place::{Folder, Place};
use super::sheet::{Join, Sheet};
use super::{Around, Shelf};
use crate::ecosystem::Ecosystem;
use crate::inventory::{Dependency, PackageSource};

/// No more folders of checkouts are looked into, and none deeper.
const MAX_FOLDERS: usize = 20_000;
const MAX_DEPTH: usize = 4;

struct Cargo {
    vendored: Vec<Folder>,
    registries: Vec<Folder>,
    checkouts: Vec<Folder>,
    /// The folders of crates in checkouts, by name, listed when first asked for.
    from_repositories: OnceLock<HashMap<String, Vec<Folder>>>,
}

#[derive(Deserialize)]
struct Manifest {
    package: Option<HashMap<String, Value>>,
    workspace: Option<Workspace>,
}

#[derive(Deserialize)]
struct Workspace {
    package: Option<HashMap<String, Value>>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    let home = around.context.options.cargo_home.as_ref();
    let places = |path: &str, title| home.map(|home| Place::open_all(&home.join(path), title)).unwrap_or_default();
    Box::new(Cargo {
        vendored: around.beside(Ecosystem::Cargo, "vendor"),
        registries: places("registry/src/*", "cargo registry"),
        checkouts: places("git/checkouts/*/*", "cargo checkout"),
        from_repositories: OnceLock::new(),
    })
}

impl Shelf for Cargo {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        let versioned = format!("{}-{}", package.name, package.version);
        let vendored = self.vendored.iter().flat_map(|v| [v.at(&package.name), v.at(&versioned)]);
        let fetched = self.registries.iter().map(|registry| registry.at(&versioned));
        let found = vendored.chain(fetched).flatten().find_map(|folder| read(folder, package));
        found.or_else(|| {
            if package.source == PackageSource::Public {
                return None;
            }
            let repositories = self.from_repositories.get_or_init(|| crates(&self.checkouts));
            repositories.get(&package.name)?.iter().find_map(|folder| read(folder.clone(), package))
        })
    }
}

fn read(folder: Folder, package: &Dependency) -> Option<Sheet> {
    let text = folder.read("Cargo.toml")?;
    let manifest: Manifest = toml::from_str(&text.text).ok()?;
    let about = manifest.package?;
    if about.get("name").and_then(Value::as_str) != Some(&package.name) {
        return None;
    }
    let inherited = OnceLock::new();
    let value = |key: &str| match about.get(key)? {
        Value::String(text) => Some(text.clone()),
        // `license.workspace = true` is only in repositories; what is published has it written out.
        Value::Table(table) if table.get("workspace") == Some(&Value::Boolean(true)) => {
            let above = inherited.get_or_init(|| of_workspace(&folder).unwrap_or_default());
            above.get(key).and_then(Value::as_str).map(str::to_owned)
        }
        _ => None,
    };
    if !package.version.is_empty() && value("version").is_some_and(|version| version != package.version) {
        return None;
    }
    let mut sheet = Sheet::declared(value("license").into_iter().collect(), Join::All, &text, &["license"]);
    sheet.files.extend(value("license-file"));
    Some(sheet.in_folder(folder))
}

/// What the workspace says of its packages.
fn of_workspace(folder: &Folder) -> Option<HashMap<String, Value>> {
    let above = std::iter::successors(folder.above(), Folder::above);
    above.take(MAX_DEPTH).find_map(|folder| {
        let manifest: Manifest = toml::from_str(&folder.read("Cargo.toml")?.text).ok()?;
        manifest.workspace?.package
    })
}

/// The folders of crates in repositories, by the name of the crate.
fn crates(checkouts: &[Folder]) -> HashMap<String, Vec<Folder>> {
    let mut crates: HashMap<String, Vec<Folder>> = HashMap::new();
    let mut open: Vec<(Folder, usize)> = checkouts.iter().map(|folder| (folder.clone(), 0)).collect();
    let mut seen = 0;
    while let Some((folder, depth)) = open.pop().filter(|_| seen < MAX_FOLDERS) {
        seen += 1;
        let manifest = folder.read("Cargo.toml").and_then(|text| toml::from_str::<Manifest>(&text.text).ok());
        let about = manifest.and_then(|manifest| manifest.package);
        if let Some(name) = about.as_ref().and_then(|about| about.get("name")).and_then(Value::as_str) {
            crates.entry(name.to_owned()).or_default().push(folder.clone());
        }
        if depth < MAX_DEPTH {
            let inner =
                folder.folders().filter(|name| !name.starts_with('.') && !matches!(name.as_str(), "target" | "src"));
            open.extend(inner.filter_map(|name| Some((folder.at(&name)?, depth + 1))));
        }
    }
    crates
}
