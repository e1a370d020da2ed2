//! Reads `Cargo.toml` (<https://doc.rust-lang.org/cargo/reference/manifest.html>): what a project asks for, where no lock
//! says what it gets.

use super::tables::{self, Table};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;

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

impl Manifest {
    /// The manifest of a package; `None` for one of a workspace alone. What is damaged is left out.
    pub(super) fn parse(source: &Source) -> Option<Self> {
        let (document, _) = tables::parse(source);
        let package = tables::table(&document, "package").or_else(|| tables::table(&document, "project"))?;
        let name = tables::text(package, "name")?.to_owned();
        let inherited = || tables::table(package, "version").is_some();
        let version = match tables::text(package, "version") {
            Some(version) => Some(version.to_owned()),
            None => (!inherited()).then(|| "0.0.0".to_owned()),
        };
        Some(Self { name, version, asks: asks(source, &document) })
    }
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let document = tables::read(reading);
    let mut asks = asks(source, &document);
    let is_known =
        ["package", "project", "workspace", "patch", "profile"].iter().any(|key| document.contains_key(*key));
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
            reading.root(node, ask.scope, Some(source.location(ask.line)));
        }
    }
    Ok(())
}

/// Every dependency of a manifest.
fn asks(source: &Source, document: &Table) -> Vec<Ask> {
    let platforms = tables::table(document, "target").into_iter().flat_map(|targets| targets.values());
    let platforms = platforms.filter_map(|value| value.get_ref().as_table());
    let shared = SharedDependencies::of(source, document);
    let mut asks = Vec::new();
    for holder in std::iter::once(document).chain(platforms) {
        for (key, scope) in TABLES {
            let Some(table) = tables::table(holder, key) else { continue };
            for (name, value) in table {
                let line = source.line_at(name.span().start);
                let inner = value.get_ref().as_table();
                let mut ask = shared.ask(name.get_ref(), value.get_ref());
                ask.line = line;
                ask.scope = match scope {
                    Scope::Runtime if inner.is_some_and(|inner| tables::is_set(inner, "optional")) => Scope::Optional,
                    scope => scope,
                };
                asks.push(ask);
            }
        }
    }
    asks
}

/// What `[workspace.dependencies]` says, for members that write `workspace = true`.
struct SharedDependencies(std::collections::HashMap<String, Ask>);

impl SharedDependencies {
    /// Those of the workspace that a manifest belongs to: its own, that of `package.workspace`, or the nearest above.
    fn of(source: &Source, document: &Table) -> Self {
        if let Some(shared) = Self::in_workspace(document) {
            return shared;
        }
        if !source.text.contains("workspace") {
            return Self::none();
        }
        let named = tables::table(document, "package").and_then(|package| tables::text(package, "workspace"));
        let above = (1..=MAX_ABOVE.min(source.path.as_str().matches('/').count())).map(|depth| "../".repeat(depth));
        let folders = named.map(|path| format!("{path}/")).into_iter().chain(above);
        let found = folders.filter_map(|folder| source.neighbour(&format!("{folder}Cargo.toml")));
        found
            .map(|file| Self::in_workspace(&tables::parse(&file).0))
            .find_map(|shared| shared)
            .unwrap_or_else(|| Self::none())
    }

    fn none() -> Self {
        Self(std::collections::HashMap::new())
    }

    fn in_workspace(document: &Table) -> Option<Self> {
        let workspace = tables::table(document, "workspace")?;
        let table = tables::table(workspace, "dependencies");
        let pairs = table.into_iter().flat_map(|table| table.iter());
        Some(Self(
            pairs.map(|(name, value)| (name.get_ref().to_string(), plain(name.get_ref(), value.get_ref()))).collect(),
        ))
    }

    fn ask(&self, name: &str, value: &toml::de::DeValue) -> Ask {
        let inherits = value.as_table().is_some_and(|table| tables::is_set(table, "workspace"));
        match self.0.get(name).filter(|_| inherits) {
            Some(shared) => shared.clone(),
            None => plain(name, value),
        }
    }
}

/// A dependency by itself: a requirement, or a table.
fn plain(name: &str, value: &toml::de::DeValue) -> Ask {
    let of = |key: &str| value.as_table().and_then(|table| tables::text(table, key));
    let source = match ["path", "git", "registry", "registry-index"].into_iter().find(|key| of(key).is_some()) {
        Some("path") => PackageSource::Local,
        Some("registry") if of("registry") == Some("crates-io") => PackageSource::Public,
        Some(_) => PackageSource::Elsewhere,
        None => PackageSource::Public,
    };
    let requirement = value.as_str().or_else(|| of("version")).unwrap_or_default().trim().to_owned();
    Ask { package: of("package").unwrap_or(name).to_owned(), requirement, scope: Scope::Runtime, source, line: 1 }
}

/// The folders that a manifest names, as paths from its own: members of the workspace without wildcards, and dependencies
/// by path.
pub(super) fn paths(source: &Source) -> Vec<String> {
    let (document, _) = tables::parse(source);
    let workspace = tables::table(&document, "workspace");
    let members = workspace.into_iter().flat_map(|workspace| tables::list(workspace, "members"));
    let members = members.filter_map(|item| item.get_ref().as_str());
    let holders = std::iter::once(&document).chain(workspace);
    let tables = holders.flat_map(|holder| TABLES.iter().filter_map(|(key, _)| tables::table(holder, key)));
    let values = tables.flat_map(|table| table.values());
    let by_path = values.filter_map(|value| tables::text(value.get_ref().as_table()?, "path"));
    members.chain(by_path).map(|path| path.trim_end_matches('/').to_owned()).collect()
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
