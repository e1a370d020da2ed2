//! Reads `deno.lock`, versions 1 to 5 (<https://github.com/denoland/deno/tree/main/libs/lockfile>): packages of npm and
//! of JSR, and modules by their addresses.

mod remote;

use std::collections::{HashMap, HashSet};

use super::javascript::{Asked, Manifest, integrity, requirement, source_of, split_at_range};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::source::Source;
use crate::inventory::tree::{self, Entry, Tree, json};

pub(super) const FORMAT: Format = Format {
    id: "deno-lock",
    about: "deno.lock, versions 1 to 5",
    role: Role::Lock("npm"),
    wants: |path| name_of(path) == "deno.lock",
    read,
};

/// The newest version that is known here.
const NEWEST: u32 = 5;

/// The two registries, by the protocol of their specifiers.
const REGISTRIES: [(&str, Ecosystem); 2] = [("npm", Ecosystem::Npm), ("jsr", Ecosystem::Jsr)];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (lock, problems) = json::parse(&source.text);
    if !lock.is_map() {
        let hint = "let Deno write it anew with `deno install`";
        return Err(Unreadable::of(&problems, "it is no map").hint(hint));
    }
    tree::tell(reading, &problems);
    let version = lock.text_of("version");
    if version.parse().is_ok_and(|version: u32| version > NEWEST) {
        let line = lock.entry("version").map_or(1, |entry| entry.line);
        reading.newer(line, version, NEWEST);
    }
    Lock::of(reading, &lock).read(reading);
    // The first version is nothing but addresses.
    let remote = if version.is_empty() { lock.entries() } else { lock.entries_of("remote") };
    remote::read(reading, remote);
    Ok(())
}

struct Lock<'a> {
    tree: &'a Tree<'a>,
    /// Packages by protocol and `name@version`.
    nodes: HashMap<(&'a str, &'a str), Node>,
    /// The only package of a name, by protocol.
    by_name: HashMap<(&'a str, &'a str), Option<Node>>,
    /// What each specifier, `protocol:name@range`, leads to.
    specifiers: HashMap<&'a str, Node>,
}

impl<'a> Lock<'a> {
    fn of(reading: &mut Reading, tree: &'a Tree<'a>) -> Self {
        let mut lock = Self { tree, nodes: HashMap::new(), by_name: HashMap::new(), specifiers: HashMap::new() };
        for (protocol, ecosystem) in REGISTRIES {
            for entry in lock.packages(protocol) {
                let Some(node) = reading.add(draft(entry, ecosystem)) else { continue };
                lock.nodes.insert((protocol, &entry.key), node);
                let name = split_at_range(&entry.key).0;
                lock.by_name.entry((protocol, name)).and_modify(|known| *known = None).or_insert(Some(node));
            }
        }
        for entry in lock.asked() {
            if let Some(node) = lock.answer(&entry.key, entry.value.text().unwrap_or_default()) {
                lock.specifiers.insert(&entry.key, node);
            }
        }
        lock
    }

    /// The packages of a registry: in version 3 below `packages`, and in version 2 below `npm`.
    fn packages(&self, protocol: &str) -> &'a [Entry<'a>] {
        let places =
            [self.tree.at(&["packages", protocol]), self.tree.at(&[protocol, "packages"]), self.tree.get(protocol)];
        places.into_iter().flatten().next().map_or(&[], Tree::entries)
    }

    /// What was asked for, each with what it leads to.
    fn asked(&self) -> &'a [Entry<'a>] {
        let places = [
            self.tree.get("specifiers"),
            self.tree.at(&["packages", "specifiers"]),
            self.tree.at(&["npm", "specifiers"]),
        ];
        places.into_iter().flatten().next().map_or(&[], Tree::entries)
    }

    /// The package that a specifier leads to: a version, `name@version`, or `protocol:name@version`.
    fn answer(&self, specifier: &str, answer: &str) -> Option<Node> {
        let (protocol, asked) = specifier.split_once(':').unwrap_or(("npm", specifier));
        let bare = answer.strip_prefix(protocol).and_then(|rest| rest.strip_prefix(':')).unwrap_or(answer);
        let whole = format!("{}@{bare}", split_at_range(asked).0);
        self.nodes.get(&(protocol, bare)).or_else(|| self.nodes.get(&(protocol, whole.as_str()))).copied()
    }

    fn read(&self, reading: &mut Reading) {
        let mut needed: HashSet<Node> = HashSet::new();
        for (protocol, _) in REGISTRIES {
            for entry in self.packages(protocol) {
                let Some(from) = self.nodes.get(&(protocol, entry.key.as_ref())) else { continue };
                for (section, is_optional) in
                    [("dependencies", false), ("optionalDependencies", true), ("optionalPeers", true)]
                {
                    for (to, range) in self.needs(entry.value.get(section), protocol) {
                        if protocol == "jsr" {
                            needed.insert(to);
                        }
                        match is_optional {
                            true => reading.may_need(*from, to, range),
                            false => reading.needs_as(*from, to, range),
                        }
                    }
                }
            }
        }
        self.roots(reading, &needed);
    }

    /// What a list of dependencies leads to, with the versions that are asked for where a specifier tells; before version
    /// 4 it was a map.
    fn needs<'t>(&self, told: Option<&'t Tree>, protocol: &str) -> Vec<(Node, &'t str)> {
        let Some(told) = told else { return Vec::new() };
        let mapped =
            told.entries().iter().filter_map(|entry| Some((*self.nodes.get(&(protocol, entry.value.text()?))?, "")));
        let need = |item: &'t Tree| -> Option<(Node, &'t str)> {
            let told = item.text()?;
            let range = if self.specifiers.contains_key(told) { range(told) } else { "" };
            Some((self.need(told, protocol)?, range))
        };
        mapped.chain(told.items().iter().filter_map(need)).collect()
    }

    /// What a dependency of a package leads to: a specifier, or a name with a version where there are several.
    fn need(&self, told: &str, protocol: &'a str) -> Option<Node> {
        if let Some(node) = self.specifiers.get(told) {
            return Some(*node);
        }
        let (protocol, asked) = match told.split_once(':') {
            Some(("npm", asked)) => ("npm", asked),
            Some(("jsr", asked)) => ("jsr", asked),
            _ => (protocol, told),
        };
        let (name, range) = split_at_range(asked);
        // `alias@npm:name@version`
        let (name, asked) = match range.strip_prefix("npm:") {
            Some(real) => (split_at_range(real).0, real),
            None => (name, asked),
        };
        self.nodes.get(&(protocol, asked)).copied().or_else(|| *self.by_name.get(&(protocol, name))?)
    }

    /// What the project asks for: what its configuration says, and what no package of JSR asks for, which its own
    /// modules must.
    fn roots(&self, reading: &mut Reading, needed: &HashSet<Node>) {
        let source = reading.source;
        let mut manifests = vec![Manifest::beside(source, "").unwrap_or_default()];
        let mut lines = imports(source);
        let mut specifiers: Vec<&str> = Vec::new();
        let workspace = self.tree.get("workspace");
        let members = workspace.into_iter().flat_map(|workspace| workspace.entries_of("members"));
        for (folder, member) in
            workspace.map(|own| ("", own)).into_iter().chain(members.map(|m| (m.key.as_ref(), &m.value)))
        {
            if !folder.is_empty() {
                manifests.push(Manifest::beside(source, folder).unwrap_or_default());
                lines.extend(
                    ["deno.json", "deno.jsonc"].iter().flat_map(|name| imports_of(source, &format!("{folder}/{name}"))),
                );
            }
            for list in [Some(member), member.get("packageJson")].into_iter().flatten() {
                specifiers.extend(
                    ["dependencies", "devDependencies"]
                        .iter()
                        .flat_map(|key| list.items_of(key))
                        .filter_map(Tree::text),
                );
            }
        }
        let line = |specifier: &str| lines.get(specifier).or_else(|| lines.get(bare(specifier)));
        let mut specifiers_known: HashSet<&str> = HashSet::new();
        let mut asked: HashMap<&str, &Asked> = HashMap::new();
        for one in manifests.iter().flat_map(|manifest| &manifest.asks) {
            asked.entry(&one.name).or_insert(one);
        }
        let asked = |specifier: &str| asked.get(split_at_range(specifier.strip_prefix("npm:")?).0).copied();
        for specifier in &specifiers {
            specifiers_known.insert(specifier);
            let Some(node) = self.specifiers.get(specifier) else { continue };
            let (line, asked) = (line(specifier), asked(specifier));
            let scope = asked.filter(|_| line.is_none()).map_or(Scope::Runtime, |asked| asked.scope);
            reading.root_as(*node, scope, line.or(asked.map(|asked| &asked.location)).cloned(), range(specifier));
        }
        for entry in self.asked() {
            let Some(node) = self.specifiers.get(entry.key.as_ref()) else { continue };
            if !needed.contains(node) && !specifiers_known.contains(entry.key.as_ref()) {
                reading.root_as(*node, Scope::Runtime, line(&entry.key).cloned(), range(&entry.key));
            }
        }
    }
}

fn draft(entry: &Entry, ecosystem: Ecosystem) -> Draft {
    let (name, version) = split_at_range(&entry.key);
    let told = entry.value.text_of("integrity");
    let mut hashes = integrity(told);
    if hashes.is_empty() && told.len() == 64 && told.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        hashes.push(format!("sha256:{told}"));
    }
    // Peers stand behind the version.
    let version = version.split('_').next().unwrap_or_default();
    Draft {
        hashes,
        source: source_of(entry.value.text_of("tarball")),
        ..Draft::new(ecosystem, name, version, entry.line)
    }
}

/// The lines of specifiers in the configuration of the project.
fn imports(source: &Source) -> HashMap<String, Location> {
    ["deno.json", "deno.jsonc"].iter().flat_map(|name| imports_of(source, name)).collect()
}

fn imports_of(source: &Source, path: &str) -> Vec<(String, Location)> {
    let Some(file) = source.neighbour(path) else { return Vec::new() };
    let (tree, _) = json::parse(&file.text);
    // Deno writes a range in a form of its own into the lock, so the name alone must do where it is another.
    let both = |entry: &Entry| -> Option<[String; 2]> {
        let whole = entry.value.text()?;
        Some([bare(whole).to_owned(), whole.to_owned()])
    };
    let lines = tree.entries_of("imports").iter().filter_map(|entry| Some((both(entry)?, file.location(entry.line))));
    lines.flat_map(|(names, line)| names.map(|name| (name, line.clone()))).collect()
}

/// The range of a specifier, `npm:name@range`; empty where it has none.
fn range(specifier: &str) -> &str {
    let asked = specifier.split_once(':').map_or(specifier, |(_, asked)| asked);
    match split_at_range(asked).1 {
        "" => "",
        range => requirement(Some(range)),
    }
}

/// A specifier without its range.
fn bare(specifier: &str) -> &str {
    let from = specifier.find(':').map_or(0, |colon| colon + 1);
    let name = split_at_range(specifier.get(from..).unwrap_or_default()).0;
    specifier.get(..from + name.len()).unwrap_or(specifier)
}
