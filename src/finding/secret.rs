//! Defines [`Secret`]: a credential that does not leave the process by accident.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Fingerprint;

/// A credential. It has no `Display`, no `Debug` and no `Serialize`: the only ways out are a redaction, a digest,
/// and [`Secret::expose`], which nothing but `--show-secrets` and verification may call.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Form);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    /// Its bytes.
    Known(Box<[u8]>),
    /// What a report says of it.
    Told { redacted: Box<str>, fingerprint: Fingerprint },
}

impl Secret {
    /// Wraps the bytes of a credential.
    pub fn new(bytes: &[u8]) -> Self {
        Self(Form::Known(bytes.into()))
    }

    /// A credential of which only a report is known: how it is shown there, and the fingerprint of its finding.
    pub fn told(redacted: &str, fingerprint: Fingerprint) -> Self {
        Self(Form::Told { redacted: redacted.into(), fingerprint })
    }

    /// The fingerprint that a report gives the finding; `None` where the credential itself is known.
    pub fn told_fingerprint(&self) -> Option<&Fingerprint> {
        match &self.0 {
            Form::Known(_) => None,
            Form::Told { fingerprint, .. } => Some(fingerprint),
        }
    }

    /// A form for people: a recognizable prefix of at most four characters and a quarter of the whole, then `…` and
    /// the length. Shows nothing of a credential shorter than 16 characters.
    pub fn redacted(&self) -> String {
        let bytes = match &self.0 {
            Form::Known(bytes) => bytes,
            Form::Told { redacted, .. } => return redacted.to_string(),
        };
        let text = String::from_utf8_lossy(bytes);
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
        let (domain, bytes): (&[u8], &[u8]) = match &self.0 {
            Form::Known(bytes) => (b"scanall secret v1\0", bytes),
            Form::Told { fingerprint, .. } => (b"scanall secret of a report v1\0", fingerprint.as_str().as_bytes()),
        };
        Sha256::new().chain_update(domain).chain_update(bytes).finalize().into()
    }

    /// Its SHA-1, as other tools write it into their files to know it again; `None` for one that only a report is known
    /// of. Like any plain hash, it gives away a weak secret: it is for comparisons, and never written.
    pub fn sha1(&self) -> Option<[u8; 20]> {
        match &self.0 {
            Form::Known(bytes) => Some(Sha1::digest(bytes).into()),
            Form::Told { .. } => None,
        }
    }

    /// Whether it is another one or a part of it; never so for one that only a report is known of.
    pub fn is_part_of(&self, whole: &Self) -> bool {
        match (&self.0, &whole.0) {
            (Form::Known(part), Form::Known(whole)) => memchr::memmem::find(whole, part).is_some(),
            _ => false,
        }
    }

    /// An upper bound of the bits that it takes to guess it: its length times its entropy, which knows no words. 0 for
    /// one that only a report is known of.
    pub fn guessing_bits(&self) -> f32 {
        match &self.0 {
            Form::Known(bytes) => crate::text::entropy(bytes) * bytes.len() as f32,
            Form::Told { .. } => 0.0,
        }
    }

    /// The raw bytes; of one that only a report is known of, what is shown there. Everything that calls this is a place
    /// where a secret can leave the process.
    pub fn expose(&self) -> &[u8] {
        match &self.0 {
            Form::Known(bytes) => bytes,
            Form::Told { redacted, .. } => redacted.as_bytes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_report_knows_is_no_value() {
        let fingerprint = Fingerprint::of(&[b"x"]);
        let told = Secret::told("ghp_… (40 characters)", fingerprint.clone());
        assert_eq!((told.redacted().as_str(), told.told_fingerprint()), ("ghp_… (40 characters)", Some(&fingerprint)));
        let known = Secret::new("ghp_… (40 characters)".as_bytes());
        assert!(known != told && known.digest() != told.digest() && known.told_fingerprint().is_none());
    }
}
