//! Makes rules of what a configuration of gitleaks or betterleaks says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use regex::bytes::RegexSet;

use super::extend::Config;
use super::gitleaks::{Allowlist, Rule};
use super::{Accepted, Imported, go, names};
use crate::error::Error;
use crate::finding::Confidence;
use crate::rule::allow::{Allow, Target};
use crate::rule::details::{Details, DetailsOf, Need, Same};
use crate::rule::entry::Entry;
use crate::rule::expression::{Dialect, Expression};
use crate::rule::literal;
use crate::rule::search::{Search, SecretPart};
use crate::rule::secret::SecretRule;
use crate::text;

/// What betterleaks 1 takes for the specificity of a rule that says none.
const SPECIFICITY: i64 = 100;

/// Makes rules of a configuration; `origin` names it in errors.
///
/// # Errors
/// A pattern, a condition or an expression is not valid, an id is missing, there twice, or nobody's.
pub(super) fn imported(config: Config, origin: &str) -> Result<Imported, Error> {
    let Config { mut rules, allowlists, filters, dialect, betterleaks, with_default, disabled, notes } = config;
    let builder = Builder { origin, betterleaks, dialect };
    let mut imported = Imported { notes, ..Imported::default() };
    imported.disabled = disabled.iter().flat_map(|id| names::ours(id)).map(str::to_owned).collect();

    // Of two rules with one id gitleaks takes the last.
    let mut ids = BTreeSet::new();
    rules.reverse();
    rules.retain(|rule| {
        let is_new = ids.insert(rule.id.clone());
        if !is_new {
            let id = text::printable(&rule.id);
            imported.notes.push(format!("`{origin}`: of two rules with the id `{id}` the last one counts"));
        }
        is_new
    });
    rules.reverse();
    let mut targeted: BTreeMap<String, Vec<Arc<Allow>>> = BTreeMap::new();
    for list in &allowlists {
        let allow = Arc::new(builder.allow(list, "[[allowlists]]")?);
        if list.targetrules.is_empty() {
            imported.accepted.allow.push(Arc::clone(&allow));
        }
        for id in &list.targetrules {
            if !ids.contains(id) && !with_default {
                return Err(builder.refuse("[[allowlists]]", &format!("there is no rule `{}`", text::printable(id))));
            }
            targeted.entry(id.clone()).or_default().push(Arc::clone(&allow));
        }
    }
    for filter in &filters {
        imported.accepted.filters.push((origin.to_owned(), builder.expression(filter, "the global filter")?));
    }

    // What changes a rule of the default and searches for nothing itself.
    let (changes, own): (Vec<Rule>, Vec<Rule>) =
        rules.into_iter().partition(|rule| rule.regex.is_empty() && rule.path.is_empty() && with_default);
    for change in &changes {
        let lists = builder.allows(change)?;
        targeted.entry(change.id.clone()).or_default().extend(lists);
        if change.entropy != 0.0 || change.secretgroup != 0 || !change.filter.is_empty() {
            imported.notes.push(format!(
                "`{origin}`: of what rule `{}` changes in a rule of gitleaks, only the allowlists are imported",
                text::printable(&change.id)
            ));
        }
    }
    let known: BTreeSet<&str> = own.iter().map(|rule| rule.id.as_str()).collect();
    if let Some((rule, needed)) = own
        .iter()
        .flat_map(|rule| rule.needed().map(move |id| (rule, id)))
        .find(|(_, id)| !(known.contains(id) || with_default && ids.contains(*id)))
    {
        return Err(builder.refuse(&rule.id, &format!("it requires `{}`, which no rule is", text::printable(needed))));
    }
    let made = own
        .par_iter()
        .map(|rule| {
            let lists = targeted.get(&rule.id).into_iter().flatten().cloned();
            builder.rule(rule, lists.chain(imported.accepted.allow.iter().cloned()), &imported.accepted)
        })
        .collect::<Result<Vec<_>, _>>()?;
    imported.rules = made.into_iter().map(Arc::new).collect();
    let of_default = targeted.iter().filter(|(id, _)| !known.contains(id.as_str()));
    imported.targeted = of_default
        .flat_map(|(id, lists)| {
            names::ours(id).into_iter().flat_map(move |ours| lists.iter().map(move |list| (ours, list)))
        })
        .map(|(ours, list)| (ours.to_owned(), Arc::clone(list)))
        .collect();
    Ok(imported)
}

struct Builder<'a> {
    origin: &'a str,
    /// Whether the configuration has what only betterleaks knows.
    betterleaks: bool,
    dialect: Dialect,
}

impl Rule {
    /// The ids of the rules that must have a match near.
    fn needed(&self) -> impl Iterator<Item = &str> {
        let components = self.components.iter().filter(|component| !component.optional).map(|c| c.id.as_str());
        self.required.iter().map(|required| required.id.as_str()).chain(components)
    }
}

impl Builder<'_> {
    fn refuse(&self, rule: &str, what: &str) -> Error {
        Error::usage(format!("rule `{}` in `{}`: {what}", text::printable(rule), self.origin))
    }

    fn rule(
        &self,
        rule: &Rule,
        lists: impl Iterator<Item = Arc<Allow>>,
        accepted: &Accepted,
    ) -> Result<SecretRule, Error> {
        let refuse = |what: String| self.refuse(&rule.id, &what);
        if rule.id.trim().is_empty() {
            return Err(refuse("it has no id".to_owned()));
        }
        if rule.regex.is_empty() && rule.path.is_empty() {
            return Err(refuse("it has neither `regex` nor `path`, so it finds nothing".to_owned()));
        }
        let path = match rule.path.as_str() {
            "" => None,
            path => {
                go::compile(path).map_err(|why| refuse(format!("`path`: {why}")))?;
                Some(go::translate(path).map_err(refuse)?)
            }
        };
        let (pattern, regex) = match rule.regex.as_str() {
            "" => (String::new(), None),
            regex => {
                let compiled = go::compile(regex).map_err(|why| refuse(format!("`regex`: {why}")))?;
                (go::translate(regex).map_err(refuse)?, Some(compiled))
            }
        };
        let groups = regex.as_ref().map_or(0, |regex| regex.captures_len().saturating_sub(1));
        if rule.secretgroup > groups && regex.is_some() {
            return Err(refuse(format!("`secretGroup` is {}, and the pattern has {groups} groups", rule.secretgroup)));
        }
        let secret = match self.dialect {
            Dialect::V1 => SecretPart::Trimmed(rule.secretgroup),
            Dialect::V2 => SecretPart::Captured(rule.secretgroup),
        };
        let mut search = Search::new(regex, secret);
        search.keywords =
            rule.keywords.iter().map(|word| word.to_lowercase()).filter(|word| !word.is_empty()).collect();
        search.literals = literal::required(&pattern).unwrap_or_default();
        search.over_entropy = (rule.entropy != 0.0).then_some(rule.entropy);
        search.specificity = Some(self.specificity(rule));
        search.filters = accepted.filters.iter().map(|(_, filter)| filter.clone()).collect();
        if rule.tokenefficiency {
            search.filters.push(self.expression("failsTokenEfficiency(finding.secret)", &rule.id)?);
        }
        if !rule.filter.trim().is_empty() {
            search.filters.push(self.expression(&rule.filter, &rule.id)?);
        }
        let details = Details { needs: self.needs(rule)?, ..Details::default() };
        let entry = Entry::foreign(id_of(&rule.id), title_of(&rule.description), pattern);
        let mut made = entry.rule("", DetailsOf::Read(details), None);
        describe(&mut made, &rule.description);
        made.confidence = confidence(rule.confidence.as_deref()).unwrap_or(made.confidence);
        made.hidden = rule.skipreport;
        made.paths = path.into_iter().collect();
        made.allow = self.allows(rule)?.into_iter().chain(lists).collect();
        made.keywords.clone_from(&search.keywords);
        made.search = Some(Box::new(search));
        Ok(made)
    }

    /// gitleaks drops what a rule with `generic` in its id finds where another finds the same; betterleaks has numbers.
    fn specificity(&self, rule: &Rule) -> i64 {
        let plain = match self.dialect {
            Dialect::V1 if !self.betterleaks && rule.id.to_lowercase().contains("generic") => 0,
            Dialect::V1 => SPECIFICITY,
            Dialect::V2 => 0,
        };
        rule.specificity.unwrap_or(plain)
    }

    fn expression(&self, source: &str, rule: &str) -> Result<Expression, Error> {
        Expression::parse(source, self.dialect).map_err(|refusal| {
            let place = format!("line {}, column {}", refusal.line, refusal.column);
            self.refuse(rule, &format!("the filter is not known at {place}: {}", refusal.what))
                .hint("rules can only be imported with filters that are known; take the rule out, or write it without")
        })
    }

    /// The allowlists of a rule.
    fn allows(&self, rule: &Rule) -> Result<Vec<Arc<Allow>>, Error> {
        let lists = rule.allowlists.iter().chain(&rule.allowlist);
        lists.map(|list| self.allow(list, &rule.id).map(Arc::new)).collect()
    }

    fn allow(&self, list: &Allowlist, rule: &str) -> Result<Allow, Error> {
        let refuse = |what: String| self.refuse(rule, &what);
        let all = match list.condition.to_uppercase().as_str() {
            "" | "OR" | "||" => false,
            "AND" | "&&" => true,
            other => return Err(refuse(format!("the condition `{}` is neither AND nor OR", text::printable(other)))),
        };
        let target = match list.regextarget.as_str() {
            "" | "secret" => Target::Secret,
            "match" => Target::Match,
            "line" => Target::Line,
            other => {
                let other = text::printable(other);
                return Err(refuse(format!("the target `{other}` is none of secret, match and line")));
            }
        };
        if [&list.commits, &list.paths, &list.regexes, &list.stopwords].iter().all(|texts| texts.is_empty()) {
            return Err(refuse("an allowlist has none of commits, paths, regexes and stopwords".to_owned()));
        }
        Ok(Allow {
            description: text::printable(&list.description),
            origin: format!("`{}`", self.origin),
            all,
            target,
            regexes: set(&list.regexes).map_err(|why| refuse(format!("`regexes`: {why}")))?,
            paths: set(&list.paths).map_err(|why| refuse(format!("`paths`: {why}")))?,
            stop_words: list.stopwords.iter().map(|word| word.to_lowercase()).filter(|word| !word.is_empty()).collect(),
            commits: list.commits.iter().map(|id| id.trim().to_lowercase()).collect(),
        })
    }

    /// What must be near.
    fn needs(&self, rule: &Rule) -> Result<Vec<Need>, Error> {
        let mut needs = Vec::new();
        for required in &rule.required {
            needs.push(Need {
                rule: id_of(&required.id),
                within_lines: required.withinlines,
                within_columns: required.withincolumns,
                within_bytes: None,
                same: Same::File,
                optional: false,
            });
        }
        for component in &rule.components {
            let within = within(&component.within).ok_or_else(|| {
                let shown = text::printable(&component.within);
                self.refuse(&rule.id, &format!("`within = \"{shown}\"` is not lines (`5L`), columns (`100C`) or both"))
            })?;
            needs.push(Need {
                rule: id_of(&component.id),
                within_lines: within.0,
                within_columns: None,
                within_bytes: within.1,
                same: Same::File,
                optional: component.optional,
            });
        }
        Ok(needs)
    }
}

/// Lines and columns of a distance such as `5L,100C`; `None` when it is none.
fn within(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    let (mut lines, mut columns) = (None, None);
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let number = part.get(..part.len() - 1).and_then(|number| number.parse::<u32>().ok());
        match part.chars().last()? {
            'L' | 'l' if lines.is_none() => lines = Some(number?),
            'C' | 'c' if columns.is_none() => columns = Some(number?),
            _ => return None,
        }
    }
    Some((lines, columns))
}

/// The id of a rule of another tool as ours are written: without white space.
pub(super) fn id_of(id: &str) -> String {
    text::printable(id.trim()).split_whitespace().collect::<Vec<_>>().join("-")
}

/// A title, if the description can be one; others have that of their id.
fn title_of(description: &str) -> Option<String> {
    let title = description.trim().trim_end_matches('.');
    let is_short = !title.is_empty() && title.chars().count() <= 60 && !title.contains(['.', ',', '\n']);
    is_short.then(|| text::printable(title))
}

/// Gives a rule the description that its author wrote, if any.
pub(super) fn describe(rule: &mut SecretRule, description: &str) {
    if let Some(description) = text::paragraph(description)
        && let Some(told) = Arc::get_mut(&mut rule.rule)
    {
        told.description = description;
    }
}

/// What other tools call confidence.
pub(super) fn confidence(word: Option<&str>) -> Option<Confidence> {
    word?.to_lowercase().parse().ok()
}

/// A set of patterns of Go; `None` for none.
fn set(patterns: &[String]) -> Result<Option<RegexSet>, String> {
    if patterns.is_empty() {
        return Ok(None);
    }
    go::set(patterns).map(Some)
}
