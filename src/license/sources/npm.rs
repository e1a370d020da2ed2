//! npm packages: every `node_modules` of the project, with those inside of packages and the stores of pnpm and Deno.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use super::place::{Folder, What};
use super::sheet::{Join, Sheet};
use super::{Around, Shelf, folder_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::Dependency;

/// No more folders of packages are listed, and none deeper.
const MAX_PACKAGES: usize = 200_000;
const MAX_DEPTH: usize = 24;
/// The stores in which pnpm and Deno keep each package with what it needs.
const STORES: [&str; 3] = [".pnpm", ".deno", ".store"];

struct Npm {
    projects: Vec<Folder>,
    /// The folders of packages, by name; those next to the top first.
    packages: HashMap<String, Vec<Folder>>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    let manifests = around.context.paths().iter().filter_map(|path| match path.as_str().rsplit_once('/') {
        Some((folder, "package.json")) => Some(folder),
        None if path.as_str() == "package.json" => Some(""),
        _ => None,
    });
    let paths: BTreeSet<&str> = manifests.chain(around.paths(Ecosystem::Npm)).collect();
    let mut open = Vec::new();
    for project in &around.projects {
        let modules = |path: &&str| project.at(path)?.at("node_modules");
        open.extend(paths.iter().filter_map(modules).map(|folder| (folder, 0)));
    }
    Box::new(Npm { projects: around.projects.clone(), packages: list(open) })
}

/// Walks `node_modules` folders, those on top first.
fn list(mut open: Vec<(Folder, usize)>) -> HashMap<String, Vec<Folder>> {
    let mut packages: HashMap<String, Vec<Folder>> = HashMap::new();
    let mut count = 0;
    while !open.is_empty() && count < MAX_PACKAGES {
        let mut below = Vec::new();
        for (modules, depth) in open {
            for (name, folder, what) in packages_in(&modules) {
                count += 1;
                // A link leads to a package that stands elsewhere, with what it needs.
                if what == What::Folder && depth < MAX_DEPTH {
                    below.extend(folder.at("node_modules").map(|inner| (inner, depth + 1)));
                }
                packages.entry(name).or_default().push(folder);
            }
            let stores = STORES.iter().filter_map(|store| modules.at(store));
            for store in stores.filter(|_| depth < MAX_DEPTH) {
                let inner = store.folders().filter_map(|name| store.at(&name)?.at("node_modules"));
                below.extend(inner.map(|folder| (folder, depth + 1)));
            }
        }
        open = below;
    }
    packages
}

/// The packages in one `node_modules`, with their scopes.
fn packages_in(modules: &Folder) -> Vec<(String, Folder, What)> {
    let mut found = Vec::new();
    for (name, what) in modules.names() {
        if name.starts_with('.') || what == What::File {
            continue;
        }
        let Some(folder) = modules.at(&name) else { continue };
        if name.starts_with('@') {
            let inner = folder.names().into_iter().filter(|(_, what)| *what != What::File);
            found.extend(inner.filter_map(|(inner, what)| Some((format!("{name}/{inner}"), folder.at(&inner)?, what))));
        } else {
            found.push((name, folder, what));
        }
    }
    found
}

impl Shelf for Npm {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        // The nearest to the lockfile is the likeliest.
        let near = format!("{}/node_modules/{}", folder_of(package), package.name);
        let near = self.projects.iter().filter_map(|project| project.at(&near));
        let all = self.packages.get(&package.name).into_iter().flatten().cloned();
        near.chain(all).find_map(|folder| read(folder, package))
    }
}

fn read(folder: Folder, package: &Dependency) -> Option<Sheet> {
    let text = folder.read("package.json")?;
    let manifest: Map<String, Value> = serde_json::from_str(&text.text).ok()?;
    let version = manifest.get("version").and_then(Value::as_str);
    if !package.version.is_empty() && version != Some(&package.version) {
        return None;
    }
    let keys = ["license", "licenses", "licence"];
    let said = keys.iter().filter_map(|key| manifest.get(*key)).map(names).find(|said| !said.is_empty());
    let words = keys.map(|key| format!("{key}\""));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Some(Sheet::declared(said.unwrap_or_default(), Join::Any, &text, &words).in_folder(folder))
}

/// The licenses of a value: a text, an object with `type` or `url`, or a list of such.
/// See <https://docs.npmjs.com/cli/configuring-npm/package-json#license>.
pub(super) fn names(value: &Value) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => {
            let text = |key: &str| object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
            ["type", "name", "license", "url"].into_iter().find_map(text).map(str::to_owned)
        }
        _ => None,
    };
    match value {
        Value::Array(all) => all.iter().take(100).filter_map(one).collect(),
        value => one(value).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licenses_in_every_form() {
        for (value, expected) in [
            (r#""MIT""#, &["MIT"][..]),
            (r#"{"type": "ISC", "url": "https://x"}"#, &["ISC"]),
            (r#"[{"type": "MIT"}, "Apache-2.0", 7, {"url": "https://x"}]"#, &["MIT", "Apache-2.0", "https://x"]),
            ("7", &[]),
            ("[[]]", &[]),
        ] {
            assert_eq!(names(&serde_json::from_str(value).unwrap()), expected, "{value}");
        }
    }
}
