//! Semantic versions (<https://semver.org>, section 11), and those that are nearly so.
//!
//! Nothing is refused: a `v` or `=` in front is passed over, missing numbers are zero, there may be more than three, and
//! numbers have any size. What follows the numbers is a prerelease, with a hyphen before it or not (`1.0.0beta`,
//! `1.0.0.beta`). A text without numbers is a prerelease of version 0.

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement::{cargo, comparators, conan, golang, hex, julia, npm, pub_dev};
use super::rules::Rules;

/// What ecosystems with semantic versions disagree about.
struct Dialect {
    /// Whether `01` in a prerelease is a number. The specification knows no such identifier; most take it for text.
    zeros_are_numbers: bool,
    /// Whether build metadata counts, behind everything else.
    build_counts: bool,
}

const STANDARD: Dialect = Dialect { zeros_are_numbers: false, build_counts: false };
const NPM_DIALECT: Dialect = Dialect { zeros_are_numbers: true, build_counts: false };
const BUILD: Dialect = Dialect { zeros_are_numbers: true, build_counts: true };

/// Semantic versions where requirements are lists of comparators.
pub(super) static PLAIN: Rules = Rules {
    name: "semver",
    is_plain: true,
    compare: |a, b| compare(&STANDARD, a, b),
    satisfies: |version, requirement| comparators::satisfies(PLAIN.compare, version, requirement),
};

/// crates.io: <https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>.
pub(super) static CARGO: Rules =
    Rules { name: "cargo", is_plain: true, compare: |a, b| compare(&STANDARD, a, b), satisfies: cargo::satisfies };

/// npm: <https://github.com/npm/node-semver>.
pub(super) static NPM: Rules =
    Rules { name: "npm", is_plain: true, compare: |a, b| compare(&NPM_DIALECT, a, b), satisfies: npm::satisfies };

/// npm, where ranges take prereleases as any other version (`includePrerelease`).
pub(super) static NPM_PRERELEASE: Rules = Rules {
    name: "npm-prerelease",
    is_plain: true,
    compare: |a, b| compare(&NPM_DIALECT, a, b),
    satisfies: npm::satisfies_with_prereleases,
};

/// Actions: a requirement `v4` is a tag that moves with every `v4.x.y`.
pub(super) static ACTIONS: Rules =
    Rules { name: "actions", is_plain: true, compare: |a, b| compare(&STANDARD, a, b), satisfies: npm::satisfies };

/// Go modules: <https://go.dev/ref/mod#versions>. A pseudo-version is a prerelease like any other, `+incompatible` is
/// build metadata. Releases of Go itself may say `go` in front.
pub(super) static GO: Rules = Rules {
    name: "go",
    is_plain: true,
    compare: |a, b| compare(&STANDARD, toolchain(a), toolchain(b)),
    satisfies: golang::satisfies,
};

/// Pub orders build metadata: <https://pub.dev/documentation/pub_semver/latest/>.
pub(super) static PUB: Rules =
    Rules { name: "pub", is_plain: true, compare: |a, b| compare(&BUILD, a, b), satisfies: pub_dev::satisfies };

/// Julia's `VersionNumber` orders build metadata: <https://docs.julialang.org/en/v1/manual/strings/>.
pub(super) static JULIA: Rules =
    Rules { name: "julia", is_plain: true, compare: |a, b| compare(&BUILD, a, b), satisfies: julia::satisfies };

/// Hex: <https://hexdocs.pm/elixir/Version.html>.
pub(super) static HEX: Rules =
    Rules { name: "hex", is_plain: true, compare: |a, b| compare(&STANDARD, a, b), satisfies: hex::satisfies };

/// Bitnami: a number behind the hyphen is the revision of the packaging (`2.3.1-1`), which does not change what is
/// packaged, and advisories name versions without it.
pub(super) static BITNAMI: Rules = Rules {
    name: "bitnami",
    is_plain: true,
    compare: |a, b| compare(&STANDARD, without_revision(a), without_revision(b)),
    satisfies: |version, requirement| comparators::satisfies(BITNAMI.compare, version, requirement),
};

/// Conan: `1.1.1k` follows `1.1.1`, and build metadata counts: <https://docs.conan.io/2/tutorial/versioning.html>.
pub(super) static CONAN: Rules =
    Rules { name: "conan", is_plain: true, compare: super::generic::compare, satisfies: conan::satisfies };

/// The parts of a version.
pub(super) struct Parts<'a> {
    /// Numbers and dots, or nothing.
    pub(super) numbers: &'a str,
    pub(super) prerelease: Option<&'a str>,
    pub(super) build: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let (numbers, rest) = number::split_dotted(bare(text));
        if rest.is_empty() {
            return Self { numbers, prerelease: None, build: None };
        }
        let (before, build) = match rest.split_once('+') {
            Some((before, build)) => (before, Some(build)),
            None => (rest, None),
        };
        let prerelease = (!before.is_empty()).then(|| before.strip_prefix(['-', '.', '_']).unwrap_or(before));
        Self { numbers, prerelease, build }
    }
}

/// A version without what is written in front of it.
fn bare(text: &str) -> &str {
    if text.bytes().next().is_some_and(|first| first.is_ascii_digit()) {
        return text.trim_end();
    }
    let text = text.trim().trim_start_matches('=').trim_start();
    let without = text.trim_start_matches(['v', 'V']).trim_start();
    if without.starts_with(|first: char| first.is_ascii_digit()) { without } else { text }
}

fn compare(dialect: &Dialect, a: &str, b: &str) -> Ordering {
    let (a, b) = (Parts::of(a), Parts::of(b));
    number::padded(number::numbers(a.numbers), number::numbers(b.numbers), Number::ZERO)
        .then_with(|| match (a.prerelease, b.prerelease) {
            (Some(a), Some(b)) => identifiers(dialect, a, b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        })
        .then_with(|| match (a.build, b.build) {
            _ if !dialect.build_counts => Ordering::Equal,
            (Some(a), Some(b)) => identifiers(dialect, a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
}

/// The order of two prereleases, as npm has it.
pub(super) fn prereleases(a: &str, b: &str) -> Ordering {
    identifiers(&NPM_DIALECT, a, b)
}

/// What is between the dots of a prerelease: numbers come first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identifier<'a> {
    Number(Number<'a>),
    Text(&'a str),
}

fn identifiers(dialect: &Dialect, a: &str, b: &str) -> Ordering {
    let read = |text| match Number::read(text) {
        Some(number) if dialect.zeros_are_numbers || text == "0" || !text.starts_with('0') => {
            Identifier::Number(number)
        }
        _ => Identifier::Text(text),
    };
    number::dotted(a).map(read).cmp(number::dotted(b).map(read))
}

fn toolchain(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("go").filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit())).unwrap_or(text)
}

fn without_revision(text: &str) -> &str {
    match text.trim().rsplit_once('-') {
        Some((version, revision)) if number::is_number(revision) => version,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::compare;
    use super::super::tests::{are_equal, ascend};

    /// The order of section 11 of the specification, and what is written around versions.
    #[test]
    fn the_examples_of_the_specification() {
        for ecosystem in ["crates.io", "npm", "Go", "Pub", "Hex", "SwiftURL", "Julia", "VSCode"] {
            ascend(
                ecosystem,
                &[
                    "0.9.9",
                    "1.0.0-alpha",
                    "1.0.0-alpha.1",
                    "1.0.0-alpha.beta",
                    "1.0.0-beta",
                    "1.0.0-beta.2",
                    "1.0.0-beta.11",
                    "1.0.0-rc.1",
                    "1.0.0",
                    "2.0.0",
                    "2.1.0",
                    "2.1.1",
                    "18446744073709551616.0.0",
                    "18446744073709551617.0.0",
                ],
            );
            are_equal(ecosystem, &["1.2.0", "v1.2.0", "1.2", "=1.2", " 1.2.0.0 ", "V1.02"]);
            are_equal(ecosystem, &["1.0.0-rc.1", "1.0.0rc.1", "1.0.0.rc.1"]);
            ascend(ecosystem, &["main", "0", "0.0.0.1"]);
        }
    }

    #[test]
    fn ecosystems_disagree_about_little() {
        for ecosystem in ["crates.io", "npm", "Go", "Hex"] {
            are_equal(ecosystem, &["1.0.0", "1.0.0+1", "1.0.0+build.2"]);
        }
        for ecosystem in ["Pub", "Julia"] {
            ascend(ecosystem, &["1.0.0-a", "1.0.0-a+1", "1.0.0", "1.0.0+1", "1.0.0+2", "1.0.0+10", "1.0.0+a", "1.0.1"]);
        }
        ascend("npm", &["1.0.0-rc.011", "1.0.0-rc.12"]);
        ascend("Go", &["1.0.0-rc.12", "1.0.0-rc.011"]);
        are_equal("Bitnami", &["2.3.1", "2.3.1-1", "2.3.1-2"]);
        ascend("Bitnami", &["2.3.1-rc", "2.3.1-1", "2.3.2"]);
    }

    /// <https://go.dev/ref/mod#pseudo-versions>
    #[test]
    fn go_has_pseudo_versions() {
        ascend(
            "Go",
            &[
                "v0.0.0-20180116102854-5a71ef0e047d",
                "v0.0.0-20180216102854-000000000000",
                "v1.2.3-pre.0.20191109021931-daa7c04131f5",
                "v1.2.3",
                "v1.2.4-0.20191109021931-daa7c04131f5",
                "v1.2.4",
                "v2.0.0+incompatible",
                "v2.0.1",
            ],
        );
        ascend("Go", &["go1.20.14", "go1.21rc2", "go1.21.0", "1.22.1"]);
        are_equal("Go", &["v2.0.0+incompatible", "2.0.0"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        /// The crate that Cargo itself uses says the same.
        #[test]
        fn cargo_says_the_same(a in VERSION, b in VERSION) {
            if let (Ok(left), Ok(right)) = (semver::Version::parse(&a), semver::Version::parse(&b)) {
                let theirs = left.cmp_precedence(&right);
                prop_assert_eq!(compare("crates.io", &a, &b), Some(theirs), "{} and {}", a, b);
            }
        }
    }

    const VERSION: &str = r"[0-2]\.(0|1|10)\.[0-2](-(0|1|10|a|B|-|rc)(\.(0|1|2|10|a|b|x-1)){0,2})?(\+(a|1))?";
}
