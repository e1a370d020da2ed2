//! Reads the version catalogs of Gradle, such as `gradle/libs.versions.toml`
//! (<https://docs.gradle.org/current/userguide/version_catalogs.html>).

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::tree::{self, Tree};

pub(super) const FORMAT: Format = Format {
    id: "gradle-catalog",
    about: "version catalogs of Gradle",
    role: Role::Manifest("gradle"),
    wants: |path| name_of(path).ends_with(".versions.toml"),
    read,
};

/// What Gradle puts behind the name of a plugin to get that of a module
/// (<https://docs.gradle.org/current/userguide/plugins.html#sec:plugin_markers>).
const MARKER: &str = ".gradle.plugin";

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (document, problems) = tree::toml::parse(source);
    tree::tell(reading, &problems);
    let lists = [("libraries", Scope::Runtime), ("plugins", Scope::Build)];
    let is_known =
        ["metadata", "versions", "libraries", "plugins", "bundles"].iter().any(|key| document.get(key).is_some());
    if !is_known && !source.text.trim().is_empty() {
        return Err(Unreadable::new("it is no version catalog"));
    }
    for (list, scope) in lists {
        for entry in document.entries_of(list) {
            let named = match scope {
                Scope::Build => plugin(&entry.value),
                _ => module(&entry.value),
            };
            let Some((name, key, short)) = named else {
                reading.broken(entry.line, &format!("`{}` names no module", entry.key));
                continue;
            };
            let line = entry.value.entry(key).map_or(entry.line, |named| named.line);
            let version = match short {
                Some(version) => Version::plain(&version),
                None => Version::of(&document, entry.value.get("version")),
            };
            let Some(version) = version else {
                reading.broken(line, &format!("`{}` has a version that the file does not define", entry.key));
                continue;
            };
            let draft =
                Draft { requirement: version.range, ..Draft::new(Ecosystem::Maven, &name, &version.exact, line) };
            if let Some(node) = reading.add(draft) {
                reading.root(node, scope, Some(source.location(line)));
            }
        }
    }
    Ok(())
}

/// The name of a library, the key that has it, and the version of the short notation `group:name:version`.
fn module(value: &Tree) -> Option<(String, &'static str, Option<String>)> {
    if let Some(text) = value.text() {
        let mut parts = text.splitn(3, ':');
        let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
        return Some((format!("{group}:{artifact}"), "", Some(version.to_owned())));
    }
    match value.get("module") {
        Some(module) => module.text().filter(|text| text.contains(':')).map(|text| (text.to_owned(), "module", None)),
        None => Some((format!("{}:{}", value.get("group")?.text()?, value.get("name")?.text()?), "name", None)),
    }
}

/// The same of a plugin, as the module that leads to it.
fn plugin(value: &Tree) -> Option<(String, &'static str, Option<String>)> {
    if let Some((id, version)) = value.text().and_then(|text| text.split_once(':')) {
        return Some((format!("{id}:{id}{MARKER}"), "", Some(version.to_owned())));
    }
    let id = value.get("id")?.text()?;
    Some((format!("{id}:{id}{MARKER}"), "id", None))
}

/// A version, or a range of versions; both are empty where somebody else says which.
#[derive(Default)]
struct Version {
    exact: String,
    range: String,
}

impl Version {
    fn plain(text: &str) -> Option<Self> {
        let is_range = text.starts_with(['[', '(', ']']) || text.ends_with('+') || text.starts_with("latest.");
        Some(match is_range {
            true => Self { range: text.to_owned(), ..Self::default() },
            false => Self { exact: text.to_owned(), ..Self::default() },
        })
    }

    /// A text, a reference, or what a version must be (<https://docs.gradle.org/current/userguide/dependency_versions.html>);
    /// `None` for a reference to nothing.
    fn of(document: &Tree, value: Option<&Tree>) -> Option<Self> {
        let Some(value) = value else { return Some(Self::default()) };
        if let Some(text) = value.text() {
            return Self::plain(text);
        }
        if let Some(name) = value.get("ref").and_then(Tree::text) {
            let shared = document.at(&["versions", name])?;
            return if shared.get("ref").is_some() { None } else { Self::of(document, Some(shared)) };
        }
        let asked = ["strictly", "require"].iter().map(|key| value.text_of(key)).find(|text| !text.is_empty());
        let mut version = Self::plain(asked.unwrap_or_default())?;
        if version.exact.is_empty() {
            version.exact = value.text_of("prefer").to_owned();
        }
        Some(version)
    }
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn references_and_rich_versions() {
        let text = r#"
[versions]
groovy = "3.0.5"
rich = { strictly = "[3.8, 4.0[", prefer = "3.9" }

[libraries]
short = "a:short:1.0"
core = { module = "org.codehaus.groovy:groovy", version.ref = "groovy" }
split = { group = "a", name = "split", version.ref = "rich" }
plain = { module = "a:plain", version = "2.+" }
by-bom = { module = "a:by-bom" }
gone = { module = "a:gone", version.ref = "nothing" }
[libraries.table]
version = { require = "5.0" }
module = "a:table"

[plugins]
shadow = { id = "com.acme.shadow", version = "7.0" }
jmh = "me.jmh:0.6"
"#;
        let at = "direct gradle/libs.versions.toml";
        assert_eq!(
            said(&[("gradle/libs.versions.toml", text)]),
            [
                format!("a:by-bom  @11 {at}:11"),
                format!("a:plain [2.+] @10 {at}:10"),
                format!("a:short 1.0 @7 {at}:7"),
                format!("a:split 3.9[[3.8, 4.0[] @9 {at}:9"),
                format!("a:table 5.0 @15 {at}:15"),
                format!("com.acme.shadow:com.acme.shadow.gradle.plugin 7.0 @18 build {at}:18"),
                format!("me.jmh:me.jmh.gradle.plugin 0.6 @19 build {at}:19"),
                format!("org.codehaus.groovy:groovy 3.0.5 @8 {at}:8"),
            ]
        );
        assert_eq!(gaps(&[("x.versions.toml", text)]).len(), 1);
        assert_eq!(gaps(&[("x.versions.toml", "a = 1")]).len(), 1);
    }
}
