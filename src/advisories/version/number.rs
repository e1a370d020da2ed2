//! Numbers in versions: runs of ASCII digits of any length, compared without being converted.

use std::cmp::Ordering;

/// A number as its digits without leading zeros; the derived order is that of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number<'a> {
    length: usize,
    digits: &'a str,
}

impl<'a> Number<'a> {
    pub(super) const ZERO: Number<'static> = Number { length: 0, digits: "" };

    /// The value of digits; an empty text is zero.
    pub(super) fn new(digits: &'a str) -> Self {
        let zeros = digits.bytes().take_while(|byte| *byte == b'0').count();
        let digits = digits.get(zeros..).unwrap_or_default();
        Self { length: digits.len(), digits }
    }

    /// The value of a text that has digits and nothing else.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        is_number(text).then(|| Self::new(text))
    }

    pub(super) fn is_zero(self) -> bool {
        self.length == 0
    }
}

/// Whether a text has digits and nothing else.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits that a text begins with, and what follows them.
pub(super) fn split_digits(text: &str) -> (&str, &str) {
    split_while(text, |byte| byte.is_ascii_digit())
}

/// The ASCII bytes of a kind that a text begins with, and what follows them.
pub(super) fn split_while(text: &str, is_kind: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii() || !is_kind(byte)).unwrap_or(text.len());
    text.split_at(end)
}

/// The digits and dots that a text begins with, as in `1.2.3`, and what follows them. A dot belongs to it only where a
/// digit comes next.
pub(super) fn split_dotted(text: &str) -> (&str, &str) {
    let mut end = 0;
    let mut behind_digit = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => (end, behind_digit) = (at + 1, true),
            b'.' if behind_digit => behind_digit = false,
            _ => break,
        }
    }
    text.split_at(end)
}

/// What is between separators, as `str::split` has it, which is slower for texts as short as versions are.
pub(super) fn parts(text: &str, is_separator: impl Fn(u8) -> bool) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        match text.bytes().position(&is_separator) {
            // A separator is an ASCII byte.
            Some(end) => {
                let (part, behind) = text.split_at_checked(end)?;
                rest = behind.get(1..);
                Some(part)
            }
            None => rest.take(),
        }
    })
}

/// What is between dots.
pub(super) fn dotted(text: &str) -> impl Iterator<Item = &str> {
    parts(text, |byte| byte == b'.')
}

/// The numbers of `1.2.3`; a part that is empty is zero.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = Number<'_>> {
    dotted(text).map(Number::new)
}

/// The order of two sequences where the shorter goes on with `rest`.
pub(super) fn padded<T: Ord + Copy>(
    mut a: impl Iterator<Item = T>,
    mut b: impl Iterator<Item = T>,
    rest: T,
) -> Ordering {
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => a.unwrap_or(rest).cmp(&b.unwrap_or(rest)),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// The order of two texts as if all their letters were small.
pub(super) fn ignoring_case(a: &str, b: &str) -> Ordering {
    a.chars().flat_map(char::to_lowercase).cmp(b.chars().flat_map(char::to_lowercase))
}
