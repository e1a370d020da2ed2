//! What is in a configuration of gitleaks or betterleaks.
//!
//! The formats: <https://github.com/gitleaks/gitleaks#configuration>,
//! <https://github.com/betterleaks/betterleaks/blob/main/docs/config.md>. Both read keys in any case, so keys are in
//! lower case here.

use serde::{Deserialize, Deserializer};
use toml::{Table, Value};

use crate::error::Error;
use crate::rule::expression::Dialect;

/// A configuration as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct File {
    pub(super) extend: Extend,
    pub(super) rules: Vec<Rule>,
    pub(super) allowlist: Option<Allowlist>,
    pub(super) allowlists: Vec<Allowlist>,
    pub(super) prefilter: String,
    pub(super) filter: String,
    pub(super) title: Option<Value>,
    pub(super) description: Option<Value>,
    pub(super) minversion: Option<String>,
    pub(super) betterleaksminversion: Option<String>,
    #[serde(flatten)]
    pub(super) unknown: Table,
}

/// What a configuration is built on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Extend {
    pub(super) path: String,
    pub(super) url: String,
    pub(super) usedefault: bool,
    #[serde(deserialize_with = "texts")]
    pub(super) disabledrules: Vec<String>,
    #[serde(flatten)]
    pub(super) unknown: Table,
}

/// A rule as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) description: String,
    pub(super) path: String,
    pub(super) regex: String,
    pub(super) secretgroup: usize,
    #[serde(deserialize_with = "number")]
    pub(super) entropy: f64,
    #[serde(deserialize_with = "texts")]
    pub(super) keywords: Vec<String>,
    #[serde(deserialize_with = "texts")]
    pub(super) tags: Vec<String>,
    pub(super) specificity: Option<i64>,
    pub(super) confidence: Option<String>,
    pub(super) allowlist: Option<Allowlist>,
    pub(super) allowlists: Vec<Allowlist>,
    pub(super) required: Vec<Required>,
    pub(super) components: Vec<Component>,
    pub(super) skipreport: bool,
    pub(super) tokenefficiency: bool,
    pub(super) filter: String,
    pub(super) validate: Option<Value>,
    pub(super) analyze: Option<Value>,
    pub(super) revoke: Option<Value>,
    #[serde(flatten)]
    pub(super) unknown: Table,
}

/// An allowlist as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Allowlist {
    pub(super) description: String,
    pub(super) condition: String,
    #[serde(deserialize_with = "texts")]
    pub(super) commits: Vec<String>,
    #[serde(deserialize_with = "texts")]
    pub(super) paths: Vec<String>,
    pub(super) regextarget: String,
    #[serde(deserialize_with = "texts")]
    pub(super) regexes: Vec<String>,
    #[serde(deserialize_with = "texts")]
    pub(super) stopwords: Vec<String>,
    #[serde(deserialize_with = "texts")]
    pub(super) targetrules: Vec<String>,
    #[serde(flatten)]
    pub(super) unknown: Table,
}

/// What must be near, as gitleaks and betterleaks 1 write it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Required {
    pub(super) id: String,
    pub(super) withinlines: Option<u32>,
    pub(super) withincolumns: Option<u32>,
    #[serde(flatten)]
    pub(super) unknown: Table,
}

/// What must be near, as betterleaks 2 writes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Component {
    pub(super) id: String,
    pub(super) within: String,
    pub(super) optional: bool,
    #[serde(flatten)]
    pub(super) unknown: Table,
}

impl File {
    /// Reads one; `origin` names it in errors.
    ///
    /// # Errors
    /// It is not TOML, or a key has a value of another kind than it should.
    pub(super) fn read(source: &str, origin: &str) -> Result<Self, Error> {
        let table: Table = crate::config::parse_toml(source, origin)?;
        let file: Self = lower(Value::Table(table)).try_into().map_err(|e: toml::de::Error| {
            Error::usage(format!("`{origin}` is not valid")).because(e.to_string().trim().to_owned())
        })?;
        match file.rules.len() > super::MOST {
            true => Err(Error::usage(format!("`{origin}` has more than {} rules", super::MOST))),
            false => Ok(file),
        }
    }

    /// Which version of betterleaks its expressions are written for: 2 where it has what 1 does not know.
    pub(super) fn dialect(&self) -> Dialect {
        let is_two = |rule: &Rule| !rule.components.is_empty() || rule.analyze.is_some() || rule.revoke.is_some();
        let says_two =
            self.minversion.as_ref().is_some_and(|version| version.trim_start_matches('v').starts_with("2."));
        if says_two || self.rules.iter().any(is_two) { Dialect::V2 } else { Dialect::V1 }
    }

    /// Whether it has what only betterleaks knows.
    pub(super) fn is_of_betterleaks(&self) -> bool {
        let has = |rule: &Rule| {
            !rule.filter.is_empty()
                || rule.specificity.is_some()
                || rule.tokenefficiency
                || rule.validate.is_some()
                || !rule.components.is_empty()
        };
        !self.prefilter.is_empty()
            || !self.filter.is_empty()
            || self.betterleaksminversion.is_some()
            || self.rules.iter().any(has)
    }

    /// The keys that are not known, each with where it is.
    pub(super) fn unknown(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut add = |table: &Table, place: &str| {
            found.extend(table.keys().map(|key| if place.is_empty() { key.clone() } else { format!("{place}.{key}") }));
        };
        add(&self.unknown, "");
        add(&self.extend.unknown, "extend");
        self.allowlists.iter().chain(&self.allowlist).for_each(|list| add(&list.unknown, "allowlists"));
        for rule in &self.rules {
            add(&rule.unknown, "rules");
            rule.allowlists.iter().chain(&rule.allowlist).for_each(|list| add(&list.unknown, "rules.allowlists"));
            rule.required.iter().for_each(|required| add(&required.unknown, "rules.required"));
            rule.components.iter().for_each(|component| add(&component.unknown, "rules.components"));
        }
        found.sort();
        found.dedup();
        found
    }
}

/// The same with every key in lower case.
fn lower(value: Value) -> Value {
    match value {
        Value::Table(table) => {
            Value::Table(table.into_iter().map(|(key, value)| (key.to_lowercase(), lower(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(lower).collect()),
        other => other,
    }
}

/// A list of texts, or as gitleaks takes it, one text with commas.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Texts {
        Many(Vec<String>),
        One(String),
    }
    Ok(match Texts::deserialize(deserializer)? {
        Texts::Many(texts) => texts,
        Texts::One(text) if text.is_empty() => Vec::new(),
        Texts::One(text) => text.split(',').map(str::to_owned).collect(),
    })
}

/// A number of either kind.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Whole(i32),
        Part(f64),
    }
    Ok(match Number::deserialize(deserializer)? {
        Number::Whole(value) => f64::from(value),
        Number::Part(value) => value,
    })
}
