//! Reads what .NET writes when it builds: `project.assets.json` of NuGet
//! (<https://learn.microsoft.com/nuget/concepts/package-installation-process>) and `*.deps.json` of the host
//! (<https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md>).

use std::collections::{HashMap, HashSet};

use super::{Format, Role, Unreadable, msbuild, name_of, sum};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::tree::{self, Tree};

pub(super) const ASSETS: Format = Format {
    id: "nuget-assets",
    about: "project.assets.json of NuGet",
    role: Role::Lock("nuget"),
    wants: |path| name_of(path) == "project.assets.json",
    read,
};

pub(super) const HOST: Format = Format {
    id: "dotnet-deps",
    about: "*.deps.json of .NET",
    role: Role::Alone,
    wants: |path| name_of(path).ends_with(".deps.json"),
    read,
};

/// What stands before the names of packages that hold .NET itself.
const RUNTIME: &str = "runtimepack.";

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let (root, problems) = tree::json::parse(&source.text);
    tree::tell(reading, &problems);
    if root.get("libraries").is_none() && root.get("targets").is_none() {
        return Err(Unreadable::new("it lists no libraries"));
    }
    let targets = || root.entries_of("targets").iter().map(|target| &target.value);
    let mut nodes: HashMap<String, Node> = HashMap::new();
    // What is cut short has targets only.
    let inner = targets().flat_map(Tree::entries);
    let mut named: HashSet<String> = HashSet::new();
    for library in root.entries_of("libraries").iter().chain(inner) {
        if !named.insert(library.key.to_lowercase()) {
            continue;
        }
        let line = library.line;
        let Some((name, version)) = library.key.split_once('/') else {
            reading.broken(line, "a library without a version is left out");
            continue;
        };
        let checksum = library.value.text_of("sha512");
        let draft = Draft {
            source: match library.value.text_of("type") {
                "project" | "msbuildproject" | "reference" | "externalProject" => PackageSource::Local,
                _ => PackageSource::Public,
            },
            hashes: sum::base64("sha512", checksum.trim_start_matches("sha512-")),
            ..Draft::new(Ecosystem::NuGet, name.strip_prefix(RUNTIME).unwrap_or(name), version, line)
        };
        if let Some(node) = reading.add(draft) {
            nodes.insert(library.key.to_lowercase(), node);
        }
    }
    // The host is told the versions in use, and not those that are asked for.
    let is_asked = root.get("project").is_some();
    targets().for_each(|target| edges(reading, target, &nodes, is_asked));
    roots(reading, &root, &nodes);
    Ok(())
}

/// Within a target every name has one version, which need not be the one that is asked for.
fn edges(reading: &mut Reading, target: &Tree, nodes: &HashMap<String, Node>, is_asked: bool) {
    let by_name = by_name(target, nodes);
    for library in target.entries() {
        let Some(node) = nodes.get(&library.key.to_lowercase()) else { continue };
        for other in library.value.entries_of("dependencies") {
            let versions = other.value.text().filter(|_| is_asked).unwrap_or_default();
            if let Some(other) = by_name.get(&other.key.to_lowercase()) {
                reading.needs_as(*node, *other, versions);
            }
        }
    }
}

fn by_name(target: &Tree, nodes: &HashMap<String, Node>) -> HashMap<String, Node> {
    let keys = target.entries().iter().map(|entry| entry.key.to_lowercase());
    keys.filter_map(|key| Some((key.split_once('/')?.0.to_owned(), *nodes.get(&key)?))).collect()
}

/// What the project asks for, which only `project.assets.json` says; elsewhere the project is a library itself.
fn roots(reading: &mut Reading, root: &Tree, nodes: &HashMap<String, Node>) {
    let Some(project) = root.get("project") else { return };
    let path = project.at(&["restore", "projectPath"]).and_then(Tree::text).unwrap_or_default();
    let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let manifest = reading.source.neighbour(&format!("../{file}")).filter(|_| msbuild::is_project(file));
    let references = manifest.as_ref().map(msbuild::references).unwrap_or_default();
    let targets = root.entries_of("targets").iter();
    let known: HashMap<String, Node> = targets.flat_map(|target| by_name(&target.value, nodes)).collect();
    let asked =
        project.entries_of("frameworks").iter().flat_map(|framework| framework.value.entries_of("dependencies"));
    let mut seen = HashSet::new();
    for ask in asked {
        let Some(node) = known.get(&ask.key.to_lowercase()).filter(|node| seen.insert(**node)) else { continue };
        let is_private = ask.value.text_of("suppressParent") == "All";
        let reference = references.iter().find(|reference| reference.name.eq_ignore_ascii_case(&ask.key));
        let place = manifest.as_ref().zip(reference).map(|(file, reference)| file.location(reference.line));
        let scope = if is_private { Scope::Dev } else { Scope::Runtime };
        reading.root_as(*node, scope, place, ask.value.text_of("version"));
    }
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn assets() {
        let text = r#"{
  "version": 3,
  "targets": {
    "net8.0": {
      "A/1.0.0": {"type": "package", "dependencies": {"B": "1.0.0", "Gone": "1"}},
      "B/1.5.0": {"type": "package"},
      "Lib/1.0.0": {"type": "project", "dependencies": {"B": "1.5.0"}}
    }
  },
  "libraries": {
    "A/1.0.0": {"sha512": "AAEC", "type": "package"},
    "B/1.5.0": {"type": "package"},
    "Lib/1.0.0": {"type": "project", "path": "../Lib/Lib.csproj"},
    "Odd": {}
  },
  "project": {
    "restore": {"projectPath": "C:\\src\\App\\App.csproj"},
    "frameworks": {"net8.0": {"dependencies": {"A": {"suppressParent": "All", "target": "Package", "version": "[1.0.0, )"}}}}
  }
}"#;
        let project = "<Project>\n<ItemGroup>\n<PackageReference Include='A' Version='1.0.0'/></ItemGroup></Project>";
        let files = [("App/obj/project.assets.json", text), ("App/App.csproj", project)];
        assert_eq!(
            said(&files),
            ["A 1.0.0 @11 dev direct App/App.csproj:3 -> B", "B 1.5.0 @12 direct", "Lib 1.0.0 @13 local -> B",]
        );
        assert_eq!(gaps(&files).len(), 1);
    }

    #[test]
    fn host() {
        let text = r#"{"runtimeTarget": {"name": ".NETCoreApp,Version=v8.0"},
"targets": {".NETCoreApp,Version=v8.0": {
"App/1.0.0": {"dependencies": {"X": "2.0.0", "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64": "8.0.1"}},
"X/2.0.0": {}}},
"libraries": {
"App/1.0.0": {"type": "project", "sha512": ""},
"X/2.0.0": {"type": "package", "sha512": "sha512-AAEC"},
"runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"type": "runtimepack"}}}"#;
        assert_eq!(
            said(&[("bin/App.deps.json", text)]),
            ["App 1.0.0 @6 local -> X", "Microsoft.NETCore.App.Runtime.linux-x64 8.0.1 @8", "X 2.0.0 @7 direct"]
        );
        assert_eq!(gaps(&[("a.deps.json", "{}")]).len(), 1);
    }
}
