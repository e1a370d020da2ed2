//! Requirements of Maven (<https://maven.apache.org/pom.html#dependency-version-requirement-specification>): intervals,
//! or a version that is only recommended.

use super::super::maven;
use super::{comparators, interval};

/// Every version meets one that is recommended. Comparisons, which advisories write, are read, too.
pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let requirement = requirement.trim();
    match requirement.chars().next() {
        Some('[' | '(') => interval::contains(maven::compare, version, requirement),
        Some('<' | '>' | '=' | '!' | '*') => comparators::satisfies(maven::compare, version, requirement),
        _ => Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the POM reference.
    #[test]
    fn the_examples_of_the_reference() {
        meet("Maven", "(,1.0]", &["1.0", "0.9", "1.0-rc1"], &["1.0.1"]);
        meet("Maven", "[1.2,1.3]", &["1.2", "1.3"], &["1.3.1", "1.2-rc"]);
        meet("Maven", "[1.0,2.0)", &["1.0", "2.0-rc"], &["2.0"]);
        meet("Maven", "[1.5,)", &["1.5", "9"], &["1.4"]);
        meet("Maven", "(,1.0],[1.2,)", &["1.0", "1.2"], &["1.1"]);
        meet("Maven", "[1.0]", &["1.0.0"], &["1.1"]);
        // A recommendation is met by all.
        meet("Maven", "1.0", &["0.9", "1.0", "2.0"], &[]);
        meet("Maven", ">= 1.0, < 2.0", &["1.0"], &["2.0"]);
        are_unknown("Maven", &["[1.0", "[1,2,3]", "(1.0)", "[1,2)x", "[]"]);
    }
}
