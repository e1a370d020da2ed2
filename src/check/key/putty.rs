//! Reads private keys in the format of PuTTY, versions 2 and 3.
//!
//! The format: <https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html>.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::ssh::{Fields, describe, public};
use super::{Key, Wrong, rsa};
use crate::check::alphabet::{BASE64, HEX_LOWER};

/// What the key of the code of version 2 begins with; the passphrase follows.
const SALT: &[u8] = b"putty-private-key-file-mac-key";
/// How many bytes a block of both hash functions has.
const BLOCK: usize = 64;
pub(super) const BROKEN: Wrong = "its structure is broken";

/// Reads a key; its code tells whether it is whole, where no passphrase is needed for that.
///
/// # Errors
/// Why it is none.
pub(super) fn read(text: &str) -> Result<Key, Wrong> {
    let mut lines = text.lines().map(str::trim);
    let (format, name) = header(lines.next())?;
    let version = format.strip_prefix("PuTTY-User-Key-File-").ok_or(BROKEN)?;
    let mut headers = Vec::new();
    let (mut known, mut private) = (Vec::new(), Vec::new());
    while let Some((key, value)) = lines.next().filter(|line| !line.is_empty()).and_then(|line| line.split_once(": ")) {
        match key {
            "Public-Lines" | "Private-Lines" => {
                let count = value.parse().map_err(|_| BROKEN)?;
                let code: String = lines.by_ref().take(count).collect();
                let bytes = BASE64.decode(code.as_bytes()).ok_or(BROKEN)?;
                *(if key == "Public-Lines" { &mut known } else { &mut private }) = bytes;
            }
            _ => headers.push((key, value)),
        }
    }
    let value = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    let (cipher, comment) = (value("Encryption").ok_or(BROKEN)?, value("Comment").unwrap_or_default());
    let encrypted = cipher != "none";
    if private.is_empty() || Fields(&known).string()? != name.as_bytes() {
        return Err(BROKEN);
    }
    if !encrypted {
        let signed = public(&[name.as_bytes(), cipher.as_bytes(), comment.as_bytes(), &known, &private]);
        let code = match version {
            "2" => hmac::<Sha1>(&Sha1::digest(SALT), &signed),
            "3" => hmac::<Sha256>(&[], &signed),
            _ => return Err("its version is unknown"),
        };
        if value("Private-MAC").is_none_or(|said| !said.eq_ignore_ascii_case(&HEX_LOWER.encode(&code))) {
            return Err("its code is wrong");
        }
        if name == "ssh-rsa" {
            let [_, p, q] = Fields(&private).strings()?;
            let [_, _, modulus] = Fields(&known).strings()?;
            rsa::belong(modulus, p, q)?;
        }
    }
    Ok(Key { encrypted, ..describe(&known)? })
}

fn header(line: Option<&str>) -> Result<(&str, &str), Wrong> {
    line.and_then(|line| line.split_once(": ")).ok_or(BROKEN)
}

/// A message authentication code: RFC 2104.
fn hmac<D: Digest>(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut padded = [0u8; BLOCK];
    padded.iter_mut().zip(key).for_each(|(place, byte)| *place = *byte);
    let inner = D::new().chain_update(padded.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    D::new().chain_update(padded.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standards() {
        // Test case 2 of RFC 2202 and of RFC 4231.
        let (key, message) = (b"Jefe", b"what do ya want for nothing?");
        assert_eq!(HEX_LOWER.encode(&hmac::<Sha1>(key, message)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        let long = HEX_LOWER.encode(&hmac::<Sha256>(key, message));
        assert_eq!(long, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
