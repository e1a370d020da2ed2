//! Reads `rules/licenses/names.toml`, and compares names as words.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::expression::{Expression, Term};
use super::super::id;

/// What a name stands for.
pub(super) enum Name {
    Expression(Expression),
    /// One of several licenses, by the name of the family.
    Family(String),
    /// Nothing that helps.
    Nothing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    licenses: BTreeMap<String, Vec<String>>,
    families: BTreeMap<String, Family>,
    exceptions: BTreeMap<String, Vec<String>>,
    expressions: BTreeMap<String, Vec<String>>,
    nothing: Nothing,
    deprecated: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    names: Vec<String>,
    members: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {
    names: Vec<String>,
    file: Vec<String>,
}

/// All names.
#[derive(Default)]
pub(super) struct Names {
    names: HashMap<String, Name>,
    exceptions: HashMap<String, &'static str>,
    members: HashMap<String, Vec<String>>,
    deprecated: HashMap<String, Expression>,
    file: Vec<String>,
}

pub(super) const SOURCE: &str = include_str!("../../../rules/licenses/names.toml");

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    crate::config::parse_toml(SOURCE, "rules/licenses/names.toml").map_or_else(|_| Names::default(), read)
});

/// The names that are compiled in.
pub(super) fn names() -> &'static Names {
    &NAMES
}

/// The licenses that a term may be which names a family: those of `BSD`. `None` when it names none.
pub fn members(term: &str) -> Option<&'static [String]> {
    NAMES.members.get(term).map(Vec::as_slice)
}

fn read(data: Data) -> Names {
    let mut names = Names { file: data.nothing.file, ..Names::default() };
    let mut add = |said: &str, name: Name| {
        names.names.entry(key(said)).or_insert(name);
    };
    for (expression, said) in data.expressions.iter().chain(&data.licenses) {
        let Ok(expression) = Expression::parse(expression) else { continue };
        said.iter().for_each(|said| add(said, Name::Expression(expression.clone())));
    }
    for (family, one) in &data.families {
        one.names.iter().for_each(|said| add(said, Name::Family(family.clone())));
    }
    data.nothing.names.iter().for_each(|said| add(said, Name::Nothing));
    for id in id::licenses() {
        for said in [Some(id), id::full_name(id)].into_iter().flatten() {
            add(said, Name::Expression(Expression::of(Term::new(id, None))));
        }
    }
    for (exception, said) in &data.exceptions {
        if let Some(known) = id::exception(exception) {
            names.exceptions.extend(said.iter().map(|said| (key(said), known)));
        }
    }
    names.exceptions.extend(id::exceptions().map(|id| (key(id), id)));
    names.members = data.families.into_iter().map(|(name, family)| (name, family.members)).collect();
    let parsed = data.deprecated.into_iter().filter_map(|(id, now)| Some((id, Expression::parse(&now).ok()?)));
    names.deprecated = parsed.collect();
    names
}

impl Names {
    pub(super) fn find(&self, said: &str) -> Option<&Name> {
        let key = key(said);
        if key.is_empty() {
            return Some(&Name::Nothing);
        }
        if let Some(found) = self.names.get(&key) {
            return Some(found);
        }
        // Words around a name that say nothing: "released under the MIT license".
        let words: Vec<&str> = key.split(' ').collect();
        let first = words.iter().take_while(|word| AROUND.contains(word)).count();
        let last = words[first..].iter().rev().take_while(|word| AROUND.contains(word)).count();
        if first + last > 0 && first + last < words.len() {
            return self.names.get(&words[first..words.len() - last].join(" "));
        }
        None
    }

    pub(super) fn exception(&self, said: &str) -> Option<&'static str> {
        self.exceptions.get(&key(said)).copied()
    }

    pub(super) fn deprecated(&self, id: &str) -> Option<&Expression> {
        self.deprecated.get(id)
    }

    /// Whether words say nothing of a license.
    pub(super) fn is_noise(&self, said: &str) -> bool {
        let says_nothing = |word| AROUND.contains(&word) || JOINS.contains(&word);
        matches!(self.find(said), Some(Name::Nothing)) || key(said).split(' ').all(says_nothing)
    }

    /// The file that a text names.
    pub(super) fn file_of<'a>(&self, said: &'a str) -> Option<&'a str> {
        let begins = |start: &String| said.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
        let start = self.file.iter().find(|start| begins(start))?;
        Some(said[start.len()..].trim().trim_matches(['<', '>', '"', '\'', '`']).trim_end_matches('.'))
    }
}

/// Words that are in many names and tell none apart.
const NOISE: [&str; 18] = [
    "the",
    "a",
    "an",
    "license",
    "licence",
    "licenses",
    "licences",
    "lisence",
    "licensed",
    "licencing",
    "licensing",
    "version",
    "versions",
    "ver",
    "v",
    "of",
    "terms",
    "under",
];

/// Words that may stand around a name.
const AROUND: [&str; 25] = [
    "this",
    "software",
    "package",
    "project",
    "library",
    "module",
    "code",
    "source",
    "is",
    "are",
    "released",
    "distributed",
    "available",
    "published",
    "provided",
    "dual",
    "either",
    "osi",
    "approved",
    "compatible",
    "free",
    "open",
    "text",
    "your",
    "choice",
];

/// Words that join names: what is left of a sentence in which no name was.
const JOINS: [&str; 3] = ["and", "or", "with"];

/// A name as the words that count.
pub(super) fn key(said: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let lower = said.to_lowercase();
    let separated = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '+'));
    for word in lower.split(separated).map(|word| word.trim_matches('.')).filter(|word| !word.is_empty()) {
        // `gplv2` is `gpl 2`, and `apache2` is `apache 2`.
        let digit = word.find(|c: char| c.is_ascii_digit()).filter(|at| *at > 0);
        let (name, number) = digit.map_or((word, ""), |at| word.split_at(at));
        let name = match digit {
            Some(_) if name.len() > 1 => name.strip_suffix('v').unwrap_or(name),
            _ => name,
        };
        for part in [name, number].into_iter().filter(|part| !part.is_empty() && !NOISE.contains(part)) {
            let is_number = part.starts_with(|c: char| c.is_ascii_digit());
            let (digits, plus) = part.strip_suffix('+').map_or((part, ""), |digits| (digits, "+"));
            let mut short = digits;
            while let Some(shorter) = short.strip_suffix(".0").filter(|_| is_number) {
                short = shorter;
            }
            words.push(format!("{short}{plus}"));
        }
    }
    words.dedup();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_the_same_have_one_key() {
        for said in ["Apache License, Version 2.0", "apache-2", "APACHE2.0", "The Apache License v2", "apachev2"] {
            assert_eq!(key(said), "apache 2", "{said}");
        }
        assert_eq!(key("LGPL-2.1+"), "lgpl 2.1+");
        assert_eq!(key("The License"), "");
    }

    #[test]
    fn the_table_is_right() {
        let data: Data = crate::config::parse_toml(SOURCE, "names.toml").unwrap();
        let ids = data.licenses.keys().filter(|id| *id != super::super::PROPRIETARY);
        ids.chain(data.families.values().flat_map(|f| &f.members))
            .for_each(|id| assert!(id::license(id).is_some(), "{id}"));
        data.exceptions.keys().for_each(|id| assert!(id::exception(id).is_some(), "{id}"));
        for text in data.expressions.keys().chain(data.deprecated.values()) {
            assert!(Expression::parse(text).unwrap().is_known(), "{text}");
        }
        data.deprecated.keys().for_each(|id| assert!(id::is_deprecated(id), "{id}"));
        for id in id::licenses().filter(|id| id::is_deprecated(id)) {
            let replaced = super::super::normalize(id).expression;
            assert!(id == "Net-SNMP" || replaced.terms().all(|t| !id::is_deprecated(t.id())), "{id} is {replaced}");
        }
    }

    #[test]
    fn no_name_means_two_things() {
        let data: Data = crate::config::parse_toml(SOURCE, "names.toml").unwrap();
        let mut seen: HashMap<String, String> = HashMap::new();
        let lists = data.licenses.iter().chain(&data.expressions).map(|(id, names)| (id.clone(), names));
        let families = data.families.iter().map(|(family, one)| (format!("family {family}"), &one.names));
        for (what, names) in lists.chain(families).chain([("nothing".to_owned(), &data.nothing.names)]) {
            for name in names {
                let other = seen.insert(key(name), what.clone());
                assert!(other.as_ref().is_none_or(|other| *other == what), "{name}: {what} and {other:?}");
            }
        }
    }
}
