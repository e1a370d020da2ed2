//! Python versions from before PEP 440, as setuptools ordered them (`LegacyVersion` of packaging 21).

use std::cmp::Ordering;

/// Words that sort as others do.
const WORDS: [(&str, &str); 5] = [("pre", "c"), ("preview", "c"), ("-", "final-"), ("rc", "c"), ("dev", "@")];
const FINAL: &str = "final";
const HYPHEN: &str = "final-";
/// Numbers are compared as texts of at least this many digits.
const DIGITS: usize = 8;

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    parts(&a).cmp(&parts(&b))
}

/// Words precede numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Word(&'a str),
    Number(Digits<'a>),
}

/// Digits as a text that is filled with zeros from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digits<'a>(&'a str);

impl Digits<'_> {
    fn bytes(&self) -> impl Iterator<Item = u8> {
        std::iter::repeat_n(b'0', DIGITS.saturating_sub(self.0.len())).chain(self.0.bytes())
    }
}

impl Ord for Digits<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl PartialOrd for Digits<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let part;
        (part, rest) = rest.split_at(end(rest, kind(first)));
        match kind(first) {
            Kind::Dot => {}
            Kind::Digits => parts.push(Part::Number(Digits(part))),
            _ => push_word(&mut parts, WORDS.iter().find(|(word, _)| *word == part).map_or(part, |(_, means)| means)),
        }
    }
    push_word(&mut parts, FINAL);
    parts
}

/// A word takes away the zeros before it, and one of a prerelease the hyphens, too.
fn push_word<'a>(parts: &mut Vec<Part<'a>>, word: &'a str) {
    let is_zero = |part: &Part<'_>| matches!(part, Part::Number(digits) if digits.bytes().eq([b'0'; DIGITS]));
    while word < FINAL && parts.last() == Some(&Part::Word(HYPHEN)) {
        parts.pop();
    }
    while parts.last().is_some_and(is_zero) {
        parts.pop();
    }
    parts.push(Part::Word(word));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digits,
    Letters,
    Dot,
    Hyphen,
    Other,
}

fn kind(byte: u8) -> Kind {
    match byte {
        b'0'..=b'9' => Kind::Digits,
        b'a'..=b'z' => Kind::Letters,
        b'.' => Kind::Dot,
        b'-' => Kind::Hyphen,
        _ => Kind::Other,
    }
}

/// Where a part ends: dots and hyphens stand alone, all else goes on as long as its kind does.
fn end(text: &str, first: Kind) -> usize {
    match first {
        Kind::Dot | Kind::Hyphen => 1,
        first => text.bytes().position(|byte| kind(byte) != first).unwrap_or(text.len()),
    }
}
