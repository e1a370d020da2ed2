//! Defines [`Check`]: what tells a genuine credential from an imitation without asking anybody, by its checksum or its
//! structure; `KINDS` is the one list of them.
//!
//! A check says [`Outcome::Confirmed`] where chance and imitations do not get it right, [`Outcome::Refuted`] where a
//! genuine credential would not be so or opens nothing any more, and [`Outcome::Unknown`] for everything else. A verdict
//! changes how certain a finding is, and never whether there is one: documentation is full of tokens whose last
//! characters were changed, and some of them were changed back.

mod alphabet;
mod atlassian;
mod aws;
mod azure;
mod base58;
mod bech32;
mod discord;
mod formula;
mod github;
mod gitlab;
mod grafana;
mod jfrog;
mod json;
pub(crate) mod jwt;
mod key;
mod macaroon;
pub(crate) mod make;
mod mapbox;
mod marvin;
mod mnemonic;
mod openai;
pub(crate) mod published;
mod sentry;
mod slack;
mod sum;
mod verdict;

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use formula::Formula;
pub use verdict::{Outcome, Verdict};

/// A check of one family of credentials.
struct Kind {
    /// The name in rule packs.
    id: &'static str,
    /// The verdict on a credential at a time.
    verdict: fn(&[u8], Timestamp) -> Verdict,
}

/// Every check that a rule can name.
const KINDS: &[Kind] = &[
    Kind { id: "atlassian", verdict: |token, _| atlassian::verdict(token) },
    Kind { id: "aws", verdict: |id, _| aws::verdict(id) },
    Kind { id: "azure", verdict: |key, _| azure::verdict(key) },
    Kind { id: "azure-devops", verdict: |token, _| azure::devops::verdict(token) },
    Kind { id: "bech32", verdict: |key, _| bech32::verdict(key) },
    Kind { id: "bip39", verdict: |phrase, _| mnemonic::verdict(phrase) },
    Kind { id: "bitcoin", verdict: |key, _| base58::verdict(key) },
    Kind { id: "confluent", verdict: |secret, _| sum::verdict(sum::CONFLUENT, secret) },
    Kind { id: "discord", verdict: discord::verdict },
    Kind { id: "entra", verdict: |secret, _| azure::entra::verdict(secret) },
    Kind { id: "github", verdict: github::verdict },
    Kind { id: "gitlab", verdict: gitlab::verdict },
    Kind { id: "grafana", verdict: |token, _| grafana::verdict(token) },
    Kind { id: "jfrog", verdict: jfrog::verdict },
    Kind { id: "json", verdict: |token, _| json::verdict(token) },
    Kind { id: "jwt", verdict: jwt::verdict },
    Kind { id: "mapbox", verdict: mapbox::verdict },
    Kind { id: "npm", verdict: |token, _| sum::verdict(sum::NPM, token) },
    Kind { id: "openai", verdict: |key, _| openai::verdict(key) },
    Kind { id: "private-key", verdict: |key, _| key::verdict(key) },
    Kind { id: "pypi", verdict: macaroon::pypi },
    Kind { id: "sentry", verdict: |token, _| sentry::verdict(token) },
    Kind { id: "slack", verdict: |token, _| slack::verdict(token) },
    Kind { id: "vercel", verdict: |token, _| sum::verdict(sum::VERCEL, token) },
    Kind { id: "zuplo", verdict: |key, _| sum::verdict(sum::ZUPLO, key) },
];

/// The longest credential that is checked, in bytes; a longer one is [`Outcome::Unknown`].
const LONGEST: usize = 64 * 1024;

/// A check that a rule has: one of `KINDS` by its name, or a checksum of the user's own as a table.
pub struct Check(How);

enum How {
    Known(&'static Kind),
    Formula(Formula),
}

impl Check {
    /// The check with a name; `None` for an unknown one.
    pub fn named(id: &str) -> Option<Self> {
        KINDS.iter().find(|kind| kind.id == id).map(|kind| Self(How::Known(kind)))
    }

    /// The names of all checks, sorted.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|kind| kind.id)
    }

    /// The names of the groups that the pattern must have for it; none for a check with a name.
    pub fn groups(&self) -> Vec<&str> {
        match &self.0 {
            How::Known(_) => Vec::new(),
            How::Formula(formula) => formula.groups().collect(),
        }
    }

    /// The verdict on a match. `secret` is the credential, `group` gives another named group of the match, and `now` is
    /// what an expiry is compared with.
    pub fn verdict(&self, secret: &[u8], group: &dyn Fn(&str) -> Option<Vec<u8>>, now: Timestamp) -> Verdict {
        match &self.0 {
            _ if secret.len() > LONGEST => Verdict::unknown("it is too long to be checked"),
            How::Known(kind) => (kind.verdict)(secret, now),
            How::Formula(formula) => formula.verdict(group),
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            How::Known(kind) => write!(f, "Check({:?})", kind.id),
            How::Formula(formula) => formula.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Check {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CheckVisitor)
    }
}

struct CheckVisitor;

impl<'de> Visitor<'de> for CheckVisitor {
    type Value = Check;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a check, or a table that describes a checksum")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Check, E> {
        Check::named(id).ok_or_else(|| {
            let names: Vec<&str> = Check::names().collect();
            E::custom(format!("`{id}` is no check; there are {}", names.join(", ")))
        })
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Check, M::Error> {
        let mut table = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, toml::Value>()? {
            table.insert(key, value);
        }
        Formula::read(table).map(|formula| Check(How::Formula(formula))).map_err(M::Error::custom)
    }
}

#[cfg(test)]
mod packs;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Entry {
        check: Check,
    }

    fn read(text: &str) -> Result<Check, String> {
        toml::from_str::<Entry>(&format!("check = {text}")).map(|entry| entry.check).map_err(|e| e.message().to_owned())
    }

    #[test]
    fn names_are_sorted_and_found() {
        assert!(Check::names().is_sorted());
        for name in Check::names() {
            assert_eq!(format!("{:?}", read(&format!("{name:?}")).unwrap()), format!("Check({name:?})"));
        }
    }

    #[test]
    fn a_table_is_a_checksum() {
        let check = read(r#"{ crc32 = ["head", "body"], as = "hex", width = 8, equals = "sum" }"#).unwrap();
        assert_eq!(check.groups(), ["head", "body", "sum"]);
        let said = |sum: Option<&str>| {
            let group = |name: &str| match name {
                "head" => Some(b"1234".to_vec()),
                "body" => Some(b"56789".to_vec()),
                _ => sum.map(|sum| sum.as_bytes().to_vec()),
            };
            check.verdict(b"", &group, Timestamp::UNIX_EPOCH).outcome
        };
        assert_eq!(said(Some("cbf43926")), Outcome::Confirmed);
        assert_eq!(said(Some("cbf43927")), Outcome::Refuted);
        assert_eq!(said(None), Outcome::Unknown);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, what) in [
            ("\"nope\"", "`nope` is no check; there are atlassian, aws"),
            ("7", "expected the name of a check, or a table"),
            ("{}", "a table of `check` has one of crc32, crc32le, sha256 and the keys as, equals, width"),
            (r#"{ crc32 = "a", sha256 = "b", as = "hex", width = 8, equals = "c" }"#, "has one of"),
            (r#"{ crc32 = 1, as = "hex", width = 8, equals = "c" }"#, "`crc32` must be the name of a group"),
            (r#"{ crc32 = "a", as = "hex", width = 8 }"#, "needs `equals`"),
            (r#"{ crc32 = "a", as = "base63", width = 8, equals = "c" }"#, "`base63` is no encoding; there are hex"),
            (r#"{ crc32 = "a", as = "hex", width = 0, equals = "c" }"#, "`width` must be a number from 1 to 64"),
            (r#"{ crc32 = "a", as = "hex", width = 9, equals = "c" }"#, "crc32 cannot be written as 9 digits of hex"),
            (r#"{ sha256 = "a", as = "base62", width = 9, equals = "c" }"#, "sha256 cannot be written"),
            (r#"{ crc32 = "a", as = "hex", width = 8, equals = "c", upper = 1 }"#, "`upper` is no key of `check`"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(what), "{text}: {said}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_get_a_verdict(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0..KINDS.len()) {
            let verdict = (KINDS[at].verdict)(&bytes, Timestamp::UNIX_EPOCH);
            prop_assert!(!verdict.reason.is_empty() && verdict.reason.len() < 200);
        }

        #[test]
        fn nothing_random_is_confirmed(token in "[0-9A-Za-z_=+/-]{10,100}", at in 0..KINDS.len()) {
            let starts = ["ghp_", "npm_", "vcp_", "glsa_", "ATATT3", "cflt", "zpka_", "pypi-", "sntrys_", "eyJ", "reftkn"];
            for start in starts {
                let verdict = (KINDS[at].verdict)(format!("{start}{token}").as_bytes(), Timestamp::UNIX_EPOCH);
                prop_assert_ne!(verdict.outcome, Outcome::Confirmed);
            }
        }
    }
}
