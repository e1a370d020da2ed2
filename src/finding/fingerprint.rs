//! Defines [`Fingerprint`]: what makes a defect the same defect in the next run.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::text;

/// 128 bits in hex, made of what identifies a defect and of nothing that moves: no line number, no commit.
///
/// The fingerprint of a secret is made of its rule and value, so it survives moves, renames and rewritten history
/// and changes with the value. It reveals the value of a strong credential to nobody, but whoever guesses a weak
/// password can confirm the guess with it. That of a package is made of rule, package and file, so it survives other
/// versions that are as bad. That of code or configuration is made of rule, file and the text of the line, white space
/// aside: two equal lines of a file share it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Makes a fingerprint of ingredients, in order; the same words split differently give another one.
    pub fn of(ingredients: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in ingredients {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(text::hex(&hash.finalize()[..16]))
    }

    /// The first ten digits, for people and for commands that take a fingerprint.
    pub fn short(&self) -> &str {
        self.0.get(..10).unwrap_or(&self.0)
    }

    /// Reads one from a report; `None` unless it is 32 lower-case hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (text.len() == 32 && text.bytes().all(is_hex)).then(|| Self(text.to_owned()))
    }

    /// 32 lower-case hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
