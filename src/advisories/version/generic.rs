//! Versions of programs whose ecosystem has no rules of its own for them, as Conan orders them
//! (<https://docs.conan.io/2/tutorial/versioning.html>).
//!
//! Parts between dots are numbers, or begin with one (`1.1.1k`), and zeros at the end say nothing. A hyphen begins a
//! prerelease, a plus build metadata.

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement::comparators;
use super::rules::Rules;

pub(super) static RULES: Rules = Rules {
    name: "generic",
    is_plain: true,
    compare,
    satisfies: |version, requirement| comparators::satisfies(compare, version, requirement),
};

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (split(a), split(b));
    parts(a.0, b.0)
        .then_with(|| match (a.1, b.1) {
            (Some(a), Some(b)) => parts(a, b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        })
        .then_with(|| match (a.2, b.2) {
            (Some(a), Some(b)) => parts(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
}

/// The release, the prerelease and the build metadata.
fn split(text: &str) -> (&str, Option<&str>, Option<&str>) {
    let text = text.trim();
    let text =
        text.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(text);
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (release, prerelease) = text.split_once('-').map_or((text, None), |(text, pre)| (text, Some(pre)));
    (release, prerelease, build)
}

/// Part by part: a text before a number, a number before the same with letters behind it.
fn parts(a: &str, b: &str) -> Ordering {
    let read = |part| {
        let (digits, rest) = number::split_digits(part);
        (!digits.is_empty(), Number::new(digits), rest)
    };
    number::padded(number::dotted(a).map(read), number::dotted(b).map(read), (true, Number::ZERO, ""))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend};

    #[test]
    fn letters_behind_a_number_are_later() {
        ascend("ConanCenter", &["cci.20200101", "1.0.2", "1.1.1", "1.1.1a", "1.1.1k", "1.1.2-rc1", "1.1.2"]);
        ascend("Linux", &["5.9", "5.10-rc1", "5.10-rc2", "5.10", "5.10.1"]);
        ascend("ConanCenter", &["1.0-a", "1.0", "1.0+1", "1.0+2"]);
        are_equal("ConanCenter", &["1", "1.0", "v1.0.0"]);
    }
}
