//! Defines [`Known`]: what the credentials of providers look like, by the examples of their rules.
//!
//! A value that begins like one, or has the length of one under the provider's name, is found by the rule that knows them.
//! Where that rule does not take it, it is most likely shortened, made up, or something else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::name::says_secret;
use super::words::{WORDS, has};
use crate::rule::secret::SecretRule;
use crate::scanner::secrets::template;

/// What ends a prefix stands so early in a value, in bytes.
const LONGEST_PREFIX: usize = 16;

/// What every JSON Web Token begins with: an object in base64 (RFC 7519).
const TOKEN: &str = "eyJ";

/// What the credentials of providers look like.
#[derive(Default)]
pub(in crate::scanner::secrets) struct Known {
    /// What they begin with, in lower case, and the number of the rule.
    beginnings: Vec<(String, usize)>,
    /// By each word of the provider's name, and by the whole of it, in lower case: how long they are in bytes, and the
    /// template of an example.
    forms: BTreeMap<String, BTreeSet<(usize, String)>>,
}

impl Known {
    pub(in crate::scanner::secrets) fn of(rules: &[Arc<SecretRule>]) -> Self {
        let mut known = Self::default();
        for (index, rule) in rules.iter().enumerate() {
            if has(&WORDS.provider.formless, &rule.provider.to_ascii_lowercase()) {
                continue;
            }
            let secrets =
                rule.examples.iter().filter_map(|example| Some(example.split_once('«')?.1.split_once('»')?.0));
            let names = names(rule);
            for secret in secrets {
                known.beginnings.extend(beginning(secret).map(|start| (start, index)));
                let form = template::length(secret).map(|length| (length, secret.to_owned()));
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

    /// Whether a value begins as the credentials of a provider that its name names, or is about as long. One without a
    /// prefix has nothing to do with those that have one.
    pub(super) fn is_nearly(&self, name: &[String], value: &[u8]) -> bool {
        let whole = name.concat();
        let names = |provider: &String| match provider.len() {
            0..5 => name.contains(provider),
            _ => whole.contains(provider.as_str()),
        };
        let head: Vec<u8> = value.iter().take(3).map(u8::to_ascii_lowercase).collect();
        let has_prefix = value.iter().take(LONGEST_PREFIX).any(|byte| b"_-.".contains(byte));
        let is_near = |(length, template): &(usize, String)| {
            let is_as_long = value.len().abs_diff(*length) * 4 <= *length;
            match template.split("{{").next().and_then(|start| start.get(..3)) {
                Some(start) => start.to_ascii_lowercase().as_bytes() == head || has_prefix && is_as_long,
                None => is_as_long,
            }
        };
        // One that is as it should be was only told in a way that the rule does not know.
        let is_whole = |(_, template): &(usize, String)| template::could_make(template, value);
        let mut forms = self.forms.iter().filter(|(provider, _)| names(provider)).flat_map(|(_, forms)| forms);
        forms.clone().any(is_near) && !forms.any(is_whole)
    }
}

/// By what a provider is named: the whole without spaces, each of its words that is long enough to be its own, and what
/// stands before the dot of an address, as in `Acme.com`; and by each keyword of the rule that is a word, as it stands in
/// code.
fn names(rule: &SecretRule) -> BTreeSet<String> {
    let provider = &rule.provider;
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let says_who = |word: &String| !has(&WORDS.provider.common, word) && !says_secret(word);
    let words = provider.split_whitespace().map(plain).filter(|word| word.len() >= 5);
    let is_word = |keyword: &&String| keyword.len() >= 4 && keyword.bytes().all(|b| b.is_ascii_lowercase());
    let words = words.chain(rule.keywords.iter().filter(is_word).cloned());
    let site = provider.split_once('.').map(|(site, _)| plain(site));
    let names = words.chain(site).filter(says_who).chain([plain(provider)]);
    names.filter(|name| name.len() >= 3).collect()
}

/// What a secret of an example begins with, where that is a prefix that somebody chose: `acme_`.
fn beginning(secret: &str) -> Option<String> {
    let fixed = &secret[..secret.find("{{")?];
    let is_chosen =
        fixed == TOKEN || (4..=24).contains(&fixed.len()) && fixed.is_ascii() && fixed.contains(['_', '-', '.', ':']);
    // Many providers begin theirs with `live_`, and so do people.
    let says_who = |word: &str| !word.is_empty() && !has(&WORDS.provider.common, word);
    let fixed = fixed.to_ascii_lowercase();
    (is_chosen && fixed.split(['_', '-', '.', ':']).any(says_who)).then_some(fixed)
}

#[cfg(test)]
mod tests {
    use super::Known;
    use crate::rule::pack;

    #[test]
    fn no_provider_is_named_like_what_everybody_has() {
        let known = Known::of(&pack::embedded());
        let names =
            ["api", "app", "auth", "client", "secret", "token", "access", "service", "user", "server", "password"];
        let taken: Vec<&str> = names.into_iter().filter(|name| known.forms.contains_key(*name)).collect();
        assert!(taken.is_empty(), "the word is to be in `common` of rules/signals.toml: {taken:?}");
        let begins: Vec<&str> = ["live_", "test_", "api_", "prod_"]
            .into_iter()
            .filter(|start| known.beginnings.iter().any(|(one, _)| one == start))
            .collect();
        assert!(begins.is_empty(), "{begins:?}");
    }
}
