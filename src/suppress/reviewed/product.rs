//! Defines [`Product`]: which packages an acceptance is about.

use crate::ecosystem::Ecosystem;
use crate::finding::Finding;
use crate::purl::Parts;

/// Which packages an acceptance is about. What it leaves open fits every one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Product {
    /// The type and the path of the package URL.
    purl: Option<String>,
    ecosystem: Option<Ecosystem>,
    name: Option<String>,
    version: Option<String>,
}

impl Product {
    /// A package by its package URL, with a version or without; `None` for anything else.
    pub(super) fn of_purl(purl: &str) -> Option<Self> {
        let parts = Parts::of(purl).ok()?;
        let version = Some(parts.version.clone()).filter(|version| !version.is_empty());
        Some(Self { purl: Some(plain(&parts)), version, ..Self::default() })
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
        self.purl
            .as_ref()
            .is_none_or(|purl| Parts::of(&package.purl).is_ok_and(|parts| purl.eq_ignore_ascii_case(&plain(&parts))))
            && kind.is_none_or(|kind| package.purl.starts_with(&kind))
            && self.name.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(&package.name))
            && self.version.as_ref().is_none_or(|version| *version == package.version)
    }
}

/// In the form in which two are compared.
fn plain(parts: &Parts<'_>) -> String {
    format!("{}/{}", parts.kind, parts.path)
}
