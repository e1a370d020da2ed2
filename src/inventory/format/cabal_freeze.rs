//! Reads `cabal.project.freeze` of Haskell's Cabal
//! (<https://cabal.readthedocs.io/en/stable/cabal-commands.html#cabal-freeze>).

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format = Format {
    id: "cabal-freeze",
    about: "cabal.project.freeze of Haskell's Cabal",
    role: Role::Lock("cabal"),
    wants: |path| name_of(path).ends_with(".freeze") && name_of(path).starts_with("cabal"),
    read,
};

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let mut is_inside = false;
    for (number, line) in (1u32..).zip(source.text.lines()) {
        let line = line.split("--").next().unwrap_or_default();
        let is_continued = line.starts_with([' ', '\t']);
        let entries = match line.split_once(':').filter(|_| !is_continued) {
            Some((field, rest)) => {
                is_inside = field.trim().eq_ignore_ascii_case("constraints");
                rest
            }
            None => line,
        };
        if !is_inside {
            continue;
        }
        for entry in entries.split(',') {
            // Flags (`text -simdutf`) and what is `installed` have no version.
            let Some((name, version)) = entry.split_once("==") else { continue };
            let name = name.trim();
            let name = name.strip_prefix("any.").unwrap_or(name);
            let version = version.split("||").next().unwrap_or_default().trim();
            // `setup.name` and `package:setup.name` are what a package needs to be set up.
            let name = name.rsplit_once("setup.").map_or(name, |(_, name)| name);
            if version.is_empty() || name.contains(char::is_whitespace) {
                reading.broken(number, "a constraint has no name or no version");
                continue;
            }
            reading.add(Draft::new(Ecosystem::Hackage, name, version, number));
        }
    }
    Ok(())
}
