//! Requirements of Conan (<https://docs.conan.io/2/tutorial/versioning/version_ranges.html>): `1.1.1k`,
//! `[>=1.0 <2]`, `[~1.2]`.

use super::super::generic;
use super::npm;

pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let requirement = requirement.trim();
    match requirement.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(range) => {
            let (range, options) = range.split_once(',').unwrap_or((range, ""));
            match options.trim() {
                "include_prerelease" | "include_prerelease=True" => npm::satisfies_with_prereleases(version, range),
                _ => npm::satisfies(version, range),
            }
        }
        None if requirement.is_empty() || requirement.contains(['<', '>', '[', ' ']) => None,
        None => Some(generic::compare(version, requirement).is_eq()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the documentation of Conan.
    #[test]
    fn the_examples_of_the_documentation() {
        meet("ConanCenter", "1.1.1k", &["1.1.1k"], &["1.1.1"]);
        meet("ConanCenter", "[>=1.0 <2]", &["1.0.0", "1.9.0"], &["2.0.0", "1.5.0-rc"]);
        meet("ConanCenter", "[~1.2 || ^3]", &["1.2.9", "3.4.0"], &["1.3.0"]);
        meet("ConanCenter", "[>=1.0, include_prerelease]", &["1.5.0-rc"], &["0.9.0"]);
        are_unknown("ConanCenter", &["", "[>=1", ">=1"]);
    }
}
