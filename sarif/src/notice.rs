//! Defines [`Notice`]: what a repair has changed or left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a repair has changed or left out, and how many of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// A sentence without a full stop, such as `3 results left out: suppressed, which GitHub shows as open`. It may
    /// quote the log: escape it before it is shown on a terminal.
    pub message: String,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Counts what is changed, so that a thousand changes of one kind are one notice.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    counts: BTreeMap<(&'static str, &'static str), usize>,
    told: BTreeSet<String>,
}

impl Notices {
    /// Adds one to what was done to a kind of object, such as `result` and `left out: …`.
    pub(crate) fn add(&mut self, noun: &'static str, done: &'static str) {
        self.add_many(noun, done, 1);
    }

    /// Adds several.
    pub(crate) fn add_many(&mut self, noun: &'static str, done: &'static str, count: usize) {
        if count > 0 {
            *self.counts.entry((noun, done)).or_default() += count;
        }
    }

    /// Adds a sentence of its own.
    pub(crate) fn tell(&mut self, message: String) {
        self.told.insert(message);
    }

    /// The notices, in an order that depends on nothing else.
    pub(crate) fn into_vec(self) -> Vec<Notice> {
        let counted = self.counts.into_iter().map(|((noun, done), count)| format!("{} {done}", counted(count, noun)));
        counted.chain(self.told).map(|message| Notice { message }).collect()
    }
}

/// `1 result`, `2 results`, `2 properties`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if count == 1 => format!("{count} {noun}"),
        Some(stem) => format!("{count} {stem}ies"),
        None if noun.ends_with('s') => format!("{count} {noun}es"),
        None => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_changes_of_a_kind_are_one_notice() {
        let mut notices = Notices::default();
        notices.add("result", "left out");
        notices.add("property", "moved");
        notices.add("result", "left out");
        notices.add_many("result", "kept", 0);
        let said: Vec<_> = notices.into_vec().into_iter().map(|notice| notice.message).collect();
        assert_eq!(said, ["1 property moved", "2 results left out"]);
    }
}
