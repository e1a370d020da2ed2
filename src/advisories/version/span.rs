//! Defines [`Span`]: the versions between two marks. Databases that say by requirements which versions are affected, or
//! which are not, come down to spans.

use std::cmp::Ordering;

use super::requirement::operator::Operator;
use super::{Scheme, requirement};

/// The versions between two marks; it has at least one that can be thought of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::advisories) struct Span {
    /// Where it begins; `None` before all versions.
    pub(in crate::advisories) from: Option<Mark>,
    /// Where it ends; `None` behind all versions.
    pub(in crate::advisories) to: Option<Mark>,
}

/// A place right before a version, or right behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::advisories) struct Mark {
    /// The version.
    pub(in crate::advisories) version: String,
    /// Whether it is behind that.
    pub(in crate::advisories) is_behind: bool,
}

impl Mark {
    fn compare(&self, other: &Self, scheme: Scheme) -> Ordering {
        scheme.compare(&self.version, &other.version).then_with(|| self.is_behind.cmp(&other.is_behind))
    }
}

/// The versions that meet a requirement of RubyGems: none, or those of one span. `None` when it is not understood, or
/// leaves out a version in the middle (`!=`).
pub(in crate::advisories) fn of_rubygems(requirement: &str, scheme: Scheme) -> Option<Vec<Span>> {
    Some(Span::of(requirement::rubygems::bounds(requirement)?, scheme)?.into_iter().collect())
}

/// The versions that meet a constraint of Composer, versions as Composer normalizes them. `None` when it is not
/// understood, names a branch, or leaves out a version in the middle (`!=`).
pub(in crate::advisories) fn of_composer(constraint: &str, scheme: Scheme) -> Option<Vec<Span>> {
    let mut spans = Vec::new();
    for alternative in constraint.split('|').filter(|part| !part.is_empty() || !constraint.contains('|')) {
        let bounds = requirement::composer::bounds(alternative)?;
        if bounds.is_empty() || bounds.iter().any(|(_, version)| version.starts_with("dev-")) {
            return None;
        }
        spans.extend(Span::of(bounds, scheme)?);
    }
    Some(spans)
}

/// The versions that are in none of some spans, in their order.
pub(in crate::advisories) fn outside(mut spans: Vec<Span>, scheme: Scheme) -> Vec<Span> {
    // No more than a record has, so that an order that is none, which sorting may panic at, costs little to avoid.
    let mut sorted: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.drain(..) {
        let at = sorted.partition_point(|other| starts(&other.from, &span.from, scheme).is_le());
        sorted.insert(at, span);
    }
    let mut found = Vec::new();
    let mut from = None;
    for span in sorted {
        if let Some(to) = span.from {
            found.extend(Span::between(from.clone(), Some(to), scheme));
        }
        match span.to {
            None => return found,
            Some(to) if from.as_ref().is_none_or(|from| from.compare(&to, scheme).is_lt()) => from = Some(to),
            Some(_) => {}
        }
    }
    found.extend(Span::between(from, None, scheme));
    found
}

/// The order of two beginnings.
fn starts(a: &Option<Mark>, b: &Option<Mark>, scheme: Scheme) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.compare(b, scheme),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

impl Span {
    /// The versions of which all comparisons hold: `Some(None)` where there are none, `None` where they are of two spans.
    fn of(bounds: Vec<(Operator, String)>, scheme: Scheme) -> Option<Option<Self>> {
        let (mut from, mut to): (Option<Mark>, Option<Mark>) = (None, None);
        for (operator, version) in bounds {
            let mark = |is_behind| Mark { version: version.clone(), is_behind };
            let (low, high) = match operator {
                Operator::Less => (None, Some(mark(false))),
                Operator::AtMost => (None, Some(mark(true))),
                Operator::Equal => (Some(mark(false)), Some(mark(true))),
                Operator::Different => return None,
                Operator::AtLeast => (Some(mark(false)), None),
                Operator::More => (Some(mark(true)), None),
            };
            if let Some(low) = low.filter(|low| from.as_ref().is_none_or(|from| from.compare(low, scheme).is_lt())) {
                from = Some(low);
            }
            if let Some(high) = high.filter(|high| to.as_ref().is_none_or(|to| to.compare(high, scheme).is_gt())) {
                to = Some(high);
            }
        }
        Some(Self::between(from, to, scheme))
    }

    /// `None` where nothing is between.
    fn between(from: Option<Mark>, to: Option<Mark>, scheme: Scheme) -> Option<Self> {
        let is_empty = from.as_ref().zip(to.as_ref()).is_some_and(|(from, to)| from.compare(to, scheme).is_ge());
        (!is_empty).then_some(Self { from, to })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn contains(span: &Span, version: &str, scheme: Scheme) -> bool {
        let here = |is_behind| Mark { version: version.to_owned(), is_behind };
        span.from.as_ref().is_none_or(|from| from.compare(&here(true), scheme).is_lt())
            && span.to.as_ref().is_none_or(|to| to.compare(&here(false), scheme).is_gt())
    }

    fn version() -> impl Strategy<Value = String> {
        "[0-3](\\.[0-3]){0,3}((\\.|-)?(a|b|rc)[0-2]?)?"
    }

    fn requirement(signs: &'static [&'static str]) -> impl Strategy<Value = String> {
        let one = (prop::sample::select(signs), version()).prop_map(|(sign, version)| format!("{sign} {version}"));
        prop::collection::vec(one, 1..3).prop_map(|all| all.join(", "))
    }

    #[test]
    fn what_is_no_span_is_told() {
        let scheme = Scheme::of("RubyGems").unwrap();
        for text in ["!= 1.0", "~> x", "^1.0", ">="] {
            assert_eq!(of_rubygems(text, scheme), None, "{text}");
        }
        assert_eq!(of_rubygems("> 2, < 1", scheme), Some(Vec::new()));
        let scheme = Scheme::of("Packagist").unwrap();
        for text in ["!=1.0", "dev-main", "", "*", "?"] {
            assert_eq!(of_composer(text, scheme), None, "{text}");
        }
    }

    proptest! {
        /// A version is outside of what meets a requirement when it does not meet it.
        #[test]
        fn spans_of_rubygems_are_what_its_requirements_take(
            requirements in prop::collection::vec(requirement(&[">=", ">", "<", "<=", "=", "~>"]), 0..4),
            versions in prop::collection::vec(version(), 1..12),
        ) {
            let scheme = Scheme::of("RubyGems").unwrap();
            let spans: Vec<Span> =
                requirements.iter().flat_map(|text| of_rubygems(text, scheme).unwrap()).collect();
            let outside = outside(spans.clone(), scheme);
            for version in versions {
                let met = requirements.iter().any(|text| scheme.satisfies(&version, text).unwrap());
                prop_assert_eq!(spans.iter().any(|span| contains(span, &version, scheme)), met, "{}", version);
                prop_assert_eq!(outside.iter().filter(|span| contains(span, &version, scheme)).count(), usize::from(!met));
            }
        }
    }
}
