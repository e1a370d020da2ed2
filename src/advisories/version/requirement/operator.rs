//! Comparisons as requirements write them.

use std::cmp::Ordering;

/// What a version must be, compared to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Operator {
    Less,
    AtMost,
    Equal,
    Different,
    AtLeast,
    More,
}

/// How they are written, the longer before the shorter; `<<` and `>>` are Debian's.
const WRITTEN: [(&str, Operator); 14] = [
    ("===", Operator::Equal),
    ("==", Operator::Equal),
    ("!==", Operator::Different),
    ("!=", Operator::Different),
    ("<>", Operator::Different),
    ("<<", Operator::Less),
    ("<=", Operator::AtMost),
    ("=<", Operator::AtMost),
    ("<", Operator::Less),
    (">>", Operator::More),
    (">=", Operator::AtLeast),
    ("=>", Operator::AtLeast),
    (">", Operator::More),
    ("=", Operator::Equal),
];

impl Operator {
    /// Whether two compare so.
    pub(in super::super) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::Different => order.is_ne(),
            Self::AtLeast => order.is_ge(),
            Self::More => order.is_gt(),
        }
    }

    /// The comparison that a text begins with, and what follows it.
    pub(in super::super) fn split(text: &str) -> (Option<Self>, &str) {
        let text = text.trim_start();
        let found = WRITTEN.iter().find_map(|(written, operator)| Some((*operator, text.strip_prefix(written)?)));
        match found {
            Some((operator, rest)) => (Some(operator), rest.trim_start()),
            None => (None, text),
        }
    }
}
