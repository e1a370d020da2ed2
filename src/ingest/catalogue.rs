//! Knows the checks that several tools make, each under one name: `rules/checks.toml`.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// A check that several tools make.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Common {
    /// A noun phrase.
    pub title: String,
    /// Weaknesses by number in the Common Weakness Enumeration.
    pub cwe: Vec<u32>,
    /// Why it matters, a sentence.
    pub why: String,
    /// What to do about it, a sentence.
    pub help: String,
}

/// The check of a canonical id such as `code/weak-hash`; `None` for a rule that one tool has alone.
pub fn check(id: &str) -> Option<&'static Common> {
    static CHECKS: OnceLock<HashMap<String, Common>> = OnceLock::new();
    // A test holds that the file can be read.
    let read = || toml::from_str(include_str!("../../rules/checks.toml")).unwrap_or_default();
    CHECKS.get_or_init(read).get(id)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn checks_have_names_and_reasons() {
        let hash = check("code/weak-hash").unwrap();
        assert_eq!((hash.title.as_str(), hash.cwe.as_slice()), ("Weak hash", [327, 328].as_slice()));
        assert!(check("code/bandit/B101").is_none());
    }
}
