//! Defines [`Raise`]: the version to raise a package to.

use std::collections::BTreeSet;

use crate::advisories::matching::{Answer, Asked, Hit};
use crate::advisories::store::bytes::Damaged;
use crate::advisories::version::Scheme;

/// Databases are asked about no more versions of one package.
const MAX_ASKED: usize = 100;

/// The version to raise a package to: the smallest one that has no known defect or, where every one has some, that has the
/// fewest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raise {
    /// The version.
    pub(super) to: String,
    /// The ids of the defects that it has itself.
    pub(super) left: Vec<String>,
}

impl Raise {
    /// Tries the versions at which defects end, and then those at which the defects of these end. `ask` says what is true
    /// of a version. `None` where no version is known that lacks any of the defects.
    pub(super) fn of(
        asked: Asked<'_>,
        hits: &[Hit],
        ask: impl Fn(&str) -> Result<Answer, Damaged>,
    ) -> Result<Option<Self>, Damaged> {
        let Some(scheme) = Scheme::of(asked.ecosystem.osv()) else { return Ok(None) };
        let ids = |hits: &[Hit]| -> Vec<String> {
            hits.iter().filter(|hit| hit.nature.is_defect()).map(|hit| hit.id.clone()).collect()
        };
        let (mut tried, mut best): (BTreeSet<String>, Option<Self>) = (BTreeSet::new(), None);
        let mut next: Vec<String> = hits.iter().flat_map(|hit| hit.fixed.clone()).collect();
        let fewest = ids(hits).len();
        while !next.is_empty() && best.as_ref().is_none_or(|best| !best.left.is_empty()) {
            next.sort_by(|a, b| scheme.compare(a, b).then_with(|| a.cmp(b)));
            let mut further = Vec::new();
            for to in std::mem::take(&mut next) {
                if tried.len() == MAX_ASKED || !tried.insert(to.clone()) {
                    continue;
                }
                let answer = ask(&to)?;
                let left = ids(&answer.hits);
                further.extend(answer.hits.into_iter().flat_map(|hit| hit.fixed));
                if left.len() < best.as_ref().map_or(fewest, |best| best.left.len()) {
                    best = Some(Self { to, left });
                }
                if best.as_ref().is_some_and(|best| best.left.is_empty()) {
                    break;
                }
            }
            next = further;
        }
        Ok(best)
    }

    /// Whether the version lacks a defect.
    pub(super) fn mends(&self, hit: &Hit) -> bool {
        !self.left.contains(&hit.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::Ecosystem;

    /// Defects by id, the first version that has them and the first that does not; an empty one never comes.
    const DEFECTS: [(&str, &str, &str); 3] =
        [("A", "1.0.0", "1.2.0"), ("B", "1.1.0", "1.3.0"), ("C", "1.3.0", "2.1.0")];

    fn answer(defects: &[(&str, &str, &str)], version: &str) -> Answer {
        let scheme = Scheme::of("npm").unwrap();
        let has = |(_, from, to): &&(&str, &str, &str)| {
            scheme.compare(version, from).is_ge() && (to.is_empty() || scheme.compare(version, to).is_lt())
        };
        let hit = |(id, _, to): &(&str, &str, &str)| Hit {
            id: (*id).to_owned(),
            aliases: Vec::new(),
            nature: crate::advisories::record::Nature::Vulnerable,
            severity: crate::finding::Severity::High,
            rating: crate::finding::Rating::stated("x"),
            fixed: Some((*to).to_owned()).filter(|to| !to.is_empty()).into_iter().collect(),
            exploited: crate::advisories::exploited::Exploited::default(),
            places: Vec::new(),
        };
        Answer { hits: defects.iter().filter(has).map(hit).collect(), undecided: Vec::new() }
    }

    fn raise(defects: &[(&str, &str, &str)], version: &str) -> Option<(String, Vec<String>)> {
        let asked = Asked { ecosystem: Ecosystem::Npm, release: "", name: "x", version };
        let raise = Raise::of(asked, &answer(defects, version).hits, |to| Ok(answer(defects, to))).unwrap();
        raise.map(|raise| (raise.to, raise.left))
    }

    #[test]
    fn the_smallest_version_without_any_defect() {
        // 1.2.0 has B, and 1.3.0, which ends that, has C.
        assert_eq!(raise(&DEFECTS, "1.0.0"), Some(("2.1.0".to_owned(), Vec::new())));
        assert_eq!(raise(&DEFECTS[..1], "1.1.0"), Some(("1.2.0".to_owned(), Vec::new())));
    }

    #[test]
    fn the_fewest_where_some_defect_never_ends() {
        let endless = [DEFECTS[0], ("D", "0.1.0", "")];
        assert_eq!(raise(&endless, "1.0.0"), Some(("1.2.0".to_owned(), vec!["D".to_owned()])));
        assert_eq!(raise(&endless[1..], "1.0.0"), None);
    }
}
