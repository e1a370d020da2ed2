//! Finds out what a document is by what is in it, and what it comes nearest to when it is nothing that is known.

use super::format::{FORMATS, Format, Syntax};
use super::json::{Document, Text};
use crate::text;

/// So many elements of a list are looked at.
const MOST_ELEMENTS: usize = 8;
/// So much of a text that is no JSON is looked at, in bytes.
const HEAD: usize = 64 << 10;

/// What a document is.
pub enum Detected {
    /// A report.
    Known(&'static Format),
    /// An empty list or object.
    Empty,
    /// Nothing of a report, such as a line of a log.
    Noise,
    /// It looks like a report, of no tool that is known.
    Unknown {
        /// What it comes nearest to, and what is missing.
        hint: String,
    },
}

/// The format of a text that is no JSON; `None` when none fits.
pub fn of_text(bytes: &[u8]) -> Option<&'static Format> {
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes));
    if head.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let fit = |format: &&&Format| matches!(format.syntax, Syntax::Text { fits, .. } if fits(&head));
    FORMATS.iter().find(fit).copied()
}

/// Whether a document is of a format.
pub fn fits(format: &Format, text: &Text<'_>, document: Document) -> bool {
    let Syntax::Json { marks, .. } = format.syntax else { return false };
    marks.iter().any(|line| line.iter().all(|mark| has(text, document.start, mark)))
}

/// What a document is.
pub fn of_json(text: &Text<'_>, document: Document) -> Detected {
    if document.start == document.end {
        return Detected::Noise;
    }
    if let Some(format) = FORMATS.iter().find(|format| fits(format, text, document)) {
        return Detected::Known(format);
    }
    if matches!(text.bytes().get(text.blank(document.start + 1)), Some(b']' | b'}')) {
        // One in the middle of a line is part of some other text.
        return if is_alone(text.bytes(), document) { Detected::Empty } else { Detected::Noise };
    }
    if is_hollow(text, document.start) {
        return Detected::Empty;
    }
    let has = |mark: &str| has(text, document.start, mark);
    let is_log = ["level", "severity", "lvl"].into_iter().any(has)
        && ["msg", "message"].into_iter().any(has)
        && ["time", "ts", "timestamp", "@timestamp", "logger", "caller", "target"].into_iter().any(has);
    if text.bytes().get(document.start) == Some(&b'[') || is_log {
        return Detected::Noise;
    }
    Detected::Unknown { hint: nearest(text, document) }
}

/// Whether an object holds nothing but empty lists, empty objects and nulls, such as `{"results": null}`.
fn is_hollow(text: &Text<'_>, start: usize) -> bool {
    let is_empty = |at: usize| match text.bytes().get(at) {
        Some(b'{' | b'[') => matches!(text.bytes().get(text.blank(at + 1)), Some(b']' | b'}')),
        Some(b'n') => true,
        _ => false,
    };
    let members = text.members(start);
    text.bytes().get(start) == Some(&b'{') && !members.is_empty() && members.iter().all(|m| is_empty(m.value.start))
}

/// Whether nothing else stands on the lines of a document.
fn is_alone(bytes: &[u8], document: Document) -> bool {
    let before = bytes[..document.start].rsplit(|b| *b == b'\n').next().unwrap_or_default();
    let behind = bytes[document.end..].split(|b| *b == b'\n').next().unwrap_or_default();
    before.trim_ascii().is_empty() && behind.trim_ascii().is_empty()
}

/// Whether a mark fits the value that begins here; see [`Syntax::Json`].
fn has(text: &Text<'_>, start: usize, mark: &str) -> bool {
    match mark.strip_prefix('!') {
        Some(mark) => !has(text, start, mark),
        None => {
            let (path, begin) = mark.split_once('=').unwrap_or((mark, ""));
            leads(text, start, path, begin.as_bytes())
        }
    }
}

fn leads(text: &Text<'_>, start: usize, path: &str, begin: &[u8]) -> bool {
    let bytes = text.bytes();
    if path.is_empty() {
        return bytes.get(start..).is_some_and(|rest| rest.starts_with(begin));
    }
    if let Some(rest) = path.strip_prefix("[]") {
        let is_list = bytes.get(start) == Some(&b'[');
        return is_list
            && text.elements(start).take(MOST_ELEMENTS).any(|(element, _)| leads(text, element.start, rest, begin));
    }
    if bytes.get(start) != Some(&b'{') {
        return false;
    }
    let path = path.strip_prefix('.').unwrap_or(path);
    let (key, rest) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
    let members = text.members(start);
    let mut fitting = members.iter().filter(|member| key == "*" || member.key == key.as_bytes());
    match key {
        "*" => fitting.take(MOST_ELEMENTS).any(|member| leads(text, member.value.start, rest, begin)),
        _ => fitting.any(|member| leads(text, member.value.start, rest, begin)),
    }
}

/// The format that most marks of fit, and the first that does not, in words.
fn nearest(text: &Text<'_>, document: Document) -> String {
    let lines = FORMATS.iter().flat_map(|format| match format.syntax {
        Syntax::Json { marks, .. } => marks.iter().map(|line| (*format, *line)).collect(),
        Syntax::Text { .. } => Vec::new(),
    });
    let scored = lines.map(|(format, line)| {
        let wanted: Vec<&&str> = line.iter().filter(|mark| !mark.starts_with('!')).collect();
        let missing: Vec<&&str> = wanted.iter().copied().filter(|mark| !has(text, document.start, mark)).collect();
        (wanted.len() - missing.len(), missing.len(), format, missing.first().copied())
    });
    let best = scored.max_by(|a, b| (a.0, b.1).cmp(&(b.0, a.1)));
    match best {
        Some((1.., _, format, Some(mark))) => {
            let (path, begin) = mark.split_once('=').unwrap_or((mark, ""));
            let value = if begin.is_empty() { String::new() } else { format!(" that begins with `{begin}`") };
            format!("it is nearest to {}, but has no `{path}`{value}", format.name)
        }
        _ => {
            let keys: Vec<String> = text.members(document.start).iter().take(3).map(|m| quoted(m.key)).collect();
            match keys.is_empty() {
                true => "it has no key that a report has".to_owned(),
                false => format!("none has the keys {}", keys.join(", ")),
            }
        }
    }
}

fn quoted(key: &[u8]) -> String {
    let short: String = String::from_utf8_lossy(key).chars().take(40).collect();
    format!("`{}`", text::printable(&short))
}

/// What stands against a text in which there is no JSON document, in words.
pub fn text_hint(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes)).trim_start().to_lowercase();
    match head.as_str() {
        head if head.starts_with("<!doctype html") || head.starts_with("<html") => "it is a web page".to_owned(),
        head if head.starts_with('<') => "it is XML, but no JUnit report and no CycloneDX document".to_owned(),
        head if bytes.contains(&0) || head.contains('\u{fffd}') => "it is no text".to_owned(),
        _ => "it holds no JSON".to_owned(),
    }
}
