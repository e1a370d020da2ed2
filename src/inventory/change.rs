//! Tells what is different between the packages of two versions of something.

use std::collections::{BTreeMap, BTreeSet};

use crate::ecosystem::Ecosystem;

/// Something with a name and a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Where packages of its kind come from.
    pub ecosystem: Ecosystem,
    /// Its name as its ecosystem writes it.
    pub name: String,
    /// Its version; empty when it is not pinned.
    pub version: String,
}

/// What became of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where packages of its kind come from.
    pub ecosystem: Ecosystem,
    /// Its name.
    pub name: String,
    /// How it is different.
    pub kind: ChangeKind,
    /// The versions that are there no more, in order.
    pub from: Vec<String>,
    /// The versions that are new, in order.
    pub to: Vec<String>,
}

/// How a package is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is at a higher version.
    Raised,
    /// It is at a lower version.
    Lowered,
    /// It is at other versions, of which nobody can say more.
    Changed,
    /// It is gone.
    Removed,
}

impl ChangeKind {
    /// The word for it in every output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Raised => "raised",
            Self::Lowered => "lowered",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// What is different, in the order of ecosystem and name. A package with one more version beside those it had is raised
/// or lowered only if the new one is above or below all of them.
pub fn between(old: impl IntoIterator<Item = Named>, new: impl IntoIterator<Item = Named>) -> Vec<Change> {
    let mut all: BTreeMap<(Ecosystem, String), [BTreeSet<String>; 2]> = BTreeMap::new();
    let mut put = |named: Named, side: usize| {
        let key = (named.ecosystem, named.ecosystem.normalized(&named.name).into_owned());
        all.entry(key).or_default()[side].insert(named.version);
    };
    old.into_iter().for_each(|named| put(named, 0));
    new.into_iter().for_each(|named| put(named, 1));
    let changed = all.into_iter().filter(|(_, [old, new])| old != new);
    changed.map(|((ecosystem, name), [old, new])| change(ecosystem, name, &old, &new)).collect()
}

fn change(ecosystem: Ecosystem, name: String, old: &BTreeSet<String>, new: &BTreeSet<String>) -> Change {
    let from: Vec<String> = old.difference(new).cloned().collect();
    let to: Vec<String> = new.difference(old).cloned().collect();
    let all = |wanted: std::cmp::Ordering| {
        let pairs = to.iter().flat_map(|to| old.iter().map(move |from| (to, from)));
        !to.is_empty() && pairs.into_iter().all(|(to, from)| order(ecosystem, to, from) == Some(wanted))
    };
    let kind = match (old.is_empty(), new.is_empty()) {
        (true, _) => ChangeKind::Added,
        (_, true) => ChangeKind::Removed,
        _ if all(std::cmp::Ordering::Greater) => ChangeKind::Raised,
        _ if all(std::cmp::Ordering::Less) => ChangeKind::Lowered,
        _ => ChangeKind::Changed,
    };
    Change { ecosystem, name, kind, from, to }
}

fn order(ecosystem: Ecosystem, a: &str, b: &str) -> Option<std::cmp::Ordering> {
    let known = !a.is_empty() && !b.is_empty();
    known.then(|| crate::advisories::version::compare(ecosystem.osv_or_purl(), a, b)).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(name: &str, version: &str) -> Named {
        Named { ecosystem: Ecosystem::Npm, name: name.to_owned(), version: version.to_owned() }
    }

    #[test]
    fn what_became_of_each() {
        let old =
            [named("a", "1.0.0"), named("b", "1.0.0"), named("c", "2.0.0"), named("d", "1.0.0"), named("e", "1.0.0")];
        let new = [named("b", "1.10.0"), named("c", "1.9.0"), named("d", "1.0.0"), named("e", ""), named("f", "3.0.0")];
        let said: Vec<_> = between(old, new).into_iter().map(|c| (c.name, c.kind)).collect();
        let expected = [
            ("a", ChangeKind::Removed),
            ("b", ChangeKind::Raised),
            ("c", ChangeKind::Lowered),
            ("e", ChangeKind::Changed),
            ("f", ChangeKind::Added),
        ];
        assert_eq!(said, expected.map(|(name, kind)| (name.to_owned(), kind)));
    }

    proptest! {
        #[test]
        fn the_other_way_round_is_the_opposite(
            old in prop::collection::vec(("[a-d]", "[0-9]\\.[0-9]"), 0..9),
            new in prop::collection::vec(("[a-d]", "[0-9]\\.[0-9]"), 0..9),
        ) {
            let of = |list: &[(String, String)]| list.iter().map(|(n, v)| named(n, v)).collect::<Vec<_>>();
            let (there, back) = (between(of(&old), of(&new)), between(of(&new), of(&old)));
            prop_assert_eq!(there.len(), back.len());
            for (there, back) in there.iter().zip(&back) {
                prop_assert_eq!((&there.from, &there.to), (&back.to, &back.from));
            }
            prop_assert!(between(of(&old), of(&old)).is_empty());
        }
    }
}
