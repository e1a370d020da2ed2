//! What makes two findings of different tools the same kind of defect: one rule, one family of checks, one weakness.

use std::collections::HashMap;
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

impl Like<'_> {
    /// Whether resources tell places of it apart.
    pub(in crate::dedupe) fn is_of_configuration(&self) -> bool {
        matches!(self, Self::Family(_))
    }
}

/// The likenesses of findings; those of a rule are found once.
#[derive(Default)]
pub(in crate::dedupe) struct Likenesses<'a> {
    families: HashMap<(&'a str, &'a str), Vec<Family>>,
}

impl<'a> Likenesses<'a> {
    /// What a finding has in common with others, the surest first.
    pub(in crate::dedupe) fn of(&mut self, finding: &'a Finding) -> Vec<Like<'a>> {
        let mut likes: Vec<Like<'a>> = named(&finding.rule.id).map(Like::Rule).into_iter().collect();
        for source in &finding.sources {
            let key = (source.tool.as_str(), source.rule.as_str());
            let families = self.families.entry(key).or_insert_with(|| family::of(&source.tool, &source.rule));
            likes.extend(families.iter().copied().map(Like::Family));
        }
        let cwe = finding.rule.cwe.as_slice();
        let special = cwe.iter().filter(|number| !CWE.general.contains(number));
        likes.extend(special.map(|number| Like::Weakness(CWE.same.get(number).copied().unwrap_or(*number))));
        if !cwe.is_empty() && cwe.iter().all(|number| CWE.general.contains(number)) {
            likes.push(Like::General(cwe));
        }
        let mut index = 0;
        likes.retain(|_| {
            index += 1;
            index <= MOST
        });
        likes
    }
}

/// At most so many likenesses of a finding count.
const MOST: usize = 32;

/// The name of a rule without its tool and the file it is in, where it is one that no two tools give to different
/// rules: in words, `subprocess-shell-true`, not a number such as `S101`.
fn named(id: &str) -> Option<&str> {
    let name = id.rsplit(['/', '.']).next()?;
    let words = name.split(['-', '_']).filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1).count();
    Some(name).filter(|name| words > 1 && name.len() >= 8)
}

/// What `rules/cwe.toml` says.
struct Weaknesses {
    /// For each number of a group the least.
    same: HashMap<u32, u32>,
    /// Sorted.
    general: Vec<u32>,
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
        assert_eq!(CWE.same.get(&78), Some(&77));
    }

    #[test]
    fn only_names_in_words_are_those_of_several_tools() {
        assert_eq!(named("code/semgrep/subprocess-shell-true"), Some("subprocess-shell-true"));
        for id in ["code/ruff/S101", "code/bandit/B101", "code/sonar/python:S101", "", "code/x/CKV-1"] {
            assert_eq!(named(id), None, "{id}");
        }
    }
}
