//! Arch: `[epoch:]version[-release]`, as vercmp(8) compares. A missing release precedes every other, where pacman takes
//! it for the same as any, which would be no order.

use std::cmp::Ordering;

use super::evr;
use super::number::{self, Number};
use super::rules::Rules;

pub(super) static RULES: Rules = Rules {
    name: "arch",
    is_plain: true,
    compare: |a, b| evr::compare(part, a, b),
    satisfies: |version, requirement| evr::satisfies(part, version, requirement),
};

/// Letters right behind a number are a prerelease, everything else makes a later version: `1.0a < 1.0 < 1.0.a < 1.0.1`.
/// More separators before a segment make it later, whatever it is.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    Attached(&'a str),
    End,
    /// Separators, and then the end.
    Trailing,
    Segment(usize, Segment<'a>),
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    Text(&'a str),
    Number(Number<'a>),
}

fn part(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let (token_a, token_b);
        (token_a, a) = next(a);
        (token_b, b) = next(b);
        let order = token_a.cmp(&token_b);
        if order.is_ne() || matches!(token_a, Token::End | Token::Trailing) {
            return order;
        }
    }
}

fn next(text: &str) -> (Token<'_>, &str) {
    let separators = text.find(|c: char| c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (_, rest) = text.split_at(separators);
    match rest.bytes().next() {
        None if separators == 0 => (Token::End, rest),
        None => (Token::Trailing, rest),
        Some(first) if first.is_ascii_digit() => {
            let (digits, rest) = number::split_digits(rest);
            (Token::Segment(separators, Segment::Number(Number::new(digits))), rest)
        }
        Some(_) => {
            let (letters, rest) = number::split_while(rest, |byte| byte.is_ascii_alphabetic());
            match separators {
                0 => (Token::Attached(letters), rest),
                _ => (Token::Segment(separators, Segment::Text(letters)), rest),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend, meet};

    /// vercmp(8)
    #[test]
    fn the_examples_of_the_manual() {
        ascend("Arch", &["1.0a", "1.0b", "1.0beta", "1.0p", "1.0pre", "1.0rc", "1.0", "1.0.a", "1.0.1"]);
        ascend("alpm", &["1", "1.0", "1.1", "1.1.1", "1.2", "2.0", "3.0.0"]);
        ascend("Arch", &["2.0-1", "1:1.0-1", "1:1.0-1.1", "1:1.0-2", "2:0.1"]);
        are_equal("Arch", &["1.0.1", "1.0.001", "0:1.0.1"]);
        meet("Arch", ">=1.0", &["1.0-1", "1.0", "2-1"], &["1.0rc-3", "0.9"]);
    }
}
