//! Checks keys in Base58Check: private keys of Bitcoin in the import format (WIF), and extended ones (BIP-32).
//!
//! The formats: <https://en.bitcoin.it/wiki/Base58Check_encoding>, <https://en.bitcoin.it/wiki/Wallet_import_format>,
//! <https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki>.

use sha2::{Digest, Sha256};

use super::alphabet::BASE58;
use super::verdict::Verdict;

/// The longest text that is decoded, in characters, since the time grows with its square.
const LONGEST: usize = 256;
/// How many bytes the checksum has.
const SUM: usize = 4;

/// The bytes of a number in base58: a leading `1` is a byte of zeros. `None` for other characters, or too many.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > LONGEST {
        return None;
    }
    let mut bytes: Vec<u8> = Vec::new();
    for digit in text {
        let mut carry = u32::from(BASE58.value(*digit)?);
        for byte in &mut bytes {
            carry += u32::from(*byte) * 58;
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        if carry > 0 {
            bytes.push(carry.to_le_bytes()[0]);
        }
    }
    bytes.extend(text.iter().take_while(|digit| **digit == b'1').map(|_| 0));
    bytes.reverse();
    Some(bytes)
}

/// The number in base58 of some bytes, at most [`LONGEST`] of them.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let bytes = bytes.get(..LONGEST).unwrap_or(bytes);
    let mut digits: Vec<u8> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = (carry % 58).to_le_bytes()[0];
            carry /= 58;
        }
        while carry > 0 {
            digits.push((carry % 58).to_le_bytes()[0]);
            carry /= 58;
        }
    }
    digits.extend(bytes.iter().take_while(|byte| **byte == 0).map(|_| 0));
    digits.iter().rev().map(|digit| BASE58.digit(u64::from(*digit))).collect()
}

/// The checksum: the first bytes of the SHA-256 of the SHA-256.
fn checksum(bytes: &[u8]) -> [u8; SUM] {
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(Sha256::digest(bytes)));
    [a, b, c, d]
}

/// Base58Check of some bytes, for the examples of rules.
pub(crate) fn make(bytes: &[u8]) -> String {
    encode(&[bytes, &checksum(bytes)].concat())
}

/// The verdict on a private key in the import format or an extended one.
pub(crate) fn verdict(key: &[u8]) -> Verdict {
    let bytes = decode(key).unwrap_or_default();
    let Some((payload, sum)) = bytes.split_last_chunk::<SUM>() else {
        return Verdict::refuted("it is not written in base58");
    };
    if checksum(payload) != *sum {
        return Verdict::refuted("its checksum is wrong");
    }
    let network = match (payload.first(), payload.len()) {
        (Some(0x80), 33 | 34) => "mainnet",
        (Some(0xef), 33 | 34) => "testnet",
        // xprv, yprv and zprv, and those of test networks: SLIP-132. The private key follows a zero.
        (Some(0x04), 78) => match payload.get(1..4) {
            Some([0x88, 0xad, 0xe4] | [0x9d, 0x78, 0x78] | [0xb2, 0x43, 0x0c]) => "mainnet",
            Some([0x35, 0x83, 0x94] | [0x4a, 0x4e, 0x28] | [0x5f, 0x18, 0xbc]) => "testnet",
            _ => return Verdict::refuted("it is no private key"),
        },
        _ => return Verdict::refuted("it is no private key"),
    };
    Verdict::confirmed(format!("its checksum is right for a private key of a {network}")).with("network", network)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn decodes_as_others_do() {
        // The vectors of draft-msporny-base58-03, section 5.
        assert_eq!(decode(b"2NEpo7TZRRrLZSi2U").unwrap(), b"Hello World!");
        assert_eq!(encode(b"Hello World!"), "2NEpo7TZRRrLZSi2U");
        assert_eq!(decode(b"11233QC4").unwrap(), [0, 0, 0x28, 0x7f, 0xb4, 0xcd]);
        assert_eq!(decode(b"0"), None);
        assert_eq!(decode(&[b'z'; LONGEST + 1]), None);
    }

    #[test]
    fn knows_private_keys() {
        let key = |version: &[u8], length: usize| make(&[version, &vec![7; length][..]].concat());
        for (version, length, prefix) in [
            (&[0x80][..], 32, "5"),
            (&[0x80], 33, "K"),
            (&[0xef], 33, "c"),
            (&[4, 0x88, 0xad, 0xe4], 74, "xprv"),
            (&[4, 0x35, 0x83, 0x94], 74, "tprv"),
            (&[4, 0xb2, 0x43, 0x0c], 74, "zprv"),
        ] {
            let key = key(version, length);
            assert!(key.starts_with(prefix), "{key}");
            assert_eq!(verdict(key.as_bytes()).outcome, Outcome::Confirmed, "{key}");
            assert_eq!(verdict(format!("{key}1").as_bytes()).outcome, Outcome::Refuted);
        }
        assert_eq!(verdict(key(&[0], 20).as_bytes()).reason, "it is no private key");
        // An address of the wiki, which is public.
        assert_eq!(verdict(b"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2").reason, "it is no private key");
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            prop_assert_eq!(decode(encode(&bytes).as_bytes()), Some(bytes));
        }
    }
}
