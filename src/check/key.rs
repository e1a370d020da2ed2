//! Checks private keys: reads their whole structure and says what they are, whether a passphrase protects them, and the
//! fingerprint of the public key, by which servers and services know it.

mod armor;
mod asn1;
mod der;
mod openssh;
mod pgp;
mod putty;
mod rsa;
mod ssh;

use super::alphabet::any_base64;
use super::published;
use super::verdict::Verdict;
use armor::Armor;

/// What the structure of a private key says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Key {
    /// The algorithm, for people: `RSA`, `ECDSA P-256`, `Ed25519`; empty where encryption hides it.
    kind: String,
    /// The size in bits of those algorithms that have keys of many sizes.
    bits: Option<usize>,
    /// Whether a passphrase protects it.
    encrypted: bool,
    /// The fingerprint of the public key, where that is in it or follows from it.
    fingerprint: Option<String>,
}

/// Why something is no private key, in a clause.
type Wrong = &'static str;

/// The verdict on a private key: armored text as it stands in a file or in a string of a program, a key of PuTTY, or DER
/// in base64.
pub(super) fn verdict(text: &[u8]) -> Verdict {
    let text = armor::unescape(text);
    if let Some(at) = text.find("PuTTY-User-Key-File-") {
        let read = putty::read(text.get(at..).unwrap_or_default());
        // Its lines are not looked for between other text, so that only a code tells.
        let is_clean = read != Err(putty::BROKEN);
        return judge(read, is_clean);
    }
    match Armor::read(&text) {
        Some(armor) => judge(read(&armor), armor.is_clean),
        None => match any_base64(text.trim().as_bytes()) {
            Some(bytes) => judge(der::read(&bytes), true),
            None => Verdict::refuted("it has no begin and end"),
        },
    }
}

fn read(armor: &Armor) -> Result<Key, Wrong> {
    match armor.label.as_str() {
        "OPENSSH PRIVATE KEY" => openssh::read(&armor.body),
        "PGP PRIVATE KEY BLOCK" => pgp::read(armor),
        "SSH2 ENCRYPTED PRIVATE KEY" => ssh::read_commercial(&armor.body),
        label if armor.is_encrypted() => armor.hidden(label),
        _ => der::read(&armor.body),
    }
}

/// The verdict on what was read. Text that was altered on its way into a file may be a key all the same.
fn judge(read: Result<Key, Wrong>, is_clean: bool) -> Verdict {
    match read {
        Ok(key) => key.verdict(),
        Err(wrong) if is_clean => Verdict::refuted(wrong),
        Err(_) => Verdict::unknown("its text has something between the lines"),
    }
}

impl Key {
    fn verdict(self) -> Verdict {
        let size = self.bits.map(|bits| format!("{bits}-bit ")).unwrap_or_default();
        let kind = if self.kind.is_empty() { String::new() } else { format!("{} ", self.kind) };
        let described = format!("{size}{kind}private key");
        let described = match self.encrypted {
            true => format!("an encrypted {described}"),
            // What is spoken with a vowel first: an RSA, an ECDSA, an Ed25519, an OpenPGP key, an 8192-bit one.
            false if described.starts_with(['8', 'E', 'O', 'R', 'X']) => format!("an {described}"),
            false => format!("a {described}"),
        };
        let verdict = match &self.fingerprint {
            Some(fingerprint) => match published::key(fingerprint) {
                Some(of) => Verdict::idle(format!("it is the published key of {of}")),
                None => Verdict::confirmed(format!("it is {described}, {fingerprint}")),
            },
            None => Verdict::confirmed(format!("it is {described}")),
        };
        verdict
            .with("algorithm", self.kind)
            .with("bits", self.bits.map(|bits| bits.to_string()).unwrap_or_default())
            .with("encrypted", self.encrypted.to_string())
            .with("fingerprint", self.fingerprint.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
