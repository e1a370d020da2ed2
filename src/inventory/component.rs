//! Makes packages of the components of bills of materials: what a package URL says is the name and the ecosystem.

use super::dependency::{Dependency, PackageSource, Scope};
use super::reading::Draft;
use crate::ingest::component::Component;
use crate::purl::{Purl, with_epoch};

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
        deprecated: None,
        needs: Vec::new(),
        via: None,
    })
}

/// A component as a package of its document, still without a line; `None` when nobody can tell its ecosystem.
pub(crate) fn draft(component: &Component) -> Option<Draft> {
    let purl = Purl::parse(&format!("{}?{}", component.purl, component.qualifiers)).ok()?;
    Some(Draft {
        release: purl.release,
        licenses: component.licenses.clone(),
        hashes: component.entry.hashes.clone(),
        scope: component.entry.scope,
        direct: component.entry.direct,
        ..Draft::new(purl.ecosystem, &purl.name, &version(component), 1)
    })
}

/// The version that the document gives, with the epoch of the package URL.
pub(crate) fn version(component: &Component) -> String {
    with_epoch(&component.version, &component.qualifier("epoch"))
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
