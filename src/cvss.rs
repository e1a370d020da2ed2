//! Scores of the Common Vulnerability Scoring System (CVSS), from vectors as tools write them.
//!
//! Only the base metrics count: threat, temporal and environmental ones are about a moment or a place, and two tools
//! that report one advisory would disagree. Versions 3 and 4 are computed by the crate that RustSec uses, version 2
//! in `v2`.

mod v2;

use std::str::FromStr as _;

use crate::finding::Severity;

/// The base score of a vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The version of the system: `2.0`, `3.0`, `3.1` or `4.0`; `3` where somebody says no more.
    pub version: &'static str,
    /// From 0.0 to 10.0, with one digit behind the point.
    pub base: f64,
}

impl Score {
    /// The severity by the bands of the version; version 2 has those of NVD, which know nothing critical.
    pub fn severity(&self) -> Severity {
        match Severity::from_cvss(self.base) {
            Severity::Critical if self.version == V2.version => Severity::High,
            severity => severity,
        }
    }
}

/// A version, and its base metrics in the order of its specification, with their values.
struct Version {
    version: &'static str,
    metrics: &'static [(&'static str, &'static str)],
    base: fn(&Version, &[&str]) -> Option<f64>,
}

static V2: Version = Version {
    version: "2.0",
    metrics: &[("AV", "L A N"), ("AC", "H M L"), ("Au", "M S N"), ("C", "N P C"), ("I", "N P C"), ("A", "N P C")],
    base: |_, values| v2::base(values),
};

static V30: Version = Version { version: "3.0", metrics: V3_METRICS, base: bought };
static V31: Version = Version { version: "3.1", metrics: V3_METRICS, base: bought };

const V3_METRICS: &[(&str, &str)] = &[
    ("AV", "N A L P"),
    ("AC", "L H"),
    ("PR", "N L H"),
    ("UI", "N R"),
    ("S", "U C"),
    ("C", "H L N"),
    ("I", "H L N"),
    ("A", "H L N"),
];

static V40: Version = Version {
    version: "4.0",
    metrics: &[
        ("AV", "N A L P"),
        ("AC", "L H"),
        ("AT", "N P"),
        ("PR", "N L H"),
        ("UI", "N P A"),
        ("VC", "H L N"),
        ("VI", "H L N"),
        ("VA", "H L N"),
        ("SC", "H L N"),
        ("SI", "H L N"),
        ("SA", "H L N"),
    ],
    base: bought,
};

/// Those that a vector without a version can be of, each with metrics that no other has.
static UNNAMED: [&Version; 3] = [&V2, &V31, &V40];
static NAMED: [&Version; 4] = [&V2, &V30, &V31, &V40];

/// A vector is shorter, in bytes, even with every metric that there is.
const LONGEST: usize = 512;

/// The base score of a vector: `AV:N/AC:L/Au:N/C:P/I:P/A:P`, in parentheses or not, `CVSS:3.1/…`, `CVSS:4.0/…`, or
/// behind a score as in `7.5/CVSS:3.1/…`. Metrics that are not of the base, or unknown, are passed over.
///
/// `None` when a base metric is missing, there twice, or has a value that its version does not know.
///
/// ```
/// let score = scanall::cvss::score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H").unwrap();
/// assert_eq!((score.version, score.base), ("3.1", 9.8));
/// ```
pub fn score(vector: &str) -> Option<Score> {
    let vector = vector.get(..LONGEST).map_or(vector, |_| "");
    let text = vector.trim().trim_start_matches('(').trim_end_matches(')');
    let parts = || text.split(['/', '#']).filter_map(|part| part.trim().split_once(':'));
    let is = |name: &str, other: &str| name.trim().eq_ignore_ascii_case(other);
    let named = parts().find(|(name, _)| is(name, "CVSS")).map(|(_, version)| version.trim());
    let candidates: &[&Version] = if named.is_some() { &NAMED } else { &UNNAMED };
    candidates.iter().filter(|version| named.is_none_or(|named| named == version.version)).find_map(|version| {
        let mut values = Vec::with_capacity(version.metrics.len());
        for (metric, known) in version.metrics {
            let mut told = parts().filter(|(name, _)| is(name, metric)).map(|(_, value)| value.trim());
            let value = told.next().filter(|_| told.next().is_none())?;
            values.push(known.split(' ').find(|known| known.eq_ignore_ascii_case(value))?);
        }
        let base = (version.base)(version, &values)?;
        Some(Score { version: version.version, base }).filter(|score| (0.0..=10.0).contains(&score.base))
    })
}

/// Asks the crate, with a vector of the base metrics alone: it refuses what it does not know.
fn bought(version: &Version, values: &[&str]) -> Option<f64> {
    let metrics = version.metrics.iter().zip(values).map(|((metric, _), value)| format!("/{metric}:{value}"));
    let vector = format!("CVSS:{}{}", version.version, metrics.collect::<String>());
    Some((::cvss::Cvss::from_str(&vector).ok()?.score() * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Vectors of the examples that FIRST publishes with each version, with their scores.
    #[test]
    fn the_examples_of_the_specifications() {
        for (vector, version, base, severity) in [
            ("AV:N/AC:L/Au:N/C:N/I:N/A:C", "2.0", 7.8, Severity::High),
            ("(AV:N/AC:L/Au:N/C:C/I:C/A:C)", "2.0", 10.0, Severity::High),
            ("AV:L/AC:H/Au:N/C:C/I:C/A:C", "2.0", 6.2, Severity::Medium),
            ("AV:N/AC:M/Au:N/C:N/I:P/A:N", "2.0", 4.3, Severity::Medium),
            ("AV:L/AC:L/Au:S/C:P/I:N/A:N", "2.0", 1.7, Severity::Low),
            ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "3.0", 6.1, Severity::Medium),
            ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", "3.1", 6.4, Severity::Medium),
            ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", "3.1", 3.1, Severity::Low),
            ("CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", "3.1", 0.0, Severity::Info),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", "3.1", 10.0, Severity::Critical),
            ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "4.0", 7.3, Severity::High),
            ("CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "4.0", 7.7, Severity::High),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "4.0", 9.3, Severity::Critical),
        ] {
            let score = score(vector).unwrap_or_else(|| panic!("{vector} has no score"));
            assert_eq!((score.version, score.base, score.severity()), (version, base, severity), "{vector}");
        }
    }

    #[test]
    fn tools_write_vectors_in_many_ways() {
        let base = |vector: &str| score(vector).map(|score| (score.version, score.base));
        let known = Some(("3.1", 7.5));
        for vector in [
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P/RL:O/RC:C/MAV:L",
            "7.5/CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
            " (av:n/ac:l/pr:n/ui:n/s:u/c:n/i:n/a:h) ",
            "CVSS:3.1/A:H/I:N/C:N/S:U/UI:N/PR:N/AC:L/AV:N/",
        ] {
            assert_eq!(base(vector), known, "{vector}");
        }
        assert_eq!(base("CVSS2#AV:N/AC:L/Au:N/C:P/I:P/A:P"), Some(("2.0", 7.5)));
        assert_eq!(base("AV:N/AC:L/Au:N/C:P/I:P/A:P/E:U/RL:OF/RC:C"), Some(("2.0", 7.5)));
        let threatened = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U/S:X/U:Red";
        assert_eq!(base(threatened), Some(("4.0", 9.3)));
    }

    #[test]
    fn what_is_no_vector_has_no_score() {
        let long = format!("AV:N/AC:L/Au:N/C:P/I:P/A:P/{}", "x".repeat(LONGEST));
        for text in ["", "7.5", "CVSS:3.1", "CVSS:3.1/AV:N", "CVSS:5.0/AV:N/AC:L/Au:N/C:P/I:P/A:P", long.as_str()] {
            assert_eq!(score(text), None, "{text}");
        }
        assert_eq!(score("CVSS:3.1/AV:N/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"), None);
        assert_eq!(score("CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"), None);
    }

    /// A vector of a version with one value of each metric, chosen by numbers.
    fn vector(version: &Version, choice: &[usize]) -> String {
        let metrics = version.metrics.iter().zip(choice).map(|((name, values), choice)| {
            let values: Vec<&str> = values.split(' ').collect();
            format!("{name}:{}", values[choice % values.len()])
        });
        let head = if version.version == "2.0" { String::new() } else { format!("CVSS:{}/", version.version) };
        head + &metrics.collect::<Vec<_>>().join("/")
    }

    proptest! {
        #[test]
        fn every_vector_has_a_score_of_its_version(which in 0..4usize, choice in prop::array::uniform11(0..12usize)) {
            let score = score(&vector(NAMED[which], &choice)).unwrap();
            prop_assert_eq!(score.version, NAMED[which].version);
            prop_assert!((0.0..=10.0).contains(&score.base));
            prop_assert_eq!((score.base * 10.0).round() / 10.0, score.base);
        }

        #[test]
        fn nothing_panics(text in "(CVSS:[234].[01]/)?((AV|AC|Au|PR|UI|S|C|I|A|VC|E|é):[NLHPCXé]{0,2}[/:]{0,2}){0,14}") {
            prop_assert!(score(&text).is_none_or(|score| (0.0..=10.0).contains(&score.base)));
        }
    }
}
