//! Defines [`Inventory`]: the dependencies of the target, read once and shared by every layer that asks about them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::str::FromStr;

use cargo_lock::{Lockfile, Name, Version};

use crate::finding::{Location, RepoPath, Span};
use crate::ingest::component::Component;
use crate::scanner::Gap;
use crate::target::Target;
use crate::target::worktree::File;

/// Folders whose lockfiles belong to somebody else's project.
const FOREIGN: [&str; 3] = ["vendor", "node_modules", "target"];

/// Every dependency of the target.
#[derive(Default)]
pub struct Inventory {
    /// The lockfiles that were read, sorted by path.
    pub lockfiles: Vec<RepoPath>,
    /// Their packages, sorted by lockfile, name and version.
    pub packages: Vec<Locked>,
    /// Lockfiles that could not be read.
    pub gaps: Vec<Gap>,
}

/// A package in a lockfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The name.
    pub name: Name,
    /// The version.
    pub version: Version,
    /// Where the package comes from.
    pub source: PackageSource,
    /// Its name's line in the lockfile.
    pub location: Location,
    /// The names from a direct dependency of the project down to this package, both included; the shortest such way.
    pub path: Vec<String>,
}

/// Where a package comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageSource {
    /// The public registry of the ecosystem, the only one that public advisories speak of.
    Public,
    /// Another registry, or a repository.
    Elsewhere,
    /// The project itself.
    Local,
}

impl Inventory {
    /// Reads every lockfile of the target. One that cannot be read is a gap and takes nothing from the others.
    pub fn read(target: &Target) -> Self {
        let mut inventory = Self::default();
        let files = match target.files() {
            Ok(listing) => listing.files,
            Err(e) => {
                inventory.gaps.push(Gap::broken(e.to_string()));
                return inventory;
            }
        };
        for file in files.iter().filter(|file| is_lockfile(&file.path)) {
            match read_cargo_lock(target, file) {
                Ok(packages) => {
                    inventory.lockfiles.push(file.path.clone());
                    inventory.packages.extend(packages);
                }
                Err(gap) => inventory.gaps.push(gap),
            }
        }
        inventory
    }
}

impl Inventory {
    /// Adds the components of bills of materials of the ecosystem that is known here.
    pub fn add(&mut self, components: &[Component]) {
        let known = components.iter().filter_map(|component| {
            let name = component.purl.strip_prefix("pkg:cargo/")?.split('@').next()?;
            let (name, version) = (Name::from_str(name).ok()?, Version::parse(&component.version).ok()?);
            let (location, path) = (component.location.clone(), vec![name.to_string()]);
            Some(Locked { name, version, source: PackageSource::Public, location, path })
        });
        self.packages.extend(known);
        self.lockfiles.extend(components.iter().map(|component| component.location.path.clone()));
        self.lockfiles.sort();
        self.lockfiles.dedup();
    }
}

fn is_lockfile(path: &RepoPath) -> bool {
    let mut parts = path.as_str().rsplit('/');
    parts.next() == Some("Cargo.lock") && !parts.any(|folder| FOREIGN.contains(&folder))
}

fn read_cargo_lock(target: &Target, file: &File) -> Result<Vec<Locked>, Gap> {
    let bytes = target.read(file)?;
    let broken = |why: String| {
        Gap::broken(format!("`{}` is no lockfile that can be read: {why}", file.path))
            .hint("let cargo write it anew with `cargo generate-lockfile`")
    };
    let text = String::from_utf8(bytes).map_err(|e| broken(e.to_string()))?;
    let lockfile = Lockfile::from_str(&text).map_err(|e| broken(first_line(&e.to_string())))?;
    let lines = lines_of(&text);
    let paths = shortest_paths(&lockfile);
    let mut packages: Vec<Locked> = lockfile
        .packages
        .iter()
        .map(|package| {
            let key = (package.name.to_string(), package.version.to_string());
            let span = lines.get(&key).map(|(line, length)| Span::line(*line, *length));
            Locked {
                location: Location::here(file.path.clone(), span),
                path: paths.get(&key).cloned().unwrap_or_else(|| vec![key.0.clone()]),
                name: package.name.clone(),
                version: package.version.clone(),
                source: match &package.source {
                    None => PackageSource::Local,
                    Some(source) if source.is_default_registry() => PackageSource::Public,
                    Some(_) => PackageSource::Elsewhere,
                },
            }
        })
        .collect();
    packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(packages)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

type Key = (String, String);

/// The line number and length of each package's `name` line. A lockfile writes one key a line, name before version.
fn lines_of(text: &str) -> BTreeMap<Key, (u32, usize)> {
    let value = |line: &str, key: &str| {
        let rest = line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim();
        Some(rest.trim_matches('"').to_owned())
    };
    let mut lines = BTreeMap::new();
    let mut name: Option<(String, u32, usize)> = None;
    for (number, line) in (1u32..).zip(text.lines()) {
        if let Some(found) = value(line, "name") {
            name = Some((found, number, line.chars().count()));
        } else if let Some(version) = value(line, "version")
            && let Some((name, number, length)) = name.take()
        {
            lines.entry((name, version)).or_insert((number, length));
        }
    }
    lines
}

/// For each package, the shortest way to it from a direct dependency of a local package, breadth first.
fn shortest_paths(lockfile: &Lockfile) -> BTreeMap<Key, Vec<String>> {
    let key = |name: &Name, version: &Version| (name.to_string(), version.to_string());
    let edges: BTreeMap<Key, Vec<Key>> = lockfile
        .packages
        .iter()
        .map(|p| (key(&p.name, &p.version), p.dependencies.iter().map(|d| key(&d.name, &d.version)).collect()))
        .collect();
    let local: BTreeSet<Key> =
        lockfile.packages.iter().filter(|p| p.source.is_none()).map(|p| key(&p.name, &p.version)).collect();
    let mut paths: BTreeMap<Key, Vec<String>> = BTreeMap::new();
    let mut queue: VecDeque<Key> = local.iter().cloned().collect();
    while let Some(parent) = queue.pop_front() {
        let way = paths.get(&parent).cloned().unwrap_or_default();
        for child in edges.get(&parent).into_iter().flatten() {
            if !local.contains(child) && !paths.contains_key(child) {
                paths.insert(child.clone(), way.iter().cloned().chain([child.0.clone()]).collect());
                queue.push_back(child.clone());
            }
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_ways() {
        let text = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"mid\",\n]\n\n[[package]]\nname = \"deep\"\nversion = \"1.2.3\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[[package]]\nname = \"mid\"\nversion = \"0.2.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\ndependencies = [\n \"deep\",\n \"mid\",\n]\n";
        let lockfile = Lockfile::from_str(text).unwrap();
        let deep = ("deep".to_owned(), "1.2.3".to_owned());
        assert_eq!(lines_of(text)[&deep], (11, 13));
        assert_eq!(shortest_paths(&lockfile)[&deep], ["mid", "deep"]);
    }

    #[test]
    fn lockfiles_of_others_are_not_ours() {
        for (path, ours) in
            [("Cargo.lock", true), ("a/b/Cargo.lock", true), ("vendor/x/Cargo.lock", false), ("xCargo.lock", false)]
        {
            assert_eq!(is_lockfile(&RepoPath::new(path)), ours, "{path}");
        }
    }
}
