//! Defines [`Secret`]: a credential that does not leave the process by accident.

use sha2::{Digest, Sha256};

/// A credential. It has no `Display`, no `Debug` and no `Serialize`: the only ways out are a redaction, a digest,
/// and [`Secret::expose`], which nothing but `--show-secrets` and verification may call.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Box<[u8]>);

impl Secret {
    /// Wraps the bytes of a credential.
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// A form for people: a recognizable prefix of at most four characters and a quarter of the whole, then `…` and
    /// the length. Shows nothing of a credential shorter than 16 characters.
    pub fn redacted(&self) -> String {
        let text = String::from_utf8_lossy(&self.0);
        let length = text.chars().count();
        if text.starts_with("-----BEGIN") {
            return format!("-----BEGIN… ({length} characters)");
        }
        let shown = if length < 16 { 0 } else { 4 };
        let prefix: String = text.chars().take(shown).map(|c| if c.is_ascii_graphic() { c } else { '.' }).collect();
        format!("{prefix}… ({length} characters)")
    }

    /// A digest in a domain of its own, so that it equals no digest of the secret made elsewhere.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::new().chain_update(b"scanall secret v1\0").chain_update(&self.0).finalize().into()
    }

    /// An upper bound of the bits that it takes to guess it: its length times its entropy, which knows no words.
    pub fn guessing_bits(&self) -> f32 {
        crate::text::entropy(&self.0) * self.0.len() as f32
    }

    /// The raw bytes. Everything that calls this is a place where a secret can leave the process.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}
