//! Reads `packages.config` of NuGet (<https://learn.microsoft.com/nuget/reference/packages-config>): every package of a
//! project at its version, without saying which of them it asks for.

use super::{Format, Role, Unreadable, markup, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format = Format {
    id: "nuget-config",
    about: "packages.config of NuGet",
    role: Role::Alone,
    wants: |path| {
        let name = name_of(path).to_ascii_lowercase();
        name.starts_with("packages.") && name.ends_with(".config")
    },
    read,
};

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    markup::read(reading, |reading, root| {
        if root.tag_name().name() != "packages" {
            return Err(Unreadable::new("it lists no packages"));
        }
        for package in markup::children(root, "package") {
            let line = markup::line_of(reading.source, package, "id");
            let of = |name: &str| package.attribute(name).unwrap_or_default().trim();
            if of("id").is_empty() || of("version").is_empty() {
                reading.broken(line, "a package without a name and a version is left out");
                continue;
            }
            let is_dev = of("developmentDependency").eq_ignore_ascii_case("true");
            reading.add(Draft {
                scope: Some(if is_dev { Scope::Dev } else { Scope::Runtime }),
                ..Draft::new(Ecosystem::NuGet, of("id"), of("version"), line)
            });
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn packages() {
        let text = "<?xml version=\"1.0\"?>\n<packages>\n  <package id=\"jQuery\" version=\"3.1.1\" />\n  <package\n    id=\"Tool\" version=\"1.0\" developmentDependency=\"true\" />\n  <package id=\"x\"/>\n</packages>";
        assert_eq!(said(&[("packages.config", text)]), ["Tool 1.0 @5 dev", "jQuery 3.1.1 @3"]);
        assert_eq!(gaps(&[("packages.config", text)]).len(), 1);
        assert_eq!(gaps(&[("packages.config", "<configuration/>")]).len(), 1);
    }
}
