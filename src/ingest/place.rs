//! Defines [`Places`]: turns what reports call files into paths of the repository.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use scanall_sarif::{Bases, Root};
use serde_json::Value;

use crate::finding::RepoPath;
use crate::target::Target;

/// So many names are remembered at a time.
const MOST_REMEMBERED: usize = 100_000;

/// Where containers and CI systems put the repository; `*` stands for one folder. By their documentation: GitHub Actions
/// in a container and on a runner, Azure Pipelines, GitLab CI, Bitbucket Pipelines, CircleCI, MegaLinter, Codespaces; then
/// the names that images of scanners mount it at.
const CHECKOUTS: [&str; 14] = [
    "/github/workspace/",
    "/home/runner/work/*/*/",
    "/home/vsts/work/1/s/",
    "/builds/*/*/",
    "/opt/atlassian/pipelines/agent/build/",
    "/root/project/",
    "/tmp/lint/",
    "/workspaces/*/",
    "/workspace/",
    "/src/",
    "/work/",
    "/code/",
    "/repo/",
    "/scan/",
];

/// Turns what reports call files into paths of the repository.
pub struct Places {
    root: Mutex<Option<Root>>,
    known: Mutex<HashMap<String, RepoPath>>,
}

impl Places {
    /// Places of no target: every name is a path of its own.
    pub fn nowhere() -> Self {
        Self { root: Mutex::new(None), known: Mutex::default() }
    }

    /// The places of a target.
    pub fn of(target: &Target) -> Self {
        let root = Root::open(&target.root).ok().filter(|_| !target.bare);
        Self { root: Mutex::new(root), known: Mutex::default() }
    }

    /// The path of a file by what a report calls it: absolute, `file://`, with backslashes, in a container, behind a
    /// symbolic link. What lies outside of the repository gets a path that stays the same from scan to scan. Empty for
    /// an empty name.
    pub fn path(&self, name: &str) -> RepoPath {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = known.get(name) {
            return path.clone();
        }
        let path = self.find(name);
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        known.insert(name.to_owned(), path.clone());
        path
    }

    /// The path of a file that a report gives several names, the surest first: an absolute name counts only when it
    /// leads into the repository, or into what is known as a checkout. Empty when all are empty.
    pub fn path_of(&self, names: &[&str]) -> RepoPath {
        let named = || names.iter().filter(|name| !name.is_empty());
        let path = |name: &&&str| self.path(name);
        let is_inside = |name: &&&str| {
            let is_absolute = name.starts_with('/') || name.get(1..2) == Some(":");
            let is_elsewhere = RepoPath::new(name.replace('\\', "/").replacen(':', "", 1)) == self.path(name);
            !is_absolute || !is_elsewhere
        };
        let inside = named().find(is_inside).or_else(|| named().next_back());
        inside.as_ref().map(path).unwrap_or_else(|| RepoPath::new(""))
    }

    /// The path of a file in a run of a SARIF log, by its address and what that is relative to.
    pub fn of_run(&self, run: &Value, address: &str, base: &str) -> RepoPath {
        self.resolved(run, address, Some(base).filter(|base| !base.is_empty()), address)
    }

    fn find(&self, name: &str) -> RepoPath {
        self.resolved(&Value::Null, &spelled(name), None, name)
    }

    /// The path behind an address; `name` is what the report calls it.
    fn resolved(&self, run: &Value, address: &str, base: Option<&str>, name: &str) -> RepoPath {
        let root = self.root.lock().unwrap_or_else(PoisonError::into_inner);
        let path = Bases::of(run, root.as_ref()).place(address, base).map(|place| place.path()).unwrap_or_default();
        RepoPath::new(without_checkout(name, &path))
    }
}

/// The folder under which the files of a container image stand: its name without what changes from build to build.
/// `registry:5000/shop/api:1.2@sha256:…` is `image/registry/shop/api`; empty for an empty name.
pub fn image(reference: &str) -> String {
    let name = reference.split('@').next().unwrap_or_default();
    let parts = name.split('/').map(|part| part.split(':').next().unwrap_or_default());
    let parts: Vec<&str> = parts.filter(|part| !matches!(*part, "" | "." | "..")).collect();
    if parts.is_empty() { String::new() } else { format!("image/{}", parts.join("/")) }
}

/// A name as an address: a percent sign in the name of a file is no escape.
fn spelled(name: &str) -> String {
    if name.contains("://") || name.starts_with("file:") { name.to_owned() } else { name.replace('%', "%25") }
}

/// Takes the folder that a container has the repository in off a path that is still whole, as one is when the file is
/// not in the checkout.
fn without_checkout<'p>(name: &str, path: &'p str) -> &'p str {
    let name = name.strip_prefix("file://").unwrap_or(name);
    if !name.starts_with('/') || path != name.trim_start_matches('/') {
        return path;
    }
    CHECKOUTS.iter().find_map(|folder| behind(path, folder)).unwrap_or(path)
}

fn behind<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let mut rest = path;
    for part in folder.trim_matches('/').split('/') {
        let (first, behind) = rest.split_once('/')?;
        if part != "*" && part != first {
            return None;
        }
        rest = behind;
    }
    (!rest.is_empty()).then_some(rest)
}
