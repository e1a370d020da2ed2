//! Reads `Podfile.lock` of CocoaPods (as its own `cocoapods-core/lib/cocoapods-core/lockfile.rb` writes it). The `Podfile`
//! is a program; only the lines in it that name a pod are looked for.

use std::collections::HashMap;

use super::document::{self, Tree};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format = Format {
    id: "podfile-lock",
    about: "Podfile.lock of CocoaPods",
    role: Role::Lock("cocoapods"),
    wants: |path| name_of(path) == "Podfile.lock",
    read,
};

/// Where the public pods are listed.
const PUBLIC: [&str; 3] = ["trunk", "cdn.cocoapods.org", "github.com/cocoapods/specs"];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let documents = document::read_yaml(reading);
    let lock = documents.first().filter(|lock| lock.is_map());
    let Some(lock) = lock.filter(|lock| lock.members().iter().any(|m| m.key == "PODS" || m.key == "PODFILE CHECKSUM"))
    else {
        return Err(Unreadable::new("it has no `PODS`").hint("let CocoaPods write it anew with `pod install`"));
    };
    let origins = Origins::of(lock);
    let sums = lock.get("SPEC CHECKSUMS").members().iter();
    let sums: HashMap<&str, &str> = sums.map(|member| (&*member.key, member.value.text())).collect();
    let mut nodes: HashMap<String, Node> = HashMap::new();
    let mut needs: Vec<(Node, &Tree)> = Vec::new();
    for item in lock.get("PODS").items() {
        // `- name (version)`, or a map of that to what it needs.
        let pods = match item.members() {
            [] => vec![(item.text(), item.line, item)],
            members => members.iter().map(|member| (&*member.key, member.line, &member.value)).collect(),
        };
        for (pod, line, list) in pods {
            let (name, version) = split(pod);
            let draft = Draft {
                source: origins.source(base(name)),
                hashes: sums.get(base(name)).map(|sum| format!("sha1:{sum}")).into_iter().collect(),
                ..Draft::new(Ecosystem::CocoaPods, name, version, line)
            };
            match reading.add(draft) {
                Some(node) => {
                    needs.push((node, list));
                    nodes.insert(name.to_owned(), node);
                }
                None => reading.broken(line.max(1), "a pod without a name is left out"),
            }
        }
    }
    for (from, list) in needs {
        for need in list.items() {
            if let Some(to) = nodes.get(split(need.text()).0) {
                reading.needs_as(from, *to, versions(need.text()));
            }
        }
    }
    let asked = asked(reading.source);
    for item in lock.get("DEPENDENCIES").items() {
        let (name, _) = split(item.text());
        if let Some(node) = nodes.get(name) {
            let place = asked.get(name).or_else(|| asked.get(base(name)));
            reading.root_as(*node, Scope::Runtime, place.cloned(), versions(item.text()));
        }
    }
    Ok(())
}

/// The name and what stands in brackets behind it.
fn split(pod: &str) -> (&str, &str) {
    let (name, rest) = pod.split_once(" (").unwrap_or((pod, ""));
    (name.trim(), rest.trim_end().trim_end_matches(')').trim_start_matches("= ").trim())
}

/// Which versions stand in brackets behind a name; nobody knows of what comes from elsewhere.
fn versions(pod: &str) -> &str {
    match pod.split_once(" (").map(|(_, rest)| rest.trim_end().trim_end_matches(')').trim()) {
        None => ">= 0",
        Some(origin) if origin.starts_with("from ") => "",
        Some(versions) => versions,
    }
}

/// The pod that a subspec is a part of: `Firebase` of `Firebase/Core`.
fn base(name: &str) -> &str {
    name.split('/').next().unwrap_or_default()
}

/// Where pods come from.
struct Origins<'t> {
    external: HashMap<&'t str, PackageSource>,
    private: HashMap<&'t str, PackageSource>,
}

impl<'t> Origins<'t> {
    fn of(lock: &'t Tree) -> Self {
        let external = lock.get("EXTERNAL SOURCES").members().iter().map(|member| {
            let is_path = member.value.members().iter().any(|option| option.key == ":path");
            (base(&member.key), if is_path { PackageSource::Local } else { PackageSource::Elsewhere })
        });
        let mut private = HashMap::new();
        for repository in lock.get("SPEC REPOS").members() {
            let address = repository.key.to_ascii_lowercase();
            if !PUBLIC.iter().any(|public| address.contains(public)) {
                private.extend(repository.value.items().iter().map(|pod| (pod.text(), PackageSource::Elsewhere)));
            }
        }
        Self { external: external.collect(), private }
    }

    fn source(&self, pod: &str) -> PackageSource {
        self.external.get(pod).or_else(|| self.private.get(pod)).copied().unwrap_or_default()
    }
}

/// The lines of the Podfile that name pods: `pod 'Name', '~> 1.0'`.
fn asked(source: &Source) -> HashMap<String, Location> {
    let mut asked = HashMap::new();
    let Some(podfile) = source.neighbour("Podfile") else { return asked };
    for (number, line) in (1u32..).zip(podfile.text.lines()) {
        let Some(rest) = line.trim_start().strip_prefix("pod").filter(|rest| rest.starts_with([' ', '(', '\t'])) else {
            continue;
        };
        if let Some(name) = rest.split(['"', '\'']).nth(1) {
            asked.entry(name.to_owned()).or_insert_with(|| podfile.location(number));
        }
    }
    asked
}
