//! Defines [`Code`]: hexadecimal, base32 and base64 (RFC 4648), and what their characters say.

use std::ops::Range;

/// So many decoded bytes are looked at together to tell text from anything else.
const SAMPLE: usize = 48;

/// A code whose characters each stand for the same number of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Base64 in the standard and the URL-safe alphabet (RFC 4648, sections 4 and 5).
    Base64,
    /// Base64 of text in UTF-16 or UTF-32, as PowerShell takes commands.
    WideBase64,
    /// Base32 (RFC 4648, section 6).
    Base32,
    /// Hexadecimal (RFC 4648, section 8), in upper and lower case.
    Hex,
}

impl Code {
    /// The bits of one character.
    const fn bits(self) -> usize {
        match self {
            Self::Base64 | Self::WideBase64 => 6,
            Self::Base32 => 5,
            Self::Hex => 4,
        }
    }

    /// What each character stands for; those of no code stand for nothing.
    fn values(self) -> &'static [u8; 256] {
        match self {
            Self::Base64 | Self::WideBase64 => &BASE64,
            Self::Base32 => &BASE32,
            Self::Hex => &HEX,
        }
    }

    /// Decodes from a place on for as long as that gives text, to the end of the run at most.
    pub(super) fn decode(self, run: &[u8], start: usize) -> Vec<u8> {
        // Whole bytes, for each of the codes.
        let step = SAMPLE * 8 / self.bits() / 8 * 8;
        let mut text = Vec::new();
        for part in run.get(start..).unwrap_or_default().chunks(step) {
            let from = text.len();
            let whole = self.append(part, &mut text) && self.is_text(&text[from..]);
            if !whole {
                let end = text[from..].iter().position(|byte| !self.may_hold(*byte));
                text.truncate(from + end.unwrap_or(text.len() - from));
                break;
            }
        }
        text
    }

    /// The characters that some decoded bytes come from, when those were decoded from `start` on.
    pub(super) fn place(self, start: usize, bytes: &Range<usize>) -> Range<usize> {
        start + bytes.start * 8 / self.bits()..start + (bytes.end * 8).div_ceil(self.bits())
    }

    /// Whether all were characters of the code.
    fn append(self, part: &[u8], text: &mut Vec<u8>) -> bool {
        let (mut word, mut bits) = (0u32, 0);
        for byte in part {
            let value = self.values()[usize::from(*byte)];
            if value == NONE {
                return false;
            }
            word = word << self.bits() | u32::from(value);
            bits += self.bits();
            if bits >= 8 {
                bits -= 8;
                text.push((word >> bits) as u8);
            }
        }
        true
    }

    fn may_hold(self, byte: u8) -> bool {
        is_printable(byte) || (self == Self::WideBase64 && byte == 0)
    }

    /// Nine in ten bytes of text are printable; in UTF-32 every fourth byte is, in UTF-16 every other, and the rest zero.
    fn is_text(self, bytes: &[u8]) -> bool {
        let held = bytes.iter().filter(|byte| self.may_hold(**byte)).count();
        let zeros = bytes.iter().filter(|byte| **byte == 0).count();
        let wide = self != Self::WideBase64 || (zeros * 3 >= bytes.len() && (held - zeros) * 6 >= bytes.len());
        held * 10 >= bytes.len() * 9 && wide
    }
}

pub(super) fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')
}

/// The value of what is no character of a code.
pub(super) const NONE: u8 = 0xff;

pub(super) const BASE64: [u8; 256] = {
    let mut table = values(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
};

pub(super) const BASE32: [u8; 256] = values(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");

pub(super) const HEX: [u8; 256] = {
    let mut table = values(b"0123456789abcdef");
    let mut upper = b'A';
    while upper <= b'F' {
        table[upper as usize] = upper - b'A' + 10;
        upper += 1;
    }
    table
};

const fn values(alphabet: &[u8]) -> [u8; 256] {
    let mut table = [NONE; 256];
    let mut value = 0;
    while value < alphabet.len() {
        table[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_as_rfc_4648_says() {
        for (code, run, text) in [
            (Code::Base64, "Zm9vYmFy", "foobar"),
            (Code::Base64, "Zm9vYmE", "fooba"),
            (Code::Base32, "MZXW6YTBOI", "foobar"),
            (Code::Hex, "666f6F626172", "foobar"),
            (Code::WideBase64, "ZgBvAG8A", "f\0o\0o\0"),
        ] {
            assert_eq!(code.decode(run.as_bytes(), 0), text.as_bytes(), "{run}");
        }
    }

    #[test]
    fn text_ends_where_it_is_no_longer_text() {
        assert_eq!(Code::Hex.decode(b"666f6f00ffffffffff", 0), b"foo");
        assert_eq!(Code::Hex.decode(b"x", 5), b"");
    }

    #[test]
    fn a_place_is_that_of_the_characters() {
        assert_eq!(Code::Base64.place(0, &(3..6)), 4..8);
        assert_eq!(Code::Base64.place(2, &(1..2)), 3..5);
        assert_eq!(Code::Base32.place(0, &(0..1)), 0..2);
        assert_eq!(Code::Hex.place(1, &(2..4)), 5..9);
    }
}
