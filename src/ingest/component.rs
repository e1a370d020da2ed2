//! Defines [`Component`]: a part of a bill of materials, which the dependency layers judge like one of a lockfile.

use super::package::package;
use crate::finding::Location;
use crate::inventory::Scope;
use crate::text;

/// A part of a bill of materials.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Component {
    /// The package URL with its version, without qualifiers; empty when the document gives none.
    pub purl: String,
    /// The name as the document has it, with its group or scope in front.
    pub name: String,
    /// The version; empty when the document gives none.
    pub version: String,
    /// The licenses as the document tells them: SPDX expressions or names.
    pub licenses: Vec<String>,
    /// Where the document, or the tool that made it, saw it.
    pub location: Location,
    /// The qualifiers of the package URL (`distro=debian-12&epoch=1`), still encoded; empty without them.
    pub qualifiers: String,
    /// What only documents that are bills of materials say of it.
    pub entry: Entry,
}

/// A component as an entry of its document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Where its name stands, in bytes from the beginning of the document; `None` when that is not known.
    pub at: Option<usize>,
    /// What the document calls it, and what it calls that which it needs.
    pub reference: String,
    /// See [`Entry::reference`].
    pub needs: Vec<String>,
    /// Whether what the document is about needs it; `None` when the document does not say who needs whom.
    pub direct: Option<bool>,
    /// What it is needed for; `None` when the document does not say.
    pub scope: Option<Scope>,
    /// Checksums, as `algorithm:hexadecimal`, algorithms as in `sha256`.
    pub hashes: Vec<String>,
}

impl Component {
    /// A component by its package URL, or by what a tool calls its ecosystem where it has none; both may be empty.
    /// Licenses that say nothing (`NOASSERTION`, `UNKNOWN`) are left out.
    pub fn new(
        purl: &str,
        ecosystem: &str,
        name: &str,
        version: &str,
        licenses: Vec<String>,
        location: Location,
    ) -> Self {
        let bare = purl.split(['?', '#']).next().unwrap_or_default().trim();
        let told = match bare.rsplit_once('@') {
            Some((before, version)) if !before.ends_with('/') && !version.contains('/') => version,
            _ => "",
        };
        let told = percent_encoding::percent_decode_str(told).decode_utf8_lossy().into_owned();
        let version = if version.is_empty() { told.as_str() } else { version };
        let is_known = bare.starts_with("pkg:") || super::package::type_of(ecosystem) != "generic";
        let qualifiers = qualifiers(purl).to_owned();
        let purl = match (told.is_empty(), is_known) {
            (false, _) if bare.starts_with("pkg:") => text::printable(bare),
            (_, true) => text::printable(&package(bare, ecosystem, name, version).versioned_purl()),
            _ => String::new(),
        };
        let says_something = |license: &String| {
            let word = license.trim().to_ascii_uppercase();
            !matches!(word.as_str(), "" | "NOASSERTION" | "NONE" | "UNKNOWN" | "N/A")
        };
        let licenses = licenses.into_iter().filter(says_something).map(|license| text::printable(license.trim()));
        Self {
            purl,
            name: text::printable(name),
            version: text::printable(version),
            licenses: licenses.collect(),
            location,
            qualifiers,
            entry: Entry::default(),
        }
    }

    /// The same with what the document says of it beside its name.
    #[must_use]
    pub fn with(self, entry: Entry) -> Self {
        Self { entry, ..self }
    }

    /// A qualifier of the package URL, decoded; empty without it.
    pub fn qualifier(&self, key: &str) -> String {
        crate::purl::qualifier(&self.qualifiers, key)
    }
}

/// What stands between `?` and `#`.
fn qualifiers(purl: &str) -> &str {
    let purl = purl.split('#').next().unwrap_or_default();
    purl.split_once('?').map_or("", |(_, qualifiers)| qualifiers)
}

/// A checksum as `algorithm:hexadecimal`: `SHA-256` and `SHA256` are both `sha256`.
pub fn hash(algorithm: &str, value: &str) -> Option<String> {
    let lower = algorithm.trim().to_ascii_lowercase();
    let word = lower.strip_prefix("sha-").map_or(lower.clone(), |bits| format!("sha{bits}"));
    let value = value.trim();
    let is_hash = !word.is_empty() && !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| format!("{word}:{}", value.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::RepoPath;

    #[test]
    fn package_urls_with_versions() {
        let of = |purl: &str, ecosystem: &str, version: &str| {
            let location = Location::here(RepoPath::new("x"), None);
            let made = Component::new(purl, ecosystem, "a", version, vec!["NOASSERTION".to_owned()], location);
            assert!(made.licenses.is_empty());
            (made.purl, made.version)
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(of("pkg:npm/%40b/a@1.0?x=y#z", "", ""), pair("pkg:npm/%40b/a@1.0", "1.0"));
        assert_eq!(of("pkg:npm/@b/a", "", "2"), pair("pkg:npm/@b/a@2", "2"));
        assert_eq!(of("", "python", "2"), pair("pkg:pypi/a@2", "2"));
        assert_eq!(of("", "", "2"), pair("", "2"));
        assert_eq!(of("", "", ""), pair("", ""));
    }
}
