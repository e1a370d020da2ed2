//! Defines [`Reading`]: what a reader has found in one file so far.

use std::cmp::Ordering;

use super::dependency::{Dependency, PackageSource, Scope};
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
        self.edges.firm[package.0].push(other.0);
    }

    /// Says that a package uses another where it is there, and can do without it.
    pub fn may_need(&mut self, package: Node, other: Node) {
        self.edges.loose[package.0].push(other.0);
    }

    /// Says that the project asks for a package, and in which line of its manifest if that was found.
    pub fn root(&mut self, package: Node, scope: Scope, manifest: Option<Location>) {
        self.roots.push(Root { package: package.0, scope, manifest });
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

    /// Tells of something with a gap of the reader's own making.
    pub fn gap(&mut self, gap: Gap) {
        self.gaps.push(Gap { message: text::printable(&gap.message), ..gap });
    }

    /// The packages with what the graph tells of them.
    pub fn finish(self) -> Read {
        graph::finish(self.source, self.drafts, self.edges, self.roots, self.gaps)
    }
}
