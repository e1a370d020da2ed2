//! What stands around a value, and what that tells of whether it is a credential.

use std::ops::Range;

use memchr::memmem;

use super::value::Value;
use super::words::WORDS;
use crate::finding::Assessment;
use crate::scanner::secrets::matcher::Match;
use crate::text::{self, tokens};

/// So far to each side a line is looked at, in bytes.
const REACH: usize = 400;

/// So far in front of a match it is looked for what says that values are encrypted, in bytes.
const SEALED_REACH: usize = 4096;

/// Whether a value is code: a constant, and where a rule goes by the name alone and there are no quotes, a name, or
/// something that goes on behind it.
pub(super) fn is_code(text: &[u8], secret: &Range<usize>, value: &Value<'_>, is_guess: bool) -> bool {
    // Constants are written in capitals: `key = HKEY_CLASSES_ROOT`, `getenv("SESSION_SECRET")`.
    let is_constant = value.text.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
        && value.text.contains(&b'_');
    let before = secret.start.checked_sub(1).and_then(|at| text.get(at)).copied();
    let is_quoted = matches!(before, Some(b'"' | b'\'' | b'`'));
    if is_constant || !is_guess {
        return is_constant;
    }
    if is_quoted {
        return passes(&text[..secret.start - 1]);
    }
    let behind = text.get(secret.end).copied();
    let is_name = value.text.iter().all(|b| b.is_ascii_alphanumeric() || b"_.".contains(b))
        && value.text.first().is_some_and(|b| !b.is_ascii_digit())
        && !ends_in_a_number(value.text);
    let is_word = tokens::chars_per_token(value.text) > 2.3;
    // `PASS: name` is what a test says that went well.
    let line = &text[text::line_start(&text[..secret.start])..secret.start];
    if line.trim_ascii() == b"PASS:" {
        return true;
    }
    // What stands in a string is no code: `"Server=db;Password=…;"`.
    let is_in_quotes = line.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
    // Nor does what follows another setting at once: `jdbc:sqlserver://db;user=app;password=Meadow4stone;`.
    let is_setting = ends_in_setting(line) && value.text.iter().any(u8::is_ascii_digit);
    // `ConvertTo-SecureString …` is a command of PowerShell, and `||` joins texts in SQL.
    let is_command = value.text.split(|byte| *byte == b'-').count() == 2
        && value
            .text
            .split(|byte| *byte == b'-')
            .all(|word| word.len() > 1 && word[0].is_ascii_uppercase() && word.iter().all(u8::is_ascii_alphabetic));
    let is_joined = is_name && line.trim_ascii_end().ends_with(b"||");
    // `token = fetch(…`, `password = form[…`: the value is only the beginning of an expression.
    is_command
        || is_joined
        || value.text.ends_with(b"-") && behind == Some(b'>')
        || matches!(behind, Some(b'(' | b'['))
        || is_name
            && is_word
            && !is_in_quotes
            && !is_setting
            && matches!(behind, Some(b';' | b',' | b')' | b'.' | b' '))
}

/// Whether a text ends in the verb: `the callers pass "…"`.
fn passes(before: &[u8]) -> bool {
    let words = before.trim_ascii_end();
    let verb = words.len().saturating_sub(4);
    words.len() < before.len()
        && words[verb..].eq_ignore_ascii_case(b"pass")
        && (verb == 0 || words[verb - 1].is_ascii_whitespace())
}

/// Whether a line ends in a name and `=`: right behind a semicolon that something else with `=` stands in front of, or
/// behind an option, as in `--set adminPassword=…`.
fn ends_in_setting(line: &[u8]) -> bool {
    let mut words = line.rsplit(u8::is_ascii_whitespace);
    if words.next().is_some_and(|word| word.ends_with(b"=")) && words.next().is_some_and(|word| word.starts_with(b"-"))
    {
        return true;
    }
    let mut parts = line.rsplit(|byte| *byte == b';');
    let is_name =
        |name: &[u8]| !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b" _-".contains(b));
    parts.next().and_then(|last| last.strip_suffix(b"=")).is_some_and(|name| is_name(name) && !name.starts_with(b" "))
        && parts.next().is_some_and(|before| before.contains(&b'='))
}

/// Whether it ends in a number as people put it behind a password, of three digits or more that no name of code ends in.
fn ends_in_a_number(value: &[u8]) -> bool {
    let count = value.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = &value[value.len() - count..];
    count >= 3 && ![&b"128"[..], b"192", b"224", b"256", b"384", b"512"].contains(&digits)
}

/// What stands on the line before a match and behind its secret, as far as a line is looked at.
fn sides<'t>(text: &'t [u8], found: &Match) -> (&'t [u8], &'t [u8]) {
    let before = &text[found.whole.start.saturating_sub(REACH)..found.whole.start];
    let behind = &text[found.secret.end..text.len().min(found.secret.end + REACH)];
    let end = behind.iter().position(|byte| *byte == b'\n').unwrap_or(behind.len());
    (&before[text::line_start(before)..], &behind[..end])
}

/// The line of a match with its secret, as far as it is looked at.
pub(super) fn line<'t>(text: &'t [u8], found: &Match) -> &'t [u8] {
    let (before, behind) = sides(text, found);
    &text[found.whole.start - before.len()..found.secret.end + behind.len()]
}

/// Adds what the line says. A value of which only the name tells that it is a credential, and that nobody chose, may be
/// one of those that everybody knows.
pub(super) fn weigh(text: &[u8], found: &Match, is_drawn: bool, assessment: &mut Assessment) {
    let (before, behind) = sides(text, found);
    let mut line = before.to_ascii_lowercase();
    line.push(b' ');
    line.extend(behind.to_ascii_lowercase());
    let line = String::from_utf8_lossy(&line);
    if let Some(word) = WORDS.line.public.iter().find(|word| is_drawn && line.contains(*word)) {
        assessment.add(-25, format!("`{word}` stands on the line"));
    }
    if let Some(word) = WORDS.line.samples.iter().find(|word| line.contains(*word)) {
        assessment.add(-15, format!("`{word}` stands on the line"));
    }
    let above = &text[found.whole.start.saturating_sub(SEALED_REACH)..found.whole.start];
    if let Some(word) = WORDS.line.sealed.iter().find(|word| memmem::find(above, word.as_bytes()).is_some()) {
        assessment.add(-40, format!("`{word}` stands above, behind which values are encrypted"));
    }
    if before.len() + behind.len() >= REACH {
        assessment.add(-15, "the line is very long, as made by a program");
    }
}
