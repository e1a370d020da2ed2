//! Versions: how each ecosystem orders them, and what its requirements take.
//!
//! An ecosystem is named as in the OSV schema, with a release or a repository behind a colon or without (`npm`,
//! `Debian:12`, `Ubuntu:22.04:LTS`), or as in package URLs (`cargo`, `deb/debian`), in any case. `ecosystem` lists
//! them; the other modules are a scheme of versions each, and `requirement` has a file for each way to write
//! requirements.
//!
//! Every scheme orders all texts: versions that it would refuse have their place, too, which its module tells. Numbers
//! have any size, and the time that a comparison takes grows with the length of the versions and no faster.

mod alpine;
mod arch;
mod debian;
mod dotted;
mod ecosystem;
mod evr;
mod generic;
mod gentoo;
mod jvm;
mod maven;
mod nuget;
mod number;
mod pep440;
mod php;
mod plain;
mod requirement;
mod rpm;
mod rubygems;
mod rules;
mod semver;
pub(super) mod span;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;

use self::rules::Rules;

/// The order of two versions in an ecosystem; `None` when the ecosystem is not known.
///
/// For a known ecosystem this is a total order of all texts: versions that are equal are interchangeable, whether they
/// are written alike or not.
///
/// ```
/// use scanall::advisories::version::compare;
/// use std::cmp::Ordering::{Equal, Less};
///
/// assert_eq!(compare("npm", "1.0.0-rc.2", "1.0.0-rc.10"), Some(Less));
/// assert_eq!(compare("PyPI", "1.0rc1", "1.0.0c1"), Some(Equal));
/// assert_eq!(compare("Debian:12", "1:1.0~rc1-1", "1:1.0-1"), Some(Less));
/// assert_eq!(compare("unheard of", "1", "2"), None);
/// ```
pub fn compare(ecosystem: &str, a: &str, b: &str) -> Option<Ordering> {
    Some(Scheme::of(ecosystem)?.compare(a, b))
}

/// Whether a version meets a requirement, written as manifests of the ecosystem write it, or as advisories do
/// (`>= 1.0, < 2.0 || = 3.0`). An empty requirement is met.
///
/// `None` when the ecosystem is not known, or the requirement or version is not understood: a path, a branch, a tag.
///
/// ```
/// use scanall::advisories::version::satisfies;
///
/// assert_eq!(satisfies("crates.io", "1.4.2", "^1.2"), Some(true));
/// assert_eq!(satisfies("npm", "2.0.0", "~1.2.3 || 1.x"), Some(false));
/// assert_eq!(satisfies("npm", "1.0.0", "workspace:*"), None);
/// ```
pub fn satisfies(ecosystem: &str, version: &str, requirement: &str) -> Option<bool> {
    Scheme::of(ecosystem)?.satisfies(version, requirement)
}

/// The scheme that versions of an ecosystem follow.
#[derive(Clone, Copy)]
pub struct Scheme(&'static Rules);

impl Scheme {
    /// The scheme of an ecosystem; `None` when the ecosystem is not known.
    pub fn of(ecosystem: &str) -> Option<Self> {
        ecosystem::rules(ecosystem).map(Self)
    }

    /// A name for the scheme, in small letters: `npm`, `pep440`.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The order of two versions, as [`compare`] has it.
    pub fn compare(self, a: &str, b: &str) -> Ordering {
        let plain = if self.0.is_plain { plain::compare(a, b) } else { None };
        match plain {
            Some(order) => order,
            None if a == b => Ordering::Equal,
            None => (self.0.compare)(a, b),
        }
    }

    /// Whether a version meets a requirement, as [`satisfies`] has it.
    pub fn satisfies(self, version: &str, requirement: &str) -> Option<bool> {
        (self.0.satisfies)(version, requirement)
    }
}

impl PartialEq for Scheme {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Scheme {}

impl fmt::Debug for Scheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Scheme({})", self.name())
    }
}
