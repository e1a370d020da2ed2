//! Reads `build.sbt.lock` of the plugin sbt-dependency-lock (<https://github.com/stringbean/sbt-dependency-lock>).

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::tree::{self, Tree};

pub(super) const FORMAT: Format = Format {
    id: "sbt-lock",
    about: "build.sbt.lock",
    role: Role::Lock("sbt"),
    wants: |path| name_of(path).ends_with(".sbt.lock"),
    read,
};

/// The newest version that is known.
const NEWEST: i64 = 1;

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (root, problems) = tree::json::parse(&source.text);
    tree::tell(reading, &problems);
    if let Some(version) = root.entry("lockVersion")
        && version.value.text().and_then(|text| text.parse().ok()).is_none_or(|number: i64| number > NEWEST)
    {
        let why = format!("versions of the format after {NEWEST} are not known; it is read as that one");
        reading.broken(version.line, &why);
    }
    if root.get("dependencies").is_none() {
        return Err(Unreadable::new("it lists no dependencies"));
    }
    for item in root.items_of("dependencies") {
        let (group, name, version) = (item.text_of("org"), item.text_of("name"), item.text_of("version"));
        let line = item.entry("name").map_or(item.line, |entry| entry.line);
        if group.is_empty() || name.is_empty() {
            reading.broken(line, "a dependency without a name is left out");
            continue;
        }
        let scopes = item.items_of("configurations").iter().filter_map(|one| one.text().map(scope_of));
        reading.add(Draft {
            scope: scopes.min(),
            hashes: hashes(item, name),
            ..Draft::new(Ecosystem::Maven, &format!("{group}:{name}"), version, line)
        });
    }
    Ok(())
}

fn scope_of(configuration: &str) -> Scope {
    match configuration {
        "test" | "it" => Scope::Dev,
        "provided" | "plugin" | "scala-tool" => Scope::Build,
        "optional" => Scope::Optional,
        _ => Scope::Runtime,
    }
}

/// The checksum of the archive of a module, written as `sha1:…`.
fn hashes(item: &Tree, name: &str) -> Vec<String> {
    let artifacts = item.items_of("artifacts");
    let own = artifacts.iter().find(|artifact| artifact.text_of("name") == format!("{name}.jar"));
    let sum = own.or(artifacts.first()).map_or("", |artifact| artifact.text_of("hash"));
    if sum.contains(':') { vec![sum.to_owned()] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, read, said};

    #[test]
    fn dependencies() {
        let text = "{\n\"lockVersion\": 1,\n\"dependencies\": [\n{\"org\": \"org.acme\",\n\"name\": \"lib_2.13\", \"version\": \"1.0\",\n\"artifacts\": [{\"name\": \"lib_2.13.jar\", \"hash\": \"sha1:00ff\"}], \"configurations\": [\"test\", \"compile\"]},\n{\"org\": \"org.acme\", \"name\": \"t\", \"version\": \"2\", \"configurations\": [\"test\"]}]}";
        assert_eq!(said(&[("build.sbt.lock", text)]), ["org.acme:lib_2.13 1.0 @5", "org.acme:t 2 @7 dev"]);
        assert_eq!(read(&[("build.sbt.lock", text)]).unwrap().packages[0].hashes, ["sha1:00ff"]);
        assert_eq!(gaps(&[("build.sbt.lock", "{}")]).len(), 1);
    }
}
