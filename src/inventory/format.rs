//! Defines [`Format`]: a kind of file that lists dependencies. Adding one is a file beside this one and a line in
//! [`FORMATS`].

mod actions;
mod bom;
mod bun;
mod cabal_freeze;
mod cargo_lock;
mod cargo_toml;
mod carthage;
mod compose;
mod composer_json;
mod composer_lock;
mod conan;
mod conda;
mod copied_javascript;
mod deno;
mod dockerfile;
mod document;
mod dotnet_graph;
mod gemfile;
mod gemfile_lock;
mod gitlab_ci;
mod go_mod;
mod go_sum;
mod go_vendor;
mod go_words;
mod go_work;
mod gradle_build;
mod gradle_catalog;
mod gradle_lock;
mod gradle_verification;
mod image;
mod javascript;
mod julia;
mod kubernetes;
mod markup;
mod maven;
mod maven_model;
mod mix_lock;
mod msbuild;
mod nuget_config;
mod nuget_lock;
mod opam_lock;
mod package_json;
mod package_lock;
mod paket_lock;
mod pdm_lock;
mod pipfile;
mod pipfile_lock;
mod pnpm;
mod podfile_lock;
mod poetry_lock;
mod pubspec;
mod pylock;
mod pyproject;
mod python;
mod rebar_lock;
mod renv_lock;
mod requirements;
mod sbt_lock;
mod setup_cfg;
mod setup_py;
mod stack_lock;
mod sum;
mod swift;
mod terms;
#[cfg(test)]
mod trial;
mod uv_lock;
mod vcpkg;
mod yarn;

use super::reading::Reading;
use super::tree::Problem;
use crate::finding::RepoPath;

/// A kind of file that lists dependencies.
pub struct Format {
    /// The word for it in every output.
    pub id: &'static str,
    /// What it is called by people, with the versions that are read.
    pub about: &'static str,
    /// What there is of it in a project.
    pub role: Role,
    /// Whether a file is one, by its path.
    pub wants: fn(&RepoPath) -> bool,
    /// Reads one. What cannot be read is told; it is an error where nothing can be.
    pub read: fn(&mut Reading) -> Result<(), Unreadable>,
}

/// What a file says of the dependencies of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// All of them at their versions. Formats of a family are for the same project: where one of its locks lies in a
    /// folder or above it, its manifests are not read on their own.
    Lock(&'static str),
    /// Which ones it asks for, read where no lock of the family is.
    Manifest(&'static str),
    /// Something that needs no lock, and is none for others.
    Alone,
    /// Something that is known by what is in it: a file whose name fits may be anything else, which is no gap.
    Content,
    /// The same, which people copy into their projects: looked for in folders of others, too.
    Vendored,
}

/// Why nothing of a file can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Why, in words that name no file.
    pub why: String,
    /// The line, counted from 1; `None` where it is the whole file.
    pub line: Option<u32>,
    /// What to do about it; empty when nothing is known to help.
    pub hint: &'static str,
}

impl Unreadable {
    /// For a reason, without a line.
    pub fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), line: None, hint: "" }
    }

    /// For the first thing that is wrong with a file, in its line; for another reason where nothing is.
    fn of(problems: &[Problem], otherwise: &str) -> Self {
        match problems.first() {
            Some(problem) => Self::new(&problem.why).at(problem.line),
            None => Self::new(otherwise),
        }
    }

    /// In a line, counted from 1.
    #[must_use]
    pub fn at(self, line: u32) -> Self {
        Self { line: Some(line), ..self }
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }
}

/// Every kind of file that is read.
pub const FORMATS: &[Format] = &[
    // Rust
    cargo_lock::FORMAT,
    cargo_toml::FORMAT,
    // JavaScript
    package_lock::FORMAT,
    yarn::FORMAT,
    pnpm::FORMAT,
    bun::FORMAT,
    bun::BINARY,
    deno::FORMAT,
    package_json::FORMAT,
    // Python
    requirements::FORMAT,
    poetry_lock::FORMAT,
    uv_lock::FORMAT,
    uv_lock::SCRIPT,
    pdm_lock::FORMAT,
    pipfile_lock::FORMAT,
    pylock::FORMAT,
    pyproject::FORMAT,
    pipfile::FORMAT,
    setup_cfg::FORMAT,
    setup_py::FORMAT,
    conda::FORMAT,
    // Go
    go_mod::FORMAT,
    go_sum::FORMAT,
    go_work::FORMAT,
    go_vendor::FORMAT,
    // Ruby
    gemfile_lock::FORMAT,
    gemfile::FORMAT,
    // PHP
    composer_lock::FORMAT,
    composer_json::FORMAT,
    // Java
    maven::FORMAT,
    gradle_lock::FORMAT,
    gradle_lock::SCRIPT,
    gradle_catalog::FORMAT,
    gradle_build::FORMAT,
    gradle_verification::FORMAT,
    sbt_lock::FORMAT,
    // .NET
    nuget_lock::FORMAT,
    nuget_config::FORMAT,
    dotnet_graph::ASSETS,
    dotnet_graph::HOST,
    msbuild::FORMAT,
    paket_lock::FORMAT,
    // Others
    actions::ACTION,
    actions::WORKFLOW,
    bom::FORMAT,
    bom::PERHAPS,
    cabal_freeze::FORMAT,
    carthage::FORMAT,
    compose::FORMAT,
    conan::LOCK,
    conan::MANIFEST,
    dockerfile::FORMAT,
    gitlab_ci::FORMAT,
    copied_javascript::FORMAT,
    julia::FORMAT,
    kubernetes::FORMAT,
    mix_lock::FORMAT,
    opam_lock::FORMAT,
    podfile_lock::FORMAT,
    pubspec::LOCK,
    pubspec::MANIFEST,
    rebar_lock::FORMAT,
    renv_lock::FORMAT,
    stack_lock::FORMAT,
    swift::FORMAT,
    vcpkg::FORMAT,
];

/// The name of a file without its folders.
pub fn name_of(path: &RepoPath) -> &str {
    path.as_str().rsplit('/').next().unwrap_or_default()
}
