//! Releases of three numbers, and the bounds that requirements on semantic versions come down to.

use std::cmp::Ordering;

use super::super::number;
use super::super::semver;
use super::operator::Operator;

/// A version whose numbers can be counted up.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Release<'a> {
    pub(in super::super) numbers: [u64; 3],
    /// Empty when the version is no prerelease.
    pub(in super::super) pre: &'a str,
}

impl<'a> Release<'a> {
    /// What is written, lenient as `semver` is; `None` when a number has more than 64 bits or there is none.
    pub(in super::super) fn read(text: &'a str) -> Option<Self> {
        let parts = semver::Parts::of(text);
        let mut numbers = [0; 3];
        let mut given = parts.numbers.split('.');
        for number in &mut numbers {
            match given.next() {
                Some(digits) => *number = digits.parse().ok()?,
                None => break,
            }
        }
        Some(Self { numbers, pre: parts.prerelease.unwrap_or_default() })
    }

    pub(in super::super) fn is_prerelease(&self) -> bool {
        !self.pre.is_empty()
    }

    pub(in super::super) fn compare(&self, other: &Self) -> Ordering {
        let pre = || match (self.pre, other.pre) {
            ("", _) | (_, "") => self.pre.is_empty().cmp(&other.pre.is_empty()),
            (a, b) => semver::prereleases(a, b),
        };
        self.numbers.cmp(&other.numbers).then_with(pre)
    }
}

/// A version of which the end may be missing or a star.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Partial<'a> {
    /// Those that are given: as many as there are before the first that is not.
    pub(in super::super) numbers: [Option<u64>; 3],
    pub(in super::super) pre: &'a str,
}

impl<'a> Partial<'a> {
    /// `None` when the text is no version, also when a number is given behind a star.
    pub(in super::super) fn read(text: &'a str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['=', 'v', 'V']).trim_start();
        let text = text.split_once('+').map_or(text, |(text, _)| text);
        let (mut numbers, mut rest) = ([None; 3], text);
        let mut stars = false;
        for at in 0..numbers.len() {
            let (digits, after) = number::split_digits(rest);
            let star =
                rest.strip_prefix(['*', 'x', 'X']).filter(|after| after.is_empty() || after.starts_with(['.', '-']));
            match (digits, star) {
                ("", Some(after)) => {
                    stars = true;
                    rest = after;
                }
                ("", None) if at == 0 && rest.is_empty() => {}
                (digits, None) if !stars => {
                    *numbers.get_mut(at)? = Some(digits.parse().ok()?);
                    rest = after;
                }
                _ => return None,
            }
            match rest.strip_prefix('.') {
                Some(after) if at < 2 && after.starts_with(|c: char| c.is_ascii_digit() || "*xX".contains(c)) => {
                    rest = after
                }
                _ => break,
            }
        }
        let pre = rest.strip_prefix(['-', '.']).unwrap_or(rest);
        let is_pre = pre.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
        // Only a whole version can be a prerelease.
        (is_pre && (rest.is_empty() || !pre.is_empty())).then_some(Self { numbers, pre })
    }

    /// The version with zeros for what is not given.
    pub(in super::super) fn floor(&self) -> Release<'a> {
        let pre = if self.numbers.iter().all(Option::is_some) { self.pre } else { "" };
        Release { numbers: self.numbers.map(Option::unwrap_or_default), pre }
    }

    /// How many numbers are given.
    pub(in super::super) fn given(&self) -> usize {
        self.numbers.iter().filter(|number| number.is_some()).count()
    }
}

/// The numbers with one of them counted up, and zeros behind it: 0 is the major version. `None` when that has no room.
pub(in super::super) fn next(numbers: [u64; 3], place: usize) -> Option<[u64; 3]> {
    let mut next = [0; 3];
    for (at, number) in numbers.into_iter().enumerate().take(place + 1) {
        *next.get_mut(at)? = if at == place { number.checked_add(1)? } else { number };
    }
    Some(next)
}

/// Which number a caret leaves alone: the first that is given and not zero, else the last that is given.
pub(in super::super) fn caret(partial: &Partial<'_>) -> usize {
    let given = partial.numbers.iter().map_while(|number| *number);
    given.enumerate().find(|(_, number)| *number > 0).map_or(partial.given().saturating_sub(1), |(at, _)| at)
}

/// One side of a range.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Bound<'a> {
    pub(in super::super) operator: Operator,
    pub(in super::super) release: Release<'a>,
}

impl<'a> Bound<'a> {
    pub(in super::super) fn new(operator: Operator, numbers: [u64; 3], pre: &'a str) -> Self {
        Self { operator, release: Release { numbers, pre } }
    }

    pub(in super::super) fn holds(&self, version: &Release<'_>) -> bool {
        self.operator.holds(version.compare(&self.release))
    }
}
