//! Java runtimes: `1.8.0_131-b11`, `8u131`, `17.0.2+8`, `21-ea` (JEP 223 and 322, and the scheme before them).
//!
//! `1.8` is version 8, builds do not count, and zeros at the end say nothing.

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement::comparators;
use super::rules::Rules;

pub(super) static RULES: Rules = Rules {
    name: "jvm",
    is_plain: false,
    compare,
    satisfies: |version, requirement| comparators::satisfies(compare, version, requirement),
};

fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (Version::of(a), Version::of(b));
    let numbers = |version: &Version<'_>| number::padded(a.numbers(), version.numbers(), Number::ZERO);
    numbers(&b).then_with(|| match (a.prerelease(), b.prerelease()) {
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    })
}

struct Version<'a> {
    numbers: &'a str,
    update: Option<&'a str>,
    /// With the hyphens before them: a prerelease and builds.
    rest: &'a str,
}

/// What stands before the update of an old version.
const UPDATES: [&str; 3] = ["-update", "_", "u"];

impl<'a> Version<'a> {
    fn of(text: &'a str) -> Self {
        let text = text.trim();
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let modern = text.strip_prefix("1.").filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
        let (numbers, rest) = number::split_dotted(modern.unwrap_or(text));
        let update = UPDATES.iter().find_map(|word| {
            let (digits, rest) = number::split_digits(rest.strip_prefix(word)?);
            (!digits.is_empty()).then_some((digits, rest))
        });
        match update {
            Some((digits, rest)) => Self { numbers, update: Some(digits), rest },
            None => Self { numbers, update: None, rest },
        }
    }

    /// An update is the third number, as `8u131` is `8.0.131`, or the one behind those that there are.
    fn numbers(&self) -> impl Iterator<Item = Number<'a>> + use<'a> {
        let there = number::numbers(self.numbers);
        let missing = match self.update {
            Some(_) => 2usize.saturating_sub(self.numbers.split('.').count()),
            None => 0,
        };
        there.chain(std::iter::repeat_n(Number::ZERO, missing)).chain(self.update.map(Number::new))
    }

    fn prerelease(&self) -> Option<&'a str> {
        let is_build = |part: &str| part.strip_prefix('b').is_some_and(number::is_number);
        self.rest.split('-').find(|part| !part.is_empty() && !is_build(part))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend};

    #[test]
    fn old_and_new_versions_are_one_scheme() {
        are_equal("JVM", &["1.8.0_131", "8.0.131", "8u131", "1.8.0-update131", "1.8.0_131-b11", "8.0.131+11"]);
        are_equal("JVM", &["17", "17.0", "17.0.0+35"]);
        ascend(
            "JVM",
            &[
                "1.6.0",
                "1.7.0_80",
                "1.8.0",
                "1.8.0_131-ea",
                "1.8.0_131",
                "1.8.0_202",
                "9.0.1",
                "17-ea",
                "17",
                "17.0.2",
                "21",
            ],
        );
    }
}
