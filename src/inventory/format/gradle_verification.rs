//! Reads `gradle/verification-metadata.xml` (<https://docs.gradle.org/current/userguide/dependency_verification.html>):
//! every module that a build has ever used, with its checksums.

use roxmltree::Node;

use super::{Format, Role, Unreadable, markup, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::reading::{Draft, Reading};

pub(super) const FORMAT: Format = Format {
    id: "gradle-verification",
    about: "verification-metadata.xml of Gradle",
    role: Role::Alone,
    wants: |path| name_of(path) == "verification-metadata.xml",
    read,
};

/// The checksums that may be there.
const SUMS: [&str; 4] = ["sha512", "sha256", "sha1", "md5"];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    markup::read(reading, |reading, root| {
        if root.tag_name().name() != "verification-metadata" {
            return Err(Unreadable::new("it is no verification metadata of Gradle"));
        }
        let lists = markup::children(root, "components");
        for component in lists.flat_map(|list| markup::children(list, "component")) {
            let line = markup::line_of(reading.source, component, "name");
            let of = |name: &str| component.attribute(name).unwrap_or_default().trim();
            if ["group", "name", "version"].iter().any(|key| of(key).is_empty()) {
                reading.broken(line, "a component without a group, a name and a version is left out");
                continue;
            }
            let name = format!("{}:{}", of("group"), of("name"));
            reading.add(Draft {
                hashes: hashes(component, &format!("{}-{}.", of("name"), of("version"))),
                ..Draft::new(Ecosystem::Maven, &name, of("version"), line)
            });
        }
        Ok(())
    })
}

/// The checksums of the artifact that holds the code.
fn hashes(component: Node, stem: &str) -> Vec<String> {
    let is_code = |name: &str| [".jar", ".aar", ".klib"].iter().any(|ending| name.ends_with(ending));
    let named =
        |artifact: &Node| artifact.attribute("name").is_some_and(|name| name.starts_with(stem) && is_code(name));
    let Some(artifact) = markup::children(component, "artifact").find(named) else { return Vec::new() };
    let sums = SUMS.iter().filter_map(|kind| Some((kind, markup::child(artifact, kind)?.attribute("value")?)));
    sums.map(|(kind, value)| format!("{kind}:{}", value.to_ascii_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, read, said};

    #[test]
    fn components() {
        let text = "<?xml version=\"1.0\"?>\n<verification-metadata>\n<components>\n<component group=\"a\" name=\"b\" version=\"1.0\">\n<artifact name=\"b-1.0.jar\"><sha256 value=\"00FF\" origin=\"x\"/></artifact>\n<artifact name=\"b-1.0.pom\"><sha256 value=\"11\"/></artifact>\n</component>\n<component group=\"a\"/></components></verification-metadata>";
        let files = [("gradle/verification-metadata.xml", text)];
        assert_eq!(said(&files), ["a:b 1.0 @4"]);
        assert_eq!(read(&files).unwrap().packages[0].hashes, ["sha256:00ff"]);
        assert_eq!(gaps(&files).len(), 1);
    }
}
