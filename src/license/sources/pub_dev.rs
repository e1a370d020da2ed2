//! Dart packages: pub's cache. A package says nothing of its license but by a text.

use super::place::{Folder, Place};
use super::sheet::Sheet;
use super::{Around, Shelf};
use crate::inventory::Dependency;

struct Pub {
    /// A folder for each server.
    servers: Vec<Folder>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    let homes = around.homes.dart.iter();
    Box::new(Pub { servers: homes.flat_map(|home| Place::open_all(&home.join("hosted/*"), "pub cache")).collect() })
}

impl Shelf for Pub {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        let name = format!("{}-{}", package.name, package.version);
        self.servers.iter().find_map(|server| server.at(&name)).map(Sheet::of_files)
    }
}
