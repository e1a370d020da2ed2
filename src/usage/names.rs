//! Defines [`Name`]: a name under which source code may import a package.

use std::collections::BTreeSet;

use super::Question;
use super::language::{Form, Language, RULES};
use super::told::Told;

/// Stands in a table for the packages that an advisory says are imported.
const IMPORT: &str = "<import>";

/// Longer names are not looked for, in bytes.
const MAX_NAME: usize = 256;

/// A name under which a package may be imported.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) sort: Sort,
}

/// What a name is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// Whoever imports it, or something in it, imports the package.
    Sure,
    /// Whoever imports it, and nothing in it, imports the package.
    Exact,
    /// It may be the package.
    Doubtful,
}

/// What is known of a package before any file is read.
pub(super) struct Known<'a> {
    /// What tables say of its modules; `None` where they do not know it.
    modules: Option<Entry>,
    /// What the project's own manifests and locks say.
    told: &'a Told,
    /// Whether a miss means that nothing imports it.
    pub(super) is_certain: bool,
}

/// What a table says of a package.
struct Entry {
    modules: &'static str,
    /// What the star of a name with one stands for; empty without.
    star: String,
}

impl<'a> Known<'a> {
    pub(super) fn of(question: &Question, language: &Language, told: &'a Told) -> Self {
        let name = question.ecosystem.normalized(question.name);
        let ecosystem = question.ecosystem.osv_or_purl();
        let table = RULES.modules.get(ecosystem);
        let exact = table.and_then(|table| table.get(name.as_ref()));
        let starred = || {
            let fitting = table?.iter().filter_map(|(glob, modules)| Some((glob, modules, star(glob, &name)?)));
            fitting.max_by_key(|(glob, ..)| glob.len()).map(|(_, modules, star)| (modules, star.to_owned()))
        };
        let is_loaded = RULES
            .loaded
            .get(ecosystem)
            .is_some_and(|list| list.iter().any(|glob| *glob == name || star(glob, &name).is_some()));
        let modules = match exact {
            Some(modules) => Some(Entry { modules, star: String::new() }),
            None => starred().map(|(modules, star)| Entry { modules, star }),
        };
        let is_told = told.modules.contains_key(name.as_ref()) && !told.open.contains(name.as_ref());
        let is_named = language.reliable || exact.is_some() || is_told;
        Self { is_certain: !is_loaded && is_named, modules, told }
    }

    /// The names in one form, sorted.
    pub(super) fn names(&self, question: &Question, form: &Form) -> Vec<Name> {
        let mut names = BTreeSet::new();
        let mut add = |text: String, sort: Sort| {
            let joined = form.joint.as_ref().and_then(|joint| {
                let (front, last) = text.rsplit_once('.')?;
                Some(format!("{front}{joint}{last}"))
            });
            for text in joined.into_iter().chain([text]).filter(|text| !text.is_empty() && text.len() <= MAX_NAME) {
                if !names.contains(&Name { text: text.clone(), sort: Sort::Sure }) {
                    names.insert(Name { text, sort });
                }
            }
        };
        let rewritten = |name: &str| form.rewritten(name).into_iter();
        let sort = |is_sure: bool| if is_sure { Sort::Sure } else { Sort::Doubtful };
        match &self.modules {
            Some(entry) => {
                for module in entry.modules.split_whitespace() {
                    if module == IMPORT {
                        question.own_code().for_each(|code| add(code.import.clone(), Sort::Exact));
                    } else if module.contains('*') {
                        let parts = rewritten(&entry.star).filter(|(_, is_sure)| *is_sure);
                        parts.for_each(|(part, _)| add(module.replace('*', &part), Sort::Sure));
                    } else {
                        add(module.to_owned(), Sort::Sure);
                    }
                }
            }
            None => {
                rewritten(&question.ecosystem.normalized(question.name))
                    .for_each(|(text, is_sure)| add(text, sort(is_sure)));
            }
        }
        let name = question.ecosystem.normalized(question.name);
        let modules = self.told.modules.get(name.as_ref()).into_iter().flatten();
        modules.for_each(|module| add(module.clone(), Sort::Sure));
        for alias in self.told.aliases.get(name.as_ref()).into_iter().flatten() {
            rewritten(alias).filter(|(_, is_sure)| *is_sure).for_each(|(text, _)| add(text, Sort::Sure));
        }
        names.into_iter().collect()
    }
}

/// What the star of a glob with one stands for in a name; `None` where it does not fit, or has no star.
fn star<'n>(glob: &str, name: &'n str) -> Option<&'n str> {
    let (front, end) = glob.split_once('*')?;
    name.strip_prefix(front)?.strip_suffix(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars() {
        assert_eq!(star("a-*", "a-b"), Some("b"));
        assert_eq!(star("*-b", "a-b"), Some("a"));
        assert_eq!(star("ab*ba", "aba"), None);
        assert_eq!(star("a", "a"), None);
    }
}
