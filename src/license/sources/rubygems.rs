//! Gems: the specifications that `gem` and Bundler leave where they install. They are Ruby, and read as text.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::place::{Folder, Place, Text};
use super::sheet::{Join, Sheet};
use super::{Around, Shelf};
use crate::ecosystem::Ecosystem;
use crate::inventory::Dependency;

/// `s.licenses = ["MIT".freeze, "Ruby".freeze]` or `spec.license = 'MIT'`.
static LICENSES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*\w+\.licenses?\s*=\s*(\[[^\]]{0,2000}\]|[^\n]{0,500})").ok());
static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#""([^"\\]{0,400})"|'([^'\\]{0,400})'"#).ok());

struct Gems {
    /// Folders with `specifications` and `gems`.
    homes: Vec<Folder>,
}

pub(super) fn open(around: &Around) -> Box<dyn Shelf> {
    let mut homes = Vec::new();
    for ruby in around.beside(Ecosystem::RubyGems, "vendor/bundle/ruby") {
        homes.extend(ruby.folders().filter_map(|version| ruby.at(&version)));
    }
    homes.extend(around.homes.gems.iter().flat_map(|home| Place::open_all(Path::new(home), "gems")));
    Box::new(Gems { homes })
}

impl Shelf for Gems {
    fn find(&self, package: &Dependency) -> Option<Sheet> {
        let full = format!("{}-{}", package.name, package.version);
        self.homes.iter().find_map(|home| {
            let specifications = home.at("specifications")?;
            let exact = [format!("{full}.gemspec"), format!("default/{full}.gemspec")];
            let exact = exact.iter().find_map(|file| Some((specifications.read(file)?, full.clone())));
            let (text, full) = exact.or_else(|| {
                // One that is built for a platform has that behind its version.
                let start = format!("{full}-");
                let (file, _) = specifications.names().into_iter().find(|(name, _)| name.starts_with(&start))?;
                Some((specifications.read(&file)?, file.strip_suffix(".gemspec")?.to_owned()))
            })?;
            let sheet = read(&text);
            Some(match home.at(&format!("gems/{full}")) {
                Some(folder) => sheet.in_folder(folder),
                None => sheet,
            })
        })
    }
}

fn read(text: &Text) -> Sheet {
    let (licenses, quoted) = (LICENSES.as_ref(), QUOTED.as_ref());
    let found = licenses.and_then(|pattern| pattern.captures(&text.text)).and_then(|found| found.get(1));
    let said =
        found.iter().flat_map(|found| quoted.map(|quoted| quoted.captures_iter(found.as_str())).into_iter().flatten());
    let said = said.filter_map(|one| one.get(1).or(one.get(2))).map(|one| one.as_str().to_owned()).take(100).collect();
    let mut sheet = Sheet::declared(said, Join::Any, text, &[]);
    let line = found.map(|found| text.text[..found.start()].matches('\n').count() + 1);
    if let Some(manifest) = &mut sheet.manifest {
        manifest.line = line.and_then(|line| u32::try_from(line).ok());
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifications() {
        for (text, said, line) in [
            (
                "Gem::Specification.new do |s|\n  s.licenses = [\"MIT\".freeze, 'Ruby']\nend",
                &["MIT", "Ruby"][..],
                Some(2),
            ),
            ("  spec.license = 'BSD-2-Clause'\n", &["BSD-2-Clause"], Some(1)),
            ("s.licenses = [\n  \"MIT\"\n]", &["MIT"], Some(1)),
            ("s.licenses = File.read('x')\n", &["x"], Some(1)),
            ("s.name = \"x\"", &[], None),
        ] {
            let sheet = read(&Text { text: text.to_owned(), shown: String::new(), sha256: String::new() });
            assert_eq!(
                (&sheet.said[..], sheet.manifest.unwrap().line),
                (&said.iter().map(ToString::to_string).collect::<Vec<_>>()[..], line),
                "{text}"
            );
        }
    }
}
