//! Reads `go.sum` (<https://go.dev/ref/mod#go-sum-files>), for the modules that a `go.mod` of before Go 1.17 does not
//! list, and for checksums.

use std::collections::{BTreeMap, HashMap, HashSet};

use rustsec::Version;

use super::go_words;
use super::{Format, Role, Unreadable, name_of, sum};
use crate::ecosystem::Ecosystem;
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format = Format {
    id: "go-sum",
    about: "go.sum, beside a go.mod of before Go 1.17",
    role: Role::Lock("go"),
    wants: |path| name_of(path) == "go.sum",
    read,
};

/// The first minor version of Go whose `go.mod` lists all that is built.
const COMPLETE: u32 = 17;

/// The checksums of modules, by name and version.
#[derive(Default)]
pub(super) struct Sums<'a>(HashMap<(&'a str, &'a str), &'a str>);

impl<'a> Sums<'a> {
    /// Those of a text; what is damaged is left out.
    pub(super) fn parse(text: &'a str) -> Self {
        Self(text.lines().filter_map(line).map(|(module, version, sum)| ((module, version), sum)).collect())
    }

    /// The checksum of a module, if there is one: SHA-256 over a list of its files and their checksums.
    pub(super) fn of(&self, module: &str, version: &str) -> Vec<String> {
        self.0.get(&(module, version)).map(|sum| hash(sum)).unwrap_or_default()
    }
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let manifest = source.neighbour("go.mod");
    let directives: Vec<_> = manifest.iter().flat_map(|file| go_words::directives(&file.text)).collect();
    if manifest.is_some() && go_words::minor(&directives) >= COMPLETE {
        return Ok(());
    }
    let listed: HashSet<&str> = directives.iter().filter(|d| d.verb == "require").map(|d| d.word(0)).collect();
    // Of several versions the newest is built; the others were only compared with.
    let mut newest: BTreeMap<&str, (Version, &str, &str, u32)> = BTreeMap::new();
    for (number, text) in (1u32..).zip(source.text.lines()) {
        let Some((module, version, sum)) = line(text) else {
            if !text.trim().is_empty() && !is_of_manifest(text) {
                reading.broken(number, "it is no checksum of a module");
            }
            continue;
        };
        let Ok(parsed) = Version::parse(version.trim_start_matches('v')) else {
            reading.broken(number, "it has no version of a module");
            continue;
        };
        if !listed.contains(module) && newest.get(module).is_none_or(|(other, ..)| *other < parsed) {
            newest.insert(module, (parsed, version, sum, number));
        }
    }
    for (module, (_, version, sum, number)) in newest {
        reading.add(Draft {
            direct: manifest.is_some().then_some(false),
            hashes: hash(sum),
            ..Draft::new(Ecosystem::Go, module, version, number)
        });
    }
    Ok(())
}

/// The module, version and checksum of a line; `None` for one that has the checksum of a `go.mod` alone: nothing of such
/// a module is built.
fn line(text: &str) -> Option<(&str, &str, &str)> {
    let mut words = text.split_whitespace();
    let (module, version, sum) = (words.next()?, words.next()?, words.next()?);
    (words.next().is_none() && version.starts_with('v') && !version.ends_with("/go.mod"))
        .then_some((module, version, sum))
}

fn is_of_manifest(text: &str) -> bool {
    let mut words = text.split_whitespace().skip(1);
    words.next().is_some_and(|version| version.ends_with("/go.mod")) && words.count() == 1
}

fn hash(text: &str) -> Vec<String> {
    text.strip_prefix("h1:").map(|text| sum::base64("sha256", text)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    const SUM: &str = "a.b/c v1.0.0 h1:x\na.b/c v1.0.0/go.mod h1:y\na.b/c v1.2.0 h1:x\na.b/d v0.1.0/go.mod h1:z\n\
                       a.b/listed v1.0.0 h1:x\n";

    #[test]
    fn only_what_go_mod_does_not_list() {
        let old = "module m\ngo 1.16\nrequire a.b/listed v1.0.0\n";
        assert_eq!(said(&[("go.sum", SUM), ("go.mod", old)]), ["a.b/c v1.2.0 @3 indirect"]);
        assert_eq!(said(&[("go.sum", SUM)]), ["a.b/c v1.2.0 @3", "a.b/listed v1.0.0 @5"]);
        assert!(said(&[("go.sum", SUM), ("go.mod", "module m\ngo 1.17\n")]).is_empty());
        assert_eq!(gaps(&[("go.sum", "a.b/c v1.0.0\n")]).len(), 1);
    }
}
