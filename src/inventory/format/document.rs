//! Defines [`Tree`]: a document of JSON or YAML with the line of each of its parts, as far as it is whole.

mod json;
mod yaml;

use std::borrow::Cow;

pub(super) use json::parse as json;
pub(super) use yaml::parse as yaml;

use crate::inventory::reading::Reading;

/// Deeper nesting is not read.
const MAX_DEPTH: usize = 128;

/// A value, with the line in which it begins.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree<'a> {
    pub(super) value: Value<'a>,
    /// Counted from 1; 0 for a value that is not there.
    pub(super) line: u32,
}

/// What a [`Tree`] holds.
#[derive(Clone, Debug, Default)]
pub(super) enum Value<'a> {
    /// Nothing, or something that cannot be read.
    #[default]
    Null,
    /// A text, and everything that is written as one word, such as a number.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Tree<'a>>),
    /// A map, in the order of the file; keys may be there twice.
    Map(Vec<Member<'a>>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Member<'a> {
    pub(super) key: Cow<'a, str>,
    /// The line of the key.
    pub(super) line: u32,
    pub(super) value: Tree<'a>,
}

/// Where a document cannot be read on: the line, counted from 1, and why.
pub(super) type Damage = Option<(u32, String)>;

/// Stands for what is not there.
static NOTHING: Tree = Tree { value: Value::Null, line: 0 };

impl<'a> Tree<'a> {
    /// The value of a key, the last where there are several; an empty one where there is none. What a YAML map merges
    /// (`<<`) counts behind its own keys.
    pub(super) fn get(&self, key: &str) -> &Tree<'a> {
        let own = self.members().iter().rev().find(|member| member.key == key).map(|member| &member.value);
        own.or_else(|| self.merged(key, 0)).unwrap_or(&NOTHING)
    }

    fn merged(&self, key: &str, depth: usize) -> Option<&Tree<'a>> {
        if depth > 8 {
            return None;
        }
        let sources = self.members().iter().filter(|member| member.key == "<<").map(|member| &member.value);
        let maps = sources
            .flat_map(|value| if value.items().is_empty() { std::slice::from_ref(value) } else { value.items() });
        maps.into_iter().find_map(|map| {
            let own = map.members().iter().rev().find(|member| member.key == key).map(|member| &member.value);
            own.or_else(|| map.merged(key, depth + 1))
        })
    }

    /// The value at the end of several keys.
    pub(super) fn at(&self, keys: &[&str]) -> &Tree<'a> {
        keys.iter().fold(self, |tree, key| tree.get(key))
    }

    /// The text; empty for everything else.
    pub(super) fn text(&self) -> &str {
        match &self.value {
            Value::Text(text) => text,
            _ => "",
        }
    }

    /// The entries of a list; none for everything else.
    pub(super) fn items(&self) -> &[Tree<'a>] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The members of a map; none for everything else.
    pub(super) fn members(&self) -> &[Member<'a>] {
        match &self.value {
            Value::Map(members) => members,
            _ => &[],
        }
    }

    /// Whether it is a map.
    pub(super) fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    /// Whether nothing is there.
    pub(super) fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }
}

/// A document of JSON; what is wrong with it is told.
pub(super) fn read_json<'a>(reading: &mut Reading<'a>) -> Tree<'a> {
    let (tree, damage) = json(&reading.source.text);
    tell(reading, damage);
    tree
}

/// The documents of a YAML file; what is wrong with it is told.
pub(super) fn read_yaml<'a>(reading: &mut Reading<'a>) -> Vec<Tree<'a>> {
    let (documents, damage) = yaml(&reading.source.text);
    tell(reading, damage);
    documents
}

fn tell(reading: &mut Reading, damage: Damage) {
    if let Some((line, why)) = damage {
        let last = u32::try_from(reading.source.text.lines().count().max(1)).unwrap_or(u32::MAX);
        reading.broken(line.clamp(1, last), &format!("{why}; what is whole is used"));
    }
}
