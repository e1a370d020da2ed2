//! Defines [`Tree`]: what a file of JSON, YAML or TOML says, with the line of every key and value.
//!
//! Parsers that give values alone lose the lines, and one that stops at the first fault loses all that stands before it.
//! These keep both: whatever is damaged is told as a [`Problem`], and the rest is there.

pub mod json;
pub mod toml;
pub mod yaml;

use std::borrow::Cow;
use std::collections::HashMap;

use super::reading::Reading;

/// Values nested deeper are not read.
const MAX_DEPTH: usize = 128;

/// More problems of one file are not told.
const MAX_PROBLEMS: usize = 20;

/// A value and its line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree<'a> {
    /// The line in which it begins, counted from 1.
    pub line: u32,
    /// What it is.
    pub value: Value<'a>,
}

/// What a value is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value<'a> {
    /// None, or one that could not be read.
    #[default]
    Null,
    /// A text. Numbers and truths are the text that stands for them.
    Text(Cow<'a, str>),
    /// Several in order.
    List(Vec<Tree<'a>>),
    /// Several by name, in the order of the file. No name stands there twice.
    Map(Vec<Entry<'a>>),
}

/// A named value of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its name.
    pub key: Cow<'a, str>,
    /// The line of the name, counted from 1.
    pub line: u32,
    /// The value.
    pub value: Tree<'a>,
}

/// Something in a file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: u32,
    /// What is wrong there.
    pub why: String,
}

impl<'a> Tree<'a> {
    /// The value of a name; `None` when there is none, or this is no map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The name and the value of a name; `None` when there is none, or this is no map.
    pub fn entry(&self, key: &str) -> Option<&Entry<'a>> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value at the end of several names; `None` when one of them is not there.
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |tree, key| tree.get(key))
    }

    /// The values of a map; none for anything else.
    pub fn entries(&self) -> &[Entry<'a>] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The values of a map that is the value of a name; none for anything else.
    pub fn entries_of(&self, key: &str) -> &[Entry<'a>] {
        self.get(key).map_or(&[], Self::entries)
    }

    /// The values of a list; none for anything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The values of a list that is the value of a name; none for anything else.
    pub fn items_of(&self, key: &str) -> &[Self] {
        self.get(key).map_or(&[], Self::items)
    }

    /// The text; `None` for anything else.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text that is the value of a name; empty where there is none.
    pub fn text_of(&self, key: &str) -> &str {
        self.get(key).and_then(Self::text).unwrap_or_default()
    }

    /// Whether the value of a name is `true`.
    pub fn is(&self, key: &str) -> bool {
        self.text_of(key) == "true"
    }

    /// Whether it is a map.
    pub fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }
}

/// Tells a reading of what could not be read. The first problems are told one by one.
pub fn tell(reading: &mut Reading, problems: &[Problem]) {
    for problem in problems.iter().take(MAX_PROBLEMS) {
        reading.broken(problem.line, &problem.why);
    }
    if let Some(next) = problems.get(MAX_PROBLEMS) {
        reading.broken(next.line, &format!("{} more problems from here on", problems.len() - MAX_PROBLEMS));
    }
}

/// A map in which each name stands once: the last of several counts, as in every tool, and the others are told.
fn map<'a>(entries: Vec<Entry<'a>>, problems: &mut Vec<Problem>) -> Value<'a> {
    let mut last: HashMap<&str, usize> = HashMap::with_capacity(entries.len());
    let mut dropped = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        if let Some(before) = last.insert(&entry.key, at) {
            let first = entries.get(before).map_or(0, |entry| entry.line);
            problems.push(Problem {
                line: entry.line,
                why: format!("`{}` stands in line {first} already; what is said here counts", entry.key),
            });
            dropped.push(before);
        }
    }
    if dropped.is_empty() {
        return Value::Map(entries);
    }
    dropped.sort_unstable();
    let kept = entries.into_iter().enumerate().filter(|(at, _)| dropped.binary_search(at).is_err());
    Value::Map(kept.map(|(_, entry)| entry).collect())
}
