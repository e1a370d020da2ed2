//! Reads what Yarn 2 and newer write (<https://yarnpkg.com/advanced/lexicon#lockfile>): YAML, in which every package is
//! named by all descriptors that it is the answer to, `name@protocol:range`.

use std::collections::HashMap;

use super::super::Unreadable;
use super::super::javascript::{Manifest, requirement, source_of, split_at_range};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Entry, Tree, yaml};

/// The newest version of the format that is known here.
const NEWEST: u32 = 10;

/// A package of the lock.
struct Package<'a> {
    node: Node,
    entry: &'a Entry<'a>,
    /// The folder of a package of the project itself.
    folder: Option<&'a str>,
}

/// Which package a descriptor leads to.
#[derive(Default)]
struct Answers<'a> {
    by_descriptor: HashMap<&'a str, Node>,
    /// Packages that Yarn patches on its own, by the descriptor of what they are made of: both are used.
    patched: HashMap<String, Node>,
    by_name: HashMap<&'a str, Vec<Node>>,
}

pub(super) fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (documents, problems) = yaml::parse(&source.text);
    let Some(lock) = documents.first().filter(|lock| lock.is_map()) else {
        return Err(Unreadable::new("it is no map of packages").hint("let Yarn write it anew with `yarn install`"));
    };
    tree::tell(reading, &problems);
    let version = lock.at(&["__metadata", "version"]).and_then(Tree::text).unwrap_or_default();
    if version.parse().is_ok_and(|version: u32| version > NEWEST) {
        let line = lock.entry("__metadata").map_or(1, |entry| entry.line);
        reading.newer(line, version, NEWEST);
    }
    let mut packages = Vec::new();
    let mut answers = Answers::default();
    for entry in lock.entries().iter().filter(|entry| entry.key != "__metadata") {
        let resolution = entry.value.text_of("resolution");
        if resolution.is_empty() {
            reading.broken(entry.line, &format!("`{}` has no resolution", entry.key));
        }
        let Some(node) = reading.add(draft(entry, resolution)) else { continue };
        answers.add(entry, node);
        let folder = split_at_range(resolution).1.strip_prefix("workspace:");
        packages.push(Package { node, entry, folder });
    }
    for package in &packages {
        needs(reading, package, &answers);
    }
    Ok(())
}

impl<'a> Answers<'a> {
    fn add(&mut self, entry: &'a Entry<'a>, node: Node) {
        let mut names = Vec::new();
        for descriptor in entry.key.split(", ") {
            self.by_descriptor.insert(descriptor, node);
            let (name, range) = split_at_range(descriptor);
            names.push(name);
            if let Some((of, patch)) = range.strip_prefix("patch:").and_then(|patch| patch.split_once('#'))
                && patch.contains("builtin<")
            {
                let of = percent_encoding::percent_decode_str(of).decode_utf8_lossy().into_owned();
                self.patched.insert(of, node);
            }
        }
        names.dedup();
        for name in names {
            let all = self.by_name.entry(name).or_default();
            if all.last() != Some(&node) {
                all.push(node);
            }
        }
    }

    /// The packages that a name and a range lead to: one or, where it is patched, that and the patched one.
    fn find(&self, name: &str, range: &str) -> Vec<Node> {
        // Versions before 8 leave the protocol of the registry out; a patch leaves it out more often.
        let bare = range.strip_prefix("npm:").unwrap_or(range);
        let forms = [format!("{name}@{range}"), format!("{name}@npm:{bare}"), format!("{name}@{bare}")];
        let plain = forms.iter().find_map(|form| self.by_descriptor.get(form.as_str()));
        let patched = forms.iter().find_map(|form| self.patched.get(form.as_str()));
        // What the project patches is made of another package of the lock.
        let of = range.strip_prefix("patch:").and_then(|patch| patch.split_once('#')).map(|(of, _)| of);
        let of = of.map(|of| percent_encoding::percent_decode_str(of).decode_utf8_lossy());
        let of = of.and_then(|of| self.by_descriptor.get(of.as_ref()));
        let found: Vec<Node> = patched.into_iter().chain(plain).chain(of).copied().collect();
        match self.by_name.get(name) {
            // A resolution of the project has taken the place of what was asked for.
            Some(all) if found.is_empty() && all.len() == 1 => all.clone(),
            // Which member of the project is meant is told by the name, whatever the range is.
            _ => found,
        }
    }
}

fn draft(entry: &Entry, resolution: &str) -> Draft {
    // A damaged entry is named by what it was asked for as.
    let told = if resolution.is_empty() { entry.key.split(", ").next().unwrap_or_default() } else { resolution };
    let (name, reference) = split_at_range(told);
    let package = &entry.value;
    Draft {
        source: source(reference),
        hashes: sum(package.text_of("checksum")),
        ..Draft::new(Ecosystem::Npm, name, package.text_of("version"), entry.line)
    }
}

/// Where a package comes from, by what stands behind its name in a resolution.
fn source(reference: &str) -> PackageSource {
    if let Some(of) = reference.strip_prefix("patch:") {
        let of = percent_encoding::percent_decode_str(of.split('#').next().unwrap_or_default()).decode_utf8_lossy();
        let (_, inner) = split_at_range(&of);
        // A patch of a patch is made of the same package.
        return if inner.starts_with("patch:") { PackageSource::Public } else { source(inner) };
    }
    match reference.strip_prefix("npm:") {
        // A registry of one's own is told as the address of the archive.
        Some(version) => version.split_once("__archiveUrl=").map_or(PackageSource::Public, |(_, url)| {
            source_of(&percent_encoding::percent_decode_str(url).decode_utf8_lossy())
        }),
        None => source_of(reference),
    }
}

/// The hash of the archive that Yarn keeps, SHA-512: behind the key of the cache, if there is one.
fn sum(checksum: &str) -> Vec<String> {
    let sum = checksum.rsplit('/').next().unwrap_or_default();
    let is_sum = sum.len() == 128 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_sum.then(|| format!("sha512:{sum}")).into_iter().collect()
}

fn needs(reading: &mut Reading, package: &Package, answers: &Answers) {
    let value = &package.entry.value;
    let manifest = package.folder.map(|folder| Manifest::beside(reading.source, folder).unwrap_or_default());
    let is_optional = |name: &str| value.at(&["dependenciesMeta", name]).is_some_and(|meta| meta.is("optional"));
    for section in ["dependencies", "optionalDependencies"] {
        for asked in value.entries_of(section) {
            let name = asked.key.as_ref();
            let range = requirement(asked.value.text());
            for to in answers.find(name, asked.value.text().unwrap_or_default()) {
                match &manifest {
                    Some(manifest) => {
                        let asked = manifest.asked(name, None);
                        let unknown = if is_optional(name) { Scope::Optional } else { Scope::Runtime };
                        let scope = asked.map_or(unknown, |asked| asked.scope);
                        reading.root_as(to, scope, asked.map(|asked| asked.location.clone()), range);
                        reading.needs_as(package.node, to, range);
                    }
                    None if is_optional(name) || section != "dependencies" => {
                        reading.may_need(package.node, to, range);
                    }
                    None => reading.needs_as(package.node, to, range),
                }
            }
        }
    }
}
