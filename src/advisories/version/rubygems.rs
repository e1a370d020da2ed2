//! RubyGems: numbers and words, where a word makes a prerelease
//! (`Gem::Version`, <https://docs.ruby-lang.org/en/master/Gem/Version.html>).
//!
//! Everything that is no letter and no digit separates, so that nothing is refused; a hyphen is `.pre.`.

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement;
use super::rules::Rules;

pub(super) static RULES: Rules =
    Rules { name: "rubygems", is_plain: true, compare, satisfies: requirement::rubygems::satisfies };

/// Words precede numbers, and what is missing is zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment<'a> {
    Word(&'a str),
    Number(Number<'a>),
}

pub(super) const ZERO: Segment<'static> = Segment::Number(Number::ZERO);

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (Segments::of(a), Segments::of(b));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => a.unwrap_or(ZERO).cmp(&b.unwrap_or(ZERO)),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// The segments of a version, without the zeros before the first word, which say nothing: `1.0.a` is `1.a`.
pub(super) struct Segments<'a> {
    rest: &'a str,
    /// Zeros that are still to be given, since a number comes behind them.
    zeros: usize,
    next: Option<Segment<'a>>,
    in_words: bool,
}

impl<'a> Segments<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { rest: text.trim(), zeros: 0, next: None, in_words: false }
    }

    fn read(&mut self) -> Option<Segment<'a>> {
        let start = self.rest.find(|c: char| c.is_ascii_alphanumeric() || c == '-').unwrap_or(self.rest.len());
        let (_, rest) = self.rest.split_at(start);
        if let Some(rest) = rest.strip_prefix('-') {
            self.rest = rest;
            return Some(Segment::Word("pre"));
        }
        let is_number = rest.starts_with(|first: char| first.is_ascii_digit());
        let (text, rest) = match is_number {
            true => number::split_digits(rest),
            false => number::split_while(rest, |byte| byte.is_ascii_alphabetic()),
        };
        self.rest = rest;
        match (is_number, text) {
            (true, digits) => Some(Segment::Number(Number::new(digits))),
            (false, "") => None,
            (false, word) => Some(Segment::Word(word)),
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        if self.zeros == 0 && self.next.is_none() {
            let mut segment = self.read();
            while !self.in_words && segment == Some(ZERO) {
                self.zeros += 1;
                segment = self.read();
            }
            if let None | Some(Segment::Word(_)) = segment {
                self.zeros = 0;
                self.in_words = true;
            }
            self.next = segment;
        }
        match self.zeros.checked_sub(1) {
            Some(left) => {
                self.zeros = left;
                Some(ZERO)
            }
            None => self.next.take(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend};

    #[test]
    fn words_make_prereleases() {
        ascend(
            "RubyGems",
            &[
                "0.9", "1.A", "1.a", "1.a.1", "1.a.2", "1.a.10", "1.b", "1.b1", "1.pre", "1.rc1", "1", "1.0.1",
                "1.1.a", "1.1", "1.10",
            ],
        );
        are_equal("RubyGems", &["1", "1.0", "1.0.0.0", "01"]);
        are_equal("RubyGems", &["1.a", "1.0.a", "1.0.0.a.0"]);
        are_equal("RubyGems", &["1.0-x86", "1.0.pre.x86"]);
        ascend("RubyGems", &["1.0-x86-linux", "1.0", "1.0.0.1"]);
    }
}
