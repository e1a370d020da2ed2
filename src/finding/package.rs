//! Defines [`Package`]: the dependency that a finding is about.

use crate::ecosystem::Ecosystem;

/// A dependency at one version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// The package URL without version, `pkg:cargo/serde`, as the purl specification writes it.
    pub purl: String,
    /// The name in its ecosystem.
    pub name: String,
    /// The version in use; empty when it is not known.
    pub version: String,
    /// Versions or requirements without the defect, best first; empty when there is none or it is not known.
    pub fixed: Vec<String>,
    /// Other ids of the same advisory (`CVE-…`, `GHSA-…`), sorted; empty for licenses.
    pub aliases: Vec<String>,
    /// The packages from a direct dependency down to this one, this one included; empty when it is not known.
    pub path: Vec<String>,
}

impl Package {
    /// Makes a package of the ecosystem that purl calls `kind` (`cargo`, `npm`, `pypi`).
    pub fn new(kind: &str, name: &str, version: &str) -> Self {
        Self {
            purl: format!("pkg:{kind}/{}", escape(name)),
            name: name.to_owned(),
            version: version.to_owned(),
            fixed: Vec::new(),
            aliases: Vec::new(),
            path: Vec::new(),
        }
    }

    /// Makes a package of an ecosystem, by the name that its ecosystem gives it.
    pub fn of(ecosystem: Ecosystem, name: &str, version: &str) -> Self {
        let path = match ecosystem {
            // Group and artifact are two parts of the path.
            Ecosystem::Maven => name.replacen(':', "/", 1),
            // The purl specification wants the name as PyPI compares it, of which it keeps the points.
            Ecosystem::PyPi => name.to_ascii_lowercase().replace('_', "-"),
            Ecosystem::Packagist | Ecosystem::GitHubActions => name.to_ascii_lowercase(),
            Ecosystem::Swift => ecosystem.normalized(name).into_owned(),
            _ => name.to_owned(),
        };
        Self { name: name.to_owned(), ..Self::new(ecosystem.purl(), &path, version) }
    }

    /// The package URL with its version.
    pub fn versioned_purl(&self) -> String {
        match self.version.as_str() {
            "" => self.purl.clone(),
            version => format!("{}@{}", self.purl, escape(version)),
        }
    }
}

/// Percent-encodes all but what the purl specification leaves bare in a name or version.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~/:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
