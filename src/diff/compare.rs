//! Compares the findings of two scans: which are new, which were there, which are there under another path, which are
//! gone.
//!
//! Findings are paired one to one, by the strictest likeness first, so that of three equal ones where there were two,
//! one is new. Each likeness is a function in `LIKENESSES`; what no likeness pairs is introduced or fixed.

use std::collections::{HashMap, VecDeque};

use super::identity::Identity;
use crate::finding::Fingerprint;

/// A finding of BASE that is also one of HEAD, as places in their lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// Which one of BASE.
    pub base: usize,
    /// Which one of HEAD.
    pub head: usize,
}

/// What became of findings, as places in the lists that were compared, each in ascending order. Every finding of HEAD
/// is in exactly one of `introduced`, `unchanged` and `moved`, every one of BASE in one of `fixed` and the pairs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// In HEAD and not in BASE.
    pub introduced: Vec<usize>,
    /// In both.
    pub unchanged: Vec<Pair>,
    /// In both, in other files.
    pub moved: Vec<Pair>,
    /// In BASE and not in HEAD.
    pub fixed: Vec<usize>,
}

/// What two findings have in common; any one of the values will do.
type Likeness = fn(&Identity) -> Vec<Fingerprint>;

/// The strictest first.
static LIKENESSES: [Likeness; 9] = [
    // The same, even the line.
    |it| vec![key(it, "place", &[it.fingerprint.as_str(), &it.version, it.path.as_str(), &line(it)])],
    // On another line.
    |it| vec![key(it, "version", &[it.fingerprint.as_str(), &it.version])],
    // A package at another version that is as bad.
    |it| vec![key(it, "same", &[it.fingerprint.as_str()])],
    // The same advisory under another of its ids.
    |it| names(it, &[it.path.as_str(), &it.version]),
    |it| names(it, &[it.path.as_str()]),
    // In another folder, then under any other name.
    |it| content(it, &[it.path.as_str().rsplit('/').next().unwrap_or_default(), &it.version]),
    |it| content(it, &[&it.version]),
    |it| content(it, &[]),
    |it| names(it, &[]),
];

/// Compares findings. The result depends on what they are, not on their order.
pub fn compare(base: &[Identity], head: &[Identity]) -> Comparison {
    let mut pairs: Vec<Option<usize>> = vec![None; head.len()];
    let mut is_free = vec![true; base.len()];
    let (base_order, head_order) = (sorted(base), sorted(head));
    for likeness in LIKENESSES {
        let mut free: HashMap<Fingerprint, VecDeque<usize>> = HashMap::new();
        for &index in base_order.iter().filter(|index| is_free[**index]) {
            likeness(&base[index]).into_iter().for_each(|key| free.entry(key).or_default().push_back(index));
        }
        for &index in &head_order {
            if pairs[index].is_some() {
                continue;
            }
            let mut first = |key| {
                let waiting = free.get_mut(&key)?;
                // What another of its keys has paired is still in this list.
                std::iter::from_fn(|| waiting.pop_front()).find(|index| is_free[*index])
            };
            if let Some(partner) = likeness(&head[index]).into_iter().find_map(&mut first) {
                pairs[index] = Some(partner);
                is_free[partner] = false;
            }
        }
    }
    let mut comparison = Comparison::default();
    for (index, partner) in pairs.into_iter().enumerate() {
        let Some(partner) = partner else {
            comparison.introduced.push(index);
            continue;
        };
        let (before, after) = (&base[partner], &head[index]);
        // What is in no file cannot move from one to another.
        let stays = !after.is_in_files || after.paths.iter().any(|path| before.paths.binary_search(path).is_ok());
        let kept = if stays { &mut comparison.unchanged } else { &mut comparison.moved };
        kept.push(Pair { base: partner, head: index });
    }
    comparison.fixed = (0..base.len()).filter(|index| is_free[*index]).collect();
    comparison
}

fn sorted(list: &[Identity]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by(|a, b| list[*a].cmp(&list[*b]));
    order
}

/// What is in a file is never like what is in the history only: brought back from there, it is new.
fn key(it: &Identity, likeness: &str, parts: &[&str]) -> Fingerprint {
    let place = if it.is_in_files { "files" } else { "history" };
    let words = [likeness, place, it.kind.id()].into_iter().chain(parts.iter().copied());
    Fingerprint::of(&words.map(str::as_bytes).collect::<Vec<_>>())
}

fn line(it: &Identity) -> String {
    it.line.map_or_else(String::new, |line| line.to_string())
}

fn content(it: &Identity, parts: &[&str]) -> Vec<Fingerprint> {
    let with = |content: &Fingerprint| key(it, "content", &[&[content.as_str()], parts].concat());
    it.content.iter().map(with).collect()
}

fn names(it: &Identity, parts: &[&str]) -> Vec<Fingerprint> {
    it.names.iter().map(|(purl, id)| key(it, "name", &[&[purl.as_str(), id], parts].concat())).collect()
}

#[cfg(test)]
mod tests;
