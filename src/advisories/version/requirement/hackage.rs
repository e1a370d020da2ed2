//! Version ranges of Cabal (<https://cabal.readthedocs.io/en/stable/cabal-package-description-file.html>):
//! `>=1.2 && <1.4 || ==2.*`, `^>=1.2.3`.

use super::super::dotted;
use super::super::number::{self, Number};
use super::{comparators, operator::Operator};

pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let mut met = false;
    for alternative in requirement.split("||") {
        let mut all = true;
        for comparison in alternative.split("&&").map(|text| text.trim().trim_matches(['(', ')'])) {
            all &= holds(version, comparison.trim())?;
        }
        met |= all;
    }
    Some(met)
}

fn holds(version: &str, comparison: &str) -> Option<bool> {
    let compare = dotted::HACKAGE.compare;
    if comparison == "-any" {
        return Some(true);
    }
    // Within the first two numbers of the version, as the package versioning policy says.
    if let Some(limit) = comparison.strip_prefix("^>=").map(str::trim) {
        return Some(compare(version, limit).is_ge() && begins(version, limit, 2));
    }
    let (operator, limit) = Operator::split(comparison);
    match (operator, limit.strip_suffix(".*")) {
        (Some(Operator::Equal) | None, Some(prefix)) => Some(begins(version, prefix, usize::MAX)),
        _ => comparators::satisfies(compare, version, comparison),
    }
}

/// Whether the first numbers of a version are those of another, where that has none, zeros.
fn begins(version: &str, prefix: &str, at_most: usize) -> bool {
    let mut numbers = number::numbers(version.trim());
    let missing = at_most.min(2).saturating_sub(prefix.split('.').count()) * usize::from(at_most == 2);
    let mut expected = number::numbers(prefix.trim()).take(at_most).chain(std::iter::repeat_n(Number::ZERO, missing));
    expected.all(|number| numbers.next().unwrap_or(Number::ZERO) == number)
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the documentation of Cabal.
    #[test]
    fn the_examples_of_the_documentation() {
        meet("Hackage", "^>= 1.2.3", &["1.2.3", "1.2.9"], &["1.3", "1.2.2"]);
        meet("Hackage", "^>= 4", &["4", "4.0.9"], &["4.1", "5"]);
        meet("Hackage", "== 0.2.*", &["0.2", "0.2.9"], &["0.3", "0.20"]);
        meet("Hackage", ">= 1.0 && < 1.2 || == 2.0", &["1.1", "2.0"], &["1.2", "2.0.1"]);
        meet("Hackage", "-any", &["1"], &[]);
        are_unknown("Hackage", &["^>", "none", ">="]);
    }
}
