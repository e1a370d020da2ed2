//! Defines [`Escape`]: the ways in which single characters of a text are escaped, and what those stand for.

use std::ops::Range;

use super::code::{HEX, NONE};
use super::entity;

/// A way to escape characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// Percent-encoding (RFC 3986, section 2.1), and `%u0041` (ECMA-262, annex B.2.1).
    Percent,
    /// Escapes of any character, as in strings of JSON (RFC 8259, section 7), JavaScript, Java, Python, C and Rust:
    /// `\u0041`, `\u{41}`, `\U00000041`, `\x41`, `\101`, and the slash of JSON. Every other backslash stays.
    Character,
    /// All of a string literal: [`Character`](Self::Character), and quotes, backslashes and white space.
    Literal,
    /// Character references of HTML and XML: `&#65;`, `&#x41;`, `&quot;`.
    Entity,
}

/// What an escape stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Byte(u8),
    Char(u32),
}

/// Takes decoded bytes, each with the place of the escape or the byte that it comes from.
pub(super) trait Sink {
    /// Takes one byte of an escape.
    fn put(&mut self, byte: u8, from: Range<usize>);

    /// Takes bytes that stand there as they are.
    fn copy(&mut self, bytes: &[u8], from: usize) {
        bytes.iter().zip(from..).for_each(|(byte, at)| self.put(*byte, at..at + 1));
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, byte: u8, _: Range<usize>) {
        self.push(byte);
    }

    fn copy(&mut self, bytes: &[u8], _: usize) {
        self.extend_from_slice(bytes);
    }
}

/// Finds the place of some decoded bytes.
struct Locate<'a> {
    wanted: &'a Range<usize>,
    at: usize,
    place: Option<Range<usize>>,
}

impl Sink for Locate<'_> {
    fn put(&mut self, _: u8, from: Range<usize>) {
        if self.wanted.contains(&self.at) {
            let start = self.place.as_ref().map_or(from.start, |place| place.start);
            self.place = Some(start..from.end);
        }
        self.at += 1;
    }
}

impl Escape {
    pub(super) const ALL: [Self; 4] = [Self::Percent, Self::Character, Self::Literal, Self::Entity];

    /// Whether the byte at a place, one of `%`, `\` and `&`, begins an escape that a credential may be hidden by. Depends
    /// on no byte that is more than [`REACH`] away.
    pub(super) fn begins(text: &[u8], at: usize) -> Option<Self> {
        let behind = |distance: usize| text.get(at + distance).copied();
        let before = at.checked_sub(1).and_then(|before| text.get(before)).copied();
        let is = |escape: Self| escape.read(text, at).is_some_and(|(value, _)| value.is_visible());
        match (*text.get(at)?, behind(1)?) {
            (b'%', b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b'u') => Some(Self::Percent).filter(|e| is(*e)),
            (b'&', b'#' | b'a'..=b'z' | b'A'..=b'Z') => {
                let (value, length) = Self::Entity.read(text, at).filter(|(value, _)| value.is_visible())?;
                // Texts about code are full of these; of interest is what ends an element, or stands in a word.
                let is_word = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
                let angle = matches!(value, Value::Char(0x3c | 0x3e));
                let inside = behind(length) == Some(b'/') || (is_word(before) && is_word(behind(length)));
                Some(Self::Entity).filter(|_| !angle || inside)
            }
            (b'\\', b'/') => {
                let glued = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+/:=".contains(&byte));
                let goes_on = behind(2).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+/\\".contains(&byte));
                Some(Self::Character).filter(|_| glued && goes_on)
            }
            (b'\\', b'u' | b'U' | b'x' | b'0'..=b'7') if is(Self::Character) => {
                // The backslash may be escaped itself, which only the start of the text tells.
                Some(if before == Some(b'\\') { Self::Literal } else { Self::Character })
            }
            // A key or a value in a string that is quoted in another.
            (b'\\', b'"') => Some(Self::Literal)
                .filter(|_| behind(2) == Some(b':') || before.is_some_and(|byte| byte == b'=' || byte == b'\\')),
            // The lines of a key, or of a long code.
            (b'\\', b'n' | b'r') => Some(Self::Literal).filter(|_| before == Some(b'-') || is_wrapped(text, at)),
            _ => None,
        }
    }

    /// Decodes every escape of a text.
    pub(super) fn decode(self, text: &[u8], sink: &mut impl Sink) {
        let (mut copied, mut at) = (0, 0);
        while let Some(mark) = memchr::memchr(self.mark(), &text[at..]) {
            at += mark;
            let Some((value, length)) = self.read(text, at) else {
                // What is behind an escaped backslash is not escaped.
                at += if text[at..].starts_with(br"\\") { 2 } else { 1 };
                continue;
            };
            sink.copy(&text[copied..at], copied);
            value.put(sink, &(at..at + length));
            at += length;
            copied = at;
        }
        sink.copy(&text[copied..], copied);
    }

    /// The byte that all begin with.
    const fn mark(self) -> u8 {
        match self {
            Self::Percent => b'%',
            Self::Character | Self::Literal => b'\\',
            Self::Entity => b'&',
        }
    }

    /// Where in a text some decoded bytes come from.
    pub(super) fn place(self, text: &[u8], bytes: &Range<usize>) -> Range<usize> {
        let mut locate = Locate { wanted: bytes, at: 0, place: None };
        self.decode(text, &mut locate);
        locate.place.unwrap_or(0..text.len())
    }

    /// What the escape at a place stands for, and its length.
    fn read(self, text: &[u8], at: usize) -> Option<(Value, usize)> {
        let rest = text.get(at..)?;
        match (self, rest) {
            (Self::Percent, [b'%', b'u', digits @ ..]) => Some((Value::Char(hex(digits.get(..4)?)?), 6)),
            (Self::Percent, [b'%', digits @ ..]) => Some((byte(hex(digits.get(..2)?)?)?, 3)),
            (Self::Character | Self::Literal, [b'\\', rest @ ..]) => {
                let (value, length) = character(rest).or_else(|| simple(rest).filter(|_| self == Self::Literal))?;
                Some((value, length + 1))
            }
            (Self::Entity, [b'&', rest @ ..]) => {
                let end = rest.iter().take(entity::LONGEST + 1).position(|byte| *byte == b';')?;
                let value = match &rest[..end] {
                    [b'#', b'x' | b'X', digits @ ..] => hex(digits)?,
                    [b'#', digits @ ..] => decimal(digits)?,
                    name => u32::from(entity::named(name)?),
                };
                Some((Value::Char(value), end + 2))
            }
            _ => None,
        }
    }
}

/// So many bytes before and behind its first decide whether an escape matters.
pub(super) const REACH: usize = WRAPPED + 1;
/// A line of a code that is wrapped has so many characters.
const WRAPPED: usize = 40;

/// Whether a long line of a code ends at a place.
fn is_wrapped(text: &[u8], at: usize) -> bool {
    let held = text[..at].iter().rev().take(WRAPPED).take_while(|byte| super::base64::holds(**byte)).count();
    held == WRAPPED
}

/// What stands behind the backslash of an escape of any character.
fn character(rest: &[u8]) -> Option<(Value, usize)> {
    match rest {
        [b'/', ..] => Some((Value::Byte(b'/'), 1)),
        [b'u' | b'x', b'{', rest @ ..] => {
            let end = rest.iter().take(7).position(|byte| *byte == b'}')?;
            Some((Value::Char(hex(&rest[..end])?), end + 3))
        }
        [b'u', digits @ ..] => Some((Value::Char(hex(digits.get(..4)?)?), 5)),
        [b'U', digits @ ..] => Some((Value::Char(hex(digits.get(..8)?)?), 9)),
        [b'x', digits @ ..] => Some((byte(hex(digits.get(..2)?)?)?, 3)),
        [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
            Some((Value::Byte((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0')), 3))
        }
        _ => None,
    }
}

/// What stands behind the backslash of the other escapes of a string.
fn simple(rest: &[u8]) -> Option<(Value, usize)> {
    let value = match rest.first()? {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        byte @ (b'"' | b'\'' | b'`' | b'\\') => *byte,
        _ => return None,
    };
    Some((Value::Byte(value), 1))
}

fn byte(value: u32) -> Option<Value> {
    u8::try_from(value).ok().map(Value::Byte)
}

/// `None` for no digits at all, what is no digit, and more than eight digits.
fn hex(digits: &[u8]) -> Option<u32> {
    number(digits, 16, |digit| HEX[usize::from(digit)])
}

fn decimal(digits: &[u8]) -> Option<u32> {
    number(digits, 10, |digit| if digit.is_ascii_digit() { digit - b'0' } else { NONE })
}

fn number(digits: &[u8], base: u32, value: impl Fn(u8) -> u8) -> Option<u32> {
    if !(1..=8).contains(&digits.len()) {
        return None;
    }
    let add =
        |number: u32, digit: &u8| Some(value(*digit)).filter(|v| *v != NONE).map(|v| number * base + u32::from(v));
    digits.iter().try_fold(0, add)
}

impl Value {
    fn is_visible(self) -> bool {
        matches!(self, Self::Byte(0x20..=0x7e) | Self::Char(0x20..=0x7e))
    }

    /// A number that is no character, such as half of a surrogate pair, is the replacement character.
    fn put(self, sink: &mut impl Sink, from: &Range<usize>) {
        match self {
            Self::Byte(byte) => sink.put(byte, from.clone()),
            Self::Char(number) => {
                let char = char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
                for byte in char.encode_utf8(&mut [0; 4]).bytes() {
                    sink.put(byte, from.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(escape: Escape, text: &str) -> String {
        let mut out = Vec::new();
        escape.decode(text.as_bytes(), &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn each_way_decodes_its_own() {
        for (escape, text, expected) in [
            (Escape::Percent, "a%41%u0042%4%zz%%43", "aAB%4%zz%C"),
            (Escape::Character, r"\u0041\u{42}\x43\104\U00000045\/\n\q", r"ABCDE/\n\q"),
            (Escape::Character, r"\\u0041\\\u0041", r"\\u0041\\A"),
            (Escape::Literal, r#"\"\\\u0041\n\\u0041"#, "\"\\A\n\\u0041"),
            (Escape::Entity, "&#65;&#x42;&amp;amp;&lowbar;&nope;&#;&#xzz;&", "AB&amp;_&nope;&#;&#xzz;&"),
            (Escape::Character, r"\ud83d", "\u{fffd}"),
        ] {
            assert_eq!(decoded(escape, text), expected, "{text}");
        }
    }

    #[test]
    fn what_matters() {
        let begins = |text: &str, at| Escape::begins(text.as_bytes(), at);
        assert_eq!(begins("%41", 0), Some(Escape::Percent));
        assert_eq!(begins(r"\u0041", 0), Some(Escape::Character));
        assert_eq!(begins(r"\\u0041", 1), Some(Escape::Literal));
        assert_eq!(begins(r"ab\/cd", 2), Some(Escape::Character));
        assert_eq!(begins(r#"{\"key\":"#, 6), Some(Escape::Literal));
        assert_eq!(begins("&equals;", 0), Some(Escape::Entity));
        for (text, at) in
            [("100% sure", 3), ("%0a", 0), (r"a\n", 1), (r"\033[0m", 0), ("a && b", 2), ("&x;", 0), ("%", 0)]
        {
            assert_eq!(begins(text, at), None, "{text}");
        }
    }

    proptest! {
        /// The place of each decoded byte is what it was decoded from.
        #[test]
        fn places_are_those_of_the_escapes(text in r"([a-z&;#%x0-9u{}\\/]|\\u0041|&amp;|%41){0,60}", at: prop::sample::Index) {
            for escape in Escape::ALL {
                let mut out = Vec::new();
                escape.decode(text.as_bytes(), &mut out);
                if out.is_empty() { continue; }
                let at = at.index(out.len());
                let place = escape.place(text.as_bytes(), &(at..at + 1));
                let mut one = Vec::new();
                escape.decode(&text.as_bytes()[place], &mut one);
                prop_assert!(one.contains(&out[at]));
            }
        }
    }
}
