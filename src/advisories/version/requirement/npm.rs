//! Ranges of npm (<https://github.com/npm/node-semver#ranges>), read leniently: `^1.2 || ~2.0 || 3.x || >=4 <5 || 6 - 7`.

use super::bound::{self, Bound, Partial, Release};
use super::operator::Operator;

/// A prerelease meets a range only where a bound of it is a prerelease of the same numbers.
pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    any(version, requirement, false)
}

/// A prerelease meets a range as any other version does.
pub(in super::super) fn satisfies_with_prereleases(version: &str, requirement: &str) -> Option<bool> {
    any(version, requirement, true)
}

fn any(version: &str, requirement: &str, with_prereleases: bool) -> Option<bool> {
    // `npm:other@^1.0` installs a package under another name.
    let requirement = match requirement.trim().strip_prefix("npm:") {
        Some(alias) => alias.rsplit_once('@').map_or("", |(_, range)| range),
        None => requirement,
    };
    let version = Release::read(version)?;
    let lowest = if with_prereleases { LOWEST } else { "" };
    let mut met = false;
    for alternative in requirement.split("||") {
        let mut bounds = Vec::new();
        match hyphen(alternative) {
            Some((from, to)) => span(from, to, lowest, &mut bounds)?,
            None => list(alternative, "=", lowest, &mut bounds)?,
        }
        met |= meets(&version, &bounds, with_prereleases);
    }
    Some(met)
}

/// The first prerelease that there is.
const LOWEST: &str = "0";

/// Whether a version is within bounds, and may be there as a prerelease.
pub(super) fn meets(version: &Release<'_>, bounds: &[Bound<'_>], with_prereleases: bool) -> bool {
    let names = |bound: &Bound<'_>| bound.release.is_prerelease() && bound.release.numbers == version.numbers;
    bounds.iter().all(|bound| bound.holds(version))
        && (with_prereleases || !version.is_prerelease() || bounds.iter().any(names))
}

/// The two ends of `1.2 - 2.3`.
pub(super) fn hyphen(text: &str) -> Option<(&str, &str)> {
    let mut words = text.split_whitespace();
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some(from), Some("-"), Some(to), None) => Some((from, to)),
        _ => None,
    }
}

/// Adds the bounds of `from - to`.
pub(super) fn span<'a>(from: &'a str, to: &'a str, lowest: &'a str, bounds: &mut Vec<Bound<'a>>) -> Option<()> {
    let (from, to) = (Partial::read(from)?, Partial::read(to)?);
    if from.given() > 0 {
        let floor = from.floor();
        let pre = if floor.is_prerelease() { floor.pre } else { lowest };
        bounds.push(Bound::new(Operator::AtLeast, floor.numbers, pre));
    }
    let whole = to.floor();
    match to.given() {
        0 => {}
        3 if lowest.is_empty() || whole.is_prerelease() => {
            bounds.push(Bound { operator: Operator::AtMost, release: whole });
        }
        given => bounds.push(Bound::new(Operator::Less, bound::next(whole.numbers, given - 1)?, LOWEST)),
    }
    Some(())
}

/// Whether the numbers of a version are left open.
pub(super) fn has_star(version: &str) -> bool {
    version.split(['-', '+']).next().is_some_and(|numbers| numbers.contains(['*', 'x', 'X']))
}

/// The operators that are not comparisons, and those that are, the longer before the shorter.
const OPERATORS: [&str; 9] = ["~>", "^", "~", ">=", "<=", "==", ">", "<", "="];

/// Adds the bounds of versions with operators, between blanks or commas. A version alone has the operator `alone`.
pub(super) fn list<'a>(text: &'a str, alone: &str, lowest: &'a str, bounds: &mut Vec<Bound<'a>>) -> Option<()> {
    let is_between = |c: char| c.is_whitespace() || c == ',';
    let mut rest = text.trim_matches(is_between);
    while !rest.is_empty() {
        let written = OPERATORS.iter().find_map(|operator| Some((*operator, rest.strip_prefix(operator)?)));
        let (operator, behind) = written.unwrap_or((alone, rest));
        let behind = behind.trim_start();
        // A version may have its `v` standing alone.
        let start = behind.len() - behind.trim_start_matches(['=', 'v', 'V', ' ']).len();
        let end = behind.get(start..)?.find(is_between).map_or(behind.len(), |end| start + end);
        let (version, after) = behind.split_at(end);
        if version.is_empty() {
            return None;
        }
        expand(operator, Partial::read(version)?, lowest, bounds)?;
        rest = after.trim_matches(is_between);
    }
    Some(())
}

/// Adds the bounds of one operator.
fn expand<'a>(operator: &str, partial: Partial<'a>, lowest: &'a str, bounds: &mut Vec<Bound<'a>>) -> Option<()> {
    let floor = partial.floor();
    let given = partial.given();
    let mut add = |operator, numbers, pre| bounds.push(Bound::new(operator, numbers, pre));
    // The version itself, or the first of those that it leaves open.
    let from = if given == 3 { floor.pre } else { lowest };
    // The first numbers behind those that it leaves open.
    let beyond = || bound::next(floor.numbers, given.saturating_sub(1));
    match (operator, given) {
        (">" | "<", 0) => add(Operator::Less, [0; 3], LOWEST),
        (_, 0) => {}
        ("^", _) => {
            add(Operator::AtLeast, floor.numbers, from);
            add(Operator::Less, bound::next(floor.numbers, bound::caret(&partial))?, LOWEST);
        }
        ("~" | "~>", _) => {
            add(Operator::AtLeast, floor.numbers, from);
            add(Operator::Less, bound::next(floor.numbers, given.min(2) - 1)?, LOWEST);
        }
        (">=", _) => add(Operator::AtLeast, floor.numbers, from),
        (">", 3) => add(Operator::More, floor.numbers, floor.pre),
        (">", _) => add(Operator::AtLeast, beyond()?, lowest),
        ("<", 3) => add(Operator::Less, floor.numbers, floor.pre),
        ("<", _) => add(Operator::Less, floor.numbers, LOWEST),
        ("<=", 3) => add(Operator::AtMost, floor.numbers, floor.pre),
        ("<=", _) => add(Operator::Less, beyond()?, LOWEST),
        (_, 3) => add(Operator::Equal, floor.numbers, floor.pre),
        _ => {
            add(Operator::AtLeast, floor.numbers, lowest);
            add(Operator::Less, beyond()?, LOWEST);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the documentation of node-semver.
    #[test]
    fn the_examples_of_the_documentation() {
        for ecosystem in ["npm", "npm-loose", "GitHub Actions"] {
            meet(ecosystem, "1.2.3 - 2.3.4", &["1.2.3", "2.3.4"], &["1.2.2", "2.3.5"]);
            meet(ecosystem, "1.2 - 2.3", &["1.2.0", "2.3.9"], &["1.1.9", "2.4.0"]);
            meet(ecosystem, "1.2.x", &["1.2.0", "1.2.9"], &["1.3.0", "1.1.9"]);
            meet(ecosystem, "~1.2.3", &["1.2.3", "1.2.9"], &["1.3.0", "1.2.2", "1.2.4-beta"]);
            meet(ecosystem, "~1", &["1.0.0", "1.9.0"], &["2.0.0"]);
            meet(ecosystem, "^1.2.3", &["1.2.3", "1.9.9"], &["2.0.0", "2.0.0-alpha", "1.2.3-beta"]);
            meet(ecosystem, "^0.2.3", &["0.2.9"], &["0.3.0"]);
            meet(ecosystem, "^0.0.3", &["0.0.3"], &["0.0.4"]);
            meet(ecosystem, "^0.0", &["0.0.9"], &["0.1.0"]);
            meet(ecosystem, "^1.2.3-beta.2", &["1.2.3-beta.4", "1.2.3"], &["1.2.4-beta.2", "1.2.3-beta.1"]);
            meet(ecosystem, ">=1.2.7 <1.3.0 || 2", &["1.2.9", "2.5.0"], &["1.3.0", "3.0.0"]);
            meet(ecosystem, ">1.2", &["1.3.0"], &["1.2.9"]);
            meet(ecosystem, "<=0.7.x", &["0.7.9"], &["0.8.0"]);
            meet(ecosystem, "*", &["1.2.3"], &["1.2.3-rc"]);
            meet(ecosystem, "", &["0.0.1"], &[]);
            meet(ecosystem, ">= 1.2.3, < 2", &["1.5.0"], &["2.0.0"]);
            are_unknown(
                ecosystem,
                &["latest", "workspace:^", "file:../a", "1.2.3.4.5 <", "git+https://a.invalid/b", ">"],
            );
        }
        meet("npm", "npm:other@~1.2", &["1.2.9"], &["1.3.0"]);
        meet("GitHub Actions", "v4", &["v4.1.2"], &["v5.0.0"]);
    }

    #[test]
    fn prereleases_can_be_taken_as_any_other() {
        meet("npm-prerelease", "^1.0.0", &["1.1.0-rc1"], &["1.0.0-rc1", "2.0.0-rc1"]);
        meet("npm-prerelease", "1 - 2", &["1.0.0-pre", "2.0.0-pre"], &["3.0.0-pre"]);
        meet("npm-prerelease", "~1.1", &["1.1.0-a"], &["1.2.0-a"]);
    }
}
