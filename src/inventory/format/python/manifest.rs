//! Defines [`Manifest`]: what a `pyproject.toml` asks for, in the words of every tool
//! (<https://packaging.python.org/en/latest/specifications/pyproject-toml/>,
//! <https://packaging.python.org/en/latest/specifications/dependency-groups/>,
//! <https://python-poetry.org/docs/pyproject/>, <https://docs.astral.sh/uv/concepts/projects/dependencies/>).

use std::collections::HashMap;

use super::{Requirement, normalized};
use crate::finding::Location;
use crate::inventory::dependency::Scope;
use crate::inventory::source::Source;
use crate::inventory::tree::{Entry, Problem, Tree, toml};

/// What a `pyproject.toml` asks for.
#[derive(Default)]
pub(in super::super) struct Manifest {
    /// All that it asks for.
    pub(in super::super) asks: Vec<Asked>,
    /// Where each name stands in that, as it is compared; without what is for building alone.
    by_name: HashMap<String, Vec<usize>>,
}

/// A package that a manifest asks for.
pub(in super::super) struct Asked {
    /// Its name as it is written.
    pub(in super::super) name: String,
    /// The extras of it.
    pub(in super::super) extras: Vec<String>,
    /// The versions, as PEP 508 or Poetry writes them.
    pub(in super::super) versions: String,
    /// The address or the path where it is; empty for the registry.
    pub(in super::super) url: String,
    /// What for.
    pub(in super::super) scope: Scope,
    /// The extra or the group that asks; empty for the project as such.
    pub(in super::super) group: String,
    /// The line.
    pub(in super::super) location: Location,
}

impl Asked {
    /// Which versions it asks for, as [`Requirement::versions`] has them.
    pub(in super::super) fn versions(&self) -> &str {
        Requirement { versions: &self.versions, url: &self.url, ..Requirement::default() }.versions()
    }
}

impl Manifest {
    /// The one in a folder, given from that of a lock; `None` when there is none that can be read.
    pub(in super::super) fn beside(lock: &Source, folder: &str) -> Option<Self> {
        let path = match folder.trim_end_matches('/') {
            "" | "." => "pyproject.toml".to_owned(),
            folder => format!("{folder}/pyproject.toml"),
        };
        Some(Self::of(&lock.neighbour(&path)?).0)
    }

    /// The one that a file is, and what could not be read of it.
    pub(in super::super) fn of(source: &Source) -> (Self, Vec<Problem>) {
        let (tree, problems) = toml::parse(source);
        let mut collector = Collector { source, asks: Vec::new() };
        collector.list(tree.at(&["project", "dependencies"]), Scope::Runtime, "");
        collector.lists(tree.at(&["project", "optional-dependencies"]), Scope::Optional);
        collector.lists(tree.get("dependency-groups"), Scope::Dev);
        collector.lists(tree.at(&["tool", "pdm", "dev-dependencies"]), Scope::Dev);
        collector.list(tree.at(&["tool", "uv", "dev-dependencies"]), Scope::Dev, "dev");
        collector.poetry(tree.at(&["tool", "poetry", "dependencies"]), Scope::Runtime, "");
        collector.poetry(tree.at(&["tool", "poetry", "dev-dependencies"]), Scope::Dev, "dev");
        for group in tree.at(&["tool", "poetry", "group"]).map_or(&[][..], Tree::entries) {
            collector.poetry(group.value.get("dependencies"), Scope::Dev, &group.key);
        }
        collector.list(tree.at(&["build-system", "requires"]), Scope::Build, "");
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, asked) in collector.asks.iter().enumerate().filter(|(_, asked)| asked.scope != Scope::Build) {
            by_name.entry(normalized(&asked.name)).or_default().push(at);
        }
        (Self { asks: collector.asks, by_name }, problems)
    }

    /// What asks for a package of a name as it is compared, but for building alone: of several the one for a scope, if
    /// there is one.
    pub(in super::super) fn asked(&self, name: &str, scope: Scope) -> Option<&Asked> {
        let places = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let mut all = places.iter().filter_map(|at| self.asks.get(*at));
        let first = all.clone().next();
        all.find(|asked| asked.scope == scope).or(first)
    }
}

struct Collector<'a> {
    source: &'a Source<'a>,
    asks: Vec<Asked>,
}

impl Collector<'_> {
    /// A list of requirements.
    fn list(&mut self, list: Option<&Tree>, scope: Scope, group: &str) {
        for item in list.map_or(&[][..], Tree::items) {
            let Some(asked) = item.text().and_then(requirement) else { continue };
            self.asks.push(Asked {
                name: asked.name.to_owned(),
                extras: asked.extras().map(str::to_owned).collect(),
                versions: asked.versions.to_owned(),
                url: asked.url.to_owned(),
                scope,
                group: group.to_owned(),
                location: self.source.location(item.line),
            });
        }
    }

    /// Lists of requirements by name.
    fn lists(&mut self, lists: Option<&Tree>, scope: Scope) {
        for list in lists.map_or(&[][..], Tree::entries) {
            self.list(Some(&list.value), scope, &list.key);
        }
    }

    /// Packages by name, as Poetry writes them: versions, a table, or several tables.
    fn poetry(&mut self, table: Option<&Tree>, scope: Scope, group: &str) {
        for entry in table.map_or(&[][..], Tree::entries).iter().filter(|entry| entry.key != "python") {
            match entry.value.items() {
                [] => self.constraint(entry, &entry.value, scope, group),
                several => several.iter().for_each(|one| self.constraint(entry, one, scope, group)),
            }
        }
    }

    fn constraint(&mut self, entry: &Entry, told: &Tree, scope: Scope, group: &str) {
        let url = ["git", "url", "path", "file"].iter().map(|key| told.text_of(key)).find(|url| !url.is_empty());
        let versions = told.text().unwrap_or_else(|| told.text_of("version"));
        // A version without a comparison is that version.
        let is_exact = versions.starts_with(|c: char| c.is_ascii_digit()) && !versions.contains([',', '*', '|', ' ']);
        self.asks.push(Asked {
            name: entry.key.to_string(),
            extras: told.items_of("extras").iter().filter_map(Tree::text).map(str::to_owned).collect(),
            versions: if is_exact { format!("=={versions}") } else { versions.to_owned() },
            url: url.unwrap_or_default().to_owned(),
            scope: if told.is("optional") { scope.max(Scope::Optional) } else { scope },
            group: group.to_owned(),
            location: self.source.location(entry.line),
        });
    }
}

/// The requirement that a text is; PDM has those for pip, too, which say a name behind an address.
fn requirement(text: &str) -> Option<Requirement<'_>> {
    let Some(editable) = text.strip_prefix("-e ") else { return Requirement::parse(text) };
    let (url, fragment) = editable.split_once('#')?;
    let egg = fragment.split('&').find_map(|part| part.strip_prefix("egg="))?;
    Some(Requirement { url: url.trim(), ..Requirement::parse(egg)? })
}
