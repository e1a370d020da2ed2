//! Constraints of Pub (<https://dart.dev/tools/pub/dependencies#version-constraints>): `any`, `^1.2.3`, `>=1.0.0 <2.0.0`.

use super::super::semver;
use super::bound::{self, Release};
use super::operator::Operator;

pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let requirement = requirement.trim();
    if requirement.is_empty() || requirement == "any" {
        return Some(true);
    }
    if let Some(base) = requirement.strip_prefix('^').map(str::trim) {
        let (release, base_release) = (Release::read(version)?, Release::read(base)?);
        // Before 1.0, the second number is what breaks.
        let place = usize::from(base_release.numbers.first() == Some(&0));
        let below = Release { numbers: bound::next(base_release.numbers, place)?, pre: "0" };
        return Some((semver::PUB.compare)(version, base).is_ge() && release.compare(&below).is_lt());
    }
    list(version, requirement)
}

/// A bound `<2.0.0` leaves out the prereleases of 2.0.0, unless the other bound is one of them.
fn list(version: &str, requirement: &str) -> Option<bool> {
    let release = Release::read(version)?;
    let mut comparisons = Vec::new();
    let mut rest = requirement;
    while !rest.trim_start().is_empty() {
        let (operator, text) = Operator::split(rest);
        let end = text.find(|c: char| c.is_whitespace() || c == ',' || c == '<' || c == '>').unwrap_or(text.len());
        let (limit, after) = text.split_at(end);
        if !limit.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return None;
        }
        comparisons.push((operator.unwrap_or(Operator::Equal), limit, Release::read(limit)?));
        rest = after.trim_start_matches([',', ' ']);
    }
    let lower = |of: &Release<'_>| {
        let is_of = |(operator, _, limit): &(Operator, &str, Release<'_>)| {
            matches!(operator, Operator::AtLeast | Operator::More)
                && limit.is_prerelease()
                && limit.numbers == of.numbers
        };
        comparisons.iter().any(is_of)
    };
    Some(comparisons.iter().all(|(operator, limit, of)| {
        let left_out = *operator == Operator::Less
            && !of.is_prerelease()
            && release.is_prerelease()
            && release.numbers == of.numbers
            && !lower(of);
        !left_out && operator.holds((semver::PUB.compare)(version, limit))
    }))
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the documentation of Pub.
    #[test]
    fn the_examples_of_the_documentation() {
        meet("Pub", "^1.2.3", &["1.2.3", "1.9.0", "1.3.0-dev"], &["2.0.0", "2.0.0-dev", "1.2.2"]);
        meet("Pub", "^0.1.2", &["0.1.9"], &["0.2.0"]);
        meet("Pub", "^0.0.1", &["0.0.9"], &["0.1.0"]);
        meet("Pub", "any", &["1.0.0", "0.1.0-dev"], &[]);
        meet("Pub", ">=1.2.3 <2.0.0", &["1.2.3", "1.9.0"], &["2.0.0", "2.0.0-dev"]);
        meet("Pub", ">=2.0.0-a <2.0.0", &["2.0.0-b"], &["2.0.0"]);
        meet("Pub", "1.2.3", &["1.2.3"], &["1.2.3+1"]);
        are_unknown("Pub", &["^", ">=", "path: ../x"]);
    }
}
