//! Defines [`Product`]: which packages an acceptance is about.

use crate::ecosystem::Ecosystem;
use crate::finding::Finding;

/// Which packages an acceptance is about. What it leaves open fits every one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Product {
    /// The package URL without version and qualifiers.
    purl: Option<String>,
    ecosystem: Option<Ecosystem>,
    name: Option<String>,
    version: Option<String>,
}

impl Product {
    /// A package by its package URL, with a version or without; `None` for anything else.
    pub(super) fn of_purl(purl: &str) -> Option<Self> {
        let bare = purl.split(['?', '#']).next().unwrap_or_default();
        bare.strip_prefix("pkg:")?;
        let (purl, version) = match bare.rsplit_once('@') {
            Some((purl, version)) if !purl.ends_with('/') && !version.contains('/') => (purl, Some(version)),
            _ => (bare, None),
        };
        Some(Self { purl: Some(plain(purl)), version: version.map(plain), ..Self::default() })
    }

    /// A package by its name, in an ecosystem that OSV knows by a name; either may be empty, and the version, too.
    pub(super) fn of_name(ecosystem: &str, name: &str, version: &str) -> Self {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Self { purl: None, ecosystem: Ecosystem::of_osv(ecosystem), name: some(name), version: some(version) }
    }

    /// Whether a finding is about such a package.
    pub(super) fn is_of(&self, finding: &Finding) -> bool {
        let Some(package) = &finding.package else { return false };
        let kind = self.ecosystem.map(|ecosystem| format!("pkg:{}/", ecosystem.purl()));
        self.purl.as_ref().is_none_or(|purl| purl.eq_ignore_ascii_case(&plain(&package.purl)))
            && kind.is_none_or(|kind| package.purl.starts_with(&kind))
            && self.name.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(&package.name))
            && self.version.as_ref().is_none_or(|version| *version == package.version)
    }
}

/// Without percent-encoding, which writers of package URLs use as they like.
fn plain(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
