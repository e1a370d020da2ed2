//! Defines [`Grade`]: how severe somebody says that a defect is.

use super::record::database;
use crate::cvss;
use crate::finding::{Rating, Severity};

/// How severe somebody says that a defect is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grade {
    /// A CVSS vector of any version, a score without its vector (`CVSS 3: 7.5`), or a word such as `HIGH`.
    pub says: String,
    /// The id of the record that says so; empty for the record itself.
    pub from: String,
}

/// The words that databases use, in lower case.
const WORDS: [(&str, Severity); 9] = [
    ("critical", Severity::Critical),
    ("high", Severity::High),
    ("important", Severity::High),
    ("moderate", Severity::Medium),
    ("medium", Severity::Medium),
    ("low", Severity::Low),
    ("minor", Severity::Low),
    ("negligible", Severity::Info),
    ("none", Severity::Info),
];

impl Grade {
    /// What a record says of itself.
    pub fn own(says: impl Into<String>) -> Self {
        Self { says: says.into(), from: String::new() }
    }

    /// The base score; `None` of a word.
    pub fn score(&self) -> Option<cvss::Score> {
        score(&self.says)
    }

    /// The severity, and who says so about the advisory with this id; `None` where nobody can tell.
    pub fn rate(&self, id: &str) -> Option<(Severity, Rating)> {
        let by = database(if self.from.is_empty() { id } else { &self.from });
        match self.score() {
            Some(score) => {
                let by = format!("{by}, CVSS {} {:.1}", score.version, score.base);
                Some((score.severity(), Rating::scored(by)))
            }
            None => Some((severity_of_word(&self.says)?, Rating::stated(by))),
        }
    }
}

/// The vector with the highest score; else the first word that is known; `None` without either.
pub fn worst<'a>(says: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let scored = says.clone().filter_map(|text| Some((score(text)?.base, text)));
    let best = scored.reduce(|best, other| if other.0 > best.0 { other } else { best });
    best.map(|(_, vector)| vector).or_else(|| says.into_iter().find(|word| severity_of_word(word).is_some()))
}

/// Versions of CVSS as databases name them that give a score without its vector.
const BARE: [&str; 3] = ["2.0", "3", "4.0"];

/// A score without its vector, as [`Grade::says`] has it; `version` is one of `2.0`, `3` and `4.0`.
pub(super) fn bare(version: &str, score: f64) -> String {
    format!("CVSS {version}: {score:.1}")
}

/// The base score of a vector, or one without its vector.
fn score(text: &str) -> Option<cvss::Score> {
    cvss::score(text).or_else(|| {
        let (version, base) = text.strip_prefix("CVSS ")?.split_once(": ")?;
        let version = BARE.into_iter().find(|known| *known == version)?;
        let base = base.parse().ok().filter(|base| (0.0..=10.0).contains(base))?;
        Some(cvss::Score { version, base })
    })
}

fn severity_of_word(word: &str) -> Option<Severity> {
    WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word.trim())).map(|(_, severity)| *severity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_before_words_and_who_says_so() {
        let v3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        assert_eq!(worst(["LOW", "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L", v3].into_iter()), Some(v3));
        assert_eq!(worst(["odd", "MODERATE", "LOW"].into_iter()), Some("MODERATE"));
        assert_eq!(worst(["odd", ""].into_iter()), None);
        let borrowed = Grade { says: v3.to_owned(), from: "GHSA-aaaa-bbbb-cccc".to_owned() };
        let (severity, rating) = borrowed.rate("RUSTSEC-2026-0001").unwrap();
        assert_eq!((severity, rating.by.as_str()), (Severity::Critical, "GitHub, CVSS 3.1 9.8"));
        assert_eq!(worst([bare("2.0", 9.8), bare("3", 7.0)].iter().map(String::as_str)), Some("CVSS 2.0: 9.8"));
        let (severity, rating) = Grade::own(bare("2.0", 9.8)).rate("RUBYSEC-x-CVE-2026-1").unwrap();
        assert_eq!((severity, rating.by.as_str()), (Severity::High, "RubySec, CVSS 2.0 9.8"));
        assert_eq!(Grade::own(bare("3", f64::NAN)).score(), None);
        let (severity, rating) = Grade::own("Moderate").rate("PYSEC-2026-1").unwrap();
        assert_eq!((severity, rating), (Severity::Medium, Rating::stated("PyPA")));
    }
}
