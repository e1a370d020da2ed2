//! Requirements of RubyGems (<https://guides.rubygems.org/patterns/#declaring-dependencies>): `~> 2.2, != 2.3`.

use std::cmp::Ordering;

use super::super::number::Number;
use super::super::rubygems::{Segment, Segments, ZERO, compare};
use super::operator::Operator;

/// No word precedes it.
const FIRST_WORD: &str = "A";

/// Bars, which advisories write, are alternatives.
pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let mut met = false;
    for alternative in requirement.split("||") {
        let mut all = true;
        for comparison in alternative.split(',').map(|text| text.trim().trim_matches(['"', '\''])) {
            all &= comparison.is_empty() || holds(version, comparison)?;
        }
        met |= all;
    }
    Some(met)
}

/// The comparisons that must all hold of a version, `~>` as two; `None` when it is not understood.
pub(in super::super) fn bounds(requirement: &str) -> Option<Vec<(Operator, String)>> {
    let mut bounds = Vec::new();
    for comparison in requirement.split(',').map(|text| text.trim().trim_matches(['"', '\''])) {
        if comparison.is_empty() {
            continue;
        }
        let (pessimistic, operator, limit) = split(comparison)?;
        bounds.push((operator, limit.to_owned()));
        if pessimistic {
            bounds.push((Operator::Less, raised(limit)?));
        }
    }
    Some(bounds)
}

/// The first of all versions, prereleases included, that are too high for `~>`; `None` where a number has no room.
fn raised(limit: &str) -> Option<String> {
    let numbers: Vec<&str> = written(limit).collect();
    let (last, before) = numbers.get(..numbers.len().saturating_sub(1).max(1))?.split_last()?;
    let last = last.parse::<u64>().ok()?.checked_add(1)?.to_string();
    let numbers: Vec<&str> = before.iter().copied().chain([last.as_str(), FIRST_WORD]).collect();
    Some(numbers.join("."))
}

fn holds(version: &str, comparison: &str) -> Option<bool> {
    let (pessimistic, operator, limit) = split(comparison)?;
    Some(operator.holds(compare(version, limit)) && (!pessimistic || is_within(version, limit)))
}

/// Whether it is `~>`, the comparison, and the version.
fn split(comparison: &str) -> Option<(bool, Operator, &str)> {
    let (pessimistic, (operator, limit)) = match comparison.strip_prefix("~>") {
        Some(limit) => (true, (Some(Operator::AtLeast), limit.trim())),
        None => (false, Operator::split(comparison)),
    };
    let is_version = limit.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
    if !is_version || !limit.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    Some((pessimistic, operator.unwrap_or(Operator::Equal), limit))
}

/// Whether the numbers of a version, up to the last but one that a limit gives, are those of the limit or lower.
fn is_within(version: &str, limit: &str) -> bool {
    let given = written(limit).count();
    let mut numbers = Segments::of(version).take_while(|segment| matches!(segment, Segment::Number(_)));
    for expected in written(limit).take(given.saturating_sub(1).max(1)) {
        match numbers.next().unwrap_or(ZERO).cmp(&Segment::Number(Number::new(expected))) {
            Ordering::Equal => {}
            order => return order.is_lt(),
        }
    }
    true
}

/// The numbers before the first word, with their zeros; a hyphen is one.
fn written(limit: &str) -> impl Iterator<Item = &str> {
    let end = limit.find(|c: char| c.is_ascii_alphabetic() || c == '-').unwrap_or(limit.len());
    limit.split_at(end).0.split('.').filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the guides of RubyGems.
    #[test]
    fn the_examples_of_the_guides() {
        meet("RubyGems", "~> 2.2", &["2.2", "2.9.9", "2.2.0.1"], &["3.0", "2.1", "3.0.a", "2.2.a"]);
        meet("RubyGems", "~> 2.2.0", &["2.2.0", "2.2.9"], &["2.3", "2.1.9"]);
        meet("RubyGems", "~> 2", &["2.9"], &["3"]);
        meet("RubyGems", "~> 2.2.beta", &["2.2.beta.1", "2.2", "2.9"], &["3.0", "2.2.alpha"]);
        meet("RubyGems", "~> 2.2beta", &["2.2.beta.1", "2.9"], &["3.0"]);
        meet("RubyGems", "~> 2-3", &["2", "2.9"], &["3"]);
        meet("RubyGems", ">= 1.0, < 2.0, != 1.5", &["1.0", "1.9"], &["1.5.0", "2.0"]);
        meet("RubyGems", "1.0", &["1.0.0"], &["1.0.1"]);
        meet("RubyGems", "", &["0", "1.a"], &[]);
        are_unknown("RubyGems", &["~> x", "^1.0", ">=", "1 2"]);
    }
}
