//! When two places are one, and when one is only a coarser name of another.

use std::hash::Hash;

use crate::finding::{Location, RepoPath};

/// Whether two places share a line, or are both the same file as a whole; of one commit, where they name one.
pub(super) fn overlap(a: &Location, b: &Location) -> bool {
    a.path == b.path
        && same_commit(a, b)
        && match (a.span, b.span) {
            (Some(a), Some(b)) => a.start_line <= b.end_line && b.start_line <= a.end_line,
            (None, None) => true,
            _ => false,
        }
}

/// A place as a key of exactly this place.
pub(super) fn exact(place: &Location) -> impl Eq + Hash + use<'_> {
    (&place.path, place.span, &place.commit)
}

/// Whether two places are of one version of a file. Some tools cut the ids of commits short.
pub(super) fn same_commit(a: &Location, b: &Location) -> bool {
    match (&a.commit, &b.commit) {
        (None, None) => true,
        (Some(a), Some(b)) => {
            let length = a.id.len().min(b.id.len());
            length >= SHORTEST_ID && a.id.as_bytes().iter().zip(b.id.as_bytes()).all(|(a, b)| a.eq_ignore_ascii_case(b))
        }
        _ => false,
    }
}

/// So many digits of a commit's id are taken for it, as git does by default.
const SHORTEST_ID: usize = 7;

/// Files that name dependencies, by what resolves them in the same folder: whoever reports the first means the second.
static LOCKS: [(&str, &[&str]); 18] = [
    ("Cargo.lock", &["Cargo.toml"]),
    ("Gemfile.lock", &["Gemfile"]),
    ("Package.resolved", &["Package.swift"]),
    ("Pipfile.lock", &["Pipfile"]),
    ("Podfile.lock", &["Podfile"]),
    ("bun.lock", &["package.json"]),
    ("composer.lock", &["composer.json"]),
    ("go.sum", &["go.mod"]),
    ("gradle.lockfile", &["build.gradle", "build.gradle.kts"]),
    ("mix.lock", &["mix.exs"]),
    ("npm-shrinkwrap.json", &["package.json"]),
    ("package-lock.json", &["package.json"]),
    ("pdm.lock", &["pyproject.toml"]),
    ("pnpm-lock.yaml", &["package.json"]),
    ("poetry.lock", &["pyproject.toml"]),
    ("pubspec.lock", &["pubspec.yaml"]),
    ("uv.lock", &["pyproject.toml"]),
    ("yarn.lock", &["package.json"]),
];

/// Where installed packages of operating systems are listed, as the paths begin.
static SYSTEM_LISTS: [&str; 6] =
    ["lib/apk/db/", "usr/lib/apk/db/", "var/lib/dpkg/", "var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/"];

/// Whether it is a list of the packages of an operating system. Others name the image in its place.
pub(super) fn is_system_list(path: &RepoPath) -> bool {
    SYSTEM_LISTS.iter().any(|list| path.as_str().starts_with(list))
}

/// What stands for a file where a report names none, in the folder that is meant.
static NO_FILES: [&str; 3] = ["packages", "python-environment", "os-packages"];

/// What Trivy calls all packages of a language in an image.
static LANGUAGES: [&str; 6] = ["Conda", "Java", "Node.js", "PHP", "Python", "Ruby"];

/// The path of what is meant: the folder where only a name stands in for a file.
pub(super) fn meant(path: &str) -> &str {
    let (folder, name) = split(path);
    let is_in_image = || ["image/", "cluster/"].iter().any(|place| path.starts_with(place));
    if NO_FILES.contains(&name) || (LANGUAGES.contains(&name) && is_in_image()) { folder } else { path }
}

/// The folder of a path, and the name in it.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// At most so many folders above a file are looked at, besides the root.
const DEPTH: usize = 32;

/// The coarser names of a place for a dependency: its manifest and the folders above it, each as folder and name.
pub(super) fn coarser(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let path = meant(path);
    let (folder, name) = split(path);
    let manifests = LOCKS.iter().filter(move |(lock, _)| *lock == name).flat_map(|(_, manifests)| *manifests);
    let above = std::iter::successors(Some(folder).filter(|_| !path.is_empty()), |folder| {
        (!folder.is_empty()).then(|| split(folder).0)
    });
    let root = (!path.is_empty()).then_some(("", ""));
    let folders = above.filter(|folder| !folder.is_empty()).take(DEPTH).map(split);
    manifests.map(move |manifest| (folder, *manifest)).chain(folders).chain(root)
}

/// Whether the first path is a coarser name of the second.
pub(super) fn is_coarser(coarse: &RepoPath, fine: &RepoPath) -> bool {
    let parts = split(meant(coarse.as_str()));
    coarser(fine.as_str()).any(|other| other == parts) || (is_system_list(fine) && !is_system_list(coarse))
}

/// Whether a path means the same as another, or a folder that it lies in.
pub(super) fn is_around(around: &RepoPath, path: &RepoPath) -> bool {
    let around = meant(around.as_str());
    let rest = meant(path.as_str()).strip_prefix(around);
    around.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_and_folders_are_coarser() {
        let is = |coarse: &str, fine: &str| is_coarser(&RepoPath::new(coarse), &RepoPath::new(fine));
        assert!(is("", "a/Cargo.lock") && is("a", "a/b/Cargo.lock") && is("a/Cargo.toml", "a/Cargo.lock"));
        assert!(is("package.json", "yarn.lock") && is("shop:1.2 (alpine 3.10)", "lib/apk/db/installed"));
        assert!(!is("a/Cargo.lock", "a/Cargo.lock") && !is("", "") && !is("a/Cargo.lock", "b/Cargo.lock"));
        assert!(is("python-environment", "uv.lock") && is("image/a/os-packages", "image/a/var/lib/dpkg/status"));
        assert!(is("image/a/Python", "image/a/x/METADATA") && !is("python-environment", "packages"));
        assert!(!is("Python", "uv.lock") && !is("image/a/packages", "image/b/var/lib/dpkg/status"));
        assert!(!is("b/Cargo.toml", "a/Cargo.lock") && !is("a/Cargo.lock", "a/Cargo.toml") && !is("ab", "a/b"));
    }
}
