//! Snyk: vulnerable packages, by what its server knows.

use super::spec::{Network, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// Snyk as a layer.
pub static SNYK: Spec = Spec {
    name: "snyk",
    programs: &["snyk"],
    about: "vulnerable packages, by Snyk",
    kinds: &[Kind::Advisory],
    install: "npm install --global snyk",
    wanted: &["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "Gemfile.lock", "composer.lock", "poetry.lock"],
    network: Network::Always("api.snyk.io, which gets the names and versions of packages"),
    prepare: Prepare::Decide(prepare),
    good: &[0, 1],
    silent: &[],
    // https://docs.snyk.io/developer-tools/snyk-cli/commands/test#exit-codes
    meaning: &[(2, "it could not go on"), (3, "it found no project that it knows")],
    format: "snyk",
    set: &[("SNYK_DISABLE_ANALYTICS", "1"), ("SNYK_CFG_DISABLESUGGESTIONS", "true")],
    usual: 30,
    ..Spec::PLAIN
};

/// Variables that hold its token.
const TOKENS: [&str; 3] = ["SNYK_TOKEN", "SNYK_OAUTH_TOKEN", "SNYK_API"];

/// The ends of names of files for which Snyk asks the build of the project, which runs code of it.
const BUILDS: [&str; 15] = [
    ".csproj",
    ".fsproj",
    ".gradle",
    ".gradle.kts",
    ".sbt",
    ".sln",
    ".vbproj",
    "Package.swift",
    "Pipfile",
    "Podfile",
    "go.mod",
    "mix.exs",
    "pom.xml",
    "requirements.txt",
    "setup.py",
];

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    let is_passed = |(tool, name): &(Option<String>, String)| {
        TOKENS.contains(&name.as_str()) && tool.as_ref().is_none_or(|tool| tool == SNYK.name)
    };
    if !context.options.programs.pass.iter().any(is_passed) {
        return Preparation::Skip("snyk asks its server, with a token: --pass-env snyk:SNYK_TOKEN lets it".to_owned());
    }
    let is_build = |name: &str| BUILDS.iter().any(|end| name.ends_with(end));
    if let Some(build) = context.paths().iter().find(|path| is_build(path.as_str())) {
        return Preparation::Skip(format!(
            "snyk would run the build that `{build}` is of, and so code of the project: \
             run it yourself, and give its report to `scanall ingest`"
        ));
    }
    Preparation::Run(["test", "--json", "--all-projects", "{target}"].map(str::to_owned).to_vec())
}
