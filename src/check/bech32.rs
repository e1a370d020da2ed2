//! Checks keys in Bech32, such as those of age and of Nostr.
//!
//! The format: <https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki>.

use super::alphabet::Alphabet;
use super::verdict::Verdict;

const ALPHABET: Alphabet = Alphabet::of("bech32", "qpzry9x8gf2tvdw0s3jn54khce6mua7l");
/// How many digits the checksum has.
const SUM: usize = 6;

/// The verdict on a key of any kind.
pub(crate) fn verdict(key: &[u8]) -> Verdict {
    let is_mixed = key.iter().any(u8::is_ascii_lowercase) && key.iter().any(u8::is_ascii_uppercase);
    let lower = key.to_ascii_lowercase();
    let one = lower.iter().rposition(|byte| *byte == b'1').unwrap_or_default();
    let (kind, rest) = lower.split_at(one);
    let digits: Option<Vec<u8>> = rest.iter().skip(1).map(|digit| ALPHABET.value(*digit)).collect();
    match digits.filter(|digits| !is_mixed && digits.len() >= SUM && polymod(kind, digits) == 1) {
        Some(_) => Verdict::confirmed("its checksum is right"),
        None => Verdict::refuted("its checksum is wrong"),
    }
}

/// The checksum of the human-readable part and the digits: 1 where it is right.
fn polymod(kind: &[u8], digits: &[u8]) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let high = kind.iter().map(|byte| byte >> 5);
    let low = kind.iter().map(|byte| byte & 31);
    high.chain([0]).chain(low).chain(digits.iter().copied()).fold(1, |sum: u32, digit| {
        let top = sum >> 25;
        let next = (sum & 0x1ff_ffff) << 5 ^ u32::from(digit);
        GENERATOR.iter().enumerate().filter(|(bit, _)| top >> bit & 1 == 1).fold(next, |sum, (_, term)| sum ^ term)
    })
}

/// Bech32 of some bytes, in lower case, for the examples of rules.
pub(crate) fn make(kind: &str, bytes: &[u8]) -> String {
    let data = ALPHABET.encode(bytes);
    let digits: Vec<u8> = data.bytes().filter_map(|digit| ALPHABET.value(digit)).collect();
    let sum = polymod(kind.as_bytes(), &[&digits[..], &[0; SUM]].concat()) ^ 1;
    let sum = (0..SUM).rev().map(|place| ALPHABET.digit(u64::from(sum >> (5 * place) & 31)));
    format!("{kind}1{data}{}", sum.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn agrees_with_bip_173() {
        for valid in [
            "A12UEL5L",
            "a12uel5l",
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
            "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
            "?1ezyfcl",
        ] {
            assert_eq!(verdict(valid.as_bytes()).outcome, Outcome::Confirmed, "{valid}");
        }
        for invalid in ["pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8", "a12UEL5L", "", "1"] {
            assert_eq!(verdict(invalid.as_bytes()).outcome, Outcome::Refuted, "{invalid}");
        }
    }

    #[test]
    fn makes_what_it_confirms() {
        let key = make("age-secret-key-", &[9; 32]).to_ascii_uppercase();
        assert_eq!(key.len(), "AGE-SECRET-KEY-1".len() + 58);
        assert_eq!(verdict(key.as_bytes()).outcome, Outcome::Confirmed);
        assert_eq!(verdict(format!("{}Q", &key[..key.len() - 1]).as_bytes()).outcome, Outcome::Refuted);
    }
}
