//! Constraints of Composer (<https://getcomposer.org/doc/articles/versions.md>): `^1.2 || ~2.1.3 || 3.* || >=4 <5@dev`,
//! `1.0 - 2.0`, `dev-main`.
//!
//! Both sides are normalized first (`normal`). A bound without a stability means the first development version, so that
//! `^1.2` takes `1.2.0-beta`.

mod normal;

use super::operator::Operator;
use normal::{Written, normalize};

/// The first of all versions.
const FIRST: &str = "0.0.0.0-dev";

/// A bound, as Composer writes it for itself.
pub(in super::super) type Bound = (Operator, String);

pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let version = normalize(version)?;
    let mut met = false;
    for alternative in requirement.split('|').filter(|part| !part.is_empty() || !requirement.contains('|')) {
        let bounds = bounds(alternative)?;
        met |= bounds.iter().all(|(operator, limit)| holds(&version, *operator, limit));
    }
    Some(met)
}

/// Branches have no order: they are the same, or not.
fn holds(version: &str, operator: Operator, limit: &str) -> bool {
    let is_branch = |text: &str| text.starts_with("dev-");
    match (is_branch(version) || is_branch(limit), operator) {
        (false, operator) => operator.holds(super::super::php::php(version, limit)),
        (true, Operator::Equal) => version == limit,
        (true, Operator::Different) => version != limit,
        (true, _) => false,
    }
}

/// What must all hold: comparisons between blanks or commas, and `from - to`. `None` when it is not understood.
pub(in super::super) fn bounds(text: &str) -> Option<Vec<Bound>> {
    let is_between = |c: char| c.is_whitespace() || c == ',';
    let mut bounds = Vec::new();
    let mut rest = text.trim_matches(is_between);
    if rest.is_empty() {
        return Some(bounds);
    }
    while !rest.is_empty() {
        let operator = ["~", "^"].into_iter().find(|operator| rest.starts_with(operator));
        let (comparison, behind) = match operator {
            Some(operator) => (None, rest.strip_prefix(operator)?.trim_start()),
            None => Operator::split(rest),
        };
        let (word, after) = behind.split_at(behind.find(is_between).unwrap_or(behind.len()));
        let after_blanks = after.trim_start();
        rest = after.trim_matches(is_between);
        if let Some(to) = after_blanks.strip_prefix("- ").filter(|_| operator.is_none() && comparison.is_none()) {
            let to = to.trim_start();
            let (to, after) = to.split_at(to.find(is_between).unwrap_or(to.len()));
            span(word, to, &mut bounds)?;
            rest = after.trim_matches(is_between);
            continue;
        }
        // What a branch is an alias of does not matter here.
        if let Some(alias) = after_blanks.strip_prefix("as ") {
            let alias = alias.trim_start();
            rest = alias.get(alias.find(is_between).unwrap_or(alias.len())..)?.trim_matches(is_between);
        }
        let (word, stability) = flagged(word);
        match operator {
            Some("~") => tilde(word, &mut bounds)?,
            Some(_) => caret(word, &mut bounds)?,
            None => single(comparison, word, stability, &mut bounds)?,
        }
    }
    Some(bounds)
}

/// A version without `@beta` and `#reference`, and the flag when it allows what is not stable.
fn flagged(word: &str) -> (&str, Option<&str>) {
    let (word, flag) = match word.rsplit_once('@') {
        Some((word, flag)) if normal::is_stability(flag) => (word, Some(flag)),
        _ => (word, None),
    };
    let word = word.split_once('#').map_or(word, |(word, _)| word);
    let word = if word.is_empty() && flag.is_some() { "*" } else { word };
    (word, flag.filter(|flag| !flag.eq_ignore_ascii_case("stable")))
}

/// The first version that is as written, the development versions before it included unless a stability is given.
fn from(word: &str, written: &Written<'_>) -> Option<Bound> {
    let suffix = if written.is_unstable() { "" } else { "-dev" };
    // Behind build metadata, which does not count, Composer loses the suffix.
    Some((Operator::AtLeast, normalize(&format!("{word}{suffix}"))?))
}

fn below(written: &Written<'_>, place: usize) -> Option<Bound> {
    Some((Operator::Less, written.raised(place)? + "-dev"))
}

fn tilde(word: &str, bounds: &mut Vec<Bound>) -> Option<()> {
    let written = Written::read(word)?;
    let place = written.numbers.len() + usize::from(written.is_branch);
    bounds.extend([from(word, &written)?, below(&written, place.saturating_sub(1).max(1))?]);
    Some(())
}

fn caret(word: &str, bounds: &mut Vec<Bound>) -> Option<()> {
    let written = Written::read(word)?;
    let place = match written.numbers.as_slice() {
        ["0", "0", _, ..] => 3,
        ["0", _, ..] => 2,
        _ => 1,
    };
    bounds.extend([from(word, &written)?, below(&written, place)?]);
    Some(())
}

fn span(from_word: &str, to_word: &str, bounds: &mut Vec<Bound>) -> Option<()> {
    let (low, high) = (Written::read(from_word)?, Written::read(to_word)?);
    let suffix = if low.is_unstable() { "" } else { "-dev" };
    bounds.push((Operator::AtLeast, normalize(from_word)? + suffix));
    bounds.push(match high.numbers.len() > 2 || high.is_unstable() {
        true => (Operator::AtMost, normalize(to_word)?),
        false => below(&high, high.numbers.len())?,
    });
    Some(())
}

fn single(operator: Option<Operator>, word: &str, stability: Option<&str>, bounds: &mut Vec<Bound>) -> Option<()> {
    if operator.is_none() {
        if word.trim_start_matches(['v', 'V']).split('.').all(|part| matches!(part, "*" | "x" | "X")) {
            // A star alone is also met by branches.
            if word.len() > 1 {
                bounds.push((Operator::AtLeast, FIRST.to_owned()));
            }
            return Some(());
        }
        if let Some(written) = Written::read_stars(word) {
            let place = written.numbers.len();
            let low = written.padded() + "-dev";
            if low != FIRST {
                bounds.push((Operator::AtLeast, low));
            }
            bounds.push(below(&written, place)?);
            return Some(());
        }
    }
    let mut version = normalize(word).or_else(|| normalize(&format!("dev-{}", word.strip_suffix("-dev")?)))?;
    let operator = operator.unwrap_or(Operator::Equal);
    let is_bound = matches!(operator, Operator::Less | Operator::AtLeast);
    match stability {
        Some(stability) if operator != Operator::Equal && normal::is_stable(&version) => {
            version = format!("{version}-{stability}");
        }
        _ if is_bound && !normal::has_suffix(word) && !word.starts_with("dev-") => version += "-dev",
        _ => {}
    }
    bounds.push((operator, version));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the documentation of Composer.
    #[test]
    fn the_examples_of_the_documentation() {
        meet("Packagist", ">=1.0 <1.1 || >=1.2", &["1.0.5", "1.2"], &["1.1", "0.9"]);
        meet("Packagist", "1.0 - 2.0", &["1.0", "2.0.9"], &["2.1", "0.9"]);
        meet("Packagist", "1.0.0 - 2.1.0", &["2.1.0"], &["2.1.1"]);
        meet("Packagist", "1.0.*", &["1.0", "1.0.9", "1.0-dev"], &["1.1"]);
        meet("Packagist", "~1.2", &["1.2", "1.9", "1.2-beta"], &["2.0", "2.0-dev", "1.1"]);
        meet("Packagist", "~1.2.3", &["1.2.3", "1.2.9"], &["1.3", "1.2.2"]);
        meet("Packagist", "^1.2.3", &["1.2.3", "1.9"], &["2.0-alpha", "1.2.2"]);
        meet("Packagist", "^0.3", &["0.3.9"], &["0.4"]);
        meet("Packagist", "^0.0.3", &["0.0.3"], &["0.0.4"]);
        meet("Packagist", "1.0.2", &["1.0.2", "v1.0.2.0", "1.0.2+x"], &["1.0.3"]);
        meet("Packagist", "*", &["1", "dev-main"], &[]);
        meet("Packagist", "!=1.5, >1 <2", &["1.6"], &["1.5", "1.0", "2.0"]);
        meet("Packagist", ">=1.0@dev", &["1.0-dev", "2"], &["0.9"]);
        meet("Packagist", "dev-main#abc as 1.0.x-dev", &["dev-main"], &["dev-other", "1.0"]);
        meet("Packagist", "1.x-dev", &["1.x-dev"], &["1.2"]);
        meet("Packagist", "^1.0", &["1.x-dev"], &["2.x-dev"]);
        meet("Packagist", ">=20260101", &["20260401", "20260101"], &["20250401"]);
        are_unknown("Packagist", &["~>1.2", "@", "foo", "^", "self.version"]);
    }
}
