//! Requirements of Cargo (<https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>): `1.2`, `^1.2`,
//! `~1.2`, `1.*`, `>=1.2, <1.5`.

use std::cmp::Ordering;

use super::super::semver::prereleases;
use super::bound::{Partial, Release};
use super::npm;
use super::operator::Operator;

/// All that is written between commas must hold; a version alone has a caret. A prerelease meets a requirement only where
/// that names a prerelease of the same numbers.
pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let version = Release::read(version)?;
    let (mut met, mut names_prerelease) = (true, !version.is_prerelease());
    for comparison in requirement.split(',').map(str::trim) {
        if comparison.is_empty() {
            continue;
        }
        let comparator = Comparator::read(comparison)?;
        met &= comparator.holds(&version);
        let named = comparator.partial.floor();
        names_prerelease |= named.is_prerelease() && named.numbers == version.numbers;
    }
    Some(met && names_prerelease)
}

enum Kind {
    Caret,
    Tilde,
    Comparison(Operator),
}

struct Comparator<'a> {
    kind: Kind,
    partial: Partial<'a>,
}

impl<'a> Comparator<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (kind, version) = match (text.strip_prefix('^'), text.strip_prefix('~'), Operator::split(text)) {
            (Some(version), ..) => (Kind::Caret, version),
            (_, Some(version), _) => (Kind::Tilde, version),
            (.., (Some(operator), version)) => (Kind::Comparison(operator), version),
            // Stars leave the numbers before them no choice.
            (.., (None, version)) if npm::has_star(version) => (Kind::Comparison(Operator::Equal), version),
            (.., (None, version)) => (Kind::Caret, version),
        };
        let version = version.trim();
        let partial = Partial::read(version).filter(|_| !version.is_empty() && !version.contains(' '))?;
        Some(Self { kind, partial })
    }

    fn holds(&self, version: &Release<'_>) -> bool {
        let given = self.partial.given();
        let floor = self.partial.floor();
        if given == 0 {
            return true;
        }
        let numbers = || version.numbers.iter().zip(&floor.numbers).take(given);
        let order = numbers().map(|(a, b)| a.cmp(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
        let pre = match (version.pre, floor.pre) {
            ("", _) | (_, "") => version.pre.is_empty().cmp(&floor.pre.is_empty()),
            (a, b) => prereleases(a, b),
        };
        // Of an incomplete version, only what is no prerelease is the same, and nothing that begins so is more or less.
        let is_same = order.is_eq() && pre.is_eq();
        let order = if given == 3 { order.then(pre) } else { order };
        let fixed = match self.kind {
            Kind::Comparison(operator) => {
                return match operator {
                    Operator::Equal => is_same,
                    Operator::Different => !is_same,
                    Operator::Less | Operator::More => operator.holds(order),
                    Operator::AtMost => is_same || order.is_lt(),
                    Operator::AtLeast => is_same || order.is_gt(),
                };
            }
            Kind::Tilde => given.min(2),
            Kind::Caret => super::bound::caret(&self.partial) + 1,
        };
        let is_within = numbers().take(fixed).all(|(a, b)| a == b);
        is_within && (is_same || order.is_gt() || (given < 3 && order.is_eq() && matches!(self.kind, Kind::Caret)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::tests::{are_unknown, meet};
    use super::satisfies;

    /// From the reference of Cargo.
    #[test]
    fn the_examples_of_the_reference() {
        meet("crates.io", "1.2.3", &["1.2.3", "1.9.0"], &["2.0.0", "1.2.2"]);
        meet("crates.io", "0.2.3", &["0.2.9"], &["0.3.0"]);
        meet("crates.io", "~1.2", &["1.2.9"], &["1.3.0"]);
        meet("crates.io", "1.*", &["1.9.0"], &["2.0.0"]);
        meet("crates.io", ">= 1.2, < 1.5", &["1.2.0", "1.4.9"], &["1.5.0"]);
        meet("crates.io", "=1.2", &["1.2.7"], &["1.3.0"]);
        meet("crates.io", "*", &["0.1.0"], &["1.0.0-alpha"]);
        are_unknown("crates.io", &["1 || 2", "main", "^"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        /// The crate that Cargo itself uses says the same, of all that it reads.
        #[test]
        fn cargo_says_the_same(
            version in "[0-2]\\.[0-2]\\.[0-2](-(a|b|1|rc\\.1))?",
            requirement in "((=|\\^|~|>|>=|<|<=|) ?[0-2](\\.[0-2](\\.[0-2](-(a|b|1|rc\\.1))?)?)?, ){0,2}(|\\^|~|<|>|=)[0-2](\\.[0-2x*])?",
        ) {
            if let Ok(theirs) = semver::VersionReq::parse(&requirement) {
                let met = theirs.matches(&semver::Version::parse(&version).unwrap());
                prop_assert_eq!(satisfies(&version, &requirement), Some(met), "{} in {}", version, requirement);
            }
        }
    }
}
