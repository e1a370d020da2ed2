//! Reads `packages.lock.json` of NuGet, versions 1 and 2
//! (<https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies>, and
//! NuGet's own `PackagesLockFileFormat.cs`).

use std::collections::HashMap;

use super::msbuild::{self, Reference};
use super::{Format, Role, Unreadable, name_of, sum};
use crate::ecosystem::Ecosystem;
use crate::finding::Location;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::source::Source;
use crate::inventory::tree;

pub(super) const FORMAT: Format = Format {
    id: "nuget-lock",
    about: "packages.lock.json of NuGet, versions 1 and 2",
    role: Role::Lock("nuget"),
    wants: |path| {
        let name = name_of(path);
        name == "packages.lock.json" || (name.starts_with("packages.") && name.ends_with(".lock.json"))
    },
    read,
};

/// The newest version that is known.
const NEWEST: i64 = 2;

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (root, problems) = tree::json::parse(&source.text);
    tree::tell(reading, &problems);
    if let Some(version) = root.entry("version")
        && version.value.text().and_then(|text| text.parse().ok()).is_none_or(|number: i64| number > NEWEST)
    {
        let why = format!("versions of the format after {NEWEST} are not known; it is read as that one");
        reading.broken(version.line, &why);
    }
    if root.get("dependencies").is_none() {
        return Err(Unreadable::new("it lists no packages"));
    }
    let manifests = manifests(source);
    // What a runtime needs in addition has a section of its own behind the one of its framework: `net8.0/linux-x64`.
    let mut nodes: HashMap<(String, String), Node> = HashMap::new();
    let mut needs = Vec::new();
    for framework in root.entries_of("dependencies") {
        for package in framework.value.entries() {
            let kind = package.value.text_of("type");
            let is_project = kind.eq_ignore_ascii_case("Project");
            let is_direct = kind.eq_ignore_ascii_case("Direct");
            let (line, version) = (package.line, package.value.text_of("resolved"));
            if version.is_empty() && !is_project {
                reading.broken(line, "a package without a version");
            }
            let draft = Draft {
                source: if is_project { PackageSource::Local } else { PackageSource::Public },
                direct: (!is_project).then_some(is_direct),
                hashes: sum::base64("sha512", package.value.text_of("contentHash")),
                ..Draft::new(Ecosystem::NuGet, &package.key, version, line)
            };
            let Some(node) = reading.add(draft) else { continue };
            nodes.insert((framework.key.to_string(), package.key.to_lowercase()), node);
            if is_direct {
                let (scope, place) = asked(&manifests, &package.key);
                reading.root_as(node, scope, place, package.value.text_of("requested"));
            }
            let others = package.value.entries_of("dependencies").iter();
            needs.extend(others.map(|other| {
                let versions = other.value.text().unwrap_or_default();
                (node, framework.key.to_string(), other.key.to_lowercase(), versions)
            }));
        }
    }
    for (node, framework, name, versions) in needs {
        let base = framework.split('/').next().unwrap_or_default().to_owned();
        let other = nodes.get(&(framework, name.clone())).or_else(|| nodes.get(&(base, name)));
        if let Some(other) = other {
            reading.needs_as(node, *other, versions);
        }
    }
    Ok(())
}

/// The projects in the folder of a lock, with what they ask for.
fn manifests<'a>(source: &Source<'a>) -> Vec<(Source<'a>, Vec<Reference>)> {
    let files = source.beneath().filter(|path| !path.contains('/') && msbuild::is_project(path));
    let files = files.filter_map(|path| source.neighbour(path));
    files
        .map(|file| {
            let references = msbuild::references(&file);
            (file, references)
        })
        .collect()
}

/// What the projects say of a package.
fn asked(manifests: &[(Source, Vec<Reference>)], name: &str) -> (Scope, Option<Location>) {
    let all = manifests.iter().flat_map(|(file, references)| references.iter().map(move |reference| (file, reference)));
    let found = all.into_iter().find(|(_, reference)| reference.name.eq_ignore_ascii_case(name));
    found.map_or((Scope::Runtime, None), |(file, reference)| (reference.scope, Some(file.location(reference.line))))
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, read, said};

    const LOCK: &str = r#"{
  "version": 2,
  "dependencies": {
    "net8.0": {
      "Serilog": {
        "type": "Direct",
        "requested": "[3.0.1, )",
        "resolved": "3.0.1",
        "contentHash": "AAEC",
        "dependencies": {"Deep.Lib": "1.0.0"}
      },
      "Deep.Lib": {"type": "CentralTransitive", "requested": "[1.1.0, )", "resolved": "1.1.0"},
      "other": {"type": "Project", "dependencies": {"deep.lib": "[1.0.0, )"}}
    },
    "net8.0/linux-x64": {
      "Native": {"type": "Transitive", "resolved": "2.0.0", "dependencies": {"Serilog": "3.0.1"}}
    }
  }
}"#;

    #[test]
    fn frameworks_and_kinds() {
        let project = "<Project Sdk=\"Microsoft.NET.Sdk\">\n<ItemGroup>\n<PackageReference Include=\"serilog\" Version=\"3.0.1\" PrivateAssets=\"all\" />\n</ItemGroup></Project>";
        let files = [("a/packages.lock.json", LOCK), ("a/app.csproj", project)];
        assert_eq!(
            said(&files),
            [
                "Deep.Lib 1.1.0 @12 indirect",
                "Native 2.0.0 @16 indirect -> Serilog",
                "Serilog 3.0.1 @5 dev direct a/app.csproj:3 -> Deep.Lib",
                "other  @13 local -> Deep.Lib",
            ]
        );
        let read = read(&files).unwrap();
        assert_eq!(read.packages[2].hashes, ["sha512:000102"]);
        assert!(gaps(&[("packages.lock.json", &LOCK.replace("\": 2,", "\": 7,"))])[0].contains("line 2: versions"));
        assert_eq!(gaps(&[("packages.lock.json", &LOCK[..400])]).len(), 1);
    }
}
