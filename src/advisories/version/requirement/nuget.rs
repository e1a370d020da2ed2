//! Requirements of NuGet (<https://learn.microsoft.com/nuget/concepts/package-versioning#version-ranges>): a minimum
//! (`1.0`), intervals (`[1.0,2.0)`) and floating versions (`1.*`, `1.0.*-*`, `1.0.0-beta.*`).

use super::super::nuget;
use super::super::semver::Parts;
use super::{comparators, interval};

pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let requirement = requirement.trim();
    match requirement.chars().next() {
        Some('[' | '(') if !requirement.contains('*') => interval::contains(nuget::compare, version, requirement),
        None | Some('<' | '>' | '=' | '!') => comparators::satisfies(nuget::compare, version, requirement),
        _ if requirement.contains('*') => floats(version, requirement),
        Some(first) if first.is_ascii_digit() || first == 'v' => Some(nuget::compare(version, requirement).is_ge()),
        _ => None,
    }
}

/// What is before a star must be the same. Prereleases need a star of their own.
fn floats(version: &str, pattern: &str) -> Option<bool> {
    let version = Parts::of(version);
    let (numbers, label) = pattern.split_once('-').map_or((pattern, None), |(numbers, label)| (numbers, Some(label)));
    let fixed = numbers.strip_suffix('*').unwrap_or(numbers);
    let fixed_parts: Vec<&str> =
        fixed.strip_suffix('.').unwrap_or(fixed).split('.').filter(|part| !part.is_empty()).collect();
    if fixed.contains('*') || fixed_parts.iter().any(|part| part.parse::<u32>().is_err()) {
        return None;
    }
    let mut given = version.numbers.split('.');
    let mut is_same =
        fixed_parts.iter().all(|part| given.next().unwrap_or("0").parse::<u32>().ok() == part.parse().ok());
    if fixed == numbers {
        is_same &= given.all(|number| number.parse::<u32>() == Ok(0));
    }
    let start = match label {
        Some(label) => Some(label.strip_suffix('*')?),
        None => None,
    };
    let is_prerelease_met = match (version.prerelease, start) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(label), Some(start)) => label.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)),
    };
    Some(is_same && is_prerelease_met)
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the documentation of NuGet.
    #[test]
    fn the_examples_of_the_documentation() {
        meet("NuGet", "1.0", &["1.0", "2.0"], &["0.9", "1.0-rc"]);
        meet("NuGet", "(1.0,)", &["1.0.1"], &["1.0"]);
        meet("NuGet", "[1.0]", &["1.0.0"], &["1.0.1"]);
        meet("NuGet", "(,1.0]", &["1.0", "0.1"], &["1.0.1"]);
        meet("NuGet", "[1.0,2.0)", &["1.9", "2.0-alpha"], &["2.0"]);
        meet("NuGet", "*", &["1.0", "9.0"], &["1.0-rc"]);
        meet("NuGet", "1.*", &["1.0", "1.9"], &["2.0", "1.9-rc"]);
        meet("NuGet", "1.1.*-*", &["1.1.0-rc", "1.1.9"], &["1.2.0-rc"]);
        meet("NuGet", "1.0.0-beta.*", &["1.0.0-BETA.7", "1.0.0"], &["1.0.0-alpha", "1.0.1"]);
        are_unknown("NuGet", &["(1.0)", "*.1", "1.*.2", "main", "[1.*,2)"]);
    }
}
