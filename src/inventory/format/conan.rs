//! Reads what Conan says of packages: `conan.lock` with a graph (Conan 1) or with lists (Conan 2), and `conanfile.txt`
//! without a lock (<https://docs.conan.io/2/reference/conanfile_txt.html>; locks as Conan's own `graph_lock.py` and
//! `model/lockfile.py` write them).

use std::collections::HashMap;

use super::document::{self, Tree};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::source::Source;

pub(super) const LOCK: Format = Format {
    id: "conan-lock",
    about: "conan.lock of Conan 1 and 2",
    role: Role::Lock("conan"),
    wants: |path| name_of(path) == "conan.lock",
    read: read_lock,
};

pub(super) const MANIFEST: Format = Format {
    id: "conanfile",
    about: "conanfile.txt",
    role: Role::Manifest("conan"),
    wants: |path| name_of(path) == "conanfile.txt",
    read: read_manifest,
};

/// The lists of a lock of Conan 2 and the sections of `conanfile.txt`, with what they are for.
const LISTS: [(&str, Scope); 6] = [
    ("requires", Scope::Runtime),
    ("build_requires", Scope::Build),
    ("tool_requires", Scope::Build),
    ("python_requires", Scope::Build),
    ("config_requires", Scope::Build),
    ("test_requires", Scope::Dev),
];

/// The newest version of the format that is known.
const NEWEST: &str = "0.5";

fn read_lock(reading: &mut Reading) -> Result<(), Unreadable> {
    let lock = document::read_json(reading);
    let version = lock.get("version");
    if version.text().parse::<f64>().is_ok_and(|version| version > 0.5) {
        let why = format!("version {} of the format is newer than {NEWEST}; it is read as that one", version.text());
        reading.broken(version.line, &why);
    }
    let nodes = lock.at(&["graph_lock", "nodes"]);
    if nodes.is_map() {
        graph(reading, nodes);
        return Ok(());
    }
    let is_known = LISTS.iter().any(|(list, _)| !lock.get(list).is_null());
    if !is_known && version.is_null() {
        return Err(Unreadable::new("it has neither a graph nor lists")
            .hint("let Conan write it anew with `conan lock create`"));
    }
    let asked = Asked::beside(reading.source);
    for (list, scope) in LISTS {
        for item in lock.get(list).items() {
            // `alias` and the like write an entry as a list that begins with it.
            let text = item.items().first().unwrap_or(item);
            let Some(draft) = reference(text.text(), text.line) else { continue };
            let name = draft.name.clone();
            let Some(node) = reading.add(Draft { scope: Some(scope), ..draft }) else { continue };
            if let Some(asked) = asked.place(&name) {
                reading.root(node, scope, Some(asked));
            }
        }
    }
    Ok(())
}

fn graph(reading: &mut Reading, nodes: &Tree) {
    let mut known: HashMap<&str, Node> = HashMap::new();
    let mut consumers: Vec<&Tree> = Vec::new();
    for member in nodes.members() {
        let node = &member.value;
        // Conan 1.0 to 1.20 have the reference with its package in one.
        let told = [node.get("ref"), node.get("pref")].into_iter().find(|told| !told.text().is_empty());
        let is_own = !node.get("path").is_null() || told.is_none();
        if is_own {
            consumers.push(node);
        }
        let Some(draft) = told.and_then(|told| reference(told.text(), told.line)) else { continue };
        let source = if is_own { PackageSource::Local } else { draft.source };
        if let Some(node) = reading.add(Draft { source, ..draft }) {
            known.insert(&member.key, node);
        }
    }
    let needs = |node: &Tree, list: &str| -> Vec<String> {
        // Conan 1.0 to 1.20 have maps here, of references to ids.
        let list = node.get(list);
        let ids = list.items().iter().chain(list.members().iter().map(|member| &member.value));
        ids.map(|id| id.text().to_owned()).collect()
    };
    for member in nodes.members() {
        let Some(from) = known.get(&*member.key) else { continue };
        for list in ["requires", "build_requires"] {
            let others = needs(&member.value, list);
            others.iter().filter_map(|id| known.get(id.as_str())).for_each(|to| reading.needs(*from, *to));
        }
    }
    let names: HashMap<&str, String> = nodes
        .members()
        .iter()
        .filter_map(|member| {
            let draft = reference(member.value.get("ref").text(), 1)?;
            Some((&*member.key, draft.name))
        })
        .collect();
    let asked = Asked::beside(reading.source);
    for consumer in consumers {
        for (list, scope) in [("requires", Scope::Runtime), ("build_requires", Scope::Build)] {
            for id in needs(consumer, list) {
                if let Some(node) = known.get(id.as_str()) {
                    let place = names.get(id.as_str()).and_then(|name| asked.place(name));
                    reading.root(*node, scope, place);
                }
            }
        }
    }
}

/// `name/version@user/channel#revision%time`, of which all behind the version may be missing.
fn reference(text: &str, line: u32) -> Option<Draft> {
    let (name, rest) = text.trim().split_once('/')?;
    // A range has characters of its own.
    let (version, behind) = match rest.strip_prefix('[').and_then(|range| range.split_once(']')) {
        Some((range, behind)) => (range, behind),
        None => rest.find(['@', '#', '%', ':']).map_or((rest, ""), |end| rest.split_at(end)),
    };
    let user = behind.strip_prefix('@').map(|user| user.split(['#', '%', ':']).next().unwrap_or_default());
    let is_public = user.is_none_or(|user| user.is_empty() || user == "_/_");
    let is_range = rest.starts_with('[');
    let (version, requirement) = if is_range { ("", version) } else { (version, "") };
    Some(Draft {
        source: if is_public { PackageSource::Public } else { PackageSource::Elsewhere },
        requirement: requirement.to_owned(),
        ..Draft::new(Ecosystem::Conan, name.trim(), version.trim(), line)
    })
}

/// The lines of `conanfile.txt` or `conanfile.py` that name packages. The second is a program, of which only texts that
/// look like references are taken.
struct Asked(HashMap<String, Location>);

impl Asked {
    fn beside(source: &Source) -> Self {
        if let Some(file) = source.neighbour("conanfile.txt") {
            let entries = entries(&file).into_iter();
            return Self(entries.map(|(_, draft)| (draft.name, file.location(draft.line))).collect());
        }
        let Some(file) = source.neighbour("conanfile.py") else { return Self(HashMap::new()) };
        let mut found = HashMap::new();
        for (number, line) in (1u32..).zip(file.text.lines()).filter(|(_, line)| !line.trim_start().starts_with('#')) {
            // Every other piece between quotes is a text.
            for text in line.split(['"', '\'']).skip(1).step_by(2) {
                if let Some((name, _)) = text.split_once('/') {
                    found.entry(name.to_owned()).or_insert_with(|| file.location(number));
                }
            }
        }
        Self(found)
    }

    fn place(&self, name: &str) -> Option<Location> {
        self.0.get(name).cloned()
    }
}

fn read_manifest(reading: &mut Reading) -> Result<(), Unreadable> {
    for (scope, draft) in entries(reading.source) {
        reading.add(Draft { scope: Some(scope), direct: Some(true), ..draft });
    }
    Ok(())
}

/// What `conanfile.txt` asks for.
fn entries(file: &Source) -> Vec<(Scope, Draft)> {
    let mut found = Vec::new();
    let mut scope = None;
    for (number, line) in (1u32..).zip(file.text.lines()) {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            scope = LISTS.iter().find(|(list, _)| *list == section).map(|(_, scope)| *scope);
        } else if let Some(scope) = scope
            && !line.starts_with('#')
            && let Some(draft) = reference(line.split(" #").next().unwrap_or_default(), number)
        {
            found.push((scope, draft));
        }
    }
    found
}
