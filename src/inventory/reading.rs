//! Defines [`Reading`]: what a reader has found in one file so far.

use std::cmp::Ordering;
use std::fmt::Display;

use super::dependency::{Dependency, Need, PackageSource, Scope};
use super::graph::{self, Edges, Root};
use super::source::Source;
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::scanner::Gap;
use crate::text;

/// More packages in one file are not read.
pub const MAX_PACKAGES: usize = 500_000;

/// More parts of one file that cannot be read are not told one by one.
const MAX_BROKEN: usize = 20;

/// More dependencies of packages and of the project are not read. A file may name many at once.
const MAX_TIES: usize = 4_000_000;

/// A longer requirement, in bytes, is not kept.
const MAX_REQUIREMENT: usize = 512;

/// What is kept of all requirements of one file, in bytes. A file may repeat one for many packages.
const MAX_KEPT: usize = 64 << 20;

/// What a reader has found in one file so far.
pub struct Reading<'a> {
    /// The file.
    pub source: &'a Source<'a>,
    drafts: Vec<Draft>,
    edges: Edges,
    roots: Vec<Root>,
    gaps: Vec<Gap>,
    broken: usize,
    full: bool,
    /// How many dependencies were told, and how much is kept of what they ask for, in bytes.
    ties: usize,
    kept: usize,
}

/// A package of a [`Reading`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(usize);

/// What a reader says of one package. What it does not say follows from the graph.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// See [`Dependency::ecosystem`]. What stands in a file is not always of the ecosystem that the file is of.
    pub ecosystem: Ecosystem,
    /// See [`Dependency::release`].
    pub release: String,
    /// See [`Dependency::name`]; a package without one is not taken.
    pub name: String,
    /// See [`Dependency::version`].
    pub version: String,
    /// See [`Dependency::requirement`].
    pub requirement: String,
    /// See [`Dependency::source`].
    pub source: PackageSource,
    /// The number of the line that names it.
    pub line: u32,
    /// The place that names it where that is in another file, which the one that is read includes; `None` for `line`.
    pub location: Option<Location>,
    /// What it is needed for; `None` to take it from the direct dependencies that lead to it.
    pub scope: Option<Scope>,
    /// Whether the project asks for it itself; `None` to take it from the roots and from what local packages need.
    pub direct: Option<bool>,
    /// See [`Dependency::manifest`]; `None` to take it from the roots.
    pub manifest: Option<Location>,
    /// See [`Dependency::licenses`].
    pub licenses: Vec<String>,
    /// See [`Dependency::hashes`].
    pub hashes: Vec<String>,
    /// See [`Dependency::deprecated`].
    pub deprecated: Option<String>,
}

/// The packages of one file; the places in [`Dependency::needs`] and [`Dependency::via`] count from its first one.
#[derive(Default)]
pub struct Read {
    /// In the order of name and version.
    pub packages: Vec<Dependency>,
    /// What could not be read of it.
    pub gaps: Vec<Gap>,
}

impl Draft {
    /// A package at a version, named in a line.
    pub fn new(ecosystem: Ecosystem, name: &str, version: &str, line: u32) -> Self {
        Self { ecosystem, name: name.to_owned(), version: version.to_owned(), line, ..Self::default() }
    }
}

impl<'a> Reading<'a> {
    /// Nothing yet.
    pub fn new(source: &'a Source<'a>) -> Self {
        Self {
            source,
            drafts: Vec::new(),
            edges: Edges::default(),
            roots: Vec::new(),
            gaps: Vec::new(),
            broken: 0,
            full: false,
            ties: 0,
            kept: 0,
        }
    }

    /// Adds a package; `None` when it has no name, and beyond [`MAX_PACKAGES`], which is told.
    pub fn add(&mut self, draft: Draft) -> Option<Node> {
        if draft.name.trim().is_empty() {
            return None;
        }
        if self.drafts.len() == MAX_PACKAGES {
            if !std::mem::replace(&mut self.full, true) {
                let most = text::grouped(MAX_PACKAGES as u64);
                self.broken(draft.line, &format!("only the first {most} packages are read"));
            }
            return None;
        }
        self.drafts.push(draft);
        self.edges.firm.push(Vec::new());
        self.edges.loose.push(Vec::new());
        Some(Node(self.drafts.len() - 1))
    }

    /// Says that a package needs another.
    pub fn needs(&mut self, package: Node, other: Node) {
        self.needs_as(package, other, "");
    }

    /// Says that a package needs another, and which versions of it, in the ecosystem's own words; none where the file
    /// does not tell. One that is longer than 512 bytes is not kept, and no more than 64 MiB of all.
    pub fn needs_as(&mut self, package: Node, other: Node, requirement: &str) {
        if let Some(requirement) = self.tie(package, requirement) {
            self.edges.firm[package.0].push(Need { package: other.0, requirement });
        }
    }

    /// Says that a package uses another where it is there, and can do without it; and which versions of it, as
    /// [`Reading::needs_as`] takes them.
    pub fn may_need(&mut self, package: Node, other: Node, requirement: &str) {
        if let Some(requirement) = self.tie(package, requirement) {
            self.edges.loose[package.0].push(Need { package: other.0, requirement });
        }
    }

    /// Says that the project asks for a package, and in which line of its manifest if that was found.
    pub fn root(&mut self, package: Node, scope: Scope, manifest: Option<Location>) {
        self.root_as(package, scope, manifest, "");
    }

    /// The same with the versions that it asks for, as [`Reading::needs_as`] takes them.
    pub fn root_as(&mut self, package: Node, scope: Scope, manifest: Option<Location>, requirement: &str) {
        if let Some(requirement) = self.tie(package, requirement) {
            self.roots.push(Root { package: package.0, scope, manifest, requirement });
        }
    }

    /// Counts one more tie of a package, and gives what is kept of its requirement; `None` where there are too many ties,
    /// which is told.
    fn tie(&mut self, package: Node, requirement: &str) -> Option<String> {
        self.ties += 1;
        if self.ties > MAX_TIES {
            if self.ties == MAX_TIES + 1 {
                let line = self.drafts.get(package.0).map_or(1, |draft| draft.line);
                let most = text::grouped(MAX_TIES as u64);
                self.broken(line, &format!("only the first {most} dependencies between packages are read"));
            }
            return None;
        }
        let bare = requirement.trim();
        let kept = if bare.len() > MAX_REQUIREMENT.min(MAX_KEPT - self.kept) { "" } else { bare };
        self.kept += kept.len();
        Some(kept.to_owned())
    }

    /// Tells of a part of the file that cannot be read; the rest counts. Of many such parts, the first ones are told.
    pub fn broken(&mut self, line: u32, why: &str) {
        self.broken += 1;
        let why = match self.broken.cmp(&MAX_BROKEN) {
            Ordering::Less => text::printable(why),
            Ordering::Equal => "more of it cannot be read".to_owned(),
            Ordering::Greater => return,
        };
        self.gap(Gap::broken(format!("`{}` line {line}: {why}", self.source.path)));
    }

    /// Tells that the file, in a line, says that it is of a version of its format that is newer than the newest known.
    pub fn newer(&mut self, line: u32, version: &str, newest: impl Display) {
        self.broken(line, &format!("version {version} is newer than {newest}; what is known of it is read"));
    }

    /// Tells of something with a gap of the reader's own making.
    pub fn gap(&mut self, gap: Gap) {
        self.gaps.push(Gap { message: text::printable(&gap.message), ..gap });
    }

    /// The packages with what the graph tells of them.
    pub fn finish(self) -> Read {
        graph::finish(self.source, self.drafts, self.edges, self.roots, self.gaps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::RepoPath;

    #[test]
    fn requirements_are_told_once_and_bounded() {
        let source = Source::new(RepoPath::new("lock"), "a\nb\nc\n".to_owned());
        let mut reading = Reading::new(&source);
        let mut add = |name: &str, line| reading.add(Draft::new(Ecosystem::Npm, name, "1", line)).unwrap();
        let (a, b, c) = (add("a", 1), add("b", 2), add("c", 3));
        reading.needs(a, b);
        reading.needs_as(a, b, " ^1 ");
        reading.may_need(a, b, "^1");
        reading.may_need(a, b, "2");
        reading.needs_as(a, c, &"9".repeat(MAX_REQUIREMENT + 1));
        reading.root_as(c, Scope::Runtime, None, "^1");
        reading.root_as(c, Scope::Runtime, None, "^1");
        reading.root(c, Scope::Dev, None);
        let read = reading.finish();
        let needs: Vec<_> =
            read.packages[0].needs.iter().map(|need| (need.package, need.requirement.as_str())).collect();
        assert_eq!(needs, [(1, "2"), (1, "^1"), (2, "")]);
        assert_eq!(read.packages[0].needed().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(read.packages[2].asked, ["", "^1"]);
    }
}
