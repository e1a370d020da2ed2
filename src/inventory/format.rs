//! Defines [`Format`]: a kind of file that lists dependencies. Adding one is a file beside this one and a line in
//! [`FORMATS`].

mod bun;
mod cargo_lock;
mod cargo_toml;
mod composer_json;
mod composer_lock;
mod conda;
mod deno;
mod dotnet_graph;
mod gemfile;
mod gemfile_lock;
mod go_mod;
mod go_sum;
mod go_vendor;
mod go_words;
mod go_work;
mod gradle_build;
mod gradle_catalog;
mod gradle_lock;
mod gradle_verification;
mod javascript;
mod markup;
mod maven;
mod maven_model;
mod msbuild;
mod nuget_config;
mod nuget_lock;
mod package_json;
mod package_lock;
mod paket_lock;
mod pdm_lock;
mod pipfile;
mod pipfile_lock;
mod pnpm;
mod poetry_lock;
mod pylock;
mod pyproject;
mod python;
mod requirements;
mod sbt_lock;
mod setup_cfg;
mod setup_py;
mod sum;
#[cfg(test)]
mod trial;
mod uv_lock;
mod yarn;

use super::reading::Reading;
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
];

/// The name of a file without its folders.
pub fn name_of(path: &RepoPath) -> &str {
    path.as_str().rsplit('/').next().unwrap_or_default()
}
