//! What there is to know of a scheme of versions.

use std::cmp::Ordering;

/// How the versions of one scheme order, and what its requirements say.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) name: &'static str,
    /// A total order of all texts: versions that are equal are interchangeable.
    pub(super) compare: fn(&str, &str) -> Ordering,
    /// Whether a version meets a requirement; `None` when the requirement is not understood.
    pub(super) satisfies: fn(&str, &str) -> Option<bool>,
}
