//! Reads rules of Nosey Parker and Kingfisher from YAML.
//!
//! The formats: <https://github.com/praetorian-inc/noseyparker/blob/main/docs/RULES.md>,
//! <https://github.com/mongodb/kingfisher/blob/main/docs/RULES.md>. The second is the first with more keys, and searches
//! in another way, so a file with any of those keys is taken for one of the second.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use rayon::prelude::*;
use regex::Regex;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::build::{confidence, describe, id_of};
use super::{Imported, MOST};
use crate::error::Error;
use crate::rule::details::{Details, DetailsOf, Need, Same};
use crate::rule::entry::Entry;
use crate::rule::literal;
use crate::rule::search::{self, Requirements, Search, SecretPart, Spans};
use crate::rule::secret::SecretRule;
use crate::text;

/// Comments of Vectorscan, which the `regex` crate does not know.
static COMMENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\(\?#[^)]*\)").ok());
/// What Kingfisher takes for special characters where a rule says nothing.
const SPECIAL: &str = "!@#$%^&*()_+-=[]{}|;:'\",.<>?/\\`~";
/// Keys that change nothing in what is found.
const SILENT: [&str; 5] = ["categories", "references", "tls_mode", "prevalidated", "betterleaks"];

#[derive(Deserialize)]
struct File {
    rules: Vec<Rule>,
    #[serde(flatten)]
    unknown: BTreeMap<String, IgnoredAny>,
}

/// A rule as it is written.
#[derive(Deserialize)]
struct Rule {
    name: String,
    id: String,
    pattern: String,
    description: Option<String>,
    #[serde(default)]
    examples: Vec<String>,
    #[serde(default)]
    negative_examples: Vec<String>,
    // Kingfisher's own.
    min_entropy: Option<f64>,
    confidence: Option<String>,
    visible: Option<bool>,
    validation: Option<IgnoredAny>,
    revocation: Option<IgnoredAny>,
    depends_on_rule: Option<Vec<Option<DependsOn>>>,
    pattern_requirements: Option<PatternRequirements>,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct DependsOn {
    rule_id: String,
    within: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternRequirements {
    #[serde(default)]
    min_digits: usize,
    #[serde(default)]
    min_uppercase: usize,
    #[serde(default)]
    min_lowercase: usize,
    #[serde(default)]
    min_special_chars: usize,
    special_chars: Option<String>,
    #[serde(default)]
    ignore_if_contains: Vec<String>,
    checksum: Option<IgnoredAny>,
}

impl Rule {
    fn is_of_kingfisher(&self) -> bool {
        self.min_entropy.is_some()
            || self.confidence.is_some()
            || self.visible.is_some()
            || self.validation.is_some()
            || self.revocation.is_some()
            || self.depends_on_rule.is_some()
            || self.pattern_requirements.is_some()
    }
}

/// Reads a file of rules; `origin` names it in errors.
///
/// # Errors
/// It is not YAML, a pattern is not valid, or a rule asks for what is not known and would change what is found.
pub(super) fn read(source: &str, origin: &str) -> Result<Imported, Error> {
    // The crate bounds aliases, depth and nodes.
    let file: File = serde_saphyr::from_str(source)
        .map_err(|e| Error::usage(format!("`{origin}` is not valid")).because(e.to_string().trim().to_owned()))?;
    if file.rules.len() > MOST {
        return Err(Error::usage(format!("`{origin}` has more than {MOST} rules")));
    }
    let kingfisher = file.rules.iter().any(Rule::is_of_kingfisher);
    let mut ids = BTreeSet::new();
    if let Some(twice) = file.rules.iter().find(|rule| !ids.insert(&rule.id)) {
        return Err(refuse(origin, &twice.id, "there are two rules with this id"));
    }
    let made =
        file.rules.par_iter().map(|rule| secret_rule(rule, kingfisher, origin)).collect::<Result<Vec<_>, _>>()?;
    let notes = notes(&file, origin);
    Ok(Imported { rules: made.into_iter().map(Arc::new).collect(), notes, ..Imported::default() })
}

fn refuse(origin: &str, rule: &str, what: &str) -> Error {
    Error::usage(format!("rule `{}` in `{origin}`: {what}", text::printable(rule)))
}

fn notes(file: &File, origin: &str) -> Vec<String> {
    let live = file.rules.iter().filter(|rule| rule.validation.is_some() || rule.revocation.is_some()).count();
    let mut notes = Vec::new();
    if live > 0 {
        notes.push(format!("`{origin}`: the live checks of {} are not imported", text::count(live, "rule")));
    }
    let of_rules = file.rules.iter().flat_map(|rule| rule.unknown.keys());
    let unknown: BTreeSet<&str> =
        of_rules.chain(file.unknown.keys()).map(String::as_str).filter(|key| !SILENT.contains(key)).collect();
    if !unknown.is_empty() {
        let names = text::printable(&unknown.into_iter().collect::<Vec<_>>().join(", "));
        notes.push(format!("`{origin}`: keys that are not known and ignored: {names}"));
    }
    notes
}

fn secret_rule(rule: &Rule, kingfisher: bool, origin: &str) -> Result<SecretRule, Error> {
    let refuse = |what: &str| refuse(origin, &rule.id, what);
    if rule.id.trim().is_empty() {
        return Err(refuse("it has no id"));
    }
    if let Some(what) = ["(?=", "(?!", "(?<=", "(?<!"].iter().find(|what| rule.pattern.contains(**what)) {
        return Err(refuse(&format!("look-around `{what}` in `pattern` is not supported")));
    }
    let pattern = match &*COMMENT {
        Some(comment) => comment.replace_all(&rule.pattern, "").into_owned(),
        None => rule.pattern.clone(),
    };
    let compile =
        |pattern: &str| search::compile(pattern, false).map_err(|e| refuse(&format!("`pattern` is not valid: {e}")));
    let regex = compile(&pattern)?;
    let mut search = Search::new(Some(regex), if kingfisher { SecretPart::Token } else { SecretPart::Groups });
    search.literals = literal::required(&pattern).unwrap_or_default();
    match kingfisher {
        // A secret needs more entropy than none at all.
        true => search.over_entropy = Some(rule.min_entropy.unwrap_or(0.0)),
        false => {
            search.spans = Spans::Longest;
            search.ending = Some(compile(&format!("{pattern}\\z"))?);
        }
    }
    if let Some(asked) = &rule.pattern_requirements {
        search.requirements = requirements(asked).map_err(|what| refuse(&what))?;
    }
    let mut needs = Vec::new();
    for depends in rule.depends_on_rule.iter().flatten().flatten() {
        if depends.within.is_some() {
            return Err(refuse("`within` in `depends_on_rule` is not supported"));
        }
        // What it depends on is only for the live check: without it the rule finds the same.
        needs.push(Need {
            rule: id_of(&depends.rule_id),
            within_lines: None,
            within_columns: None,
            within_bytes: None,
            same: Same::File,
            optional: true,
        });
    }
    let title = text::printable(rule.name.trim().trim_end_matches('.'));
    let entry = Entry::foreign(id_of(&rule.id), (!title.is_empty()).then_some(title), pattern);
    let mut made = entry.rule("", DetailsOf::Read(Details { needs, ..Details::default() }), None);
    describe(&mut made, rule.description.as_deref().unwrap_or_default());
    made.confidence = confidence(rule.confidence.as_deref()).unwrap_or(made.confidence);
    made.hidden = rule.visible == Some(false);
    made.examples.clone_from(&rule.examples);
    made.counter_examples.clone_from(&rule.negative_examples);
    made.search = Some(Box::new(search));
    Ok(made)
}

fn requirements(asked: &PatternRequirements) -> Result<Requirements, String> {
    if asked.checksum.is_some() {
        return Err(
            "`checksum` in `pattern_requirements` is not supported; write it as a `check` of our own".to_owned()
        );
    }
    Ok(Requirements {
        digits: asked.min_digits,
        upper: asked.min_uppercase,
        lower: asked.min_lowercase,
        specials: asked.min_special_chars,
        special: asked.special_chars.clone().unwrap_or_else(|| SPECIAL.to_owned()),
        without: asked.ignore_if_contains.iter().map(|word| word.to_lowercase()).filter(|w| !w.is_empty()).collect(),
    })
}
