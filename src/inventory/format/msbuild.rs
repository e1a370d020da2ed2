//! Reads projects of MSBuild for the packages that they ask for
//! (<https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files>), with versions of the folder's
//! `Directory.Packages.props` (<https://learn.microsoft.com/nuget/consume-packages/central-package-management>) and
//! properties that are plain text. Conditions and imports are not evaluated.

use std::collections::HashMap;

use roxmltree::Node;

use super::{Format, Role, Unreadable, markup, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::Scope;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format = Format {
    id: "msbuild",
    about: "projects of .NET without a lock",
    role: Role::Manifest("nuget"),
    wants: |path| is_project(name_of(path)),
    read,
};

/// How the names of projects end.
const PROJECTS: [&str; 3] = [".csproj", ".fsproj", ".vbproj"];

/// More folders above a project are not searched.
const MAX_ABOVE: usize = 32;

/// More properties in each other are not resolved.
const MAX_PROPERTIES: usize = 8;

/// A package that a project asks for.
pub(super) struct Reference {
    pub(super) name: String,
    /// The version or range; empty where none is found.
    version: String,
    pub(super) scope: Scope,
    /// The number of its line in the project.
    pub(super) line: u32,
}

/// Whether a file is a project, by its name.
pub(super) fn is_project(name: &str) -> bool {
    PROJECTS.iter().any(|ending| name.ends_with(ending))
}

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    markup::read(reading, |reading, root| {
        let source = reading.source;
        if !root.tag_name().name().eq_ignore_ascii_case("Project") {
            return Err(Unreadable::new("it is no project of MSBuild"));
        }
        for reference in Central::around(source).references(source, root) {
            let (version, requirement) = pinned(&reference.version);
            let draft = Draft {
                requirement: requirement.to_owned(),
                ..Draft::new(Ecosystem::NuGet, &reference.name, version, reference.line)
            };
            if let Some(node) = reading.add(draft) {
                reading.root_as(node, reference.scope, Some(source.location(reference.line)), &reference.version);
            }
        }
        Ok(())
    })
}

/// What a project asks for; nothing where it is damaged.
pub(super) fn references(source: &Source) -> Vec<Reference> {
    markup::peek(source, |root| Central::around(source).references(source, root)).unwrap_or_default()
}

/// The version that NuGet takes, or what is asked for where that is no single version: it takes the lowest one
/// (<https://learn.microsoft.com/nuget/concepts/package-versioning#version-ranges>).
fn pinned(text: &str) -> (&str, &str) {
    let exact = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).map(str::trim);
    let is_version =
        |text: &str| text.starts_with(|l: char| l.is_ascii_digit()) && !text.contains(['*', ',', '$', ' ']);
    match exact.unwrap_or(text) {
        version if is_version(version) => (version, ""),
        _ => ("", text),
    }
}

/// What the files of the folders above say.
#[derive(Default)]
struct Central {
    properties: HashMap<String, String>,
    versions: HashMap<String, String>,
}

impl Central {
    /// That of the nearest `Directory.Packages.props` and `Directory.Build.props`, and what they import by the same name.
    fn around(source: &Source) -> Self {
        let mut central = Self::default();
        for name in ["Directory.Build.props", "Directory.Packages.props"] {
            let depth = source.path.as_str().matches('/').count().min(MAX_ABOVE);
            // The nearest one counts; those above only where it imports them, and what is nearer wins.
            for file in (0..=depth).filter_map(|up| source.neighbour(&format!("{}{name}", "../".repeat(up)))) {
                let imports = markup::peek(&file, |root| {
                    central.take(root);
                    root.descendants().any(|node| node.tag_name().name() == "Import")
                });
                if imports == Some(false) {
                    break;
                }
            }
        }
        central
    }

    fn take(&mut self, root: Node) {
        for group in root.descendants().filter(|node| node.tag_name().name() == "PropertyGroup") {
            for property in group.children().filter(Node::is_element) {
                let name = property.tag_name().name().to_ascii_lowercase();
                self.properties.entry(name).or_insert_with(|| property.text().unwrap_or_default().trim().to_owned());
            }
        }
        for version in root.descendants().filter(|node| matches!(node.tag_name().name(), "PackageVersion")) {
            if let Some(name) = attribute(version, "Include").or_else(|| attribute(version, "Update")) {
                let version = said(version, "Version").unwrap_or_default().to_owned();
                self.versions.entry(name.to_ascii_lowercase()).or_insert(version);
            }
        }
    }

    /// The packages that a project asks for.
    fn references(mut self, source: &Source, root: Node) -> Vec<Reference> {
        let above = std::mem::take(&mut self.properties);
        self.take(root);
        for (name, value) in above {
            self.properties.entry(name).or_insert(value);
        }
        let items = || root.descendants().filter(|node| node.tag_name().name() == "PackageReference");
        let updates: HashMap<String, Node> =
            items().filter_map(|item| Some((attribute(item, "Update")?.to_ascii_lowercase(), item))).collect();
        let mut references = Vec::new();
        for item in items() {
            let names = attribute(item, "Include").unwrap_or_default();
            for name in names.split(';').map(str::trim).filter(|name| !name.is_empty()) {
                let name = self.resolved(name);
                let update = updates.get(&name.to_ascii_lowercase());
                let of = |key: &str| said(item, key).or_else(|| said(*update?, key));
                let central = || self.versions.get(&name.to_ascii_lowercase()).map(String::as_str);
                let version = of("VersionOverride").or_else(|| of("Version")).or_else(central).unwrap_or_default();
                let is_private = of("PrivateAssets").is_some_and(|assets| assets.eq_ignore_ascii_case("all"));
                references.push(Reference {
                    version: self.resolved(version),
                    scope: if is_private { Scope::Dev } else { Scope::Runtime },
                    line: markup::line_of(source, item, "Include"),
                    name,
                });
            }
        }
        references
    }

    /// A text with the values of its properties; one that is not known stays as it is.
    fn resolved(&self, text: &str) -> String {
        let mut text = text.trim().to_owned();
        for _ in 0..MAX_PROPERTIES {
            let Some((before, rest)) = text.split_once("$(") else { break };
            let Some((name, after)) = rest.split_once(')') else { break };
            let Some(value) = self.properties.get(&name.trim().to_ascii_lowercase()) else { break };
            if value.len() > MAX_VALUE {
                break;
            }
            text = format!("{before}{value}{after}");
        }
        text
    }
}

/// Longer values are no versions.
const MAX_VALUE: usize = 1_000;

/// An attribute, in any case.
fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let found = node.attributes().find(|attribute| attribute.name().eq_ignore_ascii_case(name));
    found.map(|attribute| attribute.value().trim()).filter(|value| !value.is_empty())
}

/// What an item says, as an attribute or as an element below it.
fn said<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let inner = || node.children().find(|inner| inner.tag_name().name().eq_ignore_ascii_case(name))?.text();
    attribute(node, name).or_else(inner).map(str::trim).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn versions_of_everywhere() {
        let project = r#"<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><Own>2.0.0</Own></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Plain" Version="1.2.3" />
    <PackageReference Include="Element"><Version>[4.0.0]</Version><PrivateAssets>all</PrivateAssets></PackageReference>
    <PackageReference
      Include="Range" Version="[1.0,2.0)" />
    <PackageReference Include="Property" Version="$(Own)" />
    <PackageReference Include="Shared" Version="$(FromAbove)" />
    <PackageReference Include="Central" />
    <PackageReference Include="Override" VersionOverride="9.0.0" />
    <PackageReference Include="Unknown" Version="$(Nobody)" />
    <PackageReference Update="Plain" PrivateAssets="All" />
    <PackageReference Include="Floating" Version="1.*" />
  </ItemGroup>
</Project>"#;
        let props = "<Project><ItemGroup><PackageVersion Include='central' Version='5.0.0'/><PackageVersion Include='Override' Version='1.0.0'/></ItemGroup></Project>";
        let build = "<Project><PropertyGroup><FromAbove>3.0.0</FromAbove></PropertyGroup></Project>";
        let files =
            [("src/a/a.csproj", project), ("Directory.Packages.props", props), ("src/Directory.Build.props", build)];
        let at = |line: u32| format!("direct src/a/a.csproj:{line}");
        assert_eq!(
            said(&files),
            [
                format!("Central 5.0.0 @10 {}", at(10)),
                format!("Element 4.0.0 @5 dev {}", at(5)),
                format!("Floating [1.*] @14 {}", at(14)),
                format!("Override 9.0.0 @11 {}", at(11)),
                format!("Plain 1.2.3 @4 dev {}", at(4)),
                format!("Property 2.0.0 @8 {}", at(8)),
                format!("Range [[1.0,2.0)] @7 {}", at(7)),
                format!("Shared 3.0.0 @9 {}", at(9)),
                format!("Unknown [$(Nobody)] @12 {}", at(12)),
            ]
        );
        assert_eq!(gaps(&[("a.csproj", "<a/>")]).len(), 1);
    }
}
