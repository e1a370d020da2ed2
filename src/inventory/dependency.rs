//! Defines [`Dependency`]: a package that the target depends on, as one file says.

use super::change::Named;
use crate::ecosystem::Ecosystem;
use crate::finding::{Location, Package, Span};

/// A package that the target depends on, as one file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Where packages of its kind come from.
    pub ecosystem: Ecosystem,
    /// The release of a Linux distribution that it is of (`12`, `v3.20`); empty for all other ecosystems.
    pub release: String,
    /// The name as its ecosystem writes it: `serde`, `@scope/name`, `group:artifact`, `github.com/owner/module`.
    pub name: String,
    /// The version; empty when the file pins none.
    pub version: String,
    /// Which versions the file asks for, in the ecosystem's own words; empty where it only names one version.
    pub requirement: String,
    /// Which versions the project itself asks for, in the ecosystem's own words, as its manifests say or a lock repeats
    /// of them: sorted, each once, several where several members ask. An empty one stands for a member of which nobody
    /// can tell. None for what the project does not ask for.
    pub asked: Vec<String>,
    /// Where the package comes from.
    pub source: PackageSource,
    /// The line that names it, in the file that it was read from.
    pub location: Location,
    /// Where the file writes the version; `None` where it does not do so exactly once beside the name, or has a checksum
    /// of it.
    pub pin: Option<Span>,
    /// What it is needed for.
    pub scope: Scope,
    /// Whether the project asks for it itself; `None` where the file does not tell.
    pub direct: Option<bool>,
    /// The line of the manifest that asks for it or, if it is no direct dependency, for the one that pulls it in; `None`
    /// where there is no manifest or it is not found there.
    pub manifest: Option<Location>,
    /// The licenses that the file says it has: SPDX expressions or names.
    pub licenses: Vec<String>,
    /// Checksums that the file has of it, as `algorithm:hexadecimal`, algorithms as in `sha256`.
    pub hashes: Vec<String>,
    /// What the file repeats of the authors, who have deprecated or abandoned it; empty where they say no more than that,
    /// `None` where the file does not say that they have.
    pub deprecated: Option<String>,
    /// What it needs itself, in the order of places, and of requirements where it has several of one package.
    pub needs: Vec<Need>,
    /// The package that pulls it in, on the shortest way from a direct dependency; `None` for a direct one, and where the
    /// file does not tell.
    pub via: Option<usize>,
}

/// What a package needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The package, as a place in [`Inventory::packages`](super::Inventory::packages).
    pub package: usize,
    /// Which versions of it are asked for, in the ecosystem's own words; empty where the file does not tell.
    pub requirement: String,
}

/// Where a package comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackageSource {
    /// The public registry of the ecosystem, the only one that public advisories speak of.
    #[default]
    Public,
    /// Another registry, a repository, an archive at some address.
    Elsewhere,
    /// The project itself.
    Local,
}

impl PackageSource {
    /// The word for it in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Elsewhere => "elsewhere",
            Self::Local => "local",
        }
    }
}

/// What a package is needed for. Where several are true, the first one counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// It runs with the product.
    #[default]
    Runtime,
    /// It runs with the product where somebody asks for it.
    Optional,
    /// It runs while the product is built.
    Build,
    /// It runs while the product is written and tested.
    Dev,
}

impl Scope {
    /// The word for it in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::Optional => "optional",
            Self::Build => "build",
            Self::Dev => "dev",
        }
    }
}

impl Dependency {
    /// The places of what it needs, in order and each once.
    pub fn needed(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        let mut last = None;
        self.needs.iter().map(|need| need.package).filter(move |at| last.replace(*at) != Some(*at))
    }

    /// Its name and version alone.
    pub fn named(&self) -> Named {
        Named { ecosystem: self.ecosystem, name: self.name.clone(), version: self.version.clone() }
    }

    /// The package as findings name it, without the way to it.
    pub fn package(&self) -> Package {
        Package::of(self.ecosystem, &self.name, &self.version)
    }
}
