//! Reads the version catalogs of Gradle, such as `gradle/libs.versions.toml`
//! (<https://docs.gradle.org/current/userguide/version_catalogs.html>).

use toml::de::DeValue;

use super::tables::{self, Table};
use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};

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
    let document = tables::read(reading);
    let lists = [("libraries", Scope::Runtime), ("plugins", Scope::Build)];
    if ["versions", "libraries", "plugins", "bundles"].iter().all(|key| !document.contains_key(*key))
        && !source.text.trim().is_empty()
    {
        return Err(Unreadable::new("it is no version catalog"));
    }
    for (list, scope) in lists {
        for (alias, value) in tables::table(&document, list).into_iter().flat_map(|table| table.iter()) {
            let line = source.line_at(alias.span().start);
            let named = match scope {
                Scope::Build => plugin(value.get_ref()),
                _ => module(value.get_ref()),
            };
            let Some((name, key, short)) = named else {
                reading.broken(line, &format!("`{}` names no module", alias.get_ref()));
                continue;
            };
            let table = value.get_ref().as_table();
            let line =
                table.filter(|table| table.contains_key(key)).map_or(line, |table| tables::line_of(source, table, key));
            let version = match short {
                Some(version) => Version::plain(&version),
                None => {
                    Version::of(&document, table.and_then(|table| table.get("version")).map(|value| value.get_ref()))
                }
            };
            let Some(version) = version else {
                reading.broken(line, &format!("`{}` has a version that the file does not define", alias.get_ref()));
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
fn module(value: &DeValue) -> Option<(String, &'static str, Option<String>)> {
    let Some(table) = value.as_table() else {
        let mut parts = value.as_str()?.splitn(3, ':');
        let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
        return Some((format!("{group}:{artifact}"), "", Some(version.to_owned())));
    };
    match tables::text(table, "module") {
        Some(module) => module.contains(':').then(|| (module.to_owned(), "module", None)),
        None => Some((format!("{}:{}", tables::text(table, "group")?, tables::text(table, "name")?), "name", None)),
    }
}

/// The same of a plugin, as the module that leads to it.
fn plugin(value: &DeValue) -> Option<(String, &'static str, Option<String>)> {
    let Some(table) = value.as_table() else {
        let (id, version) = value.as_str()?.split_once(':')?;
        return Some((format!("{id}:{id}{MARKER}"), "", Some(version.to_owned())));
    };
    let id = tables::text(table, "id")?;
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
    fn of(document: &Table, value: Option<&DeValue>) -> Option<Self> {
        let Some(value) = value else { return Some(Self::default()) };
        if let Some(text) = value.as_str() {
            return Self::plain(text);
        }
        let table = value.as_table()?;
        match tables::text(table, "ref") {
            Some(name) => {
                let shared = tables::table(document, "versions")?.get(name)?.get_ref();
                let is_reference = shared.as_table().is_some_and(|table| table.contains_key("ref"));
                if is_reference { None } else { Self::of(document, Some(shared)) }
            }
            None => {
                let asked = ["strictly", "require"].iter().find_map(|key| tables::text(table, key)).unwrap_or_default();
                let mut version = Self::plain(asked)?;
                if let Some(preferred) = tables::text(table, "prefer")
                    && version.exact.is_empty()
                {
                    version.exact = preferred.to_owned();
                }
                Some(version)
            }
        }
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
