//! Defines [`Map`]: what the words and rules of a tool mean, read from `rules/map/<tool>.toml`.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use crate::embedded;
use crate::finding::{Confidence, Rating, Severity};
use crate::text;

/// What the words and rules of a tool mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// The tool, lower case; the name of the file.
    #[serde(skip)]
    pub tool: String,
    /// The severity of what the tool gives none, or a word that is not known.
    #[serde(default = "medium")]
    pub default: Severity,
    /// What its words for severities stand for; lower case.
    #[serde(default)]
    severity: HashMap<String, Severity>,
    /// What its words for confidence stand for; lower case.
    #[serde(default)]
    confidence: HashMap<String, Confidence>,
    /// What is known of its rules, by the tool's own ids.
    #[serde(default)]
    rules: HashMap<String, Known>,
}

/// What is known of a tool's rule beyond what its reports say.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Known {
    /// The canonical rule that it is; `None` for `<kind>/<tool>/<id>`.
    pub rule: Option<String>,
    /// Its title; `None` for what the report says.
    pub title: Option<String>,
    /// Its severity where a report says none; `None` for the tool's default.
    pub severity: Option<Severity>,
    /// Weaknesses by number in the Common Weakness Enumeration.
    pub cwe: Vec<u32>,
    /// What to do about it; `None` for what the report says.
    pub help: Option<String>,
    /// A page about it; `None` for what the report says.
    pub url: Option<String>,
}

/// Words that mean the same wherever a tool has no map of its own.
const COMMON: [(&str, Severity); 16] = [
    ("critical", Severity::Critical),
    ("blocker", Severity::Critical),
    ("high", Severity::High),
    ("important", Severity::High),
    ("error", Severity::High),
    ("major", Severity::High),
    ("medium", Severity::Medium),
    ("moderate", Severity::Medium),
    ("warning", Severity::Medium),
    ("warn", Severity::Medium),
    ("low", Severity::Low),
    ("minor", Severity::Low),
    ("note", Severity::Low),
    ("negligible", Severity::Info),
    ("info", Severity::Info),
    ("informational", Severity::Info),
];

fn medium() -> Severity {
    Severity::Medium
}

/// A map that is read when first asked for.
struct LazyMap {
    map: OnceLock<Map>,
    tool: &'static str,
    source: &'static str,
}

impl Map {
    /// The map of a tool. One without a file knows the common words, and holds what has none for medium.
    pub fn of(tool: &str) -> &'static Self {
        static MAPS: LazyLock<HashMap<&str, LazyMap>> = LazyLock::new(|| {
            let lazy = |tool, source| LazyMap { map: OnceLock::new(), tool, source };
            embedded::MAPS.iter().map(|(tool, source)| (*tool, lazy(*tool, *source))).collect()
        });
        static COMMON: LazyLock<Map> = LazyLock::new(|| Map::read("its tool", ""));
        MAPS.get(tool).map_or_else(|| &*COMMON, |lazy| lazy.map.get_or_init(|| Self::read(lazy.tool, lazy.source)))
    }

    /// Reads a map; a test holds that every built-in one can be read.
    fn read(tool: &str, source: &str) -> Self {
        let mut map: Self = toml::from_str(source).unwrap_or_else(|_| Self {
            tool: String::new(),
            default: Severity::Medium,
            severity: HashMap::new(),
            confidence: HashMap::new(),
            rules: HashMap::new(),
        });
        map.tool = tool.to_owned();
        for (word, severity) in COMMON {
            map.severity.entry(word.to_owned()).or_insert(severity);
        }
        map
    }

    /// The severity that a word stands for, and that the tool says so; the default, as an assumption, where it is no
    /// word that is known.
    pub fn severity(&self, word: &str) -> (Severity, Rating) {
        match self.severity.get(word.trim().to_ascii_lowercase().as_str()) {
            Some(severity) => (*severity, Rating::stated(&self.tool)),
            None => (self.default, Rating::assumed(&self.tool)),
        }
    }

    /// The confidence that a word stands for; medium where it is no word that is known.
    pub fn confidence(&self, word: &str) -> Confidence {
        let word = word.trim().to_ascii_lowercase();
        let own = self.confidence.get(&word).copied();
        own.or_else(|| word.parse().ok()).unwrap_or(Confidence::Medium)
    }

    /// The severity of a finding of a rule: what its report says, else what is known of the rule, else the default.
    pub fn rated(&self, id: &str, told: (Severity, Rating)) -> (Severity, Rating) {
        match self.rule(id).and_then(|known| known.severity) {
            Some(severity) if !told.1.is_substantiated() => (severity, Rating::assumed(&self.tool)),
            _ => told,
        }
    }

    /// What is known of a rule, by the tool's own id; `None` when its reports say all that is known.
    pub fn rule(&self, id: &str) -> Option<&Known> {
        self.rules.get(id)
    }

    /// The canonical id of a rule of a kind: that of the map, else `<kind>/<tool>/<id>`.
    pub fn rule_id(&self, kind: crate::finding::Kind, tool: &str, id: &str) -> String {
        match self.rule(id).and_then(|known| known.rule.as_ref()) {
            Some(rule) => rule.clone(),
            None => format!("{}/{}/{}", kind.id(), text::printable(tool), text::printable(id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_map_can_be_read() {
        for (tool, source) in embedded::MAPS {
            let map: Result<Map, _> = toml::from_str(source);
            assert!(map.is_ok(), "{tool}: {:?}", map.err());
            let map = Map::of(tool);
            let keys = map.severity.keys().chain(map.confidence.keys());
            keys.for_each(|word| assert_eq!(*word, word.to_lowercase(), "{tool}"));
            for (id, known) in &map.rules {
                let is_check = |rule: &str| rule.starts_with("code/") || rule.starts_with("config/");
                let is_named = |rule: &String| !is_check(rule) || crate::ingest::catalogue::check(rule).is_some();
                assert!(known.rule.as_ref().is_none_or(|rule| rule.contains('/')), "{tool} {id}");
                assert!(
                    known.rule.as_ref().is_none_or(is_named),
                    "{tool} {id}: {:?} is not in the catalogue",
                    known.rule
                );
            }
        }
    }

    #[test]
    fn unknown_words_are_assumptions() {
        let (severity, rating) = Map::of("nobody").severity("whatever");
        assert_eq!((severity, rating.is_substantiated()), (Severity::Medium, false));
        assert!(Map::of("nobody").severity(" Moderate ").1.is_substantiated());
    }
}
