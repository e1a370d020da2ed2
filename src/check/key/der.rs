//! Reads private keys in DER: PKCS#1 (RFC 8017), PKCS#8 (RFC 5958) with and without encryption, SEC 1 (RFC 5915), and
//! DSA as OpenSSL writes it.

use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
};

use super::asn1::{BIT_STRING, INTEGER, OBJECT, OCTET_STRING, SEQUENCE, Values};
use super::ssh::{bits, describe, positive, public};
use super::{Key, Wrong, rsa};

/// A curve, by the bytes of its object identifier.
struct Curve {
    object: &'static [u8],
    name: &'static str,
    /// Its name in SSH; `None` for one that SSH does not know.
    ssh: Option<&'static str>,
    /// The bytes of a private key.
    bytes: usize,
}

/// The curves of SEC 2, and those of RFC 5639.
const CURVES: &[Curve] = &[
    Curve { object: b"\x2a\x86\x48\xce\x3d\x03\x01\x07", name: "P-256", ssh: Some("nistp256"), bytes: 32 },
    Curve { object: b"\x2b\x81\x04\x00\x22", name: "P-384", ssh: Some("nistp384"), bytes: 48 },
    Curve { object: b"\x2b\x81\x04\x00\x23", name: "P-521", ssh: Some("nistp521"), bytes: 66 },
    Curve { object: b"\x2b\x81\x04\x00\x21", name: "P-224", ssh: None, bytes: 28 },
    Curve { object: b"\x2b\x81\x04\x00\x0a", name: "secp256k1", ssh: None, bytes: 32 },
    Curve { object: b"\x2b\x24\x03\x03\x02\x08\x01\x01\x07", name: "brainpoolP256r1", ssh: None, bytes: 32 },
    Curve { object: b"\x2b\x24\x03\x03\x02\x08\x01\x01\x0b", name: "brainpoolP384r1", ssh: None, bytes: 48 },
    Curve { object: b"\x2b\x24\x03\x03\x02\x08\x01\x01\x0d", name: "brainpoolP512r1", ssh: None, bytes: 64 },
];

/// Algorithms of PKCS#8 whose inside is not the key of one of [`CURVES`] (RFC 8017, RFC 3279, RFC 8410).
const RSA: &[&[u8]] = &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"];
const DSA: &[u8] = b"\x2a\x86\x48\xce\x38\x04\x01";
const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
const ED25519: &[u8] = b"\x2b\x65\x70";
const OTHERS: &[(&[u8], &str, usize)] =
    &[(b"\x2b\x65\x6e", "X25519", 32), (b"\x2b\x65\x6f", "X448", 56), (b"\x2b\x65\x71", "Ed448", 57)];
const DIFFIE_HELLMAN: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01";

/// Reads a key of any of the formats, which differ in what they begin with.
///
/// # Errors
/// Why it is none.
pub(super) fn read(bytes: &[u8]) -> Result<Key, Wrong> {
    let mut values = Values::whole(bytes)?;
    if values.tag() == Some(SEQUENCE) {
        return encrypted(values);
    }
    let version = values.take(INTEGER)?;
    match (version, values.tag()) {
        ([0 | 1], Some(SEQUENCE)) => pkcs8(values),
        ([1], Some(OCTET_STRING)) => elliptic(values, None),
        ([0 | 1], Some(INTEGER)) => numbers(values),
        _ => Err("its structure is that of no private key"),
    }
}

/// An encrypted key of PKCS#8: an algorithm, and bytes.
fn encrypted(mut values: Values) -> Result<Key, Wrong> {
    Values(values.take(SEQUENCE)?).take(OBJECT)?;
    let hidden = values.take(OCTET_STRING)?;
    values.end()?;
    // The shortest key inside is one of Ed25519.
    if hidden.len() < 48 { Err("it is too short") } else { Ok(Key { encrypted: true, ..Key::default() }) }
}

fn pkcs8(mut values: Values) -> Result<Key, Wrong> {
    let mut algorithm = Values(values.take(SEQUENCE)?);
    let object = algorithm.take(OBJECT)?;
    let inside = values.take(OCTET_STRING)?;
    // Attributes, and the public key of version 2.
    values.maybe(0xa0)?;
    let public_key = values.maybe(0x81)?.map(|bits| bits.get(1..).unwrap_or_default());
    values.end()?;
    if RSA.contains(&object) {
        return read_rsa(inside);
    }
    match object {
        EC => {
            let mut key = Values::whole(inside)?;
            key.take(INTEGER)?;
            elliptic(key, algorithm.maybe(OBJECT)?)
        }
        ED25519 => ed25519(sole(inside, OCTET_STRING)?, public_key),
        DSA => {
            let prime = Values(algorithm.take(SEQUENCE)?).number()?;
            sole(inside, INTEGER)?;
            Ok(Key { kind: "DSA".to_owned(), bits: Some(bits(prime)), ..Key::default() })
        }
        DIFFIE_HELLMAN => {
            let prime = Values(algorithm.take(SEQUENCE)?).number()?;
            sole(inside, INTEGER)?;
            Ok(Key { kind: "Diffie-Hellman".to_owned(), bits: Some(bits(prime)), ..Key::default() })
        }
        _ => match OTHERS.iter().find(|(known, ..)| *known == object) {
            Some((_, name, length)) if sole(inside, OCTET_STRING)?.len() == *length => {
                Ok(Key { kind: (*name).to_owned(), ..Key::default() })
            }
            Some(_) => Err("its length is not that of its algorithm"),
            // Newer algorithms, whose structure is right as far as it can be read.
            None => Ok(Key::default()),
        },
    }
}

/// The only value, which has a tag.
fn sole(bytes: &[u8], tag: u8) -> Result<&[u8], Wrong> {
    let mut values = Values(bytes);
    let value = values.take(tag)?;
    values.end()?;
    Ok(value)
}

fn read_rsa(bytes: &[u8]) -> Result<Key, Wrong> {
    let mut values = Values::whole(bytes)?;
    values.take(INTEGER)?;
    numbers(values)
}

/// The numbers of an RSA key, of which there are eight or, with more than two primes, a list more; or the five of a DSA
/// key.
fn numbers(mut values: Values) -> Result<Key, Wrong> {
    let mut numbers = Vec::new();
    while values.tag() == Some(INTEGER) && numbers.len() < 9 {
        numbers.push(values.number()?);
    }
    let has_more = values.maybe(SEQUENCE)?.is_some();
    values.end()?;
    match numbers[..] {
        [modulus, exponent, _, p, q, _, _, _] => {
            if !has_more {
                rsa::belong(modulus, p, q)?;
            }
            describe(&public(&[b"ssh-rsa", &positive(exponent), &positive(modulus)]))
        }
        [p, q, g, y, _] => describe(&public(&[b"ssh-dss", &positive(p), &positive(q), &positive(g), &positive(y)])),
        _ => Err("its structure is that of no private key"),
    }
}

/// A key of SEC 1 behind its version: the private number, the curve if it is not said outside, and the public point.
fn elliptic(mut values: Values, outside: Option<&[u8]>) -> Result<Key, Wrong> {
    let private = values.take(OCTET_STRING)?;
    let inside = match values.maybe(0xa0)? {
        Some(parameters) => Values(parameters).maybe(OBJECT)?,
        None => None,
    };
    let point = match values.maybe(0xa1)? {
        Some(bits) => sole(bits, BIT_STRING)?.get(1..),
        None => None,
    };
    values.end()?;
    let named = outside.or(inside);
    let Some(curve) = CURVES.iter().find(|curve| Some(curve.object) == named) else {
        return Ok(Key { kind: "ECDSA".to_owned(), ..Key::default() });
    };
    if private.is_empty() || private.len() > curve.bytes {
        return Err("its length is not that of its algorithm");
    }
    let key = Key { kind: format!("ECDSA {}", curve.name), ..Key::default() };
    match (point, curve.ssh) {
        (Some(point), Some(ssh)) => {
            pair(ssh, private, point)?;
            describe(&public(&[format!("ecdsa-sha2-{ssh}").as_bytes(), ssh.as_bytes(), point]))
        }
        _ => Ok(key),
    }
}

/// Makes sure that a private number and a public point of a curve belong together; those of P-521 are taken as they are.
///
/// # Errors
/// They do not.
pub(super) fn pair(curve: &str, private: &[u8], point: &[u8]) -> Result<(), Wrong> {
    let (algorithm, length) = match curve {
        "nistp256" => (&ECDSA_P256_SHA256_ASN1_SIGNING, 32),
        "nistp384" => (&ECDSA_P384_SHA384_ASN1_SIGNING, 48),
        _ => return Ok(()),
    };
    // Numbers may come without zeros in front, and points compressed.
    let private = super::ssh::trimmed(private);
    let padded = [&vec![0; length - private.len().min(length)][..], private].concat();
    if point.first() != Some(&4) {
        return Ok(());
    }
    match EcdsaKeyPair::from_private_key_and_public_key(algorithm, &padded, point, &SystemRandom::new()) {
        Ok(_) => Ok(()),
        Err(_) => Err("its public key is that of another"),
    }
}

/// A key of Ed25519 from its seed, and the public key beside it, where there is one.
///
/// # Errors
/// The seed has another length, or the public key is that of another.
pub(super) fn ed25519(seed: &[u8], beside: Option<&[u8]>) -> Result<Key, Wrong> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| "its length is not that of its algorithm")?;
    let point = pair.public_key().as_ref();
    match beside {
        Some(beside) if beside != point => Err("its public key is that of another"),
        _ => describe(&public(&[b"ssh-ed25519", point])),
    }
}
