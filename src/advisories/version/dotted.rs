//! Versions that are nothing but numbers, part by part, where more parts are a later version.

use std::cmp::Ordering;

use super::number::{self, Number};
use super::requirement::{comparators, hackage};
use super::rules::Rules;

/// CRAN and Bioconductor, as R's `package_version` compares: hyphens are dots, and `1.0` precedes `1.0.0`
/// (<https://stat.ethz.ch/R-manual/R-devel/library/base/html/numeric_version.html>).
pub(super) static CRAN: Rules = Rules {
    name: "cran",
    is_plain: true,
    compare: |a, b| compare(a, b),
    satisfies: |version, requirement| comparators::satisfies(CRAN.compare, version, requirement),
};

/// Hackage: `Data.Version`, and the tags behind hyphens that it once had
/// (<https://hackage.haskell.org/package/base/docs/Data-Version.html>).
pub(super) static HACKAGE: Rules =
    Rules { name: "hackage", is_plain: true, compare: |a, b| compare(a, b), satisfies: hackage::satisfies };

/// What is between separators; a text that is no number comes first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Text(&'a str),
    Number(Number<'a>),
}

fn compare(a: &str, b: &str) -> Ordering {
    let read = |part| Number::read(part).map_or(Part::Text(part), Part::Number);
    let parts = |text| number::parts(str::trim(text), |byte| matches!(byte, b'.' | b'-')).map(read);
    parts(a).cmp(parts(b))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{are_equal, ascend};

    #[test]
    fn more_parts_are_later() {
        for ecosystem in ["CRAN", "Bioconductor", "Hackage"] {
            ascend(ecosystem, &["", "0", "0.9", "1", "1.0", "1.0.0", "1.0.1", "1.2", "1.10", "2", "10.0"]);
            are_equal(ecosystem, &["0.1.0", "0.01.0", "0.1-0"]);
        }
        ascend("CRAN", &["1.0.a", "1.0.0"]);
    }
}
