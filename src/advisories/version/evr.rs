//! Versions of epoch, version and release, `[epoch:]version[-release]`, for the schemes that differ only in how they
//! order the parts.

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement::comparators;

/// A version in its parts.
struct Parts<'a> {
    epoch: Number<'a>,
    version: &'a str,
    release: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// Digits before the first colon are the epoch, what is behind the last hyphen is the release.
    fn of(text: &'a str) -> Self {
        let text = text.trim();
        let (digits, rest) = number::split_digits(text);
        let (epoch, rest) = rest.strip_prefix(':').map_or((Number::ZERO, text), |rest| (Number::new(digits), rest));
        match rest.rsplit_once('-') {
            Some((version, release)) => Self { epoch, version, release: Some(release) },
            None => Self { epoch, version: rest, release: None },
        }
    }
}

/// The order of versions, given that of their parts. A missing release precedes every other.
pub(super) fn compare(part: fn(&str, &str) -> Ordering, a: &str, b: &str) -> Ordering {
    ordered(part, a, b, |a, b| a.is_some().cmp(&b.is_some()))
}

/// Whether a version meets a requirement. Where one of both has no release, only the versions count.
pub(super) fn satisfies(part: fn(&str, &str) -> Ordering, version: &str, requirement: &str) -> Option<bool> {
    let loose = |version: &str, limit: &str| ordered(part, version, limit, |_, _| Ordering::Equal);
    comparators::satisfies(loose, version, requirement)
}

/// The order of versions, with that of releases of which one is missing.
fn ordered(
    part: fn(&str, &str) -> Ordering,
    a: &str,
    b: &str,
    missing: fn(Option<&str>, Option<&str>) -> Ordering,
) -> Ordering {
    let (a, b) = (Parts::of(a), Parts::of(b));
    a.epoch.cmp(&b.epoch).then_with(|| part(a.version, b.version)).then_with(|| match (a.release, b.release) {
        (Some(a), Some(b)) => part(a, b),
        (a, b) => missing(a, b),
    })
}
