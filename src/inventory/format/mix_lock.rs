//! Reads `mix.lock` of Elixir (<https://hexdocs.pm/mix/Mix.Tasks.Deps.html>; entries as Hex's own `hex/mix.ex` writes
//! them). `mix.exs` is a program; only the lines in it that name a dependency are looked for.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::terms::{self, Term};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};

pub(super) const FORMAT: Format = Format {
    id: "mix-lock",
    about: "mix.lock of Elixir",
    role: Role::Lock("mix"),
    wants: |path| name_of(path) == "mix.lock",
    read,
};

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (terms, damage) = terms::parse(&source.text);
    if let Some((line, why)) = damage {
        reading.broken(line, &format!("{why}; what is whole is used"));
    }
    let Some(lock) = terms.iter().find(|term| !term.items().is_empty()) else {
        let is_empty = terms.iter().any(|term| matches!(term.value, terms::Value::List(_)));
        let hint = "let mix write it anew with `mix deps.get`";
        return if is_empty { Ok(()) } else { Err(Unreadable::new("it is no map of packages").hint(hint)) };
    };
    let mut nodes: HashMap<&str, Node> = HashMap::new();
    for (app, line, entry) in lock.pairs() {
        match draft(app, line, entry) {
            Some(draft) => drop(reading.add(draft).map(|node| nodes.insert(app, node))),
            None => reading.broken(line, &format!("`{app}` has an entry that is not known; it is left out")),
        }
    }
    for (app, _, entry) in lock.pairs() {
        let needs = entry.items().get(5).filter(|_| entry.word_at(0) == "hex").map_or(&[][..], Term::items);
        for need in needs {
            // What is optional and not asked for by anybody is not in the lock.
            if let (Some(from), Some(to)) = (nodes.get(app), nodes.get(need.word_at(0))) {
                reading.needs_as(*from, *to, need.word_at(1));
            }
        }
    }
    roots(reading, &nodes);
    Ok(())
}

/// `{:hex, name, version, inner, managers, needs, repository, outer}`, of which old ones lack the end, or
/// `{:git, address, commit, options}`.
fn draft(app: &str, line: u32, entry: &Term) -> Option<Draft> {
    match entry.word_at(0) {
        "hex" => {
            let (inner, repository, outer) = (entry.word_at(3), entry.word_at(6), entry.word_at(7));
            let sum = if outer.is_empty() { inner } else { outer };
            let is_public = repository.is_empty() || repository == "hexpm";
            Some(Draft {
                source: if is_public { PackageSource::Public } else { PackageSource::Elsewhere },
                hashes: (sum.len() == 64).then(|| format!("sha256:{}", sum.to_ascii_lowercase())).into_iter().collect(),
                ..Draft::new(Ecosystem::Hex, entry.word_at(1), entry.word_at(2), line)
            })
        }
        "git" => {
            Some(Draft { source: PackageSource::Elsewhere, ..Draft::new(Ecosystem::Hex, app, entry.word_at(2), line) })
        }
        _ => None,
    }
}

/// The dependencies that `mix.exs` names: `{:name, "~> 1.0", only: [:dev, :test]}`.
fn roots(reading: &mut Reading, nodes: &HashMap<&str, Node>) {
    #[expect(clippy::expect_used, reason = "a test compiles it")]
    static ASKED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\{\s*:([a-z][a-zA-Z0-9_]*)\s*,([^{}]*)").expect("valid"));
    static ONLY: &str = "only:";
    let Some(manifest) = reading.source.neighbour("mix.exs") else { return };
    let code: Vec<&str> = manifest.text.split('\n').collect();
    for found in ASKED.captures_iter(&manifest.text) {
        let (Some(name), Some(rest)) = (found.get(1), found.get(2)) else { continue };
        let line = manifest.line_at(name.start());
        let before = code.get(line as usize - 1).copied().unwrap_or_default().trim_start();
        if before.starts_with('#') {
            continue;
        }
        let only = rest.as_str().split_once(ONLY).map(|(_, only)| only.trim_start());
        let only = only.map(|only| only.split(']').next().unwrap_or_default());
        let is_dev = only.is_some_and(|only| {
            let only = if only.starts_with('[') { only } else { only.split(',').next().unwrap_or_default() };
            !only.contains(":prod")
        });
        if let Some(node) = nodes.get(name.as_str()) {
            let scope = if is_dev { Scope::Dev } else { Scope::Runtime };
            let versions = rest.as_str().trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            reading.root_as(*node, scope, Some(manifest.location(line)), versions.unwrap_or_default());
        }
    }
}
