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

/// Words of names of providers that say nothing.
const COMMON: [&str; 14] = [
    "cloud", "search", "private", "public", "service", "services", "security", "platform", "access", "secret", "token",
    "proxy", "email", "login",
];

/// What the credentials of providers look like.
#[derive(Default)]
pub(in crate::scanner::secrets) struct Known {
    /// What they begin with, in lower case, and the number of the rule.
    beginnings: Vec<(String, usize)>,
    /// By each word of the provider's name, and by the whole of it, in lower case: how long they are in bytes, and what
    /// they begin with.
    forms: BTreeMap<String, BTreeSet<(usize, String)>>,
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
            let names = names(&rule.provider);
            for secret in secrets {
                known.beginnings.extend(beginning(secret).map(|start| (start, index)));
                let start: String = secret.split("{{").next().unwrap_or_default().chars().take(3).collect();
                let form = template::length(secret).map(|length| (length, start.to_ascii_lowercase()));
                for name in &names {
                    known.forms.entry(name.clone()).or_default().extend(form.clone());
                }
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

    /// Whether a value is about as long as the credentials of a provider that its name names, or begins as they do.
    pub(super) fn is_nearly(&self, name: &[String], value: &[u8]) -> bool {
        let whole = name.concat();
        let names = |provider: &String| match provider.len() {
            0..5 => name.contains(provider),
            _ => whole.contains(provider.as_str()),
        };
        let head: String = value.iter().take(3).map(|byte| char::from(byte.to_ascii_lowercase())).collect();
        let near = |(length, start): &(usize, String)| {
            value.len().abs_diff(*length) * 4 <= *length || start.len() == 3 && *start == head
        };
        self.forms.iter().any(|(provider, forms)| names(provider) && forms.iter().any(near))
    }
}

/// By what a provider is named: the whole without spaces, and each of its words that is long enough to be its own.
fn names(provider: &str) -> BTreeSet<String> {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let words =
        provider.split_whitespace().map(plain).filter(|word| word.len() >= 5 && !COMMON.contains(&word.as_str()));
    words.chain([plain(provider)]).filter(|name| name.len() >= 3).collect()
}

/// What a secret of an example begins with, where that is a prefix that somebody chose: `acme_`.
fn beginning(secret: &str) -> Option<String> {
    let fixed = &secret[..secret.find("{{")?];
    let is_chosen = (4..=24).contains(&fixed.len()) && fixed.is_ascii() && fixed.contains(['_', '-', '.', ':']);
    is_chosen.then(|| fixed.to_ascii_lowercase())
}
