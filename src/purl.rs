//! Reads package URLs (<https://github.com/package-url/purl-spec>): their [`Parts`], and the package that they name,
//! [`Purl`], as its ecosystem names it.

mod release;

use percent_encoding::percent_decode_str;

use crate::advisories::matching::Asked;
use crate::ecosystem::Ecosystem;

/// A package that a package URL names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purl {
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// The release of a Linux distribution as its advisories write it (`12`, `v3.20`); empty for all other ecosystems,
    /// and where the address does not tell it.
    pub release: String,
    /// The name as its ecosystem writes it.
    pub name: String,
    /// The version, with its epoch where it has one; empty where the address has none.
    pub version: String,
}

/// The parts of a package URL, whatever its type; percent-encoding is taken away, since writers use it as they like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The type: `npm`, `deb`.
    pub kind: &'a str,
    /// The namespace and the name, between slashes.
    pub path: String,
    /// The version; empty where there is none.
    pub version: String,
    /// What stands between `?` and `#`, still encoded.
    qualifiers: &'a str,
}

/// No package URL is longer, in bytes.
const LONGEST: usize = 2048;

impl<'a> Parts<'a> {
    /// Takes a package URL apart.
    ///
    /// # Errors
    /// It is none: a sentence.
    pub fn of(text: &'a str) -> Result<Self, &'static str> {
        let text = text.trim();
        let rest = text.strip_prefix("pkg:").filter(|_| text.len() <= LONGEST);
        let rest = rest.ok_or("it does not begin with `pkg:`")?.trim_start_matches('/');
        let rest = rest.split('#').next().unwrap_or_default();
        let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, path) = rest.split_once('/').ok_or("it has no name")?;
        // A name can begin with `@`, a version is behind the last one.
        let (path, version) = match path.rsplit_once('@').filter(|(path, _)| !path.is_empty() && !path.ends_with('/')) {
            Some((path, version)) => (path, decoded(version)),
            None => (path, String::new()),
        };
        let path = decoded(path);
        let path = path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        if path.is_empty() {
            return Err("it has no name");
        }
        Ok(Self { kind, path, version, qualifiers })
    }

    /// A qualifier, decoded; empty without it.
    pub fn qualifier(&self, key: &str) -> String {
        qualifier(self.qualifiers, key)
    }
}

/// One of qualifiers (`distro=debian-12&epoch=1`), decoded; empty without it.
pub fn qualifier(qualifiers: &str, key: &str) -> String {
    let mut pairs = qualifiers.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| decoded(value)).unwrap_or_default()
}

/// A version with its epoch, where that is told apart (`pkg:rpm/redhat/a@1.0-2?epoch=1`).
pub fn with_epoch(version: &str, epoch: &str) -> String {
    let is_missing = !matches!(epoch, "" | "0") && !version.is_empty() && !version.contains(':');
    if is_missing { format!("{epoch}:{version}") } else { version.to_owned() }
}

impl Purl {
    /// Reads one.
    ///
    /// # Errors
    /// It is none, or of a type that is not known: a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = Parts::of(text)?;
        let (namespace, last) = parts.path.rsplit_once('/').unwrap_or(("", &parts.path));
        let kind = parts.kind;
        let ecosystem = Ecosystem::of_purl(kind, namespace).ok_or_else(|| format!("the type `{kind}` is not known"))?;
        let name = match (ecosystem, ecosystem.purl().contains('/')) {
            (Ecosystem::Maven, _) if !namespace.is_empty() => format!("{}:{last}", namespace.replace('/', ".")),
            // The owner of a recipe and of a private package is no part of its name, nor is a distribution.
            (Ecosystem::Conan | Ecosystem::Hex, _) | (_, true) => last.to_owned(),
            _ => parts.path.clone(),
        };
        Ok(Self {
            ecosystem,
            release: release::of(ecosystem, &parts.qualifier("distro")),
            name,
            version: with_epoch(&parts.version, &parts.qualifier("epoch")),
        })
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
            ("pkg:apk/alpine/musl@1.2.4-r2?distro=alpine-3.20.1", (Ecosystem::Alpine, "v3.20", "musl", "1.2.4-r2")),
            ("pkg:rpm/redhat/bash@5.1-2?epoch=1", (Ecosystem::RedHat, "", "bash", "1:5.1-2")),
            ("pkg:conan/acme/soil@0.3?user=acme", (Ecosystem::Conan, "", "soil", "0.3")),
            ("pkg:hex/acme/soil@0.3", (Ecosystem::Hex, "", "soil", "0.3")),
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
