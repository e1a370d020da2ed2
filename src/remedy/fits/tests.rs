//! Asks of files of several ecosystems what they allow, and of arbitrary inventories anything.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::finding::RepoPath;
use crate::inventory::format::FORMATS;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;

/// The inventory of the first file; the others lie around it.
fn inventory(files: &[(&str, &str)]) -> Inventory {
    let by_path: BTreeMap<RepoPath, &str> = files.iter().map(|(path, text)| (RepoPath::new(path), *text)).collect();
    let listing: Vec<RepoPath> = by_path.keys().cloned().collect();
    let neighbours = |path: &RepoPath| by_path.get(path).map(|text| text.as_bytes().to_vec());
    let path = RepoPath::new(files[0].0);
    let format = FORMATS.iter().find(|format| (format.wants)(&path)).unwrap();
    let source = Source::new(path, files[0].1.to_owned()).among(&neighbours).listed(&listing);
    let mut reading = Reading::new(&source);
    (format.read)(&mut reading).unwrap();
    let read = reading.finish();
    assert!(read.gaps.is_empty(), "{}", read.gaps[0].message);
    Inventory { packages: read.packages, ..Inventory::default() }
}

/// `allowed`, `unknown`, or who refuses and why.
fn said(inventory: &Inventory, name: &str, to: &str) -> String {
    let named = inventory.packages.iter().enumerate().filter(|(_, package)| package.name == name);
    let places: Vec<usize> = named.map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "{name} is not there");
    match Dependents::of(inventory).fit(&places, to) {
        Fit::Allowed => "allowed".to_owned(),
        Fit::Unknown => "unknown".to_owned(),
        Fit::Refused(all) => {
            let one = |refusal: &Refusal| {
                let by = format!("{} {}", refusal.name, refusal.version);
                format!("{}: {}", if refusal.is_own() { "own" } else { &by }, refusal.requirement)
            };
            all.iter().map(one).collect::<Vec<_>>().join("; ")
        }
    }
}

#[test]
fn npm() {
    let lock = r#"{
  "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "version": "1.0.0", "workspaces": ["web"], "dependencies": { "a": "^1.0.0", "b": "1.0.0",
      "alias": "npm:real@^1.0.0", "tagged": "latest", "local": "workspace:*" } },
    "web": { "version": "0.1.0", "dependencies": { "a": "~1.0.0" } },
    "node_modules/web": { "resolved": "web", "link": true },
    "node_modules/local": { "version": "1.0.0" },
    "node_modules/tagged": { "version": "1.0.0" },
    "node_modules/alias": { "name": "real", "version": "1.0.0" },
    "node_modules/a": { "version": "1.0.2", "dependencies": { "deep": "^2.0.0", "forced": "^1.0.0", "any": "" } },
    "node_modules/b": { "version": "1.0.0", "dependencies": { "deep": "2.x || 3.x" }, "peerDependencies": { "any": "1" } },
    "node_modules/git": { "version": "1.0.0", "dependencies": { "addressed": "github:x/y#v1" } },
    "node_modules/addressed": { "version": "1.0.0" },
    "node_modules/any": { "version": "1.4.0" },
    "node_modules/forced": { "version": "2.0.0" },
    "node_modules/deep": { "version": "2.1.0" }
  }
}"#;
    let inventory = inventory(&[("package-lock.json", lock)]);
    for (name, to, expected) in [
        ("a", "1.0.9", "allowed"),
        // The root and the member are the project itself.
        ("a", "1.1.0", "own: ~1.0.0"),
        ("a", "2.0.0", "own: ^1.0.0; own: ~1.0.0"),
        ("b", "1.0.1", "own: 1.0.0"),
        ("deep", "2.9.0", "allowed"),
        ("deep", "3.0.1", "a 1.0.2: ^2.0.0"),
        ("deep", "4.0.0", "a 1.0.2: ^2.0.0; b 1.0.0: 2.x || 3.x"),
        ("any", "1.9.0", "allowed"),
        ("any", "2.0.0", "b 1.0.0: 1"),
        ("real", "1.0.1", "unknown"),
        ("tagged", "1.0.1", "unknown"),
        ("local", "1.0.1", "unknown"),
        ("addressed", "1.0.1", "unknown"),
        // What does not allow the version in use is overridden.
        ("forced", "2.0.1", "unknown"),
        // Nobody is known to need it.
        ("git", "1.0.1", "unknown"),
    ] {
        assert_eq!(said(&inventory, name, to), expected, "{name} {to}");
    }
    let both = [0, 1, 2, usize::MAX];
    assert_eq!(Dependents::of(&inventory).fit(&both, "1.0.0"), Fit::Unknown);
    assert_eq!(Dependents::of(&inventory).fit(&[], "1.0.0"), Fit::Unknown);
}

#[test]
fn pnpm_tells_of_the_project_and_of_peers() {
    let lock = "lockfileVersion: '9.0'
catalogs:
  default:
    c:
      specifier: ^1.0.0
      version: 1.0.0
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.2.0(p@1.0.0)
      c:
        specifier: 'catalog:'
        version: 1.0.0
      p:
        specifier: 1 - 2
        version: 1.0.0
packages:
  a@1.2.0:
    resolution: {integrity: sha512-AA==}
    peerDependencies:
      p: ^1.0.0
  c@1.0.0:
    resolution: {integrity: sha512-AA==}
  deep@1.0.0:
    resolution: {integrity: sha512-AA==}
  p@1.0.0:
    resolution: {integrity: sha512-AA==}
snapshots:
  a@1.2.0(p@1.0.0):
    dependencies:
      deep: 1.0.0
      p: 1.0.0
  c@1.0.0: {}
  deep@1.0.0: {}
  p@1.0.0: {}
";
    let inventory = inventory(&[("pnpm-lock.yaml", lock)]);
    for (name, to, expected) in [
        ("a", "1.3.0", "allowed"),
        ("c", "2.0.0", "own: ^1.0.0"),
        ("p", "1.5.0", "allowed"),
        ("p", "2.0.0", "a 1.2.0: ^1.0.0"),
        ("deep", "1.0.1", "unknown"),
    ] {
        assert_eq!(said(&inventory, name, to), expected, "{name} {to}");
    }
}

#[test]
fn python() {
    let lock = r#"
[[package]]
name = "flask"
version = "2.0.0"
[package.dependencies]
Werkzeug = ">=2.0,<3.0"
extra = {version = "*", markers = "sys_platform == 'win32'"}

[[package]]
name = "werkzeug"
version = "2.0.1"

[[package]]
name = "extra"
version = "1.0"

[[package]]
name = "jinja2"
version = "3.0.0"

[metadata]
lock-version = "2.0"
"#;
    let manifest = "[tool.poetry.dependencies]\npython = '^3.8'\nflask = '~2.0'\njinja2 = '^3.0 || ^4.1'\n";
    let inventory = inventory(&[("poetry.lock", lock), ("pyproject.toml", manifest)]);
    for (name, to, expected) in [
        ("flask", "2.0.9", "allowed"),
        ("flask", "2.1", "own: ~2.0"),
        ("werkzeug", "2.9", "allowed"),
        ("werkzeug", "3.0", "flask 2.0.0: >=2.0,<3.0"),
        ("extra", "9", "allowed"),
        ("jinja2", "4.2", "allowed"),
        ("jinja2", "4.0", "own: ^3.0 || ^4.1"),
    ] {
        assert_eq!(said(&inventory, name, to), expected, "{name} {to}");
    }
}

#[test]
fn uv() {
    let lock = r#"version = 1
[[package]]
name = "shop"
version = "0.1"
source = { editable = "." }
dependencies = [{ name = "anyio" }, { name = "soil" }]
[package.metadata]
requires-dist = [
    { name = "anyio", specifier = ">=3,<4" },
    { name = "soil" },
]
[[package]]
name = "anyio"
version = "3.1"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "idna" }]
[[package]]
name = "soil"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "idna"
version = "2.0"
source = { registry = "https://pypi.org/simple" }
"#;
    let inventory = inventory(&[("uv.lock", lock)]);
    for (name, to, expected) in [
        ("anyio", "3.2", "allowed"),
        ("anyio", "4.0", "own: >=3,<4"),
        ("soil", "9", "allowed"),
        // The lock does not repeat what packages of a registry ask for.
        ("idna", "2.1", "unknown"),
    ] {
        assert_eq!(said(&inventory, name, to), expected, "{name} {to}");
    }
}

#[test]
fn ruby_and_php_and_dotnet() {
    let ruby = "GEM
  remote: https://rubygems.org/
  specs:
    rack (2.2.3)
    rails (7.0.1)
      rack (~> 2.2, >= 2.2.0)
    soil (1.0)
      rack

PLATFORMS
  ruby

DEPENDENCIES
  rails (~> 7.0)
  soil
";
    let ruby = inventory(&[("Gemfile.lock", ruby)]);
    assert_eq!(said(&ruby, "rack", "2.2.9"), "allowed");
    assert_eq!(said(&ruby, "rack", "3.0"), "rails 7.0.1: ~> 2.2, >= 2.2.0");
    assert_eq!(said(&ruby, "rails", "8.0"), "own: ~> 7.0");
    assert_eq!(said(&ruby, "soil", "8.0"), "allowed");

    let php = r#"{"packages": [
        {"name": "a/a", "version": "v1.0.0", "require": {"php": ">=8", "b/b": "^2.0 || ^3.0", "x/implementation": "1.0"}},
        {"name": "b/b", "version": "2.5.0"},
        {"name": "c/c", "version": "4.0.0", "provide": {"x/implementation": "1.0"}}
    ], "packages-dev": []}"#;
    let manifest = r#"{"require": {"a/a": "1.0.*", "c/c": "dev-main"}}"#;
    let php = inventory(&[("composer.lock", php), ("composer.json", manifest)]);
    assert_eq!(said(&php, "b/b", "3.1.0"), "allowed");
    assert_eq!(said(&php, "b/b", "4.0.0"), "a/a v1.0.0: ^2.0 || ^3.0");
    assert_eq!(said(&php, "a/a", "1.1.0"), "own: 1.0.*");
    assert_eq!(said(&php, "c/c", "4.0.1"), "unknown");

    let dotnet = r#"{"version": 1, "dependencies": {"net8.0": {
        "A": {"type": "Direct", "requested": "[1.0.0, 2.0.0)", "resolved": "1.0.0", "dependencies": {"B": "2.0.0"}},
        "B": {"type": "Transitive", "resolved": "2.0.0"}
    }}}"#;
    let dotnet = inventory(&[("packages.lock.json", dotnet)]);
    assert_eq!(said(&dotnet, "B", "9.0.0"), "allowed");
    assert_eq!(said(&dotnet, "A", "1.9.0"), "allowed");
    assert_eq!(said(&dotnet, "A", "2.0.0"), "own: [1.0.0, 2.0.0)");
}

#[test]
fn maven_recommends() {
    let pom = "<project><dependencies>
  <dependency><groupId>g</groupId><artifactId>soft</artifactId><version>1.0</version></dependency>
  <dependency><groupId>g</groupId><artifactId>hard</artifactId><version>[1.0]</version></dependency>
</dependencies></project>";
    let pom = inventory(&[("pom.xml", pom)]);
    assert_eq!(said(&pom, "g:soft", "2.0"), "allowed");
    assert_eq!(said(&pom, "g:hard", "2.0"), "own: [1.0]");
}

#[test]
fn go_takes_the_highest_of_a_module() {
    let go = "module example.org/x

go 1.20

require (
	example.org/a v1.2.3
	example.org/b/v2 v2.0.0 // indirect
	example.org/c v2.0.0+incompatible
	gopkg.in/yaml.v2 v2.2.0
)

replace example.org/d => ../d
";
    let inventory = inventory(&[("go.mod", go)]);
    for (name, to, expected) in [
        ("example.org/a", "1.3.0", "allowed"),
        ("example.org/a", "v1.3.0", "allowed"),
        ("example.org/a", "2.0.0", "unknown"),
        ("example.org/a", "1.2.0", "unknown"),
        ("example.org/b/v2", "2.1.0", "allowed"),
        ("example.org/b/v2", "3.0.0", "unknown"),
        ("example.org/c", "3.0.0+incompatible", "allowed"),
        ("gopkg.in/yaml.v2", "2.4.0", "allowed"),
        ("stdlib", "1.22.3", "allowed"),
    ] {
        assert_eq!(said(&inventory, name, to), expected, "{name} {to}");
    }
}

#[test]
fn manifests_alone() {
    let npm = inventory(&[("package.json", r#"{"dependencies": {"a": "^1.0.0"}}"#)]);
    assert_eq!((said(&npm, "a", "1.5.0"), said(&npm, "a", "2.0.0")), ("allowed".to_owned(), "own: ^1.0.0".to_owned()));
    let cargo = inventory(&[("Cargo.toml", "[package]\nname = 'x'\n[dependencies]\na = '=1.0.0'\nb = '1'\n")]);
    assert_eq!((said(&cargo, "a", "1.0.1"), said(&cargo, "b", "1.9.0")), ("own: =1.0.0".into(), "allowed".into()));
}

#[test]
fn python_of_every_tool() {
    for (requirement, version, expected) in [
        ("^1.2", "1.9", Some(true)),
        ("^1.2", "2.0", Some(false)),
        ("~1.2,!=1.2.5", "1.2.5", Some(false)),
        ("~=1.2", "1.9", Some(true)),
        ("1.2.*", "1.2.7", Some(true)),
        ("1.2.3", "1.2.4", Some(false)),
        ("<1 | >=2", "2.1", Some(true)),
        ("*", "1", Some(true)),
        ("latest", "1", None),
    ] {
        assert_eq!(meets_python(version, requirement), expected, "{requirement} {version}");
    }
}

proptest! {
    #[test]
    fn no_inventory_breaks_it(
        packages in prop::collection::vec((any::<u8>(), "\\PC{0,3}", "[0-9v.+a-]{0,6}", any::<bool>()), 1..8),
        needs in prop::collection::vec((any::<u8>(), any::<u8>(), "[\\^~><=!|*, 0-9.:\\[\\])x-]{0,9}|\\PC{0,5}"), 0..20),
        roots in prop::collection::vec((any::<u8>(), "[\\^~><=!|*, 0-9.]{0,9}"), 0..5),
        places in prop::collection::vec(0usize..10, 0..4),
        to in "[0-9v.+a-]{0,6}|\\PC{0,4}",
    ) {
        let ecosystems = [
            Ecosystem::Npm, Ecosystem::PyPi, Ecosystem::Go, Ecosystem::RubyGems, Ecosystem::Packagist, Ecosystem::NuGet,
            Ecosystem::Maven, Ecosystem::Hex, Ecosystem::Jsr, Ecosystem::Cargo, Ecosystem::Docker, Ecosystem::Cran,
        ];
        let source = Source::new(RepoPath::new("lock"), "x\n".to_owned());
        let mut reading = Reading::new(&source);
        let nodes: Vec<_> = packages
            .iter()
            .filter_map(|(which, name, version, is_local)| {
                let ecosystem = ecosystems[usize::from(*which) % ecosystems.len()];
                let source = if *is_local { PackageSource::Local } else { PackageSource::Public };
                reading.add(Draft { source, ..Draft::new(ecosystem, &format!("n{name}"), version, 1) })
            })
            .collect();
        let node = |which: u8| nodes[usize::from(which) % nodes.len()];
        for (from, to, requirement) in &needs {
            reading.needs_as(node(*from), node(*to), requirement);
        }
        for (which, requirement) in &roots {
            reading.root_as(node(*which), crate::inventory::Scope::Runtime, None, requirement);
        }
        let mut inventory = Inventory { packages: reading.finish().packages, ..Inventory::default() };
        let fit = Dependents::of(&inventory).fit(&places, &to);
        if let Fit::Refused(all) = &fit {
            prop_assert!(!all.is_empty() && all.is_sorted() && all.iter().all(|one| !one.requirement.is_empty()));
        }
        // Needs that lead nowhere are none.
        inventory.packages[0].needs.push(Need { package: usize::MAX, requirement: "1".to_owned() });
        prop_assert_eq!(Dependents::of(&inventory).fit(&places, &to), fit);
    }
}
