//! Finds the license that a package declares, in the sources of it that are on this machine.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::finding::RepoPath;
use crate::inventory::Dependency;
use crate::scanner::Context;

/// No manifest is larger, in bytes.
const MAX_MANIFEST: u64 = 4 << 20;

/// What a package says of its license.
pub(super) enum Declared {
    /// Its sources are not on this machine.
    Missing,
    /// It declares none.
    Nothing,
    /// What it declares, and where that was read.
    Expression { text: String, evidence: String },
}

/// The folders in which sources of packages may be.
pub(super) struct Sources {
    /// `vendor` beside each lockfile, as `cargo vendor` fills it.
    vendored: Vec<PathBuf>,
    /// Cargo's unpacked registries.
    registries: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Manifest {
    package: Option<ManifestPackage>,
}

#[derive(Deserialize)]
struct ManifestPackage {
    name: Option<toml::Value>,
    version: Option<toml::Value>,
    license: Option<toml::Value>,
}

impl Sources {
    /// Looks for the folders.
    pub(super) fn find(context: &Context, lockfiles: &[RepoPath]) -> Self {
        let folder = |lockfile: &RepoPath| {
            let parent = Path::new(lockfile.as_str()).parent().unwrap_or(Path::new("")).to_owned();
            // What git ignores is beside the project only, and serves for its other versions as well.
            [&context.target.root, &context.project].map(|root| root.join(&parent).join("vendor"))
        };
        let vendored: BTreeSet<PathBuf> = lockfiles.iter().flat_map(folder).filter(|path| path.is_dir()).collect();
        let registries =
            context.options.cargo_home.iter().flat_map(|home| subfolders(&home.join("registry/src"))).collect();
        Self { vendored: vendored.into_iter().collect(), registries }
    }

    /// What the sources of a package declare.
    pub(super) fn declared(&self, package: &Dependency) -> Declared {
        let name = package.name.as_str();
        let versioned = format!("{name}-{}", package.version);
        let vendored = self.vendored.iter().flat_map(|v| [v.join(name), v.join(&versioned)].map(|p| (p, "vendor")));
        let registry = self.registries.iter().map(|r| (r.join(&versioned), "cargo registry"));
        for (folder, place) in vendored.chain(registry) {
            let Some(manifest) = read(&folder.join("Cargo.toml")) else { continue };
            let text = |value: &Option<toml::Value>| value.as_ref().and_then(|v| v.as_str().map(str::to_owned));
            if text(&manifest.name).as_deref() != Some(name)
                || text(&manifest.version).is_some_and(|v| v != package.version)
            {
                continue;
            }
            let said = text(&manifest.license).filter(|text| !text.trim().is_empty());
            return said.map_or(Declared::Nothing, |text| Declared::Expression {
                text,
                evidence: format!("{place} manifest"),
            });
        }
        Declared::Missing
    }
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn read(path: &Path) -> Option<ManifestPackage> {
    let size = std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file)?.len();
    if size > MAX_MANIFEST {
        return None;
    }
    toml::from_str::<Manifest>(&std::fs::read_to_string(path).ok()?).ok()?.package
}
