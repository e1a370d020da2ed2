//! Defines [`Meta`]: where the records of a store are from, and how old they are.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where the records of a store are from. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// When it was made, or when its newest record was changed where it was made to be published.
    pub created: i64,
    /// How many advisories it has.
    pub advisories: usize,
    /// Where they are from, an entry for each source and ecosystem, sorted.
    pub coverage: Vec<Coverage>,
    /// CISA's list of vulnerabilities that are exploited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kev: Option<Feed>,
    /// FIRST's chances of exploitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epss: Option<Feed>,
}

/// What a source says of an ecosystem.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Coverage {
    /// The source: `OSV`, `RustSec`, or the name of a file.
    pub source: String,
    /// The ecosystem in OSV's words, without a release.
    pub ecosystem: String,
    /// How many advisories it has of it.
    pub advisories: usize,
    /// When it was known to be all that the source had.
    pub as_of: i64,
    /// When its newest record was changed.
    pub newest: i64,
    /// The entity tag of the answer, for the next conditional request; empty where there was none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tag: String,
}

/// A list of CVE ids from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// How many entries it had.
    pub entries: usize,
    /// When it was made, as it says itself; else when it was read.
    pub as_of: i64,
    /// The entity tag of the answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tag: String,
}

impl Meta {
    /// When an ecosystem was last known to be complete, by its freshest source; `None` where no source has it.
    pub fn as_of(&self, ecosystem: &str) -> Option<i64> {
        let of = self.coverage.iter().filter(|entry| entry.ecosystem == ecosystem);
        of.map(|entry| entry.as_of).max()
    }

    /// The names of the sources, each once.
    pub fn sources(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.coverage.iter().map(|entry| entry.source.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Whole days between two times in seconds; 0 where the second is not later.
pub fn days_between(earlier: i64, later: i64) -> u64 {
    u64::try_from(later.saturating_sub(earlier)).unwrap_or_default() / 86_400
}

/// A time as a record writes it, RFC 3339 or a day, in seconds since 1970; 0 for anything else.
pub fn seconds(text: &str) -> i64 {
    let day = || text.get(..10)?.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let of_day = || day().map(|day| day.timestamp().as_second());
    text.parse::<Timestamp>().ok().map(Timestamp::as_second).or_else(of_day).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(seconds("1970-01-02T00:00:00Z"), 86_400);
        assert_eq!(seconds("1970-01-02T00:00:00.5Z"), 86_400);
        assert_eq!(seconds("1970-01-03"), 172_800);
        assert_eq!(seconds("soon"), 0);
        assert_eq!((days_between(0, 86_400 * 3 + 5), days_between(5, 0)), (3, 0));
    }
}
