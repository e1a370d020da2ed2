//! Python distributions: the metadata that installers leave in `site-packages`.

use std::collections::{BTreeSet, HashMap};

use super::place::{Folder, Place, Text, What};
use super::sheet::{Join, Sheet, line_of, meant};
use super::{Around, Evidence, Shelf};
use crate::advisories::version;
use crate::ecosystem::Ecosystem;
use crate::inventory::Dependency;
use crate::license::normalize::{Meaning, normalize};

/// Folders of environments beside a project.
const ENVIRONMENTS: [&str; 5] = [".venv", "venv", "env", ".env", "virtualenv"];
/// Where environments have their packages, on Unix and on Windows.
const LIBRARIES: [&str; 3] = ["lib", "lib64", "Lib"];
/// Lines beyond these are no metadata.
const MAX_LINES: usize = 20_000;

struct Python {
    /// The metadata by the name of the distribution.
    distributions: HashMap<String, Vec<Metadata>>,
}

/// Where the metadata of a distribution is.
struct Metadata {
    version: String,
    /// The folder of it, or the one that holds the file.
    folder: Folder,
    file: String,
    is_folder: bool,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    let mut environments: Vec<Folder> = Vec::new();
    for name in ENVIRONMENTS {
        let on_top = around.projects.iter().filter_map(|project| project.at(name));
        environments.extend(around.beside(Ecosystem::PyPi, name).into_iter().chain(on_top));
    }
    environments.extend(around.homes.python.iter().filter_map(|home| Place::open(home, "virtualenv")));
    let mut distributions: HashMap<String, Vec<Metadata>> = HashMap::new();
    for packages in environments.iter().flat_map(site_packages) {
        for (name, metadata) in listed(&packages) {
            distributions.entry(name).or_default().push(metadata);
        }
    }
    Box::new(Python { distributions })
}

fn site_packages(environment: &Folder) -> Vec<Folder> {
    let mut found = Vec::new();
    for library in LIBRARIES.iter().filter_map(|name| environment.at(name)) {
        found.extend(library.at("site-packages"));
        let versions: BTreeSet<String> =
            library.folders().filter(|name| name.starts_with("python") || name.starts_with("pypy")).collect();
        found.extend(versions.iter().filter_map(|version| library.at(version)?.at("site-packages")));
    }
    found
}

/// The metadata in one folder of packages, by the name of the distribution as PyPI compares it.
fn listed(packages: &Folder) -> Vec<(String, Metadata)> {
    let mut found = Vec::new();
    for (entry, what) in packages.names() {
        let (bare, file) = match (entry.strip_suffix(".dist-info"), entry.strip_suffix(".egg-info")) {
            (Some(bare), _) => (bare, "METADATA"),
            (_, Some(bare)) => (bare, "PKG-INFO"),
            _ => continue,
        };
        // `name-version`, and `-py3.11` behind that in an egg.
        let mut parts = bare.split('-');
        let (Some(name), Some(version)) = (parts.next(), parts.next()) else { continue };
        let (folder, file, is_folder) = match what {
            What::File => (Some(packages.clone()), entry.clone(), false),
            _ => (packages.at(&entry), file.to_owned(), true),
        };
        let Some(folder) = folder else { continue };
        let metadata = Metadata { version: version.to_owned(), folder, file, is_folder };
        found.push((Ecosystem::PyPi.normalized(name).into_owned(), metadata));
    }
    found
}

impl Shelf for Python {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        let all = self.distributions.get(Ecosystem::PyPi.normalized(&package.name).as_ref())?;
        let is_it = |one: &&Metadata| {
            package.version.is_empty()
                || one.version == package.version
                || version::compare("PyPI", &one.version, &package.version).is_some_and(std::cmp::Ordering::is_eq)
        };
        all.iter().filter(is_it).find_map(|one| {
            let text = one.folder.read(&one.file)?;
            let mut sheet = read(&text);
            sheet.folder = one.is_folder.then(|| one.folder.clone());
            Some(sheet)
        })
    }
}

/// Reads core metadata, <https://packaging.python.org/specifications/core-metadata/>. The expression of PEP 639 counts
/// first, then the classifiers, then the old field, unless that one alone says which license is meant.
fn read(text: &Text) -> Sheet {
    let fields = fields(&text.text);
    let all = |name: &'static str| {
        let named = fields.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.clone())
    };
    let classifiers: Vec<String> = all("Classifier").filter(|one| one.starts_with("License :: ")).collect();
    let field: Vec<String> = all("License").filter(|one| !one.trim().is_empty()).take(1).collect();
    let expression: Vec<String> = all("License-Expression").take(1).collect();
    let of_classifiers = meant(&classifiers, Join::Any).0.map_or(Meaning::Nothing, |one| one.meaning);
    let is_clear = |said: &[String]| said.first().is_some_and(|one| normalize(one).meaning == Meaning::License);
    let (said, join, word) = if !expression.is_empty() {
        (expression, Join::All, "License-Expression:")
    } else if is_clear(&field) && (of_classifiers != Meaning::License || classifiers.len() > 1) {
        (field, Join::All, "License:")
    } else if of_classifiers != Meaning::Nothing {
        // Of several, nobody says what they have to do with each other: `Dual License` does.
        let is_choice = field.first().is_some_and(|one| one.to_ascii_lowercase().contains("dual"));
        (classifiers, if is_choice { Join::Any } else { Join::All }, "Classifier: License ::")
    } else {
        (field, Join::All, "License:")
    };
    // `License :: OSI Approved` says nothing beside another.
    let said: Vec<String> = match said.len() {
        1 => said,
        _ => said.into_iter().filter(|one| normalize(one).meaning != Meaning::Nothing).collect(),
    };
    let mut sheet = Sheet::declared(said, join, text, &[word]);
    if let Some(Evidence { line, .. }) = sheet.manifest.as_mut().filter(|_| !sheet.said.is_empty()) {
        *line = line.or_else(|| line_of(&text.text, &["License"]));
    }
    sheet.files.extend(all("License-File").take(20));
    sheet
}

/// The fields above the first empty line, with what is folded onto further lines.
fn fields(text: &str) -> Vec<(&str, String)> {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for line in text.lines().take(MAX_LINES).take_while(|line| !line.trim().is_empty()) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push('\n');
                value.push_str(line.trim_start_matches([' ', '\t', '|']));
            }
        } else if let Some((key, value)) = line.split_once(':') {
            fields.push((key, value.trim().to_owned()));
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> (Vec<String>, Option<u32>) {
        let text = format!("Metadata-Version: 2.1\nName: x\n{text}\n\nLicense: body\n");
        let sheet = read(&Text { text, shown: "x/METADATA".to_owned(), sha256: String::new() });
        (sheet.said, sheet.manifest.unwrap().line)
    }

    #[test]
    fn what_counts_first() {
        let mit = "Classifier: License :: OSI Approved :: MIT License";
        let bsd = "Classifier: License :: OSI Approved :: BSD License";
        let of = |text: &str| said(text).0;
        assert_eq!(of(&format!("{mit}\nLicense: GPL\nLicense-Expression: ISC")), ["ISC"]);
        assert_eq!(of(&format!("{mit}\nLicense: GPL")), ["License :: OSI Approved :: MIT License"]);
        assert_eq!(of(&format!("{bsd}\nLicense: BSD-3-Clause")), ["BSD-3-Clause"]);
        assert_eq!(of(&format!("{bsd}\nLicense: see LICENSE")), ["License :: OSI Approved :: BSD License"]);
        assert_eq!(of(&format!("{mit}\n{bsd}\nLicense: MIT OR BSD-3-Clause")), ["MIT OR BSD-3-Clause"]);
        assert_eq!(of("License: Apache 2.0\nClassifier: License :: OSI Approved"), ["Apache 2.0"]);
        assert_eq!(said("License: Apache 2.0").1, Some(3));
        assert_eq!(said("Author: me").1, None);
    }

    #[test]
    fn folded_fields() {
        let fields = fields("A: b\n  c\nLicense: x\n |y\n\nB: z");
        assert_eq!(fields, [("A", "b\nc".to_owned()), ("License", "x\ny".to_owned())]);
    }
}
