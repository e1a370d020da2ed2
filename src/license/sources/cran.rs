//! R packages: the library that renv keeps beside a project.

use super::place::{Folder, Text};
use super::sheet::{Join, Sheet};
use super::{Around, Shelf};
use crate::ecosystem::Ecosystem;
use crate::inventory::Dependency;

/// Platform, version of R and architecture are folders above the packages.
const MAX_DEPTH: usize = 4;

struct Cran {
    libraries: Vec<Folder>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    let mut libraries = around.beside(Ecosystem::Cran, "renv/library");
    let mut level = libraries.clone();
    for _ in 0..MAX_DEPTH {
        // A folder with a DESCRIPTION is a package.
        let inner =
            |folder: &Folder| folder.folders().filter_map(|name| folder.at(&name)).take(100).collect::<Vec<_>>();
        level = level.iter().flat_map(inner).filter(|folder| folder.read("DESCRIPTION").is_none()).take(1000).collect();
        libraries.extend(level.iter().cloned());
    }
    Box::new(Cran { libraries })
}

impl Shelf for Cran {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        self.libraries.iter().filter_map(|library| library.at(&package.name)).find_map(|folder| {
            let text = folder.read("DESCRIPTION")?;
            let is_it =
                package.version.is_empty() || field(&text, "Version:").is_none_or(|version| version == package.version);
            is_it.then(|| read(&text).in_folder(folder))
        })
    }
}

/// Reads the field as "Writing R Extensions" has it: `GPL (>= 2) | file LICENSE`.
fn read(text: &Text) -> Sheet {
    let value = field(text, "License:").unwrap_or_default();
    let bare = value.split(" + file ").next().unwrap_or_default();
    let (files, said): (Vec<&str>, Vec<&str>) =
        bare.split('|').map(str::trim).partition(|one| one.starts_with("file "));
    let mut sheet = Sheet::declared(said.into_iter().map(str::to_owned).collect(), Join::Any, text, &["License:"]);
    // With a license, the file only says what is added to it.
    if sheet.said.is_empty() {
        sheet
            .files
            .extend(files.into_iter().filter_map(|one| one.strip_prefix("file ")).map(|one| one.trim().to_owned()));
    }
    sheet
}

fn field<'a>(text: &'a Text, name: &str) -> Option<&'a str> {
    text.text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions() {
        for (value, said, files) in [
            ("MIT + file LICENSE", &["MIT"][..], &[][..]),
            ("GPL-2 | GPL-3", &["GPL-2", "GPL-3"], &[]),
            ("GPL (>= 2) | file LICENCE", &["GPL (>= 2)"], &[]),
            ("file LICENSE", &[], &["LICENSE"]),
        ] {
            let text =
                Text { text: format!("Package: x\nLicense: {value}\n"), shown: String::new(), sha256: String::new() };
            let sheet = read(&text);
            assert_eq!(sheet.said, said, "{value}");
            assert_eq!(sheet.files, files, "{value}");
        }
    }
}
