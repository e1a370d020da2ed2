//! What stands around a value, and what that tells of whether it is a credential.

use std::ops::Range;

use super::value::Value;
use crate::finding::Assessment;
use crate::scanner::secrets::matcher::Match;
use crate::text::{self, tokens};

/// So far to each side a line is looked at, in bytes.
const REACH: usize = 400;

/// Words of a line whose random values are known to everybody.
const PUBLIC: [&str; 14] = [
    "integrity",
    "checksum",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "digest",
    "etag",
    "fingerprint",
    "commit",
    "revision",
    "resolved",
    "nonce=",
    "charset",
];

/// Words of a line that shows how something is done.
const SAMPLES: [&str; 10] =
    ["example", "sample", "dummy", "fake", "placeholder", "e.g.", "mock", "fixture", "lorem", "demo"];

/// Whether a value is code: a constant, and without quotes a name, or something that goes on behind it.
pub(super) fn is_code(text: &[u8], secret: &Range<usize>, value: &Value<'_>) -> bool {
    // Constants are written in capitals: `key = HKEY_CLASSES_ROOT`, `getenv("SESSION_SECRET")`.
    let is_constant = value.text.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
        && value.text.contains(&b'_');
    let before = secret.start.checked_sub(1).and_then(|at| text.get(at)).copied();
    let is_quoted = matches!(before, Some(b'"' | b'\'' | b'`'));
    if is_constant || is_quoted {
        return is_constant;
    }
    let behind = text.get(secret.end).copied();
    let is_name = value.text.iter().all(|b| b.is_ascii_alphanumeric() || b"_.".contains(b))
        && value.text.first().is_some_and(|b| !b.is_ascii_digit());
    let is_word = tokens::chars_per_token(value.text) > 2.3;
    // `PASS: name` is what a test says that went well.
    let line = text::line_start(&text[..secret.start]);
    if text[line..secret.start].trim_ascii() == b"PASS:" {
        return true;
    }
    // `token = fetch(…`, `password = form[…`: the value is only the beginning of an expression.
    matches!(behind, Some(b'(' | b'['))
        || is_name && is_word && matches!(behind, Some(b';' | b',' | b')' | b'.' | b' '))
}

/// Adds what the line says.
pub(super) fn weigh(text: &[u8], found: &Match, assessment: &mut Assessment) {
    let start = found.whole.start.saturating_sub(REACH);
    let before = &text[start..found.whole.start];
    let before = &before[text::line_start(before)..];
    let end = text.len().min(found.secret.end + REACH);
    let behind = &text[found.secret.end..end];
    let behind = &behind[..behind.iter().position(|b| *b == b'\n').unwrap_or(behind.len())];
    let mut line = before.to_ascii_lowercase();
    line.push(b' ');
    line.extend(behind.to_ascii_lowercase());
    let line = String::from_utf8_lossy(&line);
    if let Some(word) = PUBLIC.iter().find(|word| line.contains(**word)) {
        assessment.add(-25, format!("`{word}` stands on the line"));
    }
    if let Some(word) = SAMPLES.iter().find(|word| line.contains(**word)) {
        assessment.add(-15, format!("`{word}` stands on the line"));
    }
    if before.len() + behind.len() >= REACH {
        assessment.add(-15, "the line is very long, as made by a program");
    }
}
