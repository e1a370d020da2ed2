//! Reads package URLs (<https://github.com/package-url/purl-spec>) as questions about advisories.

use percent_encoding::percent_decode_str;

use super::matching::Asked;
use crate::ecosystem::Ecosystem;

/// A package that a package URL names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purl {
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// The release of a Linux distribution; empty for all other ecosystems.
    pub release: String,
    /// The name as its ecosystem writes it.
    pub name: String,
    /// The version; empty where the address has none.
    pub version: String,
}

/// No package URL is longer, in bytes.
const LONGEST: usize = 2048;

impl Purl {
    /// Reads one.
    ///
    /// # Errors
    /// It is none, or of a type that is not known: a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let rest =
            text.strip_prefix("pkg:").filter(|_| text.len() <= LONGEST).ok_or("it does not begin with `pkg:`")?;
        let rest = rest.trim_start_matches('/').split('#').next().unwrap_or_default();
        let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, path) = rest.split_once('/').ok_or("it has no name")?;
        // A name can begin with `@`, a version is behind the last one.
        let (path, version) = match path.rsplit_once('@').filter(|(path, _)| !path.is_empty() && !path.ends_with('/')) {
            Some((path, version)) => (path, decoded(version)),
            None => (path, String::new()),
        };
        let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
        let (name, namespace) = parts.split_last().ok_or("it has no name")?;
        let first = namespace.first().map_or("", String::as_str);
        let ecosystem = Ecosystem::of_purl(kind, first).ok_or_else(|| format!("the type `{kind}` is not known"))?;
        let name = match (ecosystem, namespace) {
            (_, []) => name.clone(),
            _ if ecosystem.purl().contains('/') => name.clone(),
            (Ecosystem::Maven, _) => format!("{}:{name}", namespace.join(".")),
            _ => parts.join("/"),
        };
        let release = qualifiers.split('&').find_map(|pair| pair.strip_prefix("distro=")).map(decoded);
        let release = release.filter(|_| ecosystem.purl().contains('/')).unwrap_or_default();
        // `debian-12`, as most tools write it, or the release alone.
        let release = release.rsplit_once('-').map_or(release.as_str(), |(_, release)| release).to_owned();
        Ok(Self { ecosystem, release, name, version })
    }

    /// The question about it.
    pub fn asked(&self) -> Asked<'_> {
        let Self { ecosystem, release, name, version } = self;
        Asked { ecosystem: *ecosystem, release, name, version }
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn packages_of_every_kind() {
        for (text, expected) in [
            ("pkg:npm/lodash@4.17.15", (Ecosystem::Npm, "", "lodash", "4.17.15")),
            ("pkg:npm/%40angular/core@1.0.0", (Ecosystem::Npm, "", "@angular/core", "1.0.0")),
            ("pkg:npm/@angular/core", (Ecosystem::Npm, "", "@angular/core", "")),
            ("pkg:maven/org.a/b@1?type=jar", (Ecosystem::Maven, "", "org.a:b", "1")),
            ("pkg:golang/github.com/a/b/v2@v2.1.0#x", (Ecosystem::Go, "", "github.com/a/b/v2", "v2.1.0")),
            (
                "pkg:deb/debian/curl@7.88.1-10%2Bdeb12u4?distro=debian-12&arch=x",
                (Ecosystem::Debian, "12", "curl", "7.88.1-10+deb12u4"),
            ),
            ("pkg:composer/a/b@1", (Ecosystem::Packagist, "", "a/b", "1")),
            ("pkg:githubactions/actions/checkout@v4", (Ecosystem::GitHubActions, "", "actions/checkout", "v4")),
            (" PKG:x", (Ecosystem::Generic, "", "", "")),
            ("pkg:npm", (Ecosystem::Generic, "", "", "")),
            ("pkg:npm/", (Ecosystem::Generic, "", "", "")),
            ("pkg:moon/x@1", (Ecosystem::Generic, "", "", "")),
        ] {
            let read = Purl::parse(text).ok();
            let read =
                read.as_ref().map(|it| (it.ecosystem, it.release.as_str(), it.name.as_str(), it.version.as_str()));
            assert_eq!(read, Some(expected).filter(|it| it.0 != Ecosystem::Generic), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "pkg:(npm|maven|deb)?[/@%?#a=&-]{0,20}\\PC{0,5}") {
            let _ = Purl::parse(&text);
        }
    }
}
