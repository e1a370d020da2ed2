//! Defines [`Component`]: a part of a bill of materials, which the dependency layers judge like one of a lockfile.

use super::package::package;
use crate::finding::Location;
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
        let version = if version.is_empty() { told } else { version };
        let is_known = bare.starts_with("pkg:") || super::package::type_of(ecosystem) != "generic";
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
        }
    }
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
