//! Reads `bun.lock`, versions 0 to 2 (<https://bun.sh/docs/pm/lockfile>): JSON with trailing commas. A package is named
//! by the way to the folder in which it is installed, `outer/inner`, and is a list: what it is, where it is from if that
//! is not the usual registry, what it needs, and its hash.

use std::collections::{HashMap, HashSet};

use super::javascript::{Manifest, SECTIONS, integrity, requirement, source_of, split_at_range};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Entry, Tree, json};

pub(super) const FORMAT: Format = Format {
    id: "bun-lock",
    about: "bun.lock, versions 0 to 2",
    role: Role::Lock("npm"),
    wants: |path| name_of(path) == "bun.lock",
    read,
};

/// The older, binary form.
pub(super) const BINARY: Format = Format {
    id: "bun-lockb",
    about: "bun.lockb",
    // What it pins is not known here, so that what the project asks for is.
    role: Role::Alone,
    wants: |path| name_of(path) == "bun.lockb",
    read: |reading| match reading.source.neighbour("bun.lock") {
        Some(_) => Ok(()),
        None => Err(binary()),
    },
};

/// The newest version that is known here.
const NEWEST: u32 = 2;

/// Folders further up are not searched for a package.
const MAX_FOLDERS: usize = 64;

/// From a folder with a longer way no package is searched.
const MAX_WAY: usize = 4096;

/// Why the binary form is not read.
fn binary() -> Unreadable {
    Unreadable::new("it is binary")
        .hint("write the text form with `bun install --save-text-lockfile` and commit bun.lock")
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (lock, problems) = json::parse(&source.text);
    if lock.get("packages").or(lock.get("workspaces")).is_none() {
        let hint = "let Bun write it anew with `bun install --lockfile-only`";
        return Err(Unreadable::of(&problems, "it has neither workspaces nor packages").hint(hint));
    }
    tree::tell(reading, &problems);
    let version = lock.text_of("lockfileVersion");
    if version.parse().is_ok_and(|version: u32| version > NEWEST) {
        let line = lock.entry("lockfileVersion").map_or(1, |entry| entry.line);
        reading.newer(line, version, NEWEST);
    }
    let mut nodes: HashMap<&str, Node> = HashMap::new();
    for entry in lock.entries_of("packages") {
        match draft(entry) {
            Some(draft) => nodes.extend(reading.add(draft).map(|node| (entry.key.as_ref(), node))),
            None => reading.broken(entry.line, &format!("`{}` is no package", entry.key)),
        }
    }
    for entry in lock.entries_of("packages") {
        let Some(from) = nodes.get(entry.key.as_ref()) else { continue };
        for needs in entry.value.items().iter().filter(|item| item.is_map()) {
            // What is used where it is there anyway is not needed.
            let spare: HashSet<&str> = needs.items_of("optionalPeers").iter().filter_map(Tree::text).collect();
            for (section, scope) in SECTIONS.into_iter().filter(|(_, scope)| *scope != Scope::Dev) {
                let entries = needs.entries_of(section).iter();
                for asked in
                    entries.filter(|asked| section != "peerDependencies" || !spare.contains(asked.key.as_ref()))
                {
                    let range = requirement(asked.value.text());
                    match found(&nodes, &entry.key, &asked.key) {
                        Some(to) if scope == Scope::Optional => reading.may_need(*from, to, range),
                        Some(to) => reading.needs_as(*from, to, range),
                        None => {}
                    }
                }
            }
        }
    }
    for entry in lock.entries_of("workspaces") {
        workspace(reading, entry, &nodes);
    }
    Ok(())
}

fn draft(entry: &Entry) -> Option<Draft> {
    let items = entry.value.items();
    let what = items.first()?.text()?;
    let (name, reference) = split_at_range(what);
    let (reference, is_npm) = match reference.strip_prefix("npm:") {
        Some(version) => (version, true),
        None => (reference, !reference.contains([':', '/'])),
    };
    let registry = items.get(1).and_then(Tree::text).unwrap_or_default();
    let source = match (is_npm, reference) {
        (true, _) => source_of(registry),
        (false, "root:") => PackageSource::Local,
        (false, reference) => source_of(reference),
    };
    let hashes = items.get(2..).unwrap_or_default().iter().filter_map(Tree::text).flat_map(integrity);
    Some(Draft {
        source,
        hashes: hashes.collect(),
        ..Draft::new(Ecosystem::Npm, name, if is_npm { reference } else { "" }, entry.line)
    })
}

/// What the project, or a member of its workspace, asks for.
fn workspace(reading: &mut Reading, entry: &Entry, nodes: &HashMap<&str, Node>) {
    let manifest = Manifest::beside(reading.source, &entry.key).unwrap_or_default();
    let name = match entry.value.text_of("name") {
        "" => manifest.name.as_str(),
        name => name,
    };
    for (section, scope) in SECTIONS {
        for asked in entry.value.entries_of(section) {
            // What a member has of its own is installed below its name.
            let inside = if entry.key.is_empty() { "" } else { name };
            if let Some(to) = found(nodes, inside, &asked.key) {
                let line = manifest.asked(&asked.key, Some(scope)).map(|asked| asked.location.clone());
                let range = requirement(asked.value.text());
                reading.root_as(to, scope, line, range);
                if let Some(from) = nodes.get(name).filter(|_| !entry.key.is_empty()) {
                    reading.needs_as(*from, to, range);
                }
            }
        }
    }
}

/// The package of a name that is found from the folder of another, searched upwards.
fn found(nodes: &HashMap<&str, Node>, from: &str, name: &str) -> Option<Node> {
    if from.len() + name.len() > MAX_WAY {
        return None;
    }
    let above = std::iter::successors(Some(from), |way| {
        (!way.is_empty()).then(|| {
            let above = way.rsplit_once('/').map_or("", |(above, _)| above);
            // A scope is no folder to search.
            let scope = above.rsplit('/').next().unwrap_or_default();
            if scope.starts_with('@') {
                above.strip_suffix(scope).unwrap_or_default().trim_end_matches('/')
            } else {
                above
            }
        })
    });
    above
        .take(MAX_FOLDERS)
        .find_map(|way| match way {
            "" => nodes.get(name),
            way => nodes.get(format!("{way}/{name}").as_str()),
        })
        .copied()
}
