//! Makes packages of the components of bills of materials: what a package URL says is the name and the ecosystem
//! (<https://github.com/package-url/purl-spec>).

use super::dependency::{Dependency, PackageSource, Scope};
use super::reading::Draft;
use crate::ecosystem::Ecosystem;
use crate::ingest::component::Component;

/// Releases of distributions that people call by a name.
const NAMES: [(&str, &str); 14] = [
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("xenial", "16.04"),
    ("bionic", "18.04"),
    ("focal", "20.04"),
    ("jammy", "22.04"),
    ("noble", "24.04"),
    ("oracular", "24.10"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
];

/// How many numbers of a release count, for the systems whose advisories are for a release.
const NUMBERS: [(Ecosystem, usize); 7] = [
    (Ecosystem::Debian, 1),
    (Ecosystem::Ubuntu, 2),
    (Ecosystem::Alpine, 2),
    (Ecosystem::RedHat, 1),
    (Ecosystem::Alma, 1),
    (Ecosystem::Rocky, 1),
    (Ecosystem::OpenSuse, 2),
];

/// A component as a dependency; `None` when nobody can tell its ecosystem.
pub(crate) fn dependency(component: &Component) -> Option<Dependency> {
    let draft = draft(component)?;
    Some(Dependency {
        ecosystem: draft.ecosystem,
        release: draft.release,
        name: draft.name,
        version: draft.version,
        requirement: String::new(),
        asked: Vec::new(),
        source: PackageSource::Public,
        location: component.location.clone(),
        pin: None,
        scope: draft.scope.unwrap_or(Scope::Runtime),
        direct: draft.direct,
        manifest: None,
        licenses: draft.licenses,
        hashes: draft.hashes,
        needs: Vec::new(),
        via: None,
    })
}

/// A component as a package of its document, still without a line; `None` when nobody can tell its ecosystem.
pub(crate) fn draft(component: &Component) -> Option<Draft> {
    let bare = component.purl.strip_prefix("pkg:")?.trim_start_matches('/');
    let (kind, rest) = bare.split_once('/')?;
    // An `@` stands in front of the version, unless it begins a scope.
    let path = match rest.rsplit_once('@') {
        Some((before, behind)) if !before.is_empty() && !before.ends_with('/') && !behind.contains('/') => before,
        _ => rest,
    };
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    let (namespace, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let ecosystem = Ecosystem::of_purl(kind, namespace)?;
    let name = match (ecosystem, ecosystem.purl().contains('/')) {
        (Ecosystem::Maven, _) => path.replacen('/', ":", 1),
        // The owner of a recipe and of a private package is no part of its name.
        (Ecosystem::Conan | Ecosystem::Hex, _) | (_, true) => name.to_owned(),
        _ => path.clone(),
    };
    Some(Draft {
        release: release(ecosystem, &component.qualifier("distro")),
        licenses: component.licenses.clone(),
        hashes: component.entry.hashes.clone(),
        scope: component.entry.scope,
        direct: component.entry.direct,
        ..Draft::new(ecosystem, &name, &version(component), 1)
    })
}

/// The version with its epoch, where that is told apart (`pkg:rpm/redhat/a@1.0-2?epoch=1`).
pub(crate) fn version(component: &Component) -> String {
    let epoch = component.qualifier("epoch");
    let is_missing = !matches!(epoch.as_str(), "" | "0") && !component.version.contains(':');
    if is_missing { format!("{epoch}:{}", component.version) } else { component.version.clone() }
}

/// The release of a distribution as its advisories write it: `12` of `debian-12.5`, `v3.20` of `alpine-3.20.1` and of
/// `3.20.1`; empty where the releases count for nothing, and for one that is not known.
fn release(ecosystem: Ecosystem, distro: &str) -> String {
    let Some((_, numbers)) = NUMBERS.iter().find(|(of, _)| *of == ecosystem) else {
        // SUSE's products are told by their whole name.
        return if ecosystem == Ecosystem::Suse { distro.to_owned() } else { String::new() };
    };
    let lower = distro.trim().to_ascii_lowercase();
    let told = lower.rsplit(['-', ' ']).next().unwrap_or_default();
    let told = NAMES.iter().find(|(name, _)| *name == told).map_or(told, |(_, number)| *number);
    let told = told.strip_prefix('v').unwrap_or(told);
    if !told.starts_with(|c: char| c.is_ascii_digit()) {
        return String::new();
    }
    let parts: Vec<&str> = told.split('.').take(*numbers).collect();
    let mark = if ecosystem == Ecosystem::Alpine { "v" } else { "" };
    format!("{mark}{}", parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Location, RepoPath};

    #[test]
    fn names_versions_and_releases() {
        let of = |purl: &str| {
            let location = Location::here(RepoPath::new("x"), None);
            let draft = draft(&Component::new(purl, "", "x", "", Vec::new(), location))?;
            Some(
                format!("{:?} {} {} {}", draft.ecosystem, draft.name, draft.version, draft.release)
                    .trim_end()
                    .to_owned(),
            )
        };
        for (purl, said) in [
            ("pkg:npm/%40a/b@1.0", "Npm @a/b 1.0"),
            ("pkg:npm/@a/b@1.0", "Npm @a/b 1.0"),
            ("pkg:maven/org.x/y@1?type=jar", "Maven org.x:y 1"),
            ("pkg:golang/github.com/a/b@v1.2.3#sub", "Go github.com/a/b v1.2.3"),
            ("pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?arch=amd64&distro=debian-12", "Debian curl 7.88.1-10+deb12u5 12"),
            ("pkg:deb/debian/curl@7.88.1?distro=bookworm&epoch=1", "Debian curl 1:7.88.1 12"),
            ("pkg:deb/ubuntu/curl@7.81.0?distro=ubuntu-22.04", "Ubuntu curl 7.81.0 22.04"),
            ("pkg:apk/alpine/musl@1.2.4-r2?distro=alpine-3.20.1", "Alpine musl 1.2.4-r2 v3.20"),
            ("pkg:apk/alpine/musl@1.2.4-r2?distro=3.19.1", "Alpine musl 1.2.4-r2 v3.19"),
            ("pkg:rpm/redhat/bash@5.1-2.el9?distro=rhel-9.2", "RedHat bash 5.1-2.el9 9"),
            ("pkg:rpm/rocky/bash@5.1-2.el9?distro=rocky-9.3", "Rocky bash 5.1-2.el9 9"),
            ("pkg:apk/wolfi/curl@8.5.0-r0?distro=wolfi-20230201", "Wolfi curl 8.5.0-r0"),
            ("pkg:conan/acme/soil@0.3?user=acme", "Conan soil 0.3"),
        ] {
            assert_eq!(of(purl).as_deref(), Some(said), "{purl}");
        }
        assert_eq!(of("pkg:unheard/of@1"), None);
    }
}
