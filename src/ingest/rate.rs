//! Decides how severe a finding is by what its report says: the tool's own word, else a score, else a vector.

use super::map::Map;
use crate::cvss;
use crate::finding::{Rating, Severity};
use crate::text;

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
    let best = scores.iter().filter_map(|scored| scored.rated(map)).max_by(|a, b| {
        a.base.total_cmp(&b.base).then_with(|| a.severity.cmp(&b.severity)).then_with(|| b.by.cmp(&a.by))
    });
    best.map_or((severity, rating), |rated| (rated.severity, Rating::scored(rated.by)))
}

struct Rated {
    base: f64,
    severity: Severity,
    by: String,
}

impl Scored<'_> {
    /// The severity of the score, or of the vector where there is no score; `None` without either.
    fn rated(&self, map: &Map) -> Option<Rated> {
        let by = text::printable(if self.by.is_empty() { &map.tool } else { self.by });
        let computed = cvss::score(self.vector);
        match (self.score.filter(|score| *score > 0.0 && *score <= 10.0), computed) {
            (Some(base), computed) => {
                let version = computed.map_or_else(String::new, |score| format!(" {}", score.version));
                let severity = computed
                    .map_or_else(|| Severity::from_cvss(base), |score| cvss::Score { base, ..score }.severity());
                Some(Rated { base, severity, by: format!("{by}, CVSS{version} {base:.1}") })
            }
            (None, Some(score)) => {
                let by = format!("{by}, CVSS {} {:.1}", score.version, score.base);
                Some(Rated { base: score.base, severity: score.severity(), by })
            }
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_win_over_scores_and_scores_over_vectors() {
        let map = Map::of("nobody");
        let scored = |score, vector| Scored { by: "NVD", score, vector };
        let v3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        assert_eq!(rate(map, "low", &[scored(Some(9.9), "")]).0, Severity::Low);
        assert_eq!(rate(map, "", &[scored(Some(7.1), v3)]).0, Severity::High);
        let (severity, rating) = rate(map, "unknown", &[scored(None, v3), scored(None, "nonsense")]);
        assert_eq!((severity, rating.by.as_str()), (Severity::Critical, "NVD, CVSS 3.1 9.8"));
        assert_eq!(rate(map, "", &[scored(None, "AV:N/AC:L/Au:N/C:C/I:C/A:C")]).0, Severity::High);
        assert!(!rate(map, "", &[scored(Some(0.0), "")]).1.is_substantiated());
    }
}
