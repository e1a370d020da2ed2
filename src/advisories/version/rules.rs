//! What there is to know of a scheme of versions.

use std::cmp::Ordering;

/// How the versions of one scheme order, and what its requirements say.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) name: &'static str,
    /// Whether versions of plain numbers order as [`plain`](super::plain) says.
    pub(super) is_plain: bool,
    /// A total order of all texts: versions that are equal are interchangeable.
    pub(super) compare: fn(&str, &str) -> Ordering,
    /// Whether a version meets a requirement; `None` when the requirement is not understood.
    pub(super) satisfies: fn(&str, &str) -> Option<bool>,
}
