//! Gentoo: `1.2.3b_alpha4_p5-r6` (Package Manager Specification, section 3.3,
//! <https://projects.gentoo.org/pms/8/pms.html#version-comparison>).
//!
//! What is no version precedes all that are, and is compared as text.

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement::comparators;
use super::rules::Rules;

pub(super) static RULES: Rules = Rules {
    name: "gentoo",
    is_plain: true,
    compare,
    satisfies: |version, requirement| comparators::satisfies(compare, version, requirement),
};

/// In order; what is between the fourth and the last is a version without a suffix.
const PRERELEASES: [&str; 4] = ["alpha", "beta", "pre", "rc"];

fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim(), b.trim());
    match (Version::read(a), Version::read(b)) {
        (Some(a), Some(b)) => a.compare(&b),
        (None, None) => a.cmp(b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

struct Version<'a> {
    first: Number<'a>,
    /// Behind the first dot: numbers and dots.
    rest: &'a str,
    letter: Option<u8>,
    /// With the underscores before them.
    suffixes: &'a str,
    revision: Number<'a>,
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (text, revision) = match text.rsplit_once("-r") {
            Some((text, revision)) => (text, Number::read(revision)?),
            None => (text, Number::ZERO),
        };
        let (numbers, tail) = number::split_dotted(text);
        let (first, rest) = numbers.split_once('.').unwrap_or((numbers, ""));
        let letter = tail.bytes().next().filter(u8::is_ascii_lowercase);
        let suffixes = if letter.is_some() { tail.get(1..)? } else { tail };
        let known = suffixes.split('_').skip(1).all(|text| suffix(text).is_some());
        let known = known && (suffixes.is_empty() || suffixes.starts_with('_'));
        known.then_some(Self { first: Number::read(first)?, rest, letter, suffixes, revision })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let parts = |version: &Self| number::dotted(version.rest).filter(|part| !part.is_empty()).map(Part::of);
        let suffixes = |version: &Self| version.suffixes.split('_').skip(1).filter_map(suffix);
        (self.first.cmp(&other.first))
            .then_with(|| parts(self).cmp(parts(other)))
            .then_with(|| self.letter.cmp(&other.letter))
            .then_with(|| number::padded(suffixes(self), suffixes(other), NO_SUFFIX))
            .then_with(|| self.revision.cmp(&other.revision))
    }
}

/// A number behind the first: one that begins with zero is a fraction, and always the smaller one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Fraction(&'a str),
    Number(Number<'a>),
}

impl<'a> Part<'a> {
    fn of(digits: &'a str) -> Self {
        match digits.starts_with('0') {
            true => Self::Fraction(digits.trim_end_matches('0')),
            false => Self::Number(Number::new(digits)),
        }
    }
}

const NO_SUFFIX: (usize, Number<'static>) = (PRERELEASES.len(), Number::ZERO);

/// The rank of a suffix, and its number.
fn suffix(text: &str) -> Option<(usize, Number<'_>)> {
    let (name, digits) = number::split_while(text, |byte| byte.is_ascii_lowercase());
    let rank = match name {
        "p" => PRERELEASES.len() + 1,
        name => PRERELEASES.iter().position(|known| *known == name)?,
    };
    (digits.is_empty() || number::is_number(digits)).then(|| (rank, Number::new(digits)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend};

    /// Section 3.3 of the specification.
    #[test]
    fn parts_are_compared_one_by_one() {
        ascend(
            "Gentoo",
            &[
                "1_alpha",
                "1_alpha1",
                "1_beta_alpha",
                "1_beta",
                "1_beta_p",
                "1_pre",
                "1_rc",
                "1",
                "1-r1",
                "1-r10",
                "1_p",
                "1_p1",
                "1a",
                "1b_alpha",
                "1b",
                "1.0",
                "1.01",
                "1.011",
                "1.1",
                "1.1.0",
                "1.2",
                "1.10",
                "10",
            ],
        );
        are_equal("Gentoo", &["1.2", "1.2-r0", "01.2"]);
        are_equal("Gentoo", &["1.010", "1.01"]);
        ascend("Gentoo", &["", "1.2_foo", "9999-live", "x", "0"]);
    }
}
