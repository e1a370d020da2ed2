//! Defines [`of`]: the license of every dependency, from what is on this machine, and how anybody knows.
//!
//! Each ecosystem has a `Shelf` on which its packages stand: the folders beside the project and those of its package
//! managers. What nobody has fetched is told by the lockfile or bill of materials itself, if that says it, and else by
//! deps.dev where the run may ask (`online`).

mod cargo;
mod cocoapods;
mod composer;
mod cran;
mod go;
mod hex;
mod maven;
mod npm;
mod nuget;
mod online;
mod place;
mod pub_dev;
mod python;
mod rubygems;
mod sheet;
mod swift;
mod texts;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::expression::{Expression, Term};
use super::mismatch::{Grade, Mismatch, mismatch};
use super::normalize::{Meaning, members};
use super::text::{Identified, Kind};
use crate::ecosystem::Ecosystem;
use crate::environment::Homes;
use crate::inventory::{Dependency, Inventory, PackageSource};
use crate::scanner::{Context, Gap};
use place::{Folder, Place};
use sheet::{Join, Sheet, meant};
use texts::{Memory, Texts};

/// Where packages of an ecosystem stand.
trait Shelf: Send + Sync {
    /// What the files of a package say; `None` when it is not there.
    fn find(&self, package: &Dependency) -> Option<Sheet>;
}

/// How the packages of an ecosystem are found.
struct Entry {
    ecosystem: Ecosystem,
    /// Looks for the folders, once.
    open: fn(&Around) -> Box<dyn Shelf>,
    /// What puts the packages there.
    hint: &'static str,
}

/// Every ecosystem whose packages can be on disk.
static SHELVES: [Entry; 13] = [
    entry(Ecosystem::Cargo, cargo::open, "let cargo get them with `cargo fetch`"),
    entry(Ecosystem::Npm, npm::open, "install them first, as with `npm ci`"),
    entry(Ecosystem::PyPi, python::open, "install them in a `.venv` of the project first"),
    entry(Ecosystem::Go, go::open, "let Go get them with `go mod download`"),
    entry(Ecosystem::Maven, maven::open, "let Maven get them with `mvn dependency:go-offline`"),
    entry(Ecosystem::RubyGems, rubygems::open, "install them first with `bundle install`"),
    entry(Ecosystem::Packagist, composer::open, "install them first with `composer install`"),
    entry(Ecosystem::NuGet, nuget::open, "let NuGet get them with `dotnet restore`"),
    entry(Ecosystem::Pub, pub_dev::open, "let Dart get them with `dart pub get`"),
    entry(Ecosystem::Hex, hex::open, "let Mix get them with `mix deps.get`"),
    entry(Ecosystem::CocoaPods, cocoapods::open, "install them first with `pod install`"),
    entry(Ecosystem::Swift, swift::open, "let Swift get them with `swift package resolve`"),
    entry(Ecosystem::Cran, cran::open, "let renv get them with `renv::restore()`"),
];

const fn entry(ecosystem: Ecosystem, open: fn(&Around) -> Box<dyn Shelf>, hint: &'static str) -> Entry {
    Entry { ecosystem, open, hint }
}

/// Ecosystems that nobody keeps licenses for: nothing is asked of them unless the file itself tells.
const SILENT: [Ecosystem; 15] = [
    Ecosystem::GitHubActions,
    Ecosystem::Docker,
    Ecosystem::Bitnami,
    Ecosystem::Debian,
    Ecosystem::Ubuntu,
    Ecosystem::Alpine,
    Ecosystem::Wolfi,
    Ecosystem::Chainguard,
    Ecosystem::RedHat,
    Ecosystem::Alma,
    Ecosystem::Rocky,
    Ecosystem::Suse,
    Ecosystem::OpenSuse,
    Ecosystem::Arch,
    Ecosystem::Generic,
];

/// Where something about a license was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The file, from the project or as `cargo registry: serde-1.0.0/Cargo.toml`, never a path of the machine.
    pub file: String,
    /// The line, from 1; `None` when it is about the file as a whole.
    pub line: Option<u32>,
    /// The SHA-256 of the file in hex; `None` when it is no file.
    pub sha256: Option<String>,
}

/// `vendor/x/Cargo.toml:4`
impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// Who says what the license of a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Its own manifest.
    Declared,
    /// Its license files; its manifest does not.
    Text,
    /// The lockfile or bill of materials that lists it.
    Listed,
    /// deps.dev.
    Online,
}

/// The license of a package.
#[derive(Clone, Debug, PartialEq)]
pub struct License {
    /// What it means; terms that nobody knows stand in it as they were said.
    pub expression: Expression,
    /// What was said, in the package's own words; empty when a text says it.
    pub said: String,
    /// Who says so.
    pub basis: Basis,
    /// Where.
    pub evidence: Evidence,
    /// The SHA-256 of all files that say something of it, license files first.
    pub hashes: Vec<String>,
    /// That its files hold another license, with the file that does; `None` when they agree.
    pub mismatch: Option<(Mismatch, Evidence)>,
}

/// What is known of the license of a package.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// Its license.
    License(Box<License>),
    /// Its files are there, and say nothing of a license.
    Undeclared(Evidence),
    /// Nobody here has its files, nor does the lockfile say anything.
    Unseen,
    /// It is part of the project, or of an ecosystem that nobody keeps licenses for.
    NotAsked,
}

impl Known {
    /// The license; `None` when none is known.
    pub fn license(&self) -> Option<&License> {
        match self {
            Self::License(license) => Some(license),
            _ => None,
        }
    }
}

/// The licenses of all dependencies.
#[derive(Debug, Default)]
pub struct Licenses {
    /// What is known of each, in the order of [`crate::inventory::Inventory::packages`].
    pub packages: Vec<Known>,
    /// What the network did not tell.
    pub gaps: Vec<Gap>,
}

/// The dependencies of a context, each with the license that is known of it in the place of what its file says.
pub fn licensed(context: &Context) -> Inventory {
    let mut inventory = context.inventory().clone();
    for (package, known) in inventory.packages.iter_mut().zip(of(context).packages) {
        if let Some(license) = known.license() {
            package.licenses = vec![license.expression.to_string()];
        }
    }
    inventory
}

/// The license of every dependency of a context: from disk, and from deps.dev where the run may ask.
pub fn of(context: &Context) -> Licenses {
    let packages = &context.inventory().packages;
    let around = Around::new(context);
    let asked: BTreeSet<Ecosystem> = packages.iter().map(|package| package.ecosystem).collect();
    let shelves = SHELVES.iter().filter(|entry| asked.contains(&entry.ecosystem));
    let shelves: BTreeMap<Ecosystem, Box<dyn Shelf>> =
        shelves.map(|entry| (entry.ecosystem, (entry.open)(&around))).collect();
    let memory = Memory::default();
    let known = packages.par_iter().map(|package| match package.source {
        PackageSource::Local => Known::NotAsked,
        _ => known(package, shelves.get(&package.ecosystem).and_then(|shelf| shelf.find(package)), &memory),
    });
    let mut licenses = Licenses { packages: known.collect(), gaps: Vec::new() };
    if context.options.licenses_online && !context.net.is_offline() {
        online::complete(context, &mut licenses);
    }
    licenses
}

/// What puts the packages of an ecosystem where they are looked for; `None` when nothing does.
pub fn hint(ecosystem: Ecosystem) -> Option<&'static str> {
    SHELVES.iter().find(|entry| entry.ecosystem == ecosystem).map(|entry| entry.hint)
}

/// What surrounds the packages.
struct Around<'a> {
    context: &'a Context,
    /// The project, and the version of it that is scanned where that is another folder.
    projects: Vec<Folder>,
    homes: &'a Homes,
}

impl<'a> Around<'a> {
    fn new(context: &'a Context) -> Self {
        // What git ignores is beside the project only, and serves for its other versions as well.
        let roots = BTreeSet::from([&context.target.root, &context.project]);
        let projects = roots.into_iter().filter_map(|root| Place::open(root, "")).collect();
        Self { context, projects, homes: &context.options.homes }
    }

    /// The folders that hold the lockfiles of an ecosystem, from the top of the project.
    fn paths(&self, ecosystem: Ecosystem) -> BTreeSet<&'a str> {
        let packages = self.context.inventory().packages.iter().filter(|package| package.ecosystem == ecosystem);
        packages.map(folder_of).collect()
    }

    /// Those of the folders of a name beside the lockfiles of an ecosystem that are there.
    fn beside(&self, ecosystem: Ecosystem, name: &str) -> Vec<Folder> {
        let paths = self.paths(ecosystem);
        let below =
            |path: &str| self.projects.iter().filter_map(|project| project.at(path)?.at(name)).collect::<Vec<_>>();
        paths.into_iter().flat_map(below).collect()
    }
}

/// The folder of the file that a package was read from; empty for the top of the project.
fn folder_of(package: &Dependency) -> &str {
    package.location.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What is known of a package by its files, and by the lockfile.
fn known(package: &Dependency, sheet: Option<Sheet>, memory: &Memory) -> Known {
    let on_disk = sheet.map_or(Known::Unseen, |sheet| by_files(sheet, memory));
    match on_disk {
        Known::License(license) if license.expression.terms().any(is_told) => return Known::License(license),
        _ => {}
    }
    let join = match package.ecosystem {
        Ecosystem::Packagist | Ecosystem::RubyGems | Ecosystem::Maven => Join::Any,
        _ => Join::All,
    };
    match meant(&package.licenses, join).0 {
        Some(listed) if on_disk.license().is_none() || listed.meaning != Meaning::Nothing => {
            let evidence = Evidence {
                file: package.location.path.to_string(),
                line: package.location.span.map(|span| span.start_line),
                sha256: None,
            };
            Known::License(Box::new(License {
                expression: listed.expression,
                said: package.licenses.join(", "),
                basis: Basis::Listed,
                evidence,
                hashes: Vec::new(),
                mismatch: None,
            }))
        }
        _ if on_disk == Known::Unseen && SILENT.contains(&package.ecosystem) => Known::NotAsked,
        _ => on_disk,
    }
}

/// Whether a term says something: a license, or one of a family such as `BSD`.
pub fn is_told(term: &Term) -> bool {
    term.is_known() || members(term.id()).is_some()
}

fn by_files(sheet: Sheet, memory: &Memory) -> Known {
    let (declared, mut files) = meant(&sheet.said, sheet.join);
    files.extend(sheet.files);
    let texts = sheet.folder.as_ref().map(|folder| Texts::read(folder, &files, memory));
    let hashes = texts.iter().flat_map(Texts::hashes).map(str::to_owned);
    let hashes = hashes.chain(sheet.manifest.iter().filter_map(|manifest| manifest.sha256.clone())).collect();
    let license = |expression: Expression, basis: Basis, evidence: Evidence| {
        let said = if basis == Basis::Declared { sheet.said.join(", ") } else { String::new() };
        License { expression, said, basis, evidence, hashes, mismatch: None }
    };
    match (declared, sheet.manifest) {
        (Some(declared), Some(manifest)) if declared.meaning != Meaning::Nothing => {
            let found = texts.as_ref().map(Texts::found).unwrap_or_default();
            let mut license = license(refined(&declared.expression, &found), Basis::Declared, manifest);
            let contradiction = mismatch(&license.expression, &found).filter(|one| one.grade == Grade::Contradiction);
            license.mismatch = contradiction.and_then(|one| {
                let evidence = texts.as_ref()?.evidence(one.found.first()?)?;
                Some((one, evidence))
            });
            Known::License(Box::new(license))
        }
        (declared, manifest) => {
            let text = texts.as_ref().and_then(|texts| {
                let expression = texts.expression()?;
                let evidence = texts.evidence(expression.terms().next()?.id())?;
                Some((expression, evidence))
            });
            match (text, declared, manifest) {
                (Some((expression, evidence)), ..) => {
                    Known::License(Box::new(license(expression, Basis::Text, evidence)))
                }
                (None, Some(declared), Some(manifest)) => {
                    Known::License(Box::new(license(declared.expression, Basis::Declared, manifest)))
                }
                (None, _, Some(manifest)) => Known::Undeclared(manifest),
                // There is nothing but a folder, and no text in it that anybody knows.
                (None, ..) => match (texts.as_ref().and_then(|texts| texts.evidence("")), sheet.folder) {
                    (Some(evidence), _) => Known::Undeclared(evidence),
                    (None, Some(folder)) => {
                        Known::Undeclared(Evidence { file: folder.shown(), line: None, sha256: None })
                    }
                    (None, None) => Known::Unseen,
                },
            }
        }
    }
}

/// An expression with the licenses that the files hold where it only names a family: `BSD-3-Clause` for `BSD`.
fn refined(declared: &Expression, found: &[Identified]) -> Expression {
    declared.map(|term| {
        let Some(family) = members(term.id()).filter(|_| !term.is_known()) else { return term.clone() };
        let mut ids: Vec<&str> = family
            .iter()
            .map(String::as_str)
            .filter(|id| found.iter().any(|one| one.kind != Kind::Exception && one.is(id)))
            .collect();
        ids.dedup();
        match ids[..] {
            [id] => Term::new(id, term.exception()),
            _ => term.clone(),
        }
    })
}
