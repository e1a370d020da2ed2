//! Reads `vendor/modules.txt` (<https://go.dev/ref/mod#vendoring>, and Go's own `modload/vendor.go`): the modules whose
//! packages lie beside it.

use std::collections::HashMap;

use super::go_mod;
use super::go_words;
use super::{Format, Role, Unreadable};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format = Format {
    id: "go-vendor",
    about: "vendor/modules.txt of Go",
    role: Role::Lock("go"),
    wants: |path| path.as_str() == "vendor/modules.txt" || path.as_str().ends_with("/vendor/modules.txt"),
    read,
};

/// A module and what stands below it.
struct Module<'a> {
    path: &'a str,
    name: &'a str,
    version: &'a str,
    is_local: bool,
    line: u32,
    /// `go.mod` lists it.
    explicit: bool,
    /// Packages of it are used.
    used: bool,
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let mut modules: Vec<Module> = Vec::new();
    let mut open = false;
    for (line, text) in (1u32..).zip(source.text.lines()) {
        if let Some(mark) = text.strip_prefix("## ") {
            if let Some(module) = modules.last_mut().filter(|_| open) {
                module.explicit |= mark.split(';').any(|word| word.trim() == "explicit");
            }
        } else if let Some(rest) = text.strip_prefix("# ") {
            open = module(rest, line).map(|module| modules.push(module)).is_some();
        } else if !text.trim().is_empty() {
            match modules.last_mut().filter(|_| open) {
                Some(module) => module.used = true,
                None => reading.broken(line, "a package stands below no module"),
            }
        }
    }
    if modules.is_empty() && !source.text.trim().is_empty() && !source.text.starts_with("## workspace") {
        return Err(Unreadable::new("it lists no modules of Go"));
    }
    let manifest = source.neighbour("../go.mod");
    let directives = manifest.iter().flat_map(|file| go_words::directives(&file.text));
    let asked: HashMap<&str, _> = directives.filter(|d| d.verb == "require").map(|d| (d.word(0), d)).collect();
    for module in modules.iter().filter(|module| module.used || module.explicit) {
        let require = asked.get(module.path);
        let is_direct = match require {
            Some(require) => Some(!go_mod::is_indirect(require)),
            None => (!module.explicit).then_some(false),
        };
        let draft = Draft {
            source: if module.is_local { PackageSource::Local } else { PackageSource::Public },
            direct: is_direct,
            ..Draft::new(Ecosystem::Go, module.name, module.version, module.line)
        };
        let Some(node) = reading.add(draft) else { continue };
        if let (Some(true), Some(require), Some(file)) = (is_direct, require, &manifest) {
            reading.root(node, Scope::Runtime, Some(file.location(require.line)));
        }
    }
    Ok(())
}

/// `path version`, and what it is replaced with; `None` for a replacement of no version in particular, which is no module.
fn module(text: &str, line: u32) -> Option<Module<'_>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (path, version) = (*words.first()?, *words.get(1).filter(|version| version.starts_with('v'))?);
    let (name, version, is_local) = match words.get(2..) {
        Some(["=>", name, version, ..]) => (*name, *version, false),
        Some(["=>", _]) => (path, version, true),
        _ => (path, version, false),
    };
    Some(Module { path, name, version, is_local, line, explicit: false, used: false })
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn modules_with_packages() {
        let text = "# a.b/c v1.0.0\n## explicit; go 1.17\na.b/c\na.b/c/d\n# a.b/deep v0.1.0\na.b/deep\n# a.b/none v1.0.0\n\
                    # a.b/old v1.0.0 => a.b/new v1.1.0\n## explicit\na.b/old\n# a.b/here v0.0.0 => ./here\n## explicit\n\
                    a.b/here\n# a.b/old => a.b/new v1.1.0\n";
        let module = "module m\nrequire a.b/c v1.0.0\nrequire a.b/old v1.0.0 // indirect\n";
        assert_eq!(
            said(&[("x/vendor/modules.txt", text), ("x/go.mod", module)]),
            [
                "a.b/c v1.0.0 @1 direct x/go.mod:2",
                "a.b/deep v0.1.0 @5 indirect",
                "a.b/here v0.0.0 @11 local",
                "a.b/new v1.1.0 @8 indirect",
            ]
        );
        assert_eq!(gaps(&[("vendor/modules.txt", "hello\n")]).len(), 1);
    }
}
