//! Pods: `Pods` beside the Podfile. A pod that is installed says nothing of its license but by a text.

use super::place::Folder;
use super::sheet::Sheet;
use super::{Around, Shelf};
use crate::ecosystem::Ecosystem;
use crate::inventory::Dependency;

struct Pods {
    folders: Vec<Folder>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    Box::new(Pods { folders: around.beside(Ecosystem::CocoaPods, "Pods") })
}

impl Shelf for Pods {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        // `Firebase/Core` is a part of `Firebase`.
        let name = package.name.split('/').next()?;
        self.folders.iter().find_map(|pods| pods.at(name)).map(Sheet::of_files)
    }
}
