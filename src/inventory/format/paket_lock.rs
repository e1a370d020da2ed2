//! Reads `paket.lock` of Paket (<https://fsprojects.github.io/Paket/lock-file.html>), with the lines of
//! `paket.dependencies`.

use std::collections::HashMap;

use super::{Format, Role, Unreadable, name_of};
use crate::ecosystem::Ecosystem;
use crate::inventory::dependency::{PackageSource, Scope};
use crate::inventory::reading::{Draft, Node, Reading};
use crate::inventory::source::Source;

pub(super) const FORMAT: Format = Format {
    id: "paket-lock",
    about: "paket.lock of Paket",
    role: Role::Lock("paket"),
    wants: |path| name_of(path) == "paket.lock",
    read,
};

/// Sections, with whether they hold packages of NuGet or files of repositories.
const SECTIONS: [(&str, bool); 5] =
    [("NUGET", true), ("GITHUB", false), ("GIST", false), ("GIT", false), ("HTTP", false)];

/// Groups that do not run with the product, by custom.
const TOOLS: [(&str, Scope); 8] = [
    ("build", Scope::Build),
    ("test", Scope::Dev),
    ("tests", Scope::Dev),
    ("testing", Scope::Dev),
    ("dev", Scope::Dev),
    ("docs", Scope::Dev),
    ("formatting", Scope::Dev),
    ("analyzers", Scope::Dev),
];

fn read(reading: &mut Reading) -> Result<(), Unreadable> {
    let source = reading.source;
    let asked = asked(source);
    let (mut group, mut section, mut remote, mut from) = (String::new(), None, "", None);
    let mut nodes: HashMap<(String, String), Node> = HashMap::new();
    let mut needs = Vec::new();
    let mut good = false;
    for (line, text) in (1u32..).zip(source.text.lines()) {
        let indent = text.len() - text.trim_start_matches(' ').len();
        let bare = text.trim();
        match (indent, section) {
            _ if bare.is_empty() => {}
            (0, _) => {
                if let Some(name) = bare.strip_prefix("GROUP ") {
                    group = name.trim().to_lowercase();
                } else if let Some((_, is_nuget)) = SECTIONS.iter().find(|(name, _)| *name == bare) {
                    (section, good) = (Some(*is_nuget), true);
                }
                from = None;
            }
            (2, _) => remote = bare.strip_prefix("remote:").map_or(remote, str::trim),
            (4, Some(is_nuget)) => {
                let Some((name, version)) = split(bare) else {
                    reading.broken(line, "a package without a version is left out");
                    continue;
                };
                let draft = Draft {
                    source: match is_nuget {
                        true if remote.contains("nuget.org/") => PackageSource::Public,
                        _ => PackageSource::Elsewhere,
                    },
                    ..Draft::new(if is_nuget { Ecosystem::NuGet } else { Ecosystem::Generic }, name, version, line)
                };
                from = reading.add(draft);
                let key = (group.clone(), name.to_lowercase());
                let place = asked.as_ref().and_then(|(file, lines)| Some(file.location(*lines.get(&key)?)));
                if let (Some(node), Some(place)) = (from, place) {
                    let scope =
                        TOOLS.iter().find(|(name, _)| *name == group).map_or(Scope::Runtime, |(_, scope)| *scope);
                    reading.root(node, scope, Some(place));
                }
                nodes.extend(from.map(|node| (key, node)));
            }
            (6, Some(_)) => {
                let name = bare.split(" (").next().unwrap_or_default().split(" - ").next().unwrap_or_default();
                let versions = split(bare).map(|(_, versions)| requirement(versions)).unwrap_or_default();
                needs.extend(from.map(|node| (node, (group.clone(), name.trim().to_lowercase()), versions)));
            }
            _ => {}
        }
    }
    if !good && !source.text.trim().is_empty() {
        return Err(
            Unreadable::new("it has none of Paket's sections").hint("let Paket write it anew with `paket install`")
        );
    }
    for (node, key, versions) in needs {
        if let Some(other) = nodes.get(&key) {
            reading.needs_as(node, *other, &versions);
        }
    }
    Ok(())
}

/// `Name (1.2.3) - restriction: …`
fn split(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(" (")?;
    let (version, _) = rest.split_once(')')?;
    (!version.trim().is_empty()).then_some((name.trim(), version.trim()))
}

/// What is asked for as NuGet writes it, for which a version alone is the lowest that does.
fn requirement(versions: &str) -> String {
    if versions.starts_with(|first: char| first.is_ascii_digit()) {
        format!("[{versions}]")
    } else {
        versions.to_owned()
    }
}

/// The lines that ask for packages, by group and name in lower case.
type Asked = HashMap<(String, String), u32>;

/// `paket.dependencies` and what it asks for.
fn asked<'a>(source: &Source<'a>) -> Option<(Source<'a>, Asked)> {
    let file = source.neighbour("paket.dependencies")?;
    let (mut group, mut lines) = (String::new(), Asked::new());
    for (line, text) in (1u32..).zip(file.text.lines()) {
        let mut words = text.split_whitespace();
        match (words.next(), words.next()) {
            (Some("group"), Some(name)) => group = name.to_lowercase(),
            (Some("nuget" | "clitool"), Some(name)) => drop(lines.insert((group.clone(), name.to_lowercase()), line)),
            _ => {}
        }
    }
    Some((file, lines))
}

#[cfg(test)]
mod tests {
    use crate::inventory::format::trial::{gaps, said};

    #[test]
    fn groups_and_edges() {
        let lock = "STORAGE: NONE\nNUGET\n  remote: https://api.nuget.org/v3/index.json\n    Argu (6.1.1)\n      FSharp.Core (>= 4.3.2) - restriction: >= netstandard2.0\n    FSharp.Core (6.0)\n  remote: https://feed.example.org/v3\n    Inner (1.0-beta)\nGITHUB\n  remote: acme/scripts\n    tool.fsx (0123abc)\n\nGROUP Build\nNUGET\n  remote: https://www.nuget.org/api/v2\n    FAKE (5.0) - redirects: force\n    Broken\n";
        let wants = "source https://api.nuget.org/v3/index.json\nnuget argu ~> 6\n\ngroup Build\n  nuget FAKE\n";
        let files = [("paket.lock", lock), ("paket.dependencies", wants)];
        assert_eq!(
            said(&files),
            [
                "Argu 6.1.1 @4 direct paket.dependencies:2 -> FSharp.Core",
                "FAKE 5.0 @16 build direct paket.dependencies:5",
                "FSharp.Core 6.0 @6 indirect paket.dependencies:2",
                "Inner 1.0-beta @8 elsewhere",
                "tool.fsx 0123abc @11 elsewhere",
            ]
        );
        assert_eq!(gaps(&files).len(), 1);
        assert_eq!(gaps(&[("paket.lock", "x")]).len(), 1);
    }
}
