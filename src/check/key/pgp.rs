//! Reads private keys of OpenPGP (RFC 4880, RFC 9580): the first packet of the block, and the checksum of the armor.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::armor::Armor;
use super::ssh::bits;
use super::{Key, Wrong};
use crate::check::alphabet::{BASE64, HEX_UPPER};

const BROKEN: Wrong = "its structure is broken";
/// The tag of a packet with a private key: RFC 9580, section 5.5.1.3.
const SECRET_KEY: u8 = 5;

/// Reads a block.
///
/// # Errors
/// Why it is none.
pub(super) fn read(armor: &Armor) -> Result<Key, Wrong> {
    if let Some(sum) = &armor.sum
        && BASE64.decode(sum.as_bytes()).as_deref() != Some(&crc24(&armor.body))
    {
        return Err("its checksum is wrong");
    }
    let packet = first(&armor.body)?;
    let (version, rest) = packet.split_first().ok_or(BROKEN)?;
    // The time of making, and the algorithm; version 6 says how long the public part is.
    let (algorithm, rest) = rest.get(4..).and_then(|rest| rest.split_first()).ok_or(BROKEN)?;
    let skip = if *version == 6 { 4 } else { 0 };
    let material = rest.get(skip..).ok_or(BROKEN)?;
    let (kind, bits, length) = public(*algorithm, material)?;
    let (known, private) = packet.split_at_checked(packet.len() - material.len() + length).ok_or(BROKEN)?;
    let length = u32::try_from(known.len()).map_err(|_| BROKEN)?.to_be_bytes();
    let fingerprint = match version {
        4 => HEX_UPPER.encode(&Sha1::new().chain_update([0x99, length[2], length[3]]).chain_update(known).finalize()),
        6 => HEX_UPPER.encode(&Sha256::new().chain_update([0x9b]).chain_update(length).chain_update(known).finalize()),
        _ => return Err("its version is unknown"),
    };
    // How the private part is protected: not at all with 0.
    let usage = private.first().ok_or(BROKEN)?;
    let encrypted = *usage != 0;
    Ok(Key { kind: format!("OpenPGP {kind}"), bits, encrypted, fingerprint: Some(fingerprint) })
}

/// The first packet, which holds a private key. Lengths of parts are for data, and not for keys.
fn first(bytes: &[u8]) -> Result<&[u8], Wrong> {
    let (head, rest) = bytes.split_first().ok_or(BROKEN)?;
    let is_new = head & 0xc0 == 0xc0;
    let tag = if is_new { head & 0x3f } else { head >> 2 & 0x0f };
    if head & 0x80 == 0 || tag != SECRET_KEY {
        return Err("its first packet is no private key");
    }
    let big = |bytes: &[u8]| bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    let (length, skip) = match (is_new, head & 3, rest) {
        (false, kind @ 0..=2, _) => (big(rest.get(..1 << kind).ok_or(BROKEN)?), 1 << kind),
        (true, _, [short @ 0..192, ..]) => (usize::from(*short), 1),
        (true, _, [high @ 192..224, low, ..]) => (((usize::from(*high) - 192) << 8) + usize::from(*low) + 192, 2),
        (true, _, [255, ..]) => (big(rest.get(1..5).ok_or(BROKEN)?), 5),
        _ => return Err(BROKEN),
    };
    rest.get(skip..).and_then(|rest| rest.get(..length)).ok_or(BROKEN)
}

/// The name, the bits and the length of the public part of a key of an algorithm (RFC 9580, section 9.1).
fn public(algorithm: u8, material: &[u8]) -> Result<(&'static str, Option<usize>, usize), Wrong> {
    let mut rest = material;
    let (name, size) = match algorithm {
        1..=3 => {
            let modulus = number(&mut rest)?;
            number(&mut rest)?;
            ("RSA", Some(bits(modulus)))
        }
        16 | 17 => {
            let prime = number(&mut rest)?;
            for _ in 0..if algorithm == 16 { 2 } else { 3 } {
                number(&mut rest)?;
            }
            (if algorithm == 16 { "Elgamal" } else { "DSA" }, Some(bits(prime)))
        }
        18 | 19 | 22 => {
            short(&mut rest)?;
            number(&mut rest)?;
            match algorithm {
                18 => {
                    short(&mut rest)?;
                    ("ECDH", None)
                }
                19 => ("ECDSA", None),
                _ => ("EdDSA", None),
            }
        }
        25..=28 => {
            let (name, length) =
                [("X25519", 32), ("X448", 56), ("Ed25519", 32), ("Ed448", 57)][usize::from(algorithm - 25)];
            rest = rest.get(length..).ok_or(BROKEN)?;
            (name, None)
        }
        _ => return Err("its algorithm is unknown"),
    };
    Ok((name, size, material.len() - rest.len()))
}

/// Takes a number: its length in bits, and its bytes.
fn number<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Wrong> {
    let (length, behind) = rest.split_first_chunk().ok_or(BROKEN)?;
    let size = usize::from(u16::from_be_bytes(*length));
    let (number, behind) = behind.split_at_checked(size.div_ceil(8)).ok_or(BROKEN)?;
    *rest = behind;
    if bits(number) == size { Ok(number) } else { Err(BROKEN) }
}

/// Takes a length of one byte, and so many bytes.
fn short<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Wrong> {
    let (length, behind) = rest.split_first().ok_or(BROKEN)?;
    let (value, behind) = behind.split_at_checked(usize::from(*length)).ok_or(BROKEN)?;
    *rest = behind;
    Ok(value)
}

/// The checksum of the armor: RFC 9580, section 6.1.1.
fn crc24(bytes: &[u8]) -> [u8; 3] {
    let sum = bytes.iter().fold(0xb7_04ce_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 16, |sum, _| {
            let next = sum << 1;
            if next & 0x100_0000 == 0 { next } else { next ^ 0x186_4cfb }
        })
    });
    let [_, a, b, c] = sum.to_be_bytes();
    [a, b, c]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_has_its_check_value() {
        // CRC-24/OPENPGP in the catalogue of parametrised CRC algorithms.
        assert_eq!(crc24(b"123456789"), [0x21, 0xcf, 0x02]);
    }
}
