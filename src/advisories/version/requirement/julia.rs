//! Compatibility entries of Julia (<https://pkgdocs.julialang.org/v1/compatibility/>): `1.2, 2`, `~0.3.1`, `1.2 - 1.5`.

use super::bound::Release;
use super::npm;

/// As npm reads the same operators, but a version alone has a caret, and commas are alternatives.
pub(in super::super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let version = Release::read(version)?;
    let mut met = false;
    for alternative in requirement.split(',') {
        let mut bounds = Vec::new();
        match npm::hyphen(alternative) {
            Some((from, to)) => npm::span(from, to, "", &mut bounds)?,
            None => npm::list(alternative.trim().trim_start_matches('≥'), alone(alternative), "", &mut bounds)?,
        }
        met |= npm::meets(&version, &bounds, false);
    }
    Some(met)
}

fn alone(text: &str) -> &'static str {
    if text.trim_start().starts_with('≥') { ">=" } else { "^" }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{are_unknown, meet};

    /// From the documentation of Pkg.
    #[test]
    fn the_examples_of_the_documentation() {
        meet("Julia", "1.2.3", &["1.2.3", "1.9.0"], &["2.0.0", "1.2.2"]);
        meet("Julia", "0.0.3", &["0.0.3"], &["0.0.4"]);
        meet("Julia", "~1.2", &["1.2.9"], &["1.3.0"]);
        meet("Julia", "0.2, 1", &["0.2.5", "1.9.0"], &["0.3.0", "2.0.0"]);
        meet("Julia", "1.2.3 - 4.5.6", &["1.2.3", "4.5.6"], &["4.5.7"]);
        meet("Julia", "≥ 1.2.3", &["9.0.0"], &["1.2.2"]);
        meet("Julia", "=1.2.3", &["1.2.3"], &["1.2.4"]);
        are_unknown("Julia", &["main", "1 -", "^"]);
    }
}
