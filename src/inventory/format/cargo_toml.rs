//! Reads `Cargo.toml` (<https://doc.rust-lang.org/cargo/reference/manifest.html>): what a project asks for, where no lock
//! says what it gets.

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;
use crate::inventory::tree::{self, Tree};

pub(super) const FORMAT: Format = Format {
    id: "cargo-toml",
    about: "Cargo.toml without a lock",
    role: Role::Manifest("cargo"),
    wants: |path| name_of(path) == "Cargo.toml",
    read,
};

/// More manifests are not looked at for one lock.
pub(super) const MAX_MANIFESTS: usize = 10_000;

/// More folders above a manifest are not searched for its workspace.
const MAX_ABOVE: usize = 32;

/// The tables of dependencies, with the old spellings that cargo still takes.
const TABLES: [(&str, Scope); 5] = [
    ("dependencies", Scope::Runtime),
    ("build-dependencies", Scope::Build),
    ("build_dependencies", Scope::Build),
    ("dev-dependencies", Scope::Dev),
    ("dev_dependencies", Scope::Dev),
];

/// What a manifest says.
pub(super) struct Manifest {
    /// The name of its package.
    pub(super) name: String,
    /// Its version; `None` where the workspace has it.
    pub(super) version: Option<String>,
    /// What it asks for.
    pub(super) asks: Vec<Ask>,
}

/// A dependency of a manifest.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    /// The name of the package, which is not always the one that the project uses for it.
    pub(super) package: String,
    /// The versions that do; empty for any.
    pub(super) requirement: String,
    /// What it is for.
    pub(super) scope: Scope,
    /// Where it comes from.
    pub(super) source: PackageSource,
    /// The line of its key.
    pub(super) line: u32,
}

impl Ask {
    /// Which versions do in words that can be kept: `*` for any, and none for what is not of a registry.
    pub(super) fn versions(&self) -> &str {
        if self.requirement.is_empty() && self.source == PackageSource::Public { "*" } else { &self.requirement }
    }
}

impl Manifest {
    /// The manifest of a package; `None` for one of a workspace alone. What is damaged is left out.
    pub(super) fn parse(source: &Source) -> Option<Self> {
        let (document, _) = tree::toml::parse(source);
        let package = document.get("package").or_else(|| document.get("project"))?;
        let name = package.get("name")?.text()?.to_owned();
        let version = match package.get("version") {
            Some(version) => version.text().map(str::to_owned),
            None => Some("0.0.0".to_owned()),
        };
        Some(Self { name, version, asks: asks(source, &document) })
    }
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (document, problems) = tree::toml::parse(source);
    tree::tell(reading, &problems);
    let mut asks = asks(source, &document);
    let is_known =
        ["package", "project", "workspace", "patch", "profile"].iter().any(|key| document.get(key).is_some());
    if asks.is_empty() && !is_known {
        return Err(Unreadable::new("it is no manifest of cargo"));
    }
    asks.sort_by_key(|ask| ask.line);
    for ask in asks {
        let pinned = ask.requirement.strip_prefix('=').map(str::trim).filter(|version| version.split('.').count() > 2);
        let draft = Draft {
            source: ask.source,
            requirement: if pinned.is_some() { String::new() } else { ask.requirement.clone() },
            ..Draft::new(Ecosystem::Cargo, &ask.package, pinned.unwrap_or_default(), ask.line)
        };
        if let Some(node) = reading.add(draft) {
            reading.root_as(node, ask.scope, Some(source.location(ask.line)), ask.versions());
        }
    }
    Ok(())
}

/// Every dependency of a manifest.
fn asks(source: &Source, document: &Tree) -> Vec<Ask> {
    let platforms = document.entries_of("target").iter().map(|entry| &entry.value);
    let shared = SharedDependencies::of(source, document);
    let mut asks = Vec::new();
    for holder in std::iter::once(document).chain(platforms) {
        for (key, scope) in TABLES {
            for entry in holder.entries_of(key) {
                let scope = match scope {
                    Scope::Runtime if entry.value.is("optional") => Scope::Optional,
                    scope => scope,
                };
                asks.push(Ask { line: entry.line, scope, ..shared.ask(&entry.key, &entry.value) });
            }
        }
    }
    asks
}

/// What `[workspace.dependencies]` says, for members that write `workspace = true`.
struct SharedDependencies(std::collections::HashMap<String, Ask>);

impl SharedDependencies {
    /// Those of the workspace that a manifest belongs to: its own, that of `package.workspace`, or the nearest above.
    fn of(source: &Source, document: &Tree) -> Self {
        if let Some(shared) = Self::in_workspace(document) {
            return shared;
        }
        if !source.text.contains("workspace") {
            return Self::none();
        }
        let named = document.at(&["package", "workspace"]).and_then(Tree::text);
        let above = (1..=MAX_ABOVE.min(source.path.as_str().matches('/').count())).map(|depth| "../".repeat(depth));
        let folders = named.map(|path| format!("{path}/")).into_iter().chain(above);
        folders
            .filter_map(|folder| source.neighbour(&format!("{folder}Cargo.toml")))
            .find_map(|file| Self::in_workspace(&tree::toml::parse(&file).0))
            .unwrap_or_else(Self::none)
    }

    fn none() -> Self {
        Self(std::collections::HashMap::new())
    }

    fn in_workspace(document: &Tree) -> Option<Self> {
        let entries = document.get("workspace")?.entries_of("dependencies");
        Some(Self(entries.iter().map(|entry| (entry.key.to_string(), plain(&entry.key, &entry.value))).collect()))
    }

    fn ask(&self, name: &str, value: &Tree) -> Ask {
        match self.0.get(name).filter(|_| value.is("workspace")) {
            Some(shared) => shared.clone(),
            None => plain(name, value),
        }
    }
}

/// A dependency by itself: a requirement, or a table.
fn plain(name: &str, value: &Tree) -> Ask {
    let of = |key: &str| value.get(key).and_then(Tree::text);
    let source = match ["path", "git", "registry", "registry-index"].into_iter().find(|key| of(key).is_some()) {
        Some("path") => PackageSource::Local,
        Some("registry") if of("registry") == Some("crates-io") => PackageSource::Public,
        Some(_) => PackageSource::Elsewhere,
        None => PackageSource::Public,
    };
    let requirement = value.text().or_else(|| of("version")).unwrap_or_default().trim().to_owned();
    Ask { package: of("package").unwrap_or(name).to_owned(), requirement, scope: Scope::Runtime, source, line: 1 }
}

/// The folders that a manifest names, as paths from its own: members of the workspace without wildcards, and dependencies
/// by path.
pub(super) fn paths(source: &Source) -> Vec<String> {
    let (document, _) = tree::toml::parse(source);
    let workspace = document.get("workspace");
    let members = workspace.map_or(&[][..], |workspace| workspace.items_of("members"));
    let holders = std::iter::once(&document).chain(workspace);
    let asked = holders.flat_map(|holder| TABLES.iter().flat_map(|(key, _)| holder.entries_of(key)));
    let by_path = asked.filter_map(|entry| entry.value.get("path"));
    let all = members.iter().chain(by_path).filter_map(Tree::text);
    all.map(|path| path.trim_end_matches('/').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn what_is_asked_for() {
        let text = r#"
[package]
name = "app"

[dependencies]
serde = "1.0"
exact = "=1.2.3"
local = { path = "../local" }
shared = { workspace = true, optional = true }
[dependencies.renamed]
package = "real-name"
version = "2"
registry = "inner"
[dev-dependencies]
proptest = "*"
"#;
        let workspace = "[workspace.dependencies]\nshared = { version = \"3.1\", features = [\"x\"] }\n";
        assert_eq!(
            said(&[("a/Cargo.toml", text), ("Cargo.toml", workspace)]),
            [
                "exact 1.2.3 @7 direct a/Cargo.toml:7",
                "local  @8 local direct a/Cargo.toml:8",
                "proptest [*] @15 dev direct a/Cargo.toml:15",
                "real-name [2] @10 elsewhere direct a/Cargo.toml:10",
                "serde [1.0] @6 direct a/Cargo.toml:6",
                "shared [3.1] @9 optional direct a/Cargo.toml:9",
            ]
        );
        assert_eq!(gaps(&[("Cargo.toml", "hello = 1")]), ["line None: it is no manifest of cargo"]);
    }
}
