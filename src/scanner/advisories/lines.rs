//! Defines [`Lines`]: the lines of one file that name one package at one version.

use std::collections::BTreeMap;

use crate::ecosystem::Ecosystem;
use crate::finding::{Location, RepoPath};
use crate::inventory::{Dependency, Inventory};

/// The lines of one file that name one package at one version, which make one finding. There is one at least.
pub(super) struct Lines<'i> {
    /// Where in the inventory they are.
    places: Vec<usize>,
    packages: Vec<&'i Dependency>,
}

impl<'i> Lines<'i> {
    /// Puts packages of the inventory together by file, ecosystem, name and version, in this order. Places that it does
    /// not have are left out.
    pub(super) fn of(inventory: &'i Inventory, places: impl IntoIterator<Item = usize>) -> Vec<Self> {
        type Key<'i> = (&'i RepoPath, Ecosystem, &'i str, &'i str);
        let mut groups: BTreeMap<Key<'_>, Vec<(usize, &Dependency)>> = BTreeMap::new();
        for (at, package) in places.into_iter().filter_map(|at| Some((at, inventory.packages.get(at)?))) {
            let key = (&package.location.path, package.ecosystem, package.name.as_str(), package.version.as_str());
            groups.entry(key).or_default().push((at, package));
        }
        let in_order = |mut same: Vec<(usize, &'i Dependency)>| {
            // The one that the project asks for itself has the most to say.
            same.sort_by_key(|(_, package)| (package.direct != Some(true), &package.location));
            let (places, packages) = same.into_iter().unzip();
            Self { places, packages }
        };
        groups.into_values().map(in_order).collect()
    }

    /// The package on the line that has the most to say of it.
    pub(super) fn first(&self) -> &'i Dependency {
        self.packages[0]
    }

    /// The package on every line, that of [`Self::first`] first.
    pub(super) fn all(&self) -> &[&'i Dependency] {
        &self.packages
    }

    /// Where in the inventory the package is.
    pub(super) fn places(&self) -> &[usize] {
        &self.places
    }

    /// The other lines of the file, and the lines of manifests that ask for the package or pull it in, sorted and each
    /// once.
    pub(super) fn related(&self) -> Vec<Location> {
        let here = &self.first().location;
        let places = self.packages.iter().flat_map(|package| [Some(&package.location), package.manifest.as_ref()]);
        let mut related: Vec<Location> = places.flatten().filter(|place| *place != here).cloned().collect();
        related.sort();
        related.dedup();
        related
    }
}
