//! Go modules: the module cache and `vendor` folders. A module says nothing of its license but by a text.

use super::place::{Folder, Place};
use super::sheet::{Join, Sheet};
use super::{Around, Evidence, Shelf};
use crate::ecosystem::Ecosystem;
use crate::inventory::Dependency;

/// What Go itself is made of, which no module cache has: its license is at <https://go.dev/LICENSE>.
const OWN: [&str; 2] = ["stdlib", "toolchain"];

struct Go {
    caches: Vec<Folder>,
    vendored: Vec<Folder>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    // `vendor/modules.txt` is a list of dependencies itself.
    let here = around.beside(Ecosystem::Go, ".").into_iter().filter(|folder| folder.read("modules.txt").is_some());
    Box::new(Go {
        caches: around.homes.go.iter().filter_map(|home| Place::open(home, "go module cache")).collect(),
        vendored: around.beside(Ecosystem::Go, "vendor").into_iter().chain(here).collect(),
    })
}

impl Shelf for Go {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        if OWN.contains(&package.name.as_str()) {
            let manifest = Some(Evidence { file: "go.dev/LICENSE".to_owned(), line: None, sha256: None });
            let said = vec!["BSD-3-Clause".to_owned()];
            return Some(Sheet { said, join: Join::All, manifest, files: Vec::new(), folder: None });
        }
        let name = escaped(&package.name);
        let version = escaped(package.version.trim_start_matches('v'));
        let in_cache = self.caches.iter().flat_map(|cache| {
            ["v", ""].map(|v| cache.at(&format!("{name}@{v}{version}"))).into_iter().flatten().collect::<Vec<_>>()
        });
        let vendored = self.vendored.iter().filter_map(|vendor| vendor.at(&package.name));
        in_cache.chain(vendored).next().map(Sheet::of_files)
    }
}

/// A path as the module cache writes it, `!a` for `A`, since some file systems do not tell them apart.
/// See <https://go.dev/ref/mod#module-cache>.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for letter in path.chars() {
        if letter.is_ascii_uppercase() {
            out.push('!');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn capitals_are_escaped() {
        assert_eq!(super::escaped("github.com/BurntSushi/toml"), "github.com/!burnt!sushi/toml");
    }
}
