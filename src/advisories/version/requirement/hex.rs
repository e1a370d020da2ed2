//! Requirements of Hex (<https://hexdocs.pm/elixir/Version.html#module-requirements>): `~> 1.2 and != 1.3.0 or == 2.0.0`.

use super::super::semver;
use super::bound::{self, Bound, Partial, Release};
use super::operator::Operator;

pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let version = Release::read(version)?;
    let requirement = requirement.replace("||", " or ").replace("&&", " and ").replace(',', " and ");
    let mut met = false;
    for alternative in requirement.split(" or ") {
        let mut all = true;
        for comparison in alternative.split(" and ") {
            all &= holds(&version, comparison.trim())?;
        }
        met |= all;
    }
    Some(met)
}

fn holds(version: &Release<'_>, comparison: &str) -> Option<bool> {
    let Some(text) = comparison.strip_prefix("~>") else {
        let (operator, text) = match Operator::split(comparison) {
            (None, text) if text.starts_with('!') => (Operator::Different, text.trim_start_matches('!')),
            (operator, text) => (operator.unwrap_or(Operator::Equal), text),
        };
        let release = Partial::read(text).filter(|partial| partial.given() > 0)?.floor();
        return Some(Bound { operator, release }.holds(version));
    };
    // `~> 2.1` stays within 2, `~> 2.1.3` within 2.1. A prerelease is also known of two numbers.
    let partial = Partial::read(text).filter(|partial| partial.given() > 0)?;
    let pre = semver::Parts::of(text).prerelease.unwrap_or_default();
    let floor = Release { numbers: partial.floor().numbers, pre };
    let below = bound::next(floor.numbers, partial.given().saturating_sub(2))?;
    let bounds = [Bound { operator: Operator::AtLeast, release: floor }, Bound::new(Operator::Less, below, "0")];
    Some(bounds.iter().all(|bound| bound.holds(version)))
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the documentation of Elixir.
    #[test]
    fn the_examples_of_the_documentation() {
        meet("Hex", "~> 2.0.0", &["2.0.0", "2.0.9"], &["2.1.0", "2.1.0-rc.1", "1.9.9"]);
        meet("Hex", "~> 2.1", &["2.1.0", "2.9.9"], &["3.0.0", "3.0.0-dev", "2.0.9"]);
        meet("Hex", "~> 2.1.3-dev", &["2.1.3-dev", "2.1.4"], &["2.2.0"]);
        meet("Hex", "~> 1.0-rc.1", &["1.0.0-rc.2", "1.0.0"], &["1.0.0-rc.0"]);
        meet("Hex", ">= 1.0.0 and < 2.0.0 or == 3.0.0", &["1.5.0", "3.0.0"], &["2.0.0"]);
        meet("Hex", "!= 1.0.0", &["1.0.1"], &["1.0.0"]);
        meet("Hex", "1.0.0", &["1.0.0"], &["1.0.1"]);
        are_unknown("Hex", &["~>", "and", "main", ">= 1.0 1"]);
    }
}
