//! Reads the paths by which pnpm names packages, in the forms of every version
//! (<https://github.com/pnpm/pnpm/tree/main/packages/dependency-path>): `/name/1.0.0_peer@1.0.0`,
//! `/name@1.0.0(peer@1.0.0)`, `name@1.0.0`, `host/owner/repository/commit`, `name@https://host/archive`, `file:folder`.

use super::super::javascript::{source_of, split_at_range};
use crate::inventory::dependency::PackageSource;

/// What a path says of a package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Path<'a> {
    /// Its name; empty where the path tells none.
    pub(super) name: &'a str,
    /// Its version; empty where the path tells none.
    pub(super) version: &'a str,
    /// Where it comes from.
    pub(super) source: PackageSource,
}

/// A path without the peers and patches that a package was installed with.
pub(super) fn without_peers(path: &str) -> &str {
    path.split_once('(').map_or(path, |(bare, _)| bare)
}

/// What a path says; `None` where it is none.
pub(super) fn parse(path: &str) -> Option<Path<'_>> {
    let bare = without_peers(path);
    if let Some(inside) = bare.strip_prefix('/') {
        let name = scoped(inside)?;
        let (name, version) = match inside.get(name.len()..)?.strip_prefix('/') {
            // Peers stood behind the version, after `/` at first and after `_` later, neither of which a version has.
            Some(version) => (name, version.split(['/', '_']).next().unwrap_or_default()),
            None => split_at_range(inside),
        };
        return (!version.is_empty()).then_some(Path { name, version, source: PackageSource::Public });
    }
    let (name, version) = split_at_range(bare);
    let is_name =
        !version.is_empty() && !name.contains(':') && name.matches('/').count() == usize::from(name.starts_with('@'));
    if is_name {
        let path = |version, source| Some(Path { name, version, source });
        return match version.strip_prefix("runtime:") {
            Some(version) => path(version, PackageSource::Elsewhere),
            None if version.contains([':', '/']) => path("", source_of(version)),
            None => path(version, PackageSource::Public),
        };
    }
    if bare.starts_with("file:") || bare.starts_with("link:") {
        return Some(Path { name: last_of(bare), version: "", source: PackageSource::Local });
    }
    // A host in front: a registry of one's own, or where a repository or an archive is.
    let (host, inside) = bare.trim_start_matches('@').split_once('/')?;
    let host = format!("https://{host}");
    let name = scoped(inside)?;
    let version = inside.get(name.len()..)?.strip_prefix('/').unwrap_or_default();
    let version = version.split(['/', '_']).next().unwrap_or_default();
    match version.starts_with(|c: char| c.is_ascii_digit()) && version.contains('.') {
        true => Some(Path { name, version, source: source_of(&host) }),
        false => Some(Path { name: last_name(inside), version: "", source: PackageSource::Elsewhere }),
    }
}

/// The name at the beginning of a path, with its scope; `None` where nothing follows it.
fn scoped(path: &str) -> Option<&str> {
    let parts = 1 + usize::from(path.starts_with('@'));
    match path.match_indices('/').nth(parts - 1) {
        Some((end, _)) => path.get(..end),
        // `name@version` has a slash only where it has a scope.
        None => Some(split_at_range(path).0),
    }
}

/// The last part of a path of folders.
fn last_of(path: &str) -> &str {
    let name = path.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
    name.strip_suffix(".tgz").unwrap_or(name)
}

/// The repository in `owner/repository/commit`.
fn last_name(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        use PackageSource::{Elsewhere, Local, Public};
        for (path, name, version, source) in [
            ("/a/1.0.0", "a", "1.0.0", Public),
            ("/@s/a/1.0.0-rc.1_b@2.0.0+c@3.0.0", "@s/a", "1.0.0-rc.1", Public),
            ("/a/1.0.0/b@2.0.0", "a", "1.0.0", Public),
            ("/a@1.0.0(@s/b@2.0.0)(c@1.0.0)", "a", "1.0.0", Public),
            ("/@s/a@1.0.0", "@s/a", "1.0.0", Public),
            ("@s/a@1.0.0(patch_hash=abc)(b@1.0.0(c@1.0.0))", "@s/a", "1.0.0", Public),
            ("registry.npmjs.org/a/1.0.0", "a", "1.0.0", Public),
            ("npm.example.com/@s/a/1.0.0", "@s/a", "1.0.0", Elsewhere),
            ("github.com/owner/repo/0123abc", "repo", "", Elsewhere),
            ("@codeload.github.com/owner/repo/tar.gz/0123abc", "repo", "", Elsewhere),
            ("a@https://codeload.github.com/o/r/tar.gz/0123abc", "a", "", Elsewhere),
            ("a@git+https://git@example.com/o/r.git#0123abc", "a", "", Elsewhere),
            ("@s/a@file:../a", "@s/a", "", Local),
            ("file:../a(b@1.0.0)", "a", "", Local),
            ("node@runtime:24.4.1", "node", "24.4.1", Elsewhere),
        ] {
            assert_eq!(parse(path), Some(Path { name, version, source }), "{path}");
        }
        assert_eq!(parse("nothing"), None);
        assert_eq!(parse("/"), None);
    }
}
