//! Reads `go.work` (<https://go.dev/ref/mod#workspaces>): what several modules share. Each module's own file says what it
//! needs.

use std::collections::HashSet;

use super::go_mod::{self, Required};
use super::go_sum::Sums;
use super::go_words::{self, Replacement};
use super::{Format, Role, Unreadable, name_of};
use crate::inventory::reading::Reading;

pub(super) const FORMAT: Format =
    Format { id: "go-work", about: "go.work", role: Role::Alone, wants: |path| name_of(path) == "go.work", read };

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let directives = go_mod::checked(reading)?;
    go_mod::library(reading, &directives);
    let sums = source.neighbour("go.work.sum");
    let sums = sums.as_ref().map(|file| Sums::parse(&file.text)).unwrap_or_default();
    let shared: Vec<Replacement> = directives.iter().filter_map(Replacement::of).collect();
    let mut seen = HashSet::new();
    for used in directives.iter().filter(|directive| directive.verb == "use") {
        let path = format!("{}/go.mod", used.word(0));
        let Some(module) = source.neighbour(&path) else {
            reading.broken(used.line, &format!("the module `{}` is not in the target", used.word(0)));
            continue;
        };
        for require in go_words::directives(&module.text).filter(|directive| directive.verb == "require") {
            let (name, version) = (require.word(0), require.word(1));
            let Some(instead) = go_words::replacement(&shared, name, version) else { continue };
            if seen.insert(instead.line) {
                let used = Required { module: name, version, line: instead.line };
                let direct = !go_mod::is_indirect(&require);
                used.add(reading, Some(instead), &sums, direct, module.location(require.line));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn replacements_of_all_modules() {
        let work = "go 1.22\n\nuse (\n\t./a\n\t./b\n)\n\nreplace x.y/z => x.y/fork v1.5.0\nreplace un.used/m => ./m\n";
        let module = "module a\n\ngo 1.22\n\nrequire x.y/z v1.0.0\nrequire x.y/other v1.0.0\n";
        let files = [("go.work", work), ("a/go.mod", module), ("b/go.mod", module)];
        assert_eq!(said(&files), ["stdlib 1.22 @1 direct go.work:1", "x.y/fork v1.5.0 @8 direct a/go.mod:5"]);
        let files = [("a/go.mod", module), ("go.work", work)];
        assert_eq!(said(&files), ["stdlib 1.22 @3 direct a/go.mod:3", "x.y/other v1.0.0 @6 direct a/go.mod:6"]);
        assert_eq!(gaps(&[("go.work", work)]).len(), 2);
    }
}
