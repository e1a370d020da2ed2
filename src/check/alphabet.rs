//! Defines [`Alphabet`]: the digits of an encoding, and bytes and numbers written in them.

/// The digits of an encoding, the one for zero first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Alphabet {
    /// Its name in rule packs.
    pub name: &'static str,
    digits: &'static str,
}

/// Hexadecimal in lower case.
pub(crate) const HEX_LOWER: Alphabet = Alphabet { name: "hex", digits: "0123456789abcdef" };
/// Hexadecimal in upper case.
pub(crate) const HEX_UPPER: Alphabet = Alphabet { name: "HEX", digits: "0123456789ABCDEF" };
/// Base32 of RFC 4648, section 6.
pub(crate) const BASE32: Alphabet = Alphabet { name: "base32", digits: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" };
/// Numbers with digits and lower-case letters, as many languages write them.
pub(crate) const BASE36: Alphabet = Alphabet { name: "base36", digits: "0123456789abcdefghijklmnopqrstuvwxyz" };
/// Base58 of Bitcoin.
pub(crate) const BASE58: Alphabet =
    Alphabet { name: "base58", digits: "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz" };
/// Numbers with digits and letters, upper case first.
pub(crate) const BASE62: Alphabet =
    Alphabet { name: "base62", digits: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" };
/// Base64 of RFC 4648, section 4.
pub(crate) const BASE64: Alphabet =
    Alphabet { name: "base64", digits: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" };
/// Base64 for addresses, of RFC 4648, section 5.
pub(crate) const BASE64URL: Alphabet =
    Alphabet { name: "base64url", digits: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" };

/// Every alphabet that a rule pack may name.
pub(crate) const ALL: &[&Alphabet] = &[&HEX_LOWER, &HEX_UPPER, &BASE32, &BASE36, &BASE58, &BASE62, &BASE64, &BASE64URL];

impl Alphabet {
    /// An alphabet of a format of its own. `digits` are ASCII and differ from each other.
    pub(crate) const fn of(name: &'static str, digits: &'static str) -> Self {
        Self { name, digits }
    }

    /// The alphabet with a name; `None` for an unknown one.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|alphabet| alphabet.name == name)
    }

    /// How many digits there are.
    pub(crate) fn base(&self) -> u64 {
        self.digits.len() as u64
    }

    /// How many bits a digit holds; `None` where that is no whole number, so that only numbers are written in it.
    pub(crate) fn bits(&self) -> Option<u32> {
        self.digits.len().is_power_of_two().then(|| self.digits.len().trailing_zeros())
    }

    /// What a digit counts; `None` for a character that is no digit.
    pub(crate) fn value(&self, digit: u8) -> Option<u8> {
        self.digits.bytes().position(|known| known == digit).and_then(|at| u8::try_from(at).ok())
    }

    /// The digit for a value; the first one for a value that is too large.
    pub(crate) fn digit(&self, value: u64) -> char {
        let at = usize::try_from(value).unwrap_or_default();
        char::from(*self.digits.as_bytes().get(at).or(self.digits.as_bytes().first()).unwrap_or(&b'?'))
    }

    /// A number in positional notation, the most significant digit first, with zeros in front up to `width` digits.
    pub(crate) fn number(&self, mut value: u64, width: usize) -> String {
        let mut digits = Vec::new();
        while value > 0 || digits.len() < width {
            digits.push(self.digit(value % self.base()));
            value /= self.base();
        }
        digits.iter().rev().collect()
    }

    /// Bytes as digits of some bits each, without padding; empty where a digit holds no whole number of bits.
    pub(crate) fn encode(&self, bytes: &[u8]) -> String {
        let Some(width) = self.bits() else { return String::new() };
        let (mut held, mut count, mut out) = (0u32, 0, String::new());
        for byte in bytes {
            held = held << 8 | u32::from(*byte);
            count += 8;
            while count >= width {
                count -= width;
                out.push(self.digit(u64::from(held >> count)));
                held &= (1 << count) - 1;
            }
        }
        if count > 0 {
            out.push(self.digit(u64::from(held << (width - count))));
        }
        out
    }

    /// The bytes of digits, with or without padding; bits that make no whole byte are dropped. `None` where a character
    /// is no digit.
    pub(crate) fn decode(&self, text: &[u8]) -> Option<Vec<u8>> {
        let width = self.bits()?;
        let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
        let (mut held, mut count, mut out) = (0u32, 0, Vec::with_capacity(text.len()));
        for digit in text.get(..end)? {
            held = held << width | u32::from(self.value(*digit)?);
            count += width;
            if count >= 8 {
                count -= 8;
                out.push(u8::try_from(held >> count & 0xff).ok()?);
                held &= (1 << count) - 1;
            }
        }
        Some(out)
    }
}

/// Base64 of either alphabet, with or without padding. `None` where it is neither.
pub(crate) fn any_base64(text: &[u8]) -> Option<Vec<u8>> {
    BASE64.decode(text).or_else(|| BASE64URL.decode(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn encodes_as_rfc_4648_says() {
        // The test vectors of RFC 4648, section 10, without padding.
        for (text, base64, base32, hex) in [
            ("", "", "", ""),
            ("f", "Zg", "MY", "66"),
            ("fo", "Zm8", "MZXQ", "666F"),
            ("foo", "Zm9v", "MZXW6", "666F6F"),
            ("foob", "Zm9vYg", "MZXW6YQ", "666F6F62"),
            ("foobar", "Zm9vYmFy", "MZXW6YTBOI", "666F6F626172"),
        ] {
            assert_eq!(BASE64.encode(text.as_bytes()), base64);
            assert_eq!(BASE32.encode(text.as_bytes()), base32);
            assert_eq!(HEX_UPPER.encode(text.as_bytes()), hex);
        }
        assert_eq!(BASE64.decode(b"Zm8=").unwrap(), b"fo");
        assert_eq!(BASE64URL.decode(b"Zm+v"), None);
    }

    #[test]
    fn writes_numbers() {
        assert_eq!(BASE62.number(0, 6), "000000");
        assert_eq!(BASE62.number(61 + 62 * 10, 1), "Az");
        assert_eq!(BASE36.number(u64::from(u32::MAX), 7), "1z141z3");
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(bytes in proptest::collection::vec(any::<u8>(), 0..80), at in 0..ALL.len()) {
            let alphabet = ALL[at];
            match alphabet.bits() {
                Some(_) => prop_assert_eq!(alphabet.decode(alphabet.encode(&bytes).as_bytes()), Some(bytes)),
                None => prop_assert_eq!(alphabet.decode(b"2"), None),
            }
        }

        #[test]
        fn any_text_is_decoded_or_not(text in proptest::collection::vec(any::<u8>(), 0..80), at in 0..ALL.len()) {
            if let Some(bytes) = ALL[at].decode(&text) {
                prop_assert!(bytes.len() <= text.len());
            }
        }
    }
}
