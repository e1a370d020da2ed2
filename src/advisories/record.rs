//! Defines [`Record`]: an advisory of any database, as far as a scan needs it.

use serde::{Deserialize, Serialize};

use super::affected::Affected;
use super::grade::Grade;
use crate::ecosystem::Ecosystem;
use crate::finding::Severity;

/// An advisory of any database. Those that were withdrawn are none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The id in its database.
    pub id: String,
    /// Other ids of the same defect, sorted.
    pub aliases: Vec<String>,
    /// What kind of defect it is about.
    pub nature: Nature,
    /// How severe it is; `None` where nobody says.
    pub grade: Option<Grade>,
    /// The packages that have it.
    pub packages: Vec<AffectedPackage>,
    /// What there is to read.
    pub text: Text,
}

/// A package that has a defect, in some versions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AffectedPackage {
    /// The place it comes from, as OSV names it, with the release: `npm`, `Debian:12`.
    pub ecosystem: String,
    /// The name in the one form in which equal names are equal texts.
    pub name: String,
    /// The versions.
    pub affected: Affected<'static>,
    /// How severe it is for this package, where that differs from the rest of the record.
    pub grade: Option<Grade>,
}

/// What kind of defect an advisory is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// A vulnerability.
    #[default]
    Vulnerable,
    /// The package was made, or taken over, to do harm.
    Malicious,
    /// Safe code can make it do what Rust rules out.
    Unsound,
    /// Nobody looks after it.
    Unmaintained,
    /// Something else worth knowing.
    Notice,
}

impl Nature {
    /// Every nature, by its number in the store.
    pub const ALL: [Self; 5] = [Self::Vulnerable, Self::Malicious, Self::Unsound, Self::Unmaintained, Self::Notice];

    /// What the package is, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Vulnerable => "is vulnerable",
            Self::Malicious => "is malicious",
            Self::Unsound => "is unsound",
            Self::Unmaintained => "is unmaintained",
            Self::Notice => "has a notice",
        }
    }

    /// Whether another version can be without it, unlike what is true of the whole package.
    pub fn is_defect(self) -> bool {
        matches!(self, Self::Vulnerable | Self::Malicious | Self::Unsound)
    }

    /// The severity that follows from it alone; `None` of a vulnerability, which can be anything.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Vulnerable => None,
            Self::Malicious => Some(Severity::Critical),
            Self::Unsound => Some(Severity::Medium),
            Self::Unmaintained => Some(Severity::Low),
            Self::Notice => Some(Severity::Info),
        }
    }
}

/// What there is to read of an advisory, kept apart from what is needed to match it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Text {
    /// A line; empty where there is none.
    #[serde(rename = "s", skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Markdown, cut where it is very long; empty where there is none.
    #[serde(rename = "d", skip_serializing_if = "String::is_empty")]
    pub details: String,
    /// When it was published and when it was last changed, RFC 3339 or a day; empty where that is not told.
    #[serde(rename = "p", skip_serializing_if = "String::is_empty")]
    pub published: String,
    /// See above.
    #[serde(rename = "m", skip_serializing_if = "String::is_empty")]
    pub modified: String,
    /// Addresses with more.
    #[serde(rename = "r", skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Weaknesses by number in the Common Weakness Enumeration, sorted.
    #[serde(rename = "c", skip_serializing_if = "Vec::is_empty")]
    pub cwe: Vec<u32>,
    /// The code that has the defect, where a database names it.
    #[serde(rename = "y", skip_serializing_if = "Vec::is_empty")]
    pub code: Vec<Code>,
}

/// Code that has a defect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Code {
    /// The name of the package.
    #[serde(rename = "n")]
    pub package: String,
    /// What is imported to use it, such as the path of a Go package; empty where that is the package itself.
    #[serde(rename = "i", skip_serializing_if = "String::is_empty")]
    pub import: String,
    /// Functions and types; empty for everything.
    #[serde(rename = "f", skip_serializing_if = "Vec::is_empty")]
    pub symbols: Vec<String>,
}

impl AffectedPackage {
    /// The ecosystem, without a release.
    pub fn family(&self) -> Option<Ecosystem> {
        Ecosystem::of_osv(&self.ecosystem)
    }
}

/// Databases by the beginnings of their ids: what people call them, and the page of an id where `@` stands for it.
const DATABASES: [(&str, &str, &str); 18] = [
    ("RUSTSEC-", "RustSec", "https://rustsec.org/advisories/@.html"),
    ("RUBYSEC-", "RubySec", "https://rubysec.com/advisories/archive/"),
    ("FRIENDSOFPHP-", "FriendsOfPHP", "https://github.com/FriendsOfPHP/security-advisories"),
    ("GHSA-", "GitHub", "https://github.com/advisories/@"),
    ("GO-", "Go", "https://pkg.go.dev/vuln/@"),
    ("PYSEC-", "PyPA", ""),
    ("PSF-", "PSF", ""),
    ("MAL-", "OpenSSF", ""),
    ("BIT-", "Bitnami", ""),
    ("DRUPAL-", "Drupal", ""),
    ("HSEC-", "Haskell", ""),
    ("RSEC-", "R Consortium", ""),
    ("JLSEC-", "Julia", ""),
    ("DSA-", "Debian", ""),
    ("DLA-", "Debian", ""),
    ("DEBIAN-", "Debian", ""),
    ("USN-", "Ubuntu", ""),
    ("CVE-", "CVE", "https://nvd.nist.gov/vuln/detail/@"),
];

/// What people call the database of an id; OSV where that is not known.
pub fn database(id: &str) -> &'static str {
    DATABASES.iter().find(|(prefix, ..)| id.starts_with(prefix)).map_or("OSV", |(_, name, _)| name)
}

/// The page of an advisory.
pub fn page(id: &str) -> String {
    match DATABASES.iter().find(|(prefix, _, page)| id.starts_with(prefix) && !page.is_empty()) {
        Some((.., page)) => page.replace('@', id),
        None => format!("https://osv.dev/vulnerability/{id}"),
    }
}
