//! What go.mod asks for (<https://go.dev/ref/mod#minimal-version-selection>): a version is a minimum.

use super::super::semver;
use super::comparators;

/// Advisories write comparisons, which are read, too.
pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let compare = semver::GO.compare;
    let requirement = requirement.trim();
    let bare = requirement.strip_prefix("go").or_else(|| requirement.strip_prefix('v')).unwrap_or(requirement);
    match bare.starts_with(|first: char| first.is_ascii_digit()) && !bare.contains([' ', ',', '|']) {
        true => Some(compare(version, requirement).is_ge()),
        false => comparators::satisfies(compare, version, requirement),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    #[test]
    fn a_version_is_a_minimum() {
        meet("Go", "v1.2.3", &["v1.2.3", "v1.3.0", "v2.0.0+incompatible"], &["v1.2.2", "v1.2.3-rc.1"]);
        meet("Go", "go1.21", &["go1.21.0", "1.22"], &["go1.20.5"]);
        meet("Go", ">= 1.2.0, < 1.3.0", &["v1.2.9"], &["v1.3.0"]);
        are_unknown("Go", &["latest", "main", ">"]);
    }
}
