//! What makes two findings of different tools the same kind of defect: one rule, one family of checks, one weakness.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::LazyLock;

use crate::dedupe::family::{self, Family};
use crate::finding::Finding;

/// Something that a finding has in common with others of its kind of defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::dedupe) enum Like<'a> {
    /// A rule that is called the same by several tools.
    Rule(&'a str),
    /// A family of checks.
    Family(Family),
    /// A weakness by its number in the Common Weakness Enumeration, or the least of those that are one defect.
    Weakness(u32),
    /// Weaknesses that are so general that only all of them together say anything.
    General(&'a [u32]),
}

/// What findings are about; the families of a rule are looked up once.
#[derive(Default)]
pub(in crate::dedupe) struct Likenesses<'a> {
    families: HashMap<(&'a str, &'a str), Vec<Family>>,
}

/// What a finding, or all findings of a group, are about.
#[derive(Clone)]
pub(in crate::dedupe) struct About<'a> {
    rule: &'a str,
    families: Vec<Family>,
    cwe: Cow<'a, [u32]>,
}

impl<'a> Likenesses<'a> {
    /// What a finding is about. Its sources agree on the families, if they are of any.
    pub(in crate::dedupe) fn about(&mut self, finding: &'a Finding) -> About<'a> {
        let mut families: Vec<Family> = Vec::new();
        for source in &finding.sources {
            let key = (source.tool.as_str(), source.rule.as_str());
            let of = self.families.entry(key).or_insert_with(|| family::of(&source.tool, &source.rule));
            families = common(&families, of, |family| *family);
        }
        About { rule: named(&finding.rule.id), families, cwe: Cow::Borrowed(&finding.rule.cwe) }
    }
}

impl<'a> About<'a> {
    /// What it may have in common with others, the surest first.
    pub(in crate::dedupe) fn likes(&self) -> Vec<Like<'a>> {
        let families = self.families.iter().copied().map(Like::Family);
        let weaknesses = special(&self.cwe).map(|number| Like::Weakness(CWE.class(number)));
        let general = match &self.cwe {
            Cow::Borrowed(cwe) if !cwe.is_empty() && special(cwe).next().is_none() => Some(Like::General(cwe)),
            _ => None,
        };
        std::iter::once(Like::Rule(self.rule)).chain(families).chain(weaknesses).chain(general).take(MOST).collect()
    }

    /// Whether both say something of one sort and nothing of it is the same: then they are different defects, whatever
    /// else they have in common, unless they have one rule.
    pub(in crate::dedupe) fn contradicts(&self, other: &Self) -> bool {
        let are_families_apart = || {
            let (mine, theirs) = (&self.families, &other.families);
            !mine.is_empty() && !theirs.is_empty() && !mine.iter().any(|family| theirs.contains(family))
        };
        let are_weaknesses_apart = || {
            let mut theirs = special(&other.cwe).map(|number| CWE.class(number)).peekable();
            let mine: Vec<u32> = special(&self.cwe).map(|number| CWE.class(number)).collect();
            !mine.is_empty() && theirs.peek().is_some() && !theirs.any(|number| mine.contains(&number))
        };
        self.rule != other.rule && (are_families_apart() || are_weaknesses_apart())
    }

    /// Narrows it to what another finding of the group is about, too.
    pub(in crate::dedupe) fn narrow(&mut self, other: &Self) {
        self.families = common(&self.families, &other.families, |family| *family);
        self.cwe = Cow::Owned(common_weaknesses(&self.cwe, &other.cwe));
    }
}

/// The weaknesses of two findings that are one: those that both name; those of the first where they name none in
/// common, or the second names none.
pub(in crate::dedupe) fn common_weaknesses(a: &[u32], b: &[u32]) -> Vec<u32> {
    common(a, b, |number| CWE.class(*number))
}

/// The entries of the first list that are like one of the second. A list that is empty says nothing, and neither do two
/// that have nothing in common.
fn common<T: Copy, K: Eq + Hash>(a: &[T], b: &[T], key: impl Fn(&T) -> K) -> Vec<T> {
    if a.is_empty() {
        return b.to_vec();
    }
    let theirs: HashSet<K> = b.iter().map(&key).collect();
    let both: Vec<T> = a.iter().filter(|entry| theirs.contains(&key(entry))).copied().collect();
    if both.is_empty() { a.to_vec() } else { both }
}

/// The weaknesses that say something.
fn special(cwe: &[u32]) -> impl Iterator<Item = u32> {
    cwe.iter().copied().filter(|number| !CWE.general.contains(number))
}

/// At most so many likenesses count.
const MOST: usize = 32;

/// The name of a rule without its tool and the file it is in, where it is one that no two tools give to different
/// rules: in words, `subprocess-shell-true`, not a number such as `S101`, which keeps its tool.
fn named(id: &str) -> &str {
    let name = id.rsplit(['/', '.']).next().unwrap_or(id);
    let words = name.split(['-', '_']).filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1).count();
    if words > 1 && name.len() >= 8 { name } else { id }
}

/// What `rules/cwe.toml` says.
struct Weaknesses {
    /// For each number of a group the least.
    same: HashMap<u32, u32>,
    /// Sorted.
    general: Vec<u32>,
}

impl Weaknesses {
    /// The number that stands for a weakness and those that are one defect with it.
    fn class(&self, number: u32) -> u32 {
        self.same.get(&number).copied().unwrap_or(number)
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    general: Vec<u32>,
    same: Vec<Vec<u32>>,
}

/// Embedded data is tested to be readable; without it, only equal numbers are the same.
static CWE: LazyLock<Weaknesses> = LazyLock::new(|| {
    let empty = File { general: Vec::new(), same: Vec::new() };
    let file = toml::from_str(include_str!("../../../rules/cwe.toml")).unwrap_or(empty);
    let group = |group: &Vec<u32>| {
        let least = group.iter().copied().min().unwrap_or_default();
        group.iter().map(move |number| (*number, least)).collect::<Vec<_>>()
    };
    Weaknesses { same: file.same.iter().flat_map(group).collect(), general: file.general }
});

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_of_weaknesses_is_readable_and_says_nothing_twice() {
        let file: File = toml::from_str(include_str!("../../../rules/cwe.toml")).unwrap();
        let grouped: Vec<u32> = file.same.concat();
        assert_eq!(grouped.iter().collect::<BTreeSet<_>>().len(), grouped.len());
        assert!(file.same.iter().all(|group| group.len() > 1 && group.is_sorted()) && file.general.is_sorted());
        assert!(grouped.iter().all(|number| !file.general.contains(number)));
        assert_eq!([CWE.class(78), CWE.class(77), CWE.class(5)], [77, 77, 5]);
    }

    #[test]
    fn only_names_in_words_are_those_of_several_tools() {
        assert_eq!(named("code/semgrep/a.subprocess-shell-true"), "subprocess-shell-true");
        for id in ["code/ruff/S101", "code/bandit/B101", "code/sonar/python:S101", "", "code/x/CKV-1"] {
            assert_eq!(named(id), id);
        }
    }
}
