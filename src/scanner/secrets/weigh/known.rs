//! Defines [`Known`]: what the credentials of providers look like, by the examples of their rules.
//!
//! A value that begins like one, or has the length of one under the provider's name, is found by the rule that knows them.
//! Where that rule does not take it, it is most likely shortened, made up, or something else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::rule::secret::SecretRule;
use crate::scanner::secrets::template;

/// Providers whose credentials have no form of their own.
const FORMLESS: [&str; 4] = ["Generic", "Private keys", "Connection strings", "JSON Web Token"];

/// What the credentials of providers look like.
#[derive(Default)]
pub(in crate::scanner::secrets) struct Known {
    /// What they begin with, in lower case, and the number of the rule.
    beginnings: Vec<(String, usize)>,
    /// How long they are in bytes, by the name of the provider without spaces, in lower case.
    lengths: BTreeMap<String, BTreeSet<usize>>,
}

impl Known {
    pub(in crate::scanner::secrets) fn of(rules: &[Arc<SecretRule>]) -> Self {
        let mut known = Self::default();
        for (index, rule) in rules.iter().enumerate() {
            if FORMLESS.contains(&rule.provider.as_str()) {
                continue;
            }
            let secrets =
                rule.examples.iter().filter_map(|example| Some(example.split_once('«')?.1.split_once('»')?.0));
            let name: String = rule.provider.chars().filter(char::is_ascii_alphanumeric).collect();
            for secret in secrets {
                known.beginnings.extend(beginning(secret).map(|start| (start, index)));
                known.lengths.entry(name.to_ascii_lowercase()).or_default().extend(template::length(secret));
            }
        }
        known.beginnings.sort();
        known.beginnings.dedup();
        known
    }

    /// Whether a value begins as the credentials of some other rule do.
    pub(super) fn begins_like_another(&self, rule: usize, value: &[u8]) -> bool {
        let begins =
            |start: &str| value.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()));
        self.beginnings.iter().any(|(start, of)| *of != rule && begins(start))
    }

    /// Whether a value is about as long as the credentials of a provider that its name names.
    pub(super) fn is_nearly(&self, name: &[String], value: &[u8]) -> bool {
        let whole = name.concat();
        let names = |provider: &String| match provider.len() {
            0..5 => name.contains(provider),
            _ => whole.contains(provider.as_str()),
        };
        let near = |length: &usize| value.len().abs_diff(*length) * 4 <= *length;
        self.lengths.iter().any(|(provider, lengths)| names(provider) && lengths.iter().any(near))
    }
}

/// What a secret of an example begins with, where that is a prefix that somebody chose: `acme_`.
fn beginning(secret: &str) -> Option<String> {
    let fixed = &secret[..secret.find("{{")?];
    let is_chosen = (4..=24).contains(&fixed.len()) && fixed.is_ascii() && fixed.contains(['_', '-', '.', ':']);
    is_chosen.then(|| fixed.to_ascii_lowercase())
}
