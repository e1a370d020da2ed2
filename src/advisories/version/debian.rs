//! Debian, Ubuntu and opam: `[epoch:]upstream[-revision]`, as dpkg compares (deb-version(7)).
//!
//! What is before the first colon and no number belongs to the upstream version, which may hold anything.

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement::comparators;
use super::rules::Rules;

pub(super) static RULES: Rules = Rules {
    name: "debian",
    is_plain: true,
    compare,
    satisfies: |version, requirement| comparators::satisfies(compare, version, requirement),
};

/// opam orders the whole text as dpkg orders a part (<https://opam.ocaml.org/doc/Manual.html#version-ordering>).
pub(super) static OPAM: Rules = Rules {
    name: "opam",
    is_plain: true,
    compare: |a, b| part(a.trim(), b.trim()),
    satisfies: |version, requirement| comparators::satisfies(OPAM.compare, version, requirement),
};

fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (split(a), split(b));
    a.0.cmp(&b.0).then_with(|| part(a.1, b.1)).then_with(|| part(a.2, b.2))
}

/// The epoch, the upstream version and the revision.
fn split(text: &str) -> (Number<'_>, &str, &str) {
    let text = text.trim();
    let epoch = text.split_once(':').and_then(|(epoch, rest)| Some((Number::read(epoch)?, rest)));
    let (epoch, rest) = epoch.unwrap_or((Number::ZERO, text));
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
    (epoch, upstream, revision)
}

/// By turns what is no digit, byte by byte, and numbers.
fn part(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let ((text_a, rest_a), (text_b, rest_b)) = (split_text(a), split_text(b));
        let ((number_a, rest_a), (number_b, rest_b)) = (number::split_digits(rest_a), number::split_digits(rest_b));
        let order = number::padded(text_a.bytes().map(weight), text_b.bytes().map(weight), END)
            .then_with(|| Number::new(number_a).cmp(&Number::new(number_b)));
        if order.is_ne() {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
    Ordering::Equal
}

fn split_text(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().position(|byte| byte.is_ascii_digit()).unwrap_or(text.len()))
}

const END: u16 = 1;

/// A tilde before the end, the end before letters, letters before the rest.
fn weight(byte: u8) -> u16 {
    match byte {
        b'~' => 0,
        byte if byte.is_ascii_alphabetic() => u16::from(byte) + 1,
        byte => u16::from(byte) + 256,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend};

    /// deb-version(7)
    #[test]
    fn tildes_precede_the_end_and_letters_all_else() {
        for ecosystem in ["Debian", "Ubuntu:22.04:LTS", "opam"] {
            ascend(ecosystem, &["1.0~~", "1.0~~a", "1.0~", "1.0", "1.0a", "1.0z", "1.0+b1", "1.0.1", "1.2", "1.10"]);
            are_equal(ecosystem, &["1.0", "1.00", "01.0"]);
        }
        ascend("Debian", &["9:0", "10:0"]);
        ascend("Debian", &["2.0-9", "1:1.0-1", "1:1.0-1ubuntu1", "1:1.0-1+deb12u1", "1:1.0-2", "1:1.0-2-1"]);
        ascend("Debian", &["1.0-1~bpo11+1", "1.0-1", "1.0.1~rc1-1", "1.0.1-1"]);
        are_equal("Debian", &["0:1.0", "1.0", "1.0-0", "1.0-"]);
    }
}
