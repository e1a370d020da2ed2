//! Composer packages: what is installed in `vendor`. The lockfile itself mostly says their licenses, too.

use std::collections::HashMap;

use serde_json::Value;

use super::npm::names;
use super::place::{Folder, Text};
use super::sheet::{Join, Sheet};
use super::{Around, Evidence, Shelf};
use crate::ecosystem::Ecosystem;
use crate::inventory::Dependency;

struct Composer {
    installed: Vec<Installed>,
}

/// One `vendor` folder.
struct Installed {
    folder: Folder,
    /// Where it is written.
    text: Text,
    /// Version and licenses by name.
    packages: HashMap<String, (String, Vec<String>)>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    let vendored = around.beside(Ecosystem::Packagist, "vendor");
    Box::new(Composer { installed: vendored.into_iter().filter_map(read).collect() })
}

fn read(folder: Folder) -> Option<Installed> {
    let text = folder.read("composer/installed.json")?;
    let document: Value = serde_json::from_str(&text.text).ok()?;
    // Composer 1 wrote the list alone.
    let list = document.get("packages").unwrap_or(&document).as_array()?;
    let packages = list.iter().filter_map(|package| {
        let name = package.get("name")?.as_str()?.to_ascii_lowercase();
        let version = package.get("version")?.as_str()?.to_owned();
        Some((name, (version, package.get("license").map(names).unwrap_or_default())))
    });
    let packages = packages.collect();
    Some(Installed { folder, text, packages })
}

impl Shelf for Composer {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        let name = package.name.to_ascii_lowercase();
        let wanted = package.version.trim_start_matches('v');
        let is_it = |version: &str| wanted.is_empty() || version.trim_start_matches('v') == wanted;
        self.installed.iter().find_map(|installed| {
            let (_, said) = installed.packages.get(&name).filter(|(version, _)| is_it(version))?;
            // Composer's schema: of a list, one may be chosen.
            let mut sheet = Sheet::declared(said.clone(), Join::Any, &installed.text, &[]);
            sheet.manifest =
                sheet.manifest.map(|manifest| Evidence { line: line(&installed.text.text, &name), ..manifest });
            Some(match installed.folder.at(&name) {
                Some(folder) => sheet.in_folder(folder),
                None => sheet,
            })
        })
    }
}

/// The line that names a package.
fn line(text: &str, name: &str) -> Option<u32> {
    let name = format!("\"name\": \"{name}\"");
    let at = text.lines().position(|line| line.to_ascii_lowercase().contains(&name))?;
    u32::try_from(at + 1).ok()
}
