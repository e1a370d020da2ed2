//! Reads and writes what SSH keys are made of (RFC 4251, section 5; RFC 4253, section 6.6), and their fingerprints.

use sha2::{Digest, Sha256};

use super::{Key, Wrong};
use crate::check::alphabet::BASE64;

const BROKEN: Wrong = "its structure is broken";

/// Fields that are still to be read.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// Takes a number of four bytes.
    ///
    /// # Errors
    /// There are fewer.
    pub(super) fn number(&mut self) -> Result<u32, Wrong> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(BROKEN)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*bytes))
    }

    /// Takes a length and so many bytes.
    ///
    /// # Errors
    /// There are fewer.
    pub(super) fn string(&mut self) -> Result<&'a [u8], Wrong> {
        let length = usize::try_from(self.number()?).map_err(|_| BROKEN)?;
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(BROKEN)?;
        self.0 = rest;
        Ok(bytes)
    }

    /// Takes some strings, one behind another.
    ///
    /// # Errors
    /// There are fewer.
    pub(super) fn strings<const COUNT: usize>(&mut self) -> Result<[&'a [u8]; COUNT], Wrong> {
        let mut strings = [&[][..]; COUNT];
        for place in &mut strings {
            *place = self.string()?;
        }
        Ok(strings)
    }
}

/// A number without zeros in front.
pub(super) fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// The size of a number in bits.
pub(super) fn bits(number: &[u8]) -> usize {
    let number = trimmed(number);
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

/// A public key of some parts: texts and points as they are.
pub(super) fn public(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend(u32::try_from(part.len()).unwrap_or_default().to_be_bytes());
        out.extend(*part);
    }
    out
}

/// A positive number as a part of a public key: with a zero in front where its highest bit is set.
pub(super) fn positive(number: &[u8]) -> Vec<u8> {
    let number = trimmed(number);
    let zero: &[u8] = if number.first().is_some_and(|first| *first >= 0x80) { &[0] } else { &[] };
    [zero, number].concat()
}

/// The fingerprint of a public key, as `ssh-keygen -l` prints it.
pub(super) fn fingerprint(public: &[u8]) -> String {
    format!("SHA256:{}", BASE64.encode(&Sha256::digest(public)))
}

/// What a public key says of itself: the algorithm for people, and the bits of those that have many sizes.
///
/// # Errors
/// It is broken.
pub(super) fn describe(public: &[u8]) -> Result<Key, Wrong> {
    let mut fields = Fields(public);
    let name = String::from_utf8_lossy(fields.string()?).into_owned();
    let (kind, bits) = match name.as_str() {
        "ssh-rsa" => {
            let [_, modulus] = fields.strings()?;
            ("RSA", Some(bits(modulus)))
        }
        "ssh-dss" => {
            let [prime, ..]: [&[u8]; 4] = fields.strings()?;
            ("DSA", Some(bits(prime)))
        }
        "ssh-ed25519" => ("Ed25519", None),
        "ssh-ed448" => ("Ed448", None),
        "ecdsa-sha2-nistp256" => ("ECDSA P-256", None),
        "ecdsa-sha2-nistp384" => ("ECDSA P-384", None),
        "ecdsa-sha2-nistp521" => ("ECDSA P-521", None),
        "sk-ssh-ed25519@openssh.com" => ("Ed25519 security", None),
        "sk-ecdsa-sha2-nistp256@openssh.com" => ("ECDSA security", None),
        _ => return Err("its algorithm is unknown"),
    };
    Ok(Key { kind: kind.to_owned(), bits, fingerprint: Some(fingerprint(public)), ..Key::default() })
}

/// What a key of ssh.com's SSH2 says: a magic number, its length, its kind, and a cipher.
///
/// # Errors
/// It is broken.
pub(super) fn read_commercial(bytes: &[u8]) -> Result<Key, Wrong> {
    let mut fields = Fields(bytes);
    let (magic, length) = (fields.number()?, fields.number()?);
    if magic != 0x3f6f_f9eb || usize::try_from(length) != Ok(bytes.len()) {
        return Err(BROKEN);
    }
    let [kind, cipher, _] = fields.strings()?;
    let kind = [(&b"rsa"[..], "RSA"), (b"dl-modp", "DSA")]
        .into_iter()
        .find(|(word, _)| kind.windows(word.len()).any(|window| window == *word))
        .map_or("", |(_, name)| name);
    Ok(Key { kind: kind.to_owned(), encrypted: cipher != b"none", ..Key::default() })
}
