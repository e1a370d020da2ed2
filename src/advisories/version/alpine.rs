//! Alpine and those that use its apk: `1.2.3a_rc1_p2~hash-r3`, as apk-tools 3 compares (`apk-package(5)`, `version.c`).
//!
//! Where apk takes a version for invalid, what is left of it is compared as text; it precedes the end. A number right
//! behind a letter (`1.9.5p1`), which apk-tools 2 had taken, is taken.

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement::comparators;
use super::rules::Rules;

pub(super) static RULES: Rules = Rules { name: "alpine", is_plain: true, compare, satisfies };

/// In a requirement, `~1.2` is about every version that begins with `1.2`.
fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let requirement = requirement.trim();
    match requirement.strip_prefix("=~").or_else(|| requirement.strip_prefix('~')) {
        Some(prefix) => Some(begins(version, prefix)),
        None => comparators::satisfies(compare, version, requirement),
    }
}

/// The tokens in the order in which the one that goes on sorts: what is before `End` makes a version earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    Prerelease(usize),
    Invalid(&'a str),
    End,
    Revision(Number<'a>),
    Hash(&'a str),
    SuffixNumber(Number<'a>),
    Suffix(usize),
    Letter(u8),
    /// A number behind a letter.
    LetterNumber(Number<'a>),
    /// A part that begins with zero is a fraction: compared digit by digit, as the Gentoo specification has it.
    Fraction(&'a str),
    Number(Number<'a>),
    /// The first number, which has no fraction.
    First(Number<'a>),
}

const PRERELEASES: [&str; 4] = ["alpha", "beta", "pre", "rc"];
const SUFFIXES: [&str; 5] = ["cvs", "svn", "git", "hg", "p"];

fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (Tokens::of(a), Tokens::of(b));
    loop {
        let (token_a, token_b) = (a.next(), b.next());
        let order = token_a.cmp(&token_b);
        if order.is_ne() || matches!(token_a, Token::End | Token::Invalid(_)) {
            return order;
        }
    }
}

fn begins(version: &str, prefix: &str) -> bool {
    let (mut version, mut prefix) = (Tokens::of(version), Tokens::of(prefix));
    loop {
        match (version.next(), prefix.next()) {
            (_, Token::End) => return true,
            (token, expected) if token != expected => return false,
            (Token::Invalid(_), _) => return true,
            _ => {}
        }
    }
}

struct Tokens<'a> {
    rest: &'a str,
    last: Option<Token<'a>>,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Self {
        Self { rest: text.trim(), last: None }
    }

    fn next(&mut self) -> Token<'a> {
        let token = self.read().unwrap_or(Token::Invalid(self.rest));
        self.last = Some(token);
        token
    }

    /// The next token, when it may follow the last one.
    fn read(&mut self) -> Option<Token<'a>> {
        let text = self.rest;
        let Some(last) = self.last else { return Some(Token::First(self.digits(text)?.1)) };
        let Some(first) = text.chars().next() else { return Some(Token::End) };
        let in_numbers = matches!(last, Token::First(_) | Token::Number(_) | Token::Fraction(_));
        match first {
            '.' if in_numbers => {
                let (digits, number) = self.digits(text.get(1..)?)?;
                Some(if digits.starts_with('0') { Token::Fraction(digits) } else { Token::Number(number) })
            }
            '0'..='9' if matches!(last, Token::Letter(_)) => Some(Token::LetterNumber(self.digits(text)?.1)),
            '0'..='9' if matches!(last, Token::Suffix(_) | Token::Prerelease(_)) => {
                Some(Token::SuffixNumber(self.digits(text)?.1))
            }
            'a'..='z' if in_numbers => {
                self.rest = text.get(1..)?;
                Some(Token::Letter(text.bytes().next()?))
            }
            '_' if !matches!(last, Token::Hash(_) | Token::Revision(_)) => {
                let (name, rest) = number::split_while(text.get(1..)?, |byte| byte.is_ascii_lowercase());
                let among = |names: &[&str]| names.iter().position(|known| *known == name);
                let token =
                    among(&PRERELEASES).map(Token::Prerelease).or_else(|| among(&SUFFIXES).map(Token::Suffix))?;
                self.rest = rest;
                Some(token)
            }
            '~' if !matches!(last, Token::Hash(_) | Token::Revision(_)) => {
                let (hash, rest) = number::split_while(text.get(1..)?, |byte| byte.is_ascii_hexdigit());
                let token = (!hash.is_empty()).then_some(Token::Hash(hash))?;
                self.rest = rest;
                Some(token)
            }
            '-' if !matches!(last, Token::Revision(_)) => {
                Some(Token::Revision(self.digits(text.strip_prefix("-r")?)?.1))
            }
            _ => None,
        }
    }

    /// Takes the digits that `text` begins with.
    fn digits(&mut self, text: &'a str) -> Option<(&'a str, Number<'a>)> {
        let (digits, rest) = number::split_digits(text);
        let number = Number::read(digits)?;
        self.rest = rest;
        Some((digits, number))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ascend, meet};

    #[test]
    fn suffixes_are_before_the_end_or_behind_it() {
        for ecosystem in ["Alpine:v3.20", "Wolfi", "Chainguard", "apk"] {
            ascend(
                ecosystem,
                &[
                    "1.0_alpha",
                    "1.0_alpha2",
                    "1.0_beta",
                    "1.0_pre",
                    "1.0_rc1",
                    "1.0",
                    "1.0-r1",
                    "1.0-r10",
                    "1.0~0f2a",
                    "1.0_cvs",
                    "1.0_git20200101",
                    "1.0_p1",
                    "1.0_p1-r2",
                    "1.0_p2",
                    "1.0a",
                    "1.0b",
                    "1.0.1",
                    "1.1",
                    "1.10",
                    "2",
                ],
            );
            ascend(ecosystem, &["1.009", "1.01", "1.010", "1.1"]);
            ascend(ecosystem, &["1.9.5p1-r0", "1.9.5p1-r1", "1.9.5p2-r0", "1.9.5p10", "1.9.6"]);
            ascend(ecosystem, &["", "nothing", "0"]);
        }
    }

    #[test]
    fn a_tilde_is_about_what_begins_so() {
        meet("Alpine", "~1.2", &["1.2", "1.2.5-r3", "1.2_p1"], &["1.20", "1.1", "1"]);
        meet("Alpine", ">=1.2-r1", &["1.2-r1", "1.3"], &["1.2-r0"]);
        meet("Alpine", "<1.2_rc1 || >2", &["1.2_beta", "3"], &["1.2_rc1", "2"]);
    }
}
