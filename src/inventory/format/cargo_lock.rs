//! Reads `Cargo.lock`, versions 1 to 4
//! (<https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html>), by the crate cargo-lock.

use std::collections::BTreeMap;
use std::str::FromStr;

use cargo_lock::{Lockfile, Name, Version};

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::PackageSource;
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format = Format {
    id: "cargo-lock",
    about: "Cargo.lock, versions 1 to 4",
    role: Role::Lock("cargo"),
    wants: |path| name_of(path) == "Cargo.lock",
    read,
};

type Key = (String, String);

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let lockfile = Lockfile::from_str(&source.text).map_err(|e| {
        let text = e.to_string();
        Unreadable::new(text.lines().next().unwrap_or_default())
            .hint("let cargo write it anew with `cargo generate-lockfile`")
    })?;
    let lines = lines_of(source);
    let key = |name: &Name, version: &Version| (name.to_string(), version.to_string());
    let mut nodes: BTreeMap<Key, Node> = BTreeMap::new();
    for package in &lockfile.packages {
        let (name, version) = key(&package.name, &package.version);
        let draft = Draft {
            source: match &package.source {
                None => PackageSource::Local,
                Some(source) if source.is_default_registry() => PackageSource::Public,
                Some(_) => PackageSource::Elsewhere,
            },
            hashes: package.checksum.iter().map(|sum| format!("sha256:{sum}")).collect(),
            line: lines.get(&(name.clone(), version.clone())).copied().unwrap_or(1),
            ..Draft::new(Ecosystem::Cargo, &name, &version, 1)
        };
        if let Some(node) = reading.add(draft) {
            nodes.insert((name, version), node);
        }
    }
    for package in &lockfile.packages {
        let Some(from) = nodes.get(&key(&package.name, &package.version)) else { continue };
        for other in &package.dependencies {
            if let Some(to) = nodes.get(&key(&other.name, &other.version)) {
                reading.needs(*from, *to);
            }
        }
    }
    Ok(())
}

/// The line of each package's `name`. A lockfile writes one key a line, name before version.
fn lines_of(source: &Source) -> BTreeMap<Key, u32> {
    let value = |line: &str, key: &str| {
        let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim();
        Some(rest.trim_matches('"').to_owned())
    };
    let mut lines = BTreeMap::new();
    let mut name: Option<(String, u32)> = None;
    for (number, line) in (1u32..).zip(source.text.lines()) {
        if let Some(found) = value(line, "name") {
            name = Some((found, number));
        } else if let Some(version) = value(line, "version")
            && let Some((name, number)) = name.take()
        {
            lines.entry((name, version)).or_insert(number);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::RepoPath;

    #[test]
    fn lines_and_ways() {
        let text = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"mid\",\n]\n\n[[package]]\nname = \"deep\"\nversion = \"1.2.3\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[[package]]\nname = \"mid\"\nversion = \"0.2.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\ndependencies = [\n \"deep\",\n]\n";
        let source = Source::new(RepoPath::new("Cargo.lock"), text.to_owned());
        let mut reading = Reading::new(&source);
        read(&mut reading).unwrap();
        let packages = reading.finish().packages;
        let said: Vec<_> = packages
            .iter()
            .map(|p| (p.name.as_str(), p.location.span.map(|span| span.start_line), p.source, p.direct, p.via))
            .collect();
        assert_eq!(
            said,
            [
                ("app", Some(4), PackageSource::Local, None, None),
                ("deep", Some(11), PackageSource::Public, Some(false), Some(2)),
                ("mid", Some(16), PackageSource::Public, Some(true), None),
            ]
        );
    }
}
