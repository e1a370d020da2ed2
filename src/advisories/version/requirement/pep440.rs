//! Version specifiers of Python (<https://packaging.python.org/en/latest/specifications/version-specifiers/>):
//! `~=1.4.2, !=1.4.5`, `==1.4.*`, `===anything`.
//!
//! Prereleases are taken as any other version: whether an installer wants them is not for a specifier to say.

use super::super::pep440::{self, Version};
use super::operator::Operator;
use crate::advisories::version::number;

/// Bars, which advisories write, are alternatives.
pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let requirement = requirement.trim();
    let requirement = requirement.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(requirement);
    let mut met = false;
    for alternative in requirement.split("||") {
        let mut all = true;
        for specifier in alternative.split(',').map(str::trim) {
            all &= matches!(specifier, "" | "*") || holds(version, specifier)?;
        }
        met |= all;
    }
    Some(met)
}

fn holds(version: &str, specifier: &str) -> Option<bool> {
    if let Some(text) = specifier.strip_prefix("===") {
        return Some(number::ignoring_case(version.trim(), text.trim()).is_eq());
    }
    if let Some(limit) = specifier.strip_prefix("~=") {
        return compatible(&Version::read(version)?, limit);
    }
    let (operator, limit) = Operator::split(specifier);
    let operator = operator.unwrap_or(Operator::Equal);
    if let (Some(prefix), Operator::Equal | Operator::Different) = (limit.strip_suffix(".*"), operator) {
        return Some(begins(&Version::read(version)?, prefix)? == (operator == Operator::Equal));
    }
    match (Version::read(version), Version::read(limit)) {
        (Some(version), Some(limit)) => Some(compares(&version, operator, &limit)),
        // Specifiers of versions from before the PEP were plain comparisons.
        _ if limit.is_empty() || limit.contains(['*', ' ', '<', '>', '=']) => None,
        _ => Some(operator.holds(pep440::compare(version, limit))),
    }
}

fn compares(version: &Version<'_>, operator: Operator, limit: &Version<'_>) -> bool {
    let public = version.compare_public(limit);
    match operator {
        // A local part counts only where the specifier has one.
        Operator::Equal | Operator::Different if limit.local.is_some() => operator.holds(version.compare(limit)),
        Operator::Equal | Operator::Different | Operator::AtMost | Operator::AtLeast => operator.holds(public),
        // Not the prereleases of what is to be less than, nor the later releases of what is to be more.
        Operator::Less => {
            let of_limit = version.compare_release(limit).is_eq();
            version.compare(limit).is_lt() && !(of_limit && version.is_prerelease() && !limit.is_prerelease())
        }
        Operator::More => {
            let of_limit = version.compare_release(limit).is_eq();
            version.compare(limit).is_gt()
                && !(of_limit && version.post.is_some() && limit.post.is_none())
                && !(of_limit && version.local.is_some())
        }
    }
}

/// Whether the epoch and the first numbers are those of a prefix, and the prerelease where it has one.
fn begins(version: &Version<'_>, prefix: &str) -> Option<bool> {
    let prefix = Version::read(prefix).filter(|prefix| prefix.local.is_none() && prefix.dev.is_none())?;
    if prefix.pre.is_some() || prefix.post.is_some() {
        let is_same = prefix.compare_release(version).is_eq() && prefix.pre == version.pre;
        return Some(is_same && prefix.post.is_none_or(|post| version.post == Some(post)));
    }
    let mut numbers = number::numbers(version.release);
    let mut expected = number::numbers(prefix.release);
    Some(
        prefix.epoch == version.epoch
            && expected.all(|number| numbers.next().unwrap_or(number::Number::ZERO) == number),
    )
}

/// `~=1.4.2` is `>=1.4.2, ==1.4.*`.
fn compatible(version: &Version<'_>, limit: &str) -> Option<bool> {
    let limit = Version::read(limit).filter(|limit| limit.local.is_none())?;
    let (most, _) = limit.release.rsplit_once('.')?;
    let prefix = Version { release: most, pre: None, post: None, dev: None, ..limit };
    let mut numbers = number::numbers(version.release);
    let mut expected = number::numbers(prefix.release);
    let is_within = prefix.epoch == version.epoch
        && expected.all(|number| numbers.next().unwrap_or(number::Number::ZERO) == number);
    Some(is_within && version.compare_public(&limit).is_ge())
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the specification.
    #[test]
    fn the_examples_of_the_specification() {
        meet("PyPI", "~=2.2", &["2.2", "2.9", "2.2.post3"], &["3.0", "2.1", "2.2a1"]);
        meet("PyPI", "~= 1.4.5a4", &["1.4.5a4", "1.4.9"], &["1.5", "1.4.5a3"]);
        meet("PyPI", "==3.1", &["3.1", "3.1.0", "3.1+local"], &["3.1.1", "3.1.post1"]);
        meet("PyPI", "==1.1.*", &["1.1", "1.1.post1", "1.1a1", "1.1.9"], &["1.2", "1.10", "1!1.1"]);
        meet("PyPI", "!=1.1.*", &["1.2"], &["1.1.post1"]);
        meet("PyPI", ">1.7", &["1.7.1", "1.8"], &["1.7", "1.7.0.post1", "1.7+x"]);
        meet("PyPI", ">1.7.post2", &["1.7.1", "1.7.post3"], &["1.7.0", "1.7.post2"]);
        meet("PyPI", "<3.1", &["3.0.9"], &["3.1rc1", "3.1"]);
        meet("PyPI", "<3.1rc2", &["3.1rc1"], &["3.1rc2"]);
        meet("PyPI", "===foobar", &["FOOBAR"], &["1.0"]);
        meet("PyPI", ">=1,<2,!=1.5", &["1.4"], &["1.5.0", "2", "0.9"]);
        meet("PyPI", "", &["1.0", "x"], &[]);
        meet("PyPI", "(>=1.0)", &["1.0"], &["0.1"]);
        are_unknown("PyPI", &["~=1", "==", ">=1.*", "~=x", "==1.0.dev1.*"]);
    }
}
