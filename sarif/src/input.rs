//! Defines [`Input`] and [`parse`]: SARIF files as tools leave them.

use std::borrow::Cow;
use std::io::Read as _;

use serde_json::Value;

use crate::limits::{MAX_DEPTH, MAX_INPUT_BYTES};

/// A SARIF file of any tool: JSON of any shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// What it is called in messages, such as its path.
    pub name: String,
    /// What is in it.
    pub log: Value,
}

/// Why bytes cannot be read as a SARIF file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// It is too large, or becomes so when it is unpacked.
    #[error("{name} is larger than {} MiB", MAX_INPUT_BYTES >> 20)]
    TooLarge {
        /// The name of the input.
        name: String,
    },
    /// It looks like gzip and is damaged.
    #[error("{name} is damaged gzip")]
    Gzip {
        /// The name of the input.
        name: String,
        /// What was found.
        source: std::io::Error,
    },
    /// There is nothing in it.
    #[error("{name} is empty")]
    Empty {
        /// The name of the input.
        name: String,
    },
    /// It is no JSON.
    #[error("{name} is no JSON that can be read")]
    Json {
        /// The name of the input.
        name: String,
        /// What was found.
        source: serde_json::Error,
    },
    /// It is nested more than [`MAX_DEPTH`] levels deep.
    #[error("{name} is nested more than {MAX_DEPTH} levels deep")]
    TooDeep {
        /// The name of the input.
        name: String,
    },
    /// It is JSON, but no object.
    #[error("{name} is JSON, but no SARIF log: a log is an object")]
    NoObject {
        /// The name of the input.
        name: String,
    },
}

/// Reads a SARIF file.
///
/// Gzip, byte order marks and UTF-16 are undone; bytes that are no text become U+FFFD, as they do in GitHub's own
/// action; of a repeated key the last value counts.
///
/// # Errors
///
/// It is no JSON object, is nested too deeply, or is larger than [`MAX_INPUT_BYTES`]; see [`ParseError`].
pub fn parse(name: impl Into<String>, bytes: &[u8]) -> Result<Input, ParseError> {
    let name = name.into();
    let unpacked = match unpack(bytes) {
        Ok(unpacked) => unpacked,
        Err(source) => return Err(ParseError::Gzip { name, source }),
    };
    if unpacked.len() as u64 > MAX_INPUT_BYTES {
        return Err(ParseError::TooLarge { name });
    }
    let text = decode(&unpacked);
    if text.trim().is_empty() {
        return Err(ParseError::Empty { name });
    }
    let log: Value = match serde_json::from_str(&text)
        .or_else(|e| without_lone_surrogates(&text).map_or(Err(e), |text| serde_json::from_str(&text)))
    {
        Ok(log) => log,
        Err(source) => return Err(ParseError::Json { name, source }),
    };
    if !is_shallow(&log, MAX_DEPTH) {
        return Err(ParseError::TooDeep { name });
    }
    if log.is_object() { Ok(Input { name, log }) } else { Err(ParseError::NoObject { name }) }
}

/// Whether a value is nested at most so deeply. Repairs add some levels, and readers stop at 128.
fn is_shallow(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(list) => levels > 0 && list.iter().all(|value| is_shallow(value, levels - 1)),
        Value::Object(map) => levels > 0 && map.values().all(|value| is_shallow(value, levels - 1)),
        _ => true,
    }
}

/// Undoes gzip, up to one byte more than is allowed.
fn unpack(bytes: &[u8]) -> std::io::Result<Cow<'_, [u8]>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).take(MAX_INPUT_BYTES + 1).read_to_end(&mut unpacked)?;
    Ok(Cow::Owned(unpacked))
}

/// Undoes the encoding of text. Without a mark, zeros between ASCII characters tell UTF-16.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes).into(),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes).into(),
        [first, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes).into(),
        [0, second, ..] if *second != 0 => utf16(bytes, u16::from_be_bytes).into(),
        _ => String::from_utf8_lossy(bytes),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Replaces escapes of half a character, which are JSON and no text; `None` when there are none.
fn without_lone_surrogates(text: &str) -> Option<String> {
    let mut repaired = String::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let unit = |from: usize| {
            let digits = rest.get(from..from + 6)?.strip_prefix("\\u")?;
            u32::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        // An escaped backslash is two characters, any other escape is stepped over as far as it matters.
        let length = match unit(at) {
            Some(0xd800..=0xdbff) if unit(at + 6).is_some_and(|low| (0xdc00..=0xdfff).contains(&low)) => 12,
            Some(0xd800..=0xdfff) => {
                repaired.push_str(&rest[..at]);
                repaired.push_str("\\ufffd");
                changed = true;
                rest = &rest[at + 6..];
                continue;
            }
            _ => 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8),
        };
        repaired.push_str(&rest[..at + length]);
        rest = &rest[at + length..];
    }
    repaired.push_str(rest);
    changed.then_some(repaired)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;
    use std::io::Write as _;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_wrapping_is_undone() {
        let text = r#"{"a": 1, "ü": "é😀", "a": 2}"#;
        let units = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let (le, be) = (units(u16::to_le_bytes), units(u16::to_be_bytes));
        for bytes in [
            text.as_bytes().to_vec(),
            gzip(text.as_bytes()),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [&b"\xff\xfe"[..], &le].concat(),
            [&b"\xfe\xff"[..], &be].concat(),
            gzip(&[&b"\xff\xfe"[..], &le].concat()),
            le,
            be,
        ] {
            assert_eq!(parse("x", &bytes).unwrap().log, json!({"a": 2, "ü": "é😀"}));
        }
    }

    #[test]
    fn broken_characters_become_replacements() {
        assert_eq!(parse("x", b"{\"a\": \"\xe9\"}").unwrap().log, json!({"a": "\u{fffd}"}));
        let halves = br#"{"a": "\ud800 \udc00 \ud83d\ude00 \\ud800 \ud800\\u"}"#;
        assert_eq!(parse("x", halves).unwrap().log, json!({"a": "\u{fffd} \u{fffd} 😀 \\ud800 \u{fffd}\\u"}));
    }

    #[test]
    fn what_is_no_log_is_an_error_that_says_so() {
        let error = |bytes: &[u8]| parse("x.sarif", bytes).unwrap_err().to_string();
        assert_eq!(error(b""), "x.sarif is empty");
        assert_eq!(error(b"\xef\xbb\xbf \n"), "x.sarif is empty");
        assert_eq!(error(b"[]"), "x.sarif is JSON, but no SARIF log: a log is an object");
        assert_eq!(error(b"<html>"), "x.sarif is no JSON that can be read");
        assert_eq!(error(&[b"[".repeat(200), b"]".repeat(200)].concat()), "x.sarif is no JSON that can be read");
        let deep = [b"{\"a\":".repeat(97), b"1".to_vec(), b"}".repeat(97)].concat();
        assert_eq!(error(&deep), "x.sarif is nested more than 96 levels deep");
        assert!(parse("x", &deep[5..deep.len() - 1]).is_ok());
        assert_eq!(error(&gzip(b"{}")[..12]), "x.sarif is damaged gzip");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), text in "[\\[\\]{}\":,a\\\\ud80cf]{0,40}") {
            let _ = parse("x", &bytes);
            let _ = parse("x", text.as_bytes());
        }
    }
}
