//! Reads `pom.xml` of Maven (<https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html>) with
//! what is in the target: nothing is fetched, and profiles are left aside.

use super::maven_model::{Managed, Model, Wanted};
use super::{Format, Role, Unreadable, markup, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;
use crate::scanner::Gap;
use crate::text;

pub(super) const FORMAT: Format = Format {
    id: "maven",
    about: "pom.xml of Maven",
    role: Role::Alone,
    wants: |path| name_of(path) == "pom.xml",
    read,
};

/// More names are not told in a sentence.
const MAX_NAMED: usize = 3;

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    markup::read(reading, |reading, root| {
        let source = reading.source;
        if root.tag_name().name() != "project" {
            return Err(Unreadable::new("it is no project of Maven"));
        }
        let mut model = Model::of(source, root);
        let managed = model.managed(source);
        let mut unknown = Vec::new();
        for wanted in &model.dependencies {
            let (group, artifact) = (model.resolved(&wanted.group), model.resolved(&wanted.artifact));
            if group.is_empty() || artifact.is_empty() {
                reading.broken(wanted.line, "a dependency without a group and a name is left out");
                continue;
            }
            let found = model.resolved(&version(&model, &managed, wanted));
            let (version, requirement) = pinned(&found);
            if version.is_empty() && requirement.is_empty() {
                unknown.push(wanted.line);
            }
            let scope = scope_word(&model, &managed, wanted);
            let draft = Draft {
                requirement: requirement.to_owned(),
                source: origin(source, &model, wanted, &group, &artifact, &scope),
                ..Draft::new(Ecosystem::Maven, &format!("{group}:{artifact}"), version, wanted.line)
            };
            if let Some(node) = reading.add(draft) {
                // One version alone is a recommendation, which only says what there is where nobody asks for more.
                let asked = if found.contains("${") { "" } else { found.as_str() };
                let line = source.location(wanted.line);
                reading.root_as(node, scope_of(&scope, wanted.optional), Some(line), asked);
            }
        }
        tell(reading, &model, &unknown);
        Ok(())
    })
}

/// Its own version, or the managed one.
fn version(model: &Model, managed: &Managed, wanted: &Wanted) -> String {
    let of_managed = || managed.get(&model.key(wanted)).map(|other| other.version.clone()).unwrap_or_default();
    if wanted.version.is_empty() { of_managed() } else { wanted.version.clone() }
}

/// A version, or a range of versions (<https://maven.apache.org/pom.html#dependency-version-requirement-specification>).
/// Both are empty where properties are not known.
fn pinned(text: &str) -> (&str, &str) {
    let inner = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).filter(|inner| !inner.contains(','));
    match inner.unwrap_or(text) {
        unknown if unknown.contains("${") => ("", ""),
        moving @ ("LATEST" | "RELEASE") => ("", moving),
        range if range.starts_with(['[', '(']) => ("", range),
        version => (version.trim(), ""),
    }
}

fn scope_word(model: &Model, managed: &Managed, wanted: &Wanted) -> String {
    let of_managed = || managed.get(&model.key(wanted)).map(|other| other.scope.clone()).unwrap_or_default();
    model.resolved(&if wanted.scope.is_empty() { of_managed() } else { wanted.scope.clone() })
}

/// What somebody else provides at run time is not in the product.
fn scope_of(word: &str, optional: bool) -> Scope {
    match word {
        "test" => Scope::Dev,
        "provided" => Scope::Build,
        _ if optional => Scope::Optional,
        _ => Scope::Runtime,
    }
}

/// Modules of the same project have its group and version, or lie beside it under their name.
fn origin(source: &Source, model: &Model, wanted: &Wanted, group: &str, artifact: &str, scope: &str) -> PackageSource {
    let of_project =
        ["${project.", "${pom.", "${revision}", "${version}"].iter().any(|own| wanted.version.starts_with(own));
    let is_module = || {
        let beside = source.neighbour(&format!("../{artifact}/pom.xml"));
        beside.and_then(|file| markup::peek(&file, |root| markup::text_at(root, "artifactId") == artifact))
            == Some(true)
    };
    match scope == "system" || group == model.resolved(&model.group) && (of_project || is_module()) {
        true => PackageSource::Local,
        false => PackageSource::Public,
    }
}

/// Tells of dependencies whose versions nothing in the target says.
fn tell(reading: &mut Reading, model: &Model, unknown: &[u32]) {
    let Some(first) = unknown.first() else { return };
    let outside = match &model.missing[..] {
        [] => String::new(),
        missing => format!("; {} not in the target", are(missing)),
    };
    let path = &reading.source.path;
    let many = match unknown.len() {
        1 => "1 dependency has".to_owned(),
        many => format!("{many} dependencies have"),
    };
    let message = format!("`{path}` line {first}: {many} no version{outside}");
    reading.gap(Gap::unavailable(text::printable(&message)).hint("scan a bill of materials that Maven wrote as well"));
}

/// The first names, and how many there are more.
fn are(names: &[String]) -> String {
    let mut names = names.to_vec();
    names.sort();
    names.dedup();
    let more = names.len().saturating_sub(MAX_NAMED);
    names.truncate(MAX_NAMED);
    match (more, &names[..]) {
        (0, [only]) => format!("{only} is"),
        (0, names) => format!("{} are", names.join(", ")),
        (more, names) => format!("{} and {more} more are", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    const APP: &str = r#"<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>org.acme</groupId>
    <artifactId>root</artifactId>
    <version>1.0.0</version>
  </parent>
  <artifactId>app</artifactId>
  <properties><inner>${outer}.1</inner></properties>
  <dependencies>
    <dependency>
      <groupId>${project.groupId}</groupId>
      <artifactId>core</artifactId>
      <version>${project.version}</version>
    </dependency>
    <dependency><groupId>a</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>a</groupId><artifactId>of-bom</artifactId></dependency>
    <dependency>
      <groupId>a</groupId><artifactId>property</artifactId><version>${inner}</version><scope>test</scope>
    </dependency>
    <dependency><groupId>a</groupId><artifactId>range</artifactId><version>[1,2)</version><optional>true</optional></dependency>
    <dependency><groupId>a</groupId><artifactId>exact</artifactId><version>[1.5]</version><scope>provided</scope></dependency>
    <dependency><groupId>a</groupId><artifactId>unknown</artifactId></dependency>
    <dependency><groupId>a</groupId><artifactId>computed</artifactId><version>${nobody}</version></dependency>
  </dependencies>
</project>
"#;
    const ROOT: &str = r#"<project><groupId>org.acme</groupId><artifactId>root</artifactId><version>1.0.0</version>
<properties><outer>3.2</outer><m>2.0</m></properties>
<dependencyManagement><dependencies>
<dependency><groupId>a</groupId><artifactId>managed</artifactId><version>${m}</version><scope>test</scope></dependency>
<dependency><groupId>org.acme</groupId><artifactId>bom</artifactId><version>${project.version}</version><type>pom</type><scope>import</scope></dependency>
<dependency><groupId>far</groupId><artifactId>away</artifactId><version>1</version><type>pom</type><scope>import</scope></dependency>
</dependencies></dependencyManagement>
</project>"#;
    const BOM: &str = "<project><groupId>org.acme</groupId><artifactId>bom</artifactId><version>1.0.0</version>\
        <dependencyManagement><dependencies><dependency><groupId>a</groupId><artifactId>of-bom</artifactId>\
        <version>7.0</version></dependency></dependencies></dependencyManagement></project>";

    #[test]
    fn parents_properties_and_management() {
        let files = [("app/pom.xml", APP), ("pom.xml", ROOT), ("bom/pom.xml", BOM)];
        assert_eq!(
            said(&files),
            [
                "a:computed  @24 direct app/pom.xml:24",
                "a:exact 1.5 @22 build direct app/pom.xml:22",
                "a:managed 2.0 @16 dev direct app/pom.xml:16",
                "a:of-bom 7.0 @17 direct app/pom.xml:17",
                "a:property 3.2.1 @19 dev direct app/pom.xml:19",
                "a:range [[1,2)] @21 optional direct app/pom.xml:21",
                "a:unknown  @23 direct app/pom.xml:23",
                "org.acme:core 1.0.0 @13 local direct app/pom.xml:13",
            ]
        );
        assert_eq!(
            gaps(&files),
            ["`app/pom.xml` line 23: 2 dependencies have no version; far:away is not in the target"]
        );
        assert_eq!(
            gaps(&[("app/pom.xml", APP)]),
            ["`app/pom.xml` line 16: 5 dependencies have no version; org.acme:root is not in the target"]
        );
    }

    #[test]
    fn circles_end() {
        let circle = "<project><parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version>\
            <relativePath>pom.xml</relativePath></parent><artifactId>a</artifactId>\
            <properties><x>${y}${y}</x><y>${x}${x}</y></properties><dependencies>\n<dependency><groupId>g</groupId>\
            <artifactId>b</artifactId><version>${x}</version></dependency></dependencies></project>";
        assert_eq!(said(&[("pom.xml", circle)]), ["g:b  @2 direct pom.xml:2"]);
    }
}
