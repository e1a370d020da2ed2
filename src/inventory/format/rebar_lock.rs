//! Reads `rebar.lock` of Erlang, without a version and of versions 1.1 and 1.2 (<https://rebar3.org/docs/workflow/>; as
//! rebar3's own `rebar_config.erl` writes it). Whatever is at level 0 the project asks for itself.

use std::collections::HashMap;

use super::terms::{self, Term};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format = Format {
    id: "rebar-lock",
    about: "rebar.lock of Erlang",
    role: Role::Lock("rebar"),
    wants: |path| name_of(path) == "rebar.lock",
    read,
};

/// Versions that are known; another may mean other things.
const KNOWN: [&str; 3] = ["1.0.0", "1.1.0", "1.2.0"];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (terms, damage) = terms::parse(&source.text);
    if let Some((line, why)) = damage {
        reading.broken(line, &format!("{why}; what is whole is used"));
    }
    let Some(first) = terms.first() else {
        let hint = "let rebar3 write it anew with `rebar3 lock`";
        return if source.text.trim().is_empty() { Ok(()) } else { Err(Unreadable::new("it is no list").hint(hint)) };
    };
    let version = first.word_at(0);
    if !version.is_empty() && !KNOWN.contains(&version) {
        reading.broken(first.line, &format!("version {version} of the format is not known; it is read as 1.2.0"));
    }
    let list = if version.is_empty() { Some(first) } else { first.items().get(1) };
    let (sums, asked) = (sums(&terms), asked(source));
    for entry in list.map_or(&[][..], Term::items) {
        let (name, level) = (entry.word_at(0), entry.word_at(2));
        let Some(origin) = entry.items().get(1) else {
            reading.broken(entry.line, "an entry without a name and an origin is left out");
            continue;
        };
        let is_package = origin.word_at(0) == "pkg";
        let (package, version) = match is_package {
            true => (origin.word_at(1), origin.word_at(2)),
            // `{git, Address, {ref, Commit}}`
            false => (name, origin.items().get(2).map_or("", |reference| reference.word_at(1))),
        };
        let draft = Draft {
            source: if is_package { PackageSource::Public } else { PackageSource::Elsewhere },
            hashes: sums.get(name).filter(|_| is_package).map(|sum| format!("sha256:{sum}")).into_iter().collect(),
            direct: level.parse().ok().map(|level: u32| level == 0),
            ..Draft::new(Ecosystem::Hex, package, version, entry.line)
        };
        if let Some(node) = reading.add(draft)
            && level == "0"
        {
            reading.root(node, Scope::Runtime, asked.get(name).cloned());
        }
    }
    Ok(())
}

/// The checksums of the archives, or of what is in them where the file has no other.
fn sums<'t>(terms: &'t [Term]) -> HashMap<&'t str, String> {
    let lists = terms.get(1).map_or(&[][..], Term::items);
    let of = |key: &str| lists.iter().find(|list| list.word_at(0) == key).and_then(|list| list.items().get(1));
    let lists = [of("pkg_hash"), of("pkg_hash_ext")].into_iter().flatten();
    lists.flat_map(Term::items).map(|pair| (pair.word_at(0), pair.word_at(1).to_ascii_lowercase())).collect()
}

/// The lines of `rebar.config` that ask for packages: `{cowboy, "2.9.0"}` or `cowboy`.
fn asked(source: &Source) -> HashMap<String, Location> {
    let Some(config) = source.neighbour("rebar.config") else { return HashMap::new() };
    let (terms, _) = terms::parse(&config.text);
    let deps = terms.iter().find(|term| term.word_at(0) == "deps").and_then(|deps| deps.items().get(1));
    let name = |entry: &Term| if entry.items().is_empty() { entry.word() } else { entry.word_at(0) }.to_owned();
    deps.map_or(&[][..], Term::items).iter().map(|entry| (name(entry), config.location(entry.line))).collect()
}
