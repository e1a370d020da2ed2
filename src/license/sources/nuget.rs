//! NuGet packages: the global packages folder, and `packages` beside the project.

use super::place::{Folder, Place};
use super::sheet::{Join, Sheet};
use super::{Around, Shelf, xml};
use crate::ecosystem::Ecosystem;
use crate::inventory::Dependency;

struct NuGet {
    homes: Vec<Folder>,
    /// Where projects with a `packages.config` have them.
    packages: Vec<Folder>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    let on_top = around.projects.iter().filter_map(|project| project.at("packages"));
    Box::new(NuGet {
        homes: around.homes.nuget.iter().filter_map(|home| Place::open(home, "nuget packages")).collect(),
        packages: around.beside(Ecosystem::NuGet, "packages").into_iter().chain(on_top).collect(),
    })
}

impl Shelf for NuGet {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        let id = package.name.to_ascii_lowercase();
        let version = package.version.to_ascii_lowercase();
        let version = version.split('+').next().unwrap_or_default();
        let path = format!("{id}/{}", normalized(version));
        let in_home = self.homes.iter().filter_map(|home| home.at(&path));
        let path = format!("{}.{}", package.name, package.version);
        let beside = self.packages.iter().filter_map(|packages| packages.at(&path));
        in_home.chain(beside).find_map(|folder| read(folder, &id))
    }
}

/// A version as folders have it: three parts at least, and no fourth that is 0.
fn normalized(version: &str) -> String {
    let (numbers, rest) = version.find('-').map_or((version, ""), |at| version.split_at(at));
    let mut parts: Vec<&str> = numbers.split('.').collect();
    parts.resize(parts.len().max(3), "0");
    if parts.len() == 4 && parts.last() == Some(&"0") {
        parts.pop();
    }
    format!("{}{rest}", parts.join("."))
}

/// Reads a nuspec, <https://learn.microsoft.com/nuget/reference/nuspec>.
fn read(folder: Folder, id: &str) -> Option<Sheet> {
    let file = format!("{id}.nuspec");
    let (name, _) = folder.names().into_iter().find(|(name, _)| name.eq_ignore_ascii_case(&file))?;
    let text = folder.read(&name)?;
    let document = xml::parse(&text.text)?;
    let metadata = xml::children(document.root_element(), "metadata").next()?;
    let license = xml::children(metadata, "license").next();
    let value = license.and_then(|license| license.text()).map(str::trim).filter(|value| !value.is_empty());
    let is_file = license.and_then(|license| license.attribute("type")) == Some("file");
    // The address of a package that has a file or an expression says only that.
    let url = xml::text(metadata, "licenseUrl").filter(|url| !url.contains("deprecateLicenseUrl"));
    let said = if is_file { None } else { value.or(url) };
    let mut sheet = Sheet::declared(said.map(str::to_owned).into_iter().collect(), Join::All, &text, &["license"]);
    sheet.files.extend(value.filter(|_| is_file).map(|file| file.replace('\\', "/")));
    drop(document);
    Some(sheet.in_folder(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_folders() {
        for (version, folder) in
            [("1.0", "1.0.0"), ("1.2.3.0", "1.2.3"), ("1.2.3.4", "1.2.3.4"), ("2-rc.1", "2.0.0-rc.1")]
        {
            assert_eq!(normalized(version), folder);
        }
    }
}
