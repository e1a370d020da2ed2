//! Reads `build.sbt.lock` of the plugin sbt-dependency-lock (<https://github.com/stringbean/sbt-dependency-lock>).

use super::tree::{Document, Value};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};

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
    let document = Document::read(reading)?;
    let root = document.root();
    if let Some(version) = root.get("lockVersion")
        && version.number().is_none_or(|number| number > NEWEST)
    {
        let why = format!("versions of the format after {NEWEST} are not known; it is read as that one");
        reading.broken(document.line(source, version), &why);
    }
    for item in root.get("dependencies").ok_or_else(|| Unreadable::new("it lists no dependencies"))?.items() {
        let of = |key: &str| item.text_at(key).unwrap_or_default();
        let line = document.line(source, item.get("name").unwrap_or(item));
        if of("org").is_empty() || of("name").is_empty() {
            reading.broken(line, "a dependency without a name is left out");
            continue;
        }
        let configurations = item.get("configurations").map(Value::items).unwrap_or_default();
        let scopes = configurations.into_iter().filter_map(|one| one.text().map(|text| scope_of(&text)));
        reading.add(Draft {
            scope: scopes.min(),
            hashes: hashes(item, &of("name")),
            ..Draft::new(Ecosystem::Maven, &format!("{}:{}", of("org"), of("name")), &of("version"), line)
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
fn hashes(item: Value, name: &str) -> Vec<String> {
    let artifacts = item.get("artifacts").map(Value::items).unwrap_or_default();
    let own =
        artifacts.iter().find(|artifact| artifact.text_at("name").is_some_and(|file| file == format!("{name}.jar")));
    let sum = own.or(artifacts.first()).and_then(|artifact| artifact.text_at("hash"));
    sum.filter(|sum| sum.contains(':')).map(|sum| sum.into_owned()).into_iter().collect()
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
