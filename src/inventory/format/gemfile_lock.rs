//! Reads `Gemfile.lock` and `gems.locked` of Bundler (<https://bundler.io/man/bundle-lock.1.html>, and its own
//! `lockfile_parser.rb`).

use std::collections::HashMap;

use super::gemfile::{self, Gem};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format = Format {
    id: "gemfile-lock",
    about: "Gemfile.lock and gems.locked of Bundler",
    role: Role::Lock("bundler"),
    wants: |path| {
        let name = name_of(path);
        name == "gems.locked"
            || (name.ends_with(".lock") && name.starts_with("Gemfile"))
            || name.ends_with(".gemfile.lock")
    },
    read,
};

/// The sections that hold gems.
const SOURCES: [(&str, PackageSource); 4] = [
    ("GEM", PackageSource::Public),
    ("GIT", PackageSource::Elsewhere),
    ("PATH", PackageSource::Local),
    ("PLUGIN SOURCE", PackageSource::Elsewhere),
];

/// The sections that hold something else; what is not known here is told.
const OTHERS: [&str; 5] = ["PLATFORMS", "DEPENDENCIES", "CHECKSUMS", "RUBY VERSION", "BUNDLED WITH"];

/// What RubyGems says for any version.
const ANY: &str = ">= 0";

/// Of a gem for more platforms not all are taken for what another needs.
const MAX_VARIANTS: usize = 64;

/// A gem for one platform.
struct Entry<'a> {
    name: &'a str,
    /// The version with the platform behind it, as checksums name it.
    full: &'a str,
    platform: &'a str,
    source: PackageSource,
    line: u32,
    /// What it needs, the versions that do, and the line.
    needs: Vec<(&'a str, &'a str, u32)>,
}

#[derive(Default)]
struct Lock<'a> {
    entries: Vec<Entry<'a>>,
    /// Names of `DEPENDENCIES`, the versions that do, and whether an `!` says that they have a source of their own.
    asked: Vec<(&'a str, &'a str, bool)>,
    checksums: HashMap<(&'a str, &'a str), Vec<String>>,
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let lock = parse(reading)?;
    let mut nodes: HashMap<&str, Vec<(&str, Node)>> = HashMap::new();
    let mut added = Vec::new();
    for entry in &lock.entries {
        let version = entry.full.split('-').next().unwrap_or_default();
        let draft = Draft {
            source: entry.source,
            hashes: lock.checksums.get(&(entry.name, entry.full)).cloned().unwrap_or_default(),
            ..Draft::new(Ecosystem::RubyGems, entry.name, version, entry.line)
        };
        if let Some(node) = reading.add(draft) {
            let variants = nodes.entry(entry.name).or_default();
            if variants.len() < MAX_VARIANTS {
                variants.push((entry.platform, node));
            }
            added.push((entry, node));
        }
    }
    for (entry, node) in added {
        for (name, versions, line) in &entry.needs {
            match nodes.get(name) {
                Some(variants) => {
                    fitting(variants, entry.platform).for_each(|other| reading.needs_as(node, other, versions));
                }
                // Bundler does not lock itself.
                None if *name == "bundler" => {}
                None => reading.broken(*line, &format!("`{}` needs `{name}`, which is not in the file", entry.name)),
            }
        }
    }
    let manifest = source.neighbour(manifest_of(name_of(&source.path)));
    let (gems, has_spec) = manifest.as_ref().map(|file| gemfile::gems(&file.text)).unwrap_or_default();
    let gems: HashMap<&str, &Gem> = gems.iter().map(|gem| (gem.name.as_str(), gem)).collect();
    for (name, versions, own_source) in &lock.asked {
        let scope = match gems.get(name) {
            Some(gem) => gem.scope,
            // `gemspec` in a Gemfile asks for what the gem itself is developed with.
            None if has_spec && !own_source => Scope::Dev,
            None => Scope::Runtime,
        };
        let place = manifest.as_ref().zip(gems.get(name)).map(|(file, gem)| file.location(gem.line));
        for (_, node) in nodes.get(name).into_iter().flatten() {
            reading.root_as(*node, scope, place.clone(), versions);
        }
    }
    Ok(())
}

/// The nodes that a gem for a platform gets: those for the same one, else the one for all, else every one.
fn fitting<'n>(variants: &'n [(&'n str, Node)], platform: &'n str) -> impl Iterator<Item = Node> + 'n {
    let has = |platform: &str| variants.iter().any(|(other, _)| *other == platform);
    let wanted = [platform, ""].into_iter().find(|platform| has(platform));
    variants.iter().filter(move |(other, _)| wanted.is_none_or(|wanted| *other == wanted)).map(|(_, node)| *node)
}

fn manifest_of(lock: &str) -> &str {
    if lock == "gems.locked" { "gems.rb" } else { lock.trim_end_matches(".lock") }
}

fn parse<'a>(reading: &mut Reading<'a>) -> Result<Lock<'a>, Unreadable> {
    let source: &'a Source<'a> = reading.source;
    let mut lock = Lock::default();
    let (mut section, mut origin, mut known, mut remotes) = ("", PackageSource::Public, 0, Vec::new());
    let mut finished = false;
    for (line, text) in (1u32..).zip(source.text.lines()) {
        let indent = text.len() - text.trim_start_matches(' ').len();
        let bare = text.trim();
        match (indent, section) {
            _ if bare.is_empty() => {}
            (0, _) => {
                section = bare;
                remotes.clear();
                let is_source = SOURCES.iter().find(|(name, _)| *name == section);
                origin = is_source.map_or(PackageSource::Public, |(_, source)| *source);
                finished |= section == "DEPENDENCIES";
                match is_source.is_some() || OTHERS.contains(&section) {
                    true => known += 1,
                    false => reading.broken(line, "a section that is not known"),
                }
            }
            (2, "DEPENDENCIES") => {
                let (name, versions) = split(bare.trim_end_matches('!'));
                let own_source = bare.ends_with('!');
                // What comes from a repository or a folder is not chosen by its version.
                lock.asked.push((name, versions.unwrap_or(if own_source { "" } else { ANY }), own_source));
            }
            (2, "CHECKSUMS") => checksum(&mut lock, bare),
            (2, "GEM") => {
                if let Some(remote) = bare.strip_prefix("remote:") {
                    remotes.push(remote.trim());
                    let is_public = remotes.iter().any(|remote| is_public(remote));
                    origin = if is_public { PackageSource::Public } else { PackageSource::Elsewhere };
                }
            }
            (4, section) if SOURCES.iter().any(|(name, _)| *name == section) => match split(bare) {
                (name, Some(full)) => {
                    let platform = full.split_once('-').map_or("", |(_, platform)| platform);
                    lock.entries.push(Entry { name, full, platform, source: origin, line, needs: Vec::new() });
                }
                _ => reading.broken(line, "a gem without a version is left out"),
            },
            (6, section) if SOURCES.iter().any(|(name, _)| *name == section) => {
                if let Some(entry) = lock.entries.last_mut() {
                    let (name, versions) = split(bare.trim_end_matches('!'));
                    entry.needs.push((name, versions.unwrap_or(ANY), line));
                }
            }
            _ => {}
        }
    }
    if known == 0 && !source.text.trim().is_empty() {
        return Err(
            Unreadable::new("it has none of Bundler's sections").hint("let Bundler write it anew with `bundle lock`")
        );
    }
    if !finished && known > 0 {
        let last = source.line_at(source.text.len().saturating_sub(1));
        reading.broken(last, "it has no DEPENDENCIES and seems to be cut short");
    }
    Ok(lock)
}

/// The name, and what stands in brackets behind it.
fn split(text: &str) -> (&str, Option<&str>) {
    match text.split_once(" (") {
        Some((name, rest)) => (name.trim(), rest.split_once(')').map(|(inner, _)| inner.trim())),
        None => (text.trim(), None),
    }
}

/// `name (version-platform) sha256=…,…`
fn checksum<'a>(lock: &mut Lock<'a>, text: &'a str) {
    let (name, Some(full)) = split(text) else { return };
    let sums = text.rsplit_once(") ").map_or("", |(_, sums)| sums).split(',');
    let sums = sums.filter_map(|sum| sum.trim().split_once('=')).map(|(kind, hex)| format!("{kind}:{hex}"));
    lock.checksums.entry((name, full)).or_default().extend(sums);
}

/// Whether an address is the one registry that everybody has.
pub(super) fn is_public(remote: &str) -> bool {
    let host = remote.split_once("://").map_or(remote, |(_, rest)| rest).split('/').next().unwrap_or_default();
    matches!(host, "rubygems.org" | "www.rubygems.org" | "index.rubygems.org")
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, read, said};

    const LOCK: &str = "GIT\n  remote: https://github.com/acme/fork.git\n  revision: 0123\n  branch: main\n  specs:\n    fork (1.0.0)\n      rack (>= 2)\n\nPATH\n  remote: .\n  specs:\n    mine (0.1.0)\n      nokogiri (~> 1.15)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    mini_portile2 (2.8.4)\n    nokogiri (1.15.4)\n      mini_portile2 (~> 2.8.2)\n      racc\n    nokogiri (1.15.4-x86_64-linux)\n      racc (~> 1.4)\n    racc (1.7.1)\n    rack (3.0.8)\n    rake (13.0.6)\n    rspec (3.12.0)\n\nGEM\n  remote: https://gems.example.org/\n  specs:\n    secret (1.0.0.pre.1)\n      bundler\n\nPLATFORMS\n  ruby\n  x86_64-linux\n\nDEPENDENCIES\n  fork!\n  mine!\n  rake (~> 13.0)\n  rspec\n  secret!\n\nCHECKSUMS\n  rack (3.0.8) sha256=00ff\n\nBUNDLED WITH\n   2.5.1\n";

    #[test]
    fn sections_platforms_and_groups() {
        let gemfile = "source 'https://rubygems.org'\ngemspec\ngem 'fork', github: 'acme/fork'\ngroup :test do\n  gem 'rspec'\nend\n";
        let files = [("Gemfile.lock", LOCK), ("Gemfile", gemfile)];
        assert_eq!(
            said(&files),
            [
                "fork 1.0.0 @6 elsewhere direct Gemfile:3 -> rack",
                "mine 0.1.0 @12 local direct -> nokogiri",
                "mini_portile2 2.8.4 @18 indirect",
                "nokogiri 1.15.4 @19 direct -> mini_portile2,racc",
                "nokogiri 1.15.4 @22 -> racc",
                "racc 1.7.1 @24 indirect",
                "rack 3.0.8 @25 indirect Gemfile:3",
                "rake 13.0.6 @26 dev direct",
                "rspec 3.12.0 @27 dev direct Gemfile:5",
                "secret 1.0.0.pre.1 @32 elsewhere direct",
            ]
        );
        let read = read(&files).unwrap();
        assert!(read.gaps.is_empty());
        assert_eq!(read.packages[6].hashes, ["sha256:00ff"]);
    }

    #[test]
    fn damage_is_told() {
        let cut = &LOCK[..LOCK.find("rake (13").unwrap() + 4];
        let told = gaps(&[("gems.locked", cut)]);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("line 26: a gem without a version"));
        assert_eq!(gaps(&[("Gemfile.lock", "hello\n")]).len(), 1);
    }
}
