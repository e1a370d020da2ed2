//! Reads private keys in the format of OpenSSH.
//!
//! The format: <https://cvsweb.openbsd.org/cgi-bin/cvsweb/src/usr.bin/ssh/PROTOCOL.key>.

use super::der::{ed25519, pair};
use super::ssh::{Fields, describe, trimmed};
use super::{Key, Wrong, rsa};

const MAGIC: &[u8] = b"openssh-key-v1\0";
const BROKEN: Wrong = "its structure is broken";
const UNPAIRED: Wrong = "its public key is that of another";

/// Reads a key.
///
/// # Errors
/// Why it is none.
pub(super) fn read(bytes: &[u8]) -> Result<Key, Wrong> {
    let mut fields = Fields(bytes.strip_prefix(MAGIC).ok_or(BROKEN)?);
    let [cipher, _, _] = fields.strings()?;
    if fields.number()? != 1 {
        return Err(BROKEN);
    }
    let [public, private] = fields.strings()?;
    // Ciphers with a tag have it behind the rest.
    if !private.len().is_multiple_of(8) || private.is_empty() || fields.0.len() > 16 {
        return Err(BROKEN);
    }
    let key = describe(public)?;
    if cipher == b"none" {
        check(public, private)?;
    }
    Ok(Key { encrypted: cipher != b"none", ..key })
}

/// Makes sure that a private part without encryption is whole and belongs to the public one.
fn check(public: &[u8], private: &[u8]) -> Result<(), Wrong> {
    let mut fields = Fields(private);
    // Twice the same number, by which a wrong passphrase would be noticed.
    if fields.number()? != fields.number()? {
        return Err(BROKEN);
    }
    let mut known = Fields(public);
    let name = fields.string()?;
    if name != known.string()? {
        return Err(UNPAIRED);
    }
    match name {
        b"ssh-rsa" => {
            let [modulus, exponent, _, _, p, q] = fields.strings()?;
            if known.strings()? != [exponent, modulus] {
                return Err(UNPAIRED);
            }
            rsa::belong(trimmed(modulus), p, q)?;
        }
        b"ssh-ed25519" => {
            let [point, both] = fields.strings()?;
            let (seed, again) = both.split_at_checked(32).ok_or(BROKEN)?;
            if point != known.string()? || point != again {
                return Err(UNPAIRED);
            }
            ed25519(seed, Some(point))?;
        }
        b"ssh-dss" => {
            let [p, q, g, y, _] = fields.strings()?;
            if known.strings()? != [p, q, g, y] {
                return Err(UNPAIRED);
            }
        }
        _ if name.starts_with(b"ecdsa-sha2-") => {
            let [curve, point, number] = fields.strings()?;
            if known.strings()? != [curve, point] {
                return Err(UNPAIRED);
            }
            pair(&String::from_utf8_lossy(curve), number, point)?;
        }
        // What is in keys of other algorithms is not known, and neither is where it ends.
        _ => return Ok(()),
    }
    fields.string()?;
    match fields.0.iter().zip(1u8..).all(|(byte, count)| *byte == count) && fields.0.len() < 256 {
        true => Ok(()),
        false => Err(BROKEN),
    }
}
