//! Makes paths of addresses that are not of the repository: images, packages, other repositories, web pages.

/// Schemes whose names carry a tag behind a colon, which changes from build to build.
const IMAGES: &[&str] = &["container", "containerd", "docker", "docker-archive", "image", "oci", "podman", "registry"];

/// Addresses of files on the pages of hosts of repositories: behind this part and a revision is the path.
const BLOBS: &[&str] = &["/-/blob/", "/blob/"];

/// A path that stays the same from scan to scan, without versions, tags, digests and queries: `image:alpine:3.20/lib/x`
/// becomes `image/alpine/lib/x`. Not yet encoded.
pub(super) fn path(scheme: &str, rest: &str) -> String {
    let scheme = scheme.to_ascii_lowercase();
    let rest = String::from_utf8_lossy(&crate::uri::decoded(&rest.replace('\\', "/"))).into_owned();
    let rest = &rest;
    let is_git = scheme == "git" || scheme.starts_with("git+");
    if is_git || scheme == "https" || scheme == "http" {
        for blob in BLOBS {
            let path = rest.split_once(blob).and_then(|(_, behind)| behind.split_once('/'));
            if let Some((_, path)) = path.filter(|(_, path)| !path.is_empty()) {
                return without_query(path.split('#').next().unwrap_or(path));
            }
        }
    }
    let is_image = IMAGES.contains(&scheme.as_str());
    let mut parts: Vec<String> = Vec::new();
    if !is_git {
        parts.push(scheme);
    }
    for part in without_query(rest).split('/') {
        let part = part.trim_matches(':');
        // What stands behind an `@` is a version or a digest, except in front of a scope of npm.
        let part = part.find('@').filter(|at| *at > 0).map_or(part, |at| &part[..at]);
        let part = if is_image { part.split(':').next().unwrap_or(part) } else { part };
        let part = part.replace("::", "/").replace(':', "/");
        parts.extend(part.split('/').filter(|p| !matches!(*p, "" | "." | "..")).map(str::to_owned));
    }
    parts.join("/")
}

/// Takes every `?…` up to the next slash out of a path, and what is behind a `#`.
fn without_query(path: &str) -> String {
    let parts = path.split('/').map(|part| part.split(['?', '#']).next().unwrap_or(part));
    parts.collect::<Vec<_>>().join("/")
}
