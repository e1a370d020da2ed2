//! Swift packages: the checkouts of the package manager and of Xcode. A package says nothing of its license but by a text.

use super::place::Folder;
use super::sheet::Sheet;
use super::{Around, Shelf};
use crate::ecosystem::Ecosystem;
use crate::inventory::Dependency;

/// Where checkouts are, from the folder of `Package.resolved`.
const CHECKOUTS: [&str; 3] = [".build/checkouts", "SourcePackages/checkouts", "Carthage/Checkouts"];

struct Swift {
    checkouts: Vec<Folder>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    Box::new(Swift { checkouts: CHECKOUTS.iter().flat_map(|path| around.beside(Ecosystem::Swift, path)).collect() })
}

impl Shelf for Swift {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        let name = package.name.trim_end_matches('/').trim_end_matches(".git").rsplit('/').next()?;
        let is_it = |folder: &Folder| folder.folders().find(|other| other.eq_ignore_ascii_case(name));
        self.checkouts.iter().find_map(|folder| folder.at(&is_it(folder)?)).map(Sheet::of_files)
    }
}
