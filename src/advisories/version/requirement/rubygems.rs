//! Requirements of RubyGems (<https://guides.rubygems.org/patterns/#declaring-dependencies>): `~> 2.2, != 2.3`.

use std::cmp::Ordering;

use super::super::number::Number;
use super::super::rubygems::{Segment, Segments, ZERO, compare};
use super::operator::Operator;

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

fn holds(version: &str, comparison: &str) -> Option<bool> {
    let (pessimistic, (operator, limit)) = match comparison.strip_prefix("~>") {
        Some(limit) => (true, (Some(Operator::AtLeast), limit.trim())),
        None => (false, Operator::split(comparison)),
    };
    let is_version = limit.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
    if !is_version || !limit.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let order = compare(version, limit);
    Some(operator.unwrap_or(Operator::Equal).holds(order) && (!pessimistic || is_within(version, limit)))
}

/// Whether the numbers of a version, up to the last but one that a limit gives, are those of the limit or lower.
fn is_within(version: &str, limit: &str) -> bool {
    let given = written(limit).count();
    let mut numbers = Segments::of(version).take_while(|segment| matches!(segment, Segment::Number(_)));
    for expected in written(limit).take(given.saturating_sub(1).max(1)) {
        match numbers.next().unwrap_or(ZERO).cmp(&Segment::Number(expected)) {
            Ordering::Equal => {}
            order => return order.is_lt(),
        }
    }
    true
}

/// The numbers before the first word, with their zeros.
fn written(limit: &str) -> impl Iterator<Item = Number<'_>> {
    limit.split(['.', '-']).map_while(Number::read)
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
        meet("RubyGems", ">= 1.0, < 2.0, != 1.5", &["1.0", "1.9"], &["1.5.0", "2.0"]);
        meet("RubyGems", "1.0", &["1.0.0"], &["1.0.1"]);
        meet("RubyGems", "", &["0", "1.a"], &[]);
        are_unknown("RubyGems", &["~> x", "^1.0", ">=", "1 2"]);
    }
}
