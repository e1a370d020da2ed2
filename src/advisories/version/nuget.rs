//! NuGet: four numbers, prereleases in any case
//! (<https://learn.microsoft.com/nuget/concepts/package-versioning>, `VersionComparer` of NuGet.Versioning).

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement;
use super::rules::Rules;
use super::semver::Parts;

pub(super) static RULES: Rules =
    Rules { name: "nuget", is_plain: true, compare, satisfies: requirement::nuget::satisfies };

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (Parts::of(a), Parts::of(b));
    number::padded(number::numbers(a.numbers), number::numbers(b.numbers), Number::ZERO).then_with(|| {
        match (a.prerelease, b.prerelease) {
            (Some(a), Some(b)) => labels(a, b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    })
}

/// Labels that are 32-bit integers come first, by value; the others are texts without case. One that begins with a
/// needless zero is no number, since NuGet refuses such versions.
fn labels(a: &str, b: &str) -> Ordering {
    let read = |label: &str| label.parse::<i32>().ok().filter(|_| label == "0" || !label.starts_with('0'));
    let (mut a, mut b) = (number::dotted(a), number::dotted(b));
    loop {
        let order = match (a.next(), b.next()) {
            (Some(a), Some(b)) => match (read(a), read(b)) {
                (Some(a), Some(b)) => a.cmp(&b),
                (None, None) => number::ignoring_case(a, b),
                (a, b) => b.is_some().cmp(&a.is_some()),
            },
            (None, None) => return Ordering::Equal,
            (a, b) => return a.is_some().cmp(&b.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend};

    /// <https://learn.microsoft.com/nuget/concepts/package-versioning#pre-release-versions>
    #[test]
    fn the_examples_of_the_documentation() {
        ascend(
            "NuGet",
            &[
                "1.0.1-2",
                "1.0.1-10",
                "1.0.1-aaa",
                "1.0.1-alpha",
                "1.0.1-alpha.2",
                "1.0.1-alpha10",
                "1.0.1-alpha2",
                "1.0.1-Beta",
                "1.0.1-open",
                "1.0.1-rc.2",
                "1.0.1-rc.10",
                "1.0.1-zzz",
                "1.0.1",
                "1.0.1.1",
                "1.0.2",
            ],
        );
        are_equal("NuGet", &["1", "1.0", "1.0.0", "1.00.0.0", "1.0.0+x"]);
        are_equal("NuGet", &["1.0.0-BETA", "1.0.0-beta+x"]);
        // A label of more than 31 bits is a text.
        ascend("NuGet", &["1.0.0-n.2147483647", "1.0.0-n.10000000000", "1.0.0-n.2147483648"]);
    }
}
