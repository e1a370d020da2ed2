//! Knows the credentials that everybody has, read from `rules/published.toml`: those of documentation and of standards, and
//! what tools take where nobody gives them another.

use std::sync::LazyLock;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::text::hex;

/// What is known; read once.
static PUBLISHED: LazyLock<Published> = LazyLock::new(|| {
    // A test holds the file to be valid.
    toml::from_str(include_str!("../../rules/published.toml")).unwrap_or_default()
});

/// The file, as it says itself.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    value: Vec<Value>,
    key: Vec<Key>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Value {
    /// Of the value without a leading `0x`, in lower case.
    sha256: String,
    of: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for those who read the file"))]
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    /// As `ssh-keygen -l` prints it.
    fingerprint: String,
    of: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for those who read the file"))]
    url: String,
}

/// Where everybody has a credential from: `the documentation of Acme`; `None` for every other one.
pub(crate) fn value(credential: &[u8]) -> Option<&'static str> {
    // `curl -u` takes a key as a user without a password.
    let credential = credential.strip_suffix(b":").unwrap_or(credential);
    let sum = hex(&Sha256::digest(credential.strip_prefix(b"0x").unwrap_or(credential)));
    let known = PUBLISHED.value.iter().find(|known| known.sha256 == sum)?;
    Some(&known.of)
}

/// Where everybody has the private key from whose public key has a fingerprint; `None` for every other key.
pub(super) fn key(fingerprint: &str) -> Option<&'static str> {
    let known = PUBLISHED.key.iter().find(|known| known.fingerprint == fingerprint)?;
    Some(&known.of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_valid() {
        let known: Published = toml::from_str(include_str!("../../rules/published.toml")).unwrap();
        for Value { sha256, of, url } in &known.value {
            assert!(sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
            assert!(!of.is_empty() && url.starts_with("https://"));
        }
        for Key { fingerprint, of, url } in &known.key {
            assert!(fingerprint.starts_with("SHA256:") && !of.is_empty() && url.starts_with("https://"));
            assert_eq!(key(fingerprint), Some(of.as_str()));
        }
        assert_eq!(key("SHA256:"), None);
    }

    #[test]
    fn what_everybody_has() {
        // https://www.rfc-editor.org/rfc/rfc7617#section-2: "Aladdin" and "open sesame".
        let aladdin = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, "Aladdin:open sesame");
        assert_eq!(value(aladdin.as_bytes()), Some("RFC 7617"));
        assert_eq!(value(format!("0x{aladdin}").as_bytes()), value(aladdin.as_bytes()));
        assert_eq!(value(b"open sesame"), None);
    }
}
