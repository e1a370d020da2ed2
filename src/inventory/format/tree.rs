//! Reads JSON with the lines of its keys and values, as far as it is whole.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Unreadable;
use crate::inventory::reading::Reading;
use crate::inventory::source::Source;

/// A document.
pub(super) struct Document<'a> {
    /// The text as far as it is whole; places in it are places in the file.
    text: Cow<'a, str>,
}

/// A value, as it stands in the text. What is below it is read when it is asked for.
#[derive(Clone, Copy)]
pub(super) struct Value<'d>(&'d str);

/// A member of an object.
pub(super) struct Member<'d> {
    /// Its key.
    pub(super) key: Cow<'d, str>,
    /// The key as it stands in the text.
    pub(super) at: Value<'d>,
    /// What it says.
    pub(super) value: Value<'d>,
}

impl<'a> Document<'a> {
    /// Reads a text. Of a damaged one, what is whole before the damage is used, which is told.
    ///
    /// # Errors
    /// Nothing of it is whole, or it is no object.
    pub(super) fn read(reading: &mut Reading<'a>) -> Result<Self, Unreadable> {
        let source = reading.source;
        let (document, damage) = Self::parse(source)?;
        if let Some((line, why)) = damage {
            reading.broken(line, &format!("{why}; what is whole before it is used"));
        }
        Ok(document)
    }

    /// Reads a text, and says where it is damaged.
    ///
    /// # Errors
    /// Nothing of it is whole, or it is no object.
    pub(super) fn parse(source: &'a Source) -> Result<(Self, Option<(u32, String)>), Unreadable> {
        let text = source.text.as_str();
        let (cut, damage) = match serde_json::from_str::<&RawValue>(text) {
            Ok(_) => (Cow::Borrowed(text), None),
            Err(error) => {
                let line = u32::try_from(error.line()).unwrap_or(u32::MAX).max(1);
                let error_text = error.to_string();
                let why = error_text.split(" at line ").next().unwrap_or_default().to_owned();
                let whole = whole(text, offset(text, error.line(), error.column()));
                let Some(whole) = whole.filter(|whole| serde_json::from_str::<&RawValue>(whole).is_ok()) else {
                    return Err(Unreadable::new(format!("it is no JSON: {why}")).at(line));
                };
                (Cow::Owned(whole), Some((line, why)))
            }
        };
        if !cut.trim_start().starts_with('{') {
            return Err(Unreadable::new("it is no object of JSON").at(1));
        }
        Ok((Self { text: cut }, damage))
    }

    /// The whole document.
    pub(super) fn root(&self) -> Value<'_> {
        Value(self.text.trim())
    }

    /// The number of the line, counted from 1, in which a value begins.
    pub(super) fn line(&self, source: &Source, value: Value) -> u32 {
        let offset = (value.0.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        source.line_at(offset.min(self.text.len()))
    }
}

impl<'d> Value<'d> {
    /// The members of an object, with those that are there twice; none of anything else.
    pub(super) fn members(self) -> Vec<Member<'d>> {
        serde_json::Deserializer::from_str(self.0).deserialize_map(Members).unwrap_or_default()
    }

    /// The items of an array; none of anything else.
    pub(super) fn items(self) -> Vec<Value<'d>> {
        serde_json::Deserializer::from_str(self.0).deserialize_seq(Items).unwrap_or_default()
    }

    /// What a key says; of several the last one.
    pub(super) fn get(self, key: &str) -> Option<Value<'d>> {
        self.members().into_iter().rev().find(|member| member.key == key).map(|member| member.value)
    }

    /// The text of a string.
    pub(super) fn text(self) -> Option<Cow<'d, str>> {
        let mut reader = serde_json::Deserializer::from_str(self.0);
        reader.deserialize_str(Text).ok()
    }

    /// The text under a key.
    pub(super) fn text_at(self, key: &str) -> Option<Cow<'d, str>> {
        self.get(key)?.text()
    }

    /// The value of a whole number.
    pub(super) fn number(self) -> Option<i64> {
        self.0.parse().ok()
    }
}

/// The offset of a line and column of serde_json, both counted from 1, columns in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start = match line.saturating_sub(2) {
        _ if line < 2 => 0,
        before => memchr::memchr_iter(b'\n', text.as_bytes()).nth(before).map_or(text.len(), |at| at + 1),
    };
    (start + column).min(text.len())
}

/// The text up to the last object or array that ends before an offset, with what is open there closed.
fn whole(text: &str, end: usize) -> Option<String> {
    let mut open: Vec<u8> = Vec::new();
    let mut last: Option<(usize, Vec<u8>)> = None;
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate().take(end) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => open.push(if byte == b'{' { b'}' } else { b']' }),
            b'}' | b']' => {
                if open.pop() != Some(byte) {
                    break;
                }
                // What is open only matters while it is little: a whole document is far less deep.
                if open.len() <= MAX_DEPTH {
                    last = Some((at + 1, open.clone()));
                }
            }
            _ => {}
        }
    }
    let (end, open) = last?;
    let closing = String::from_utf8(open.into_iter().rev().collect()).ok()?;
    Some(format!("{}{closing}", text.get(..end)?))
}

/// Damage deeper than this is not repaired.
const MAX_DEPTH: usize = 32;

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Member<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            let at = Value(key.get());
            members.push(Member { key: at.text().unwrap_or_default(), at, value: Value(value.get()) });
        }
        Ok(members)
    }
}

struct Items;

impl<'de> Visitor<'de> for Items {
    type Value = Vec<Value<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(item) = items.next_element::<&RawValue>()? {
            values.push(Value(item.get()));
        }
        Ok(values)
    }
}

struct Text;

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::RepoPath;

    #[test]
    fn lines_and_duplicates() {
        let source =
            Source::new(RepoPath::new("x"), "{\n \"a\\/b\": [1,\n {\"c\": true}],\n \"a\\/b\": \"x\"}".to_owned());
        let (document, damage) = Document::parse(&source).unwrap();
        assert_eq!(damage, None);
        let members = document.root().members();
        let said: Vec<_> = members.iter().map(|m| (m.key.as_ref(), document.line(&source, m.at))).collect();
        assert_eq!(said, [("a/b", 2), ("a/b", 4)]);
        assert_eq!(document.root().text_at("a/b").as_deref(), Some("x"));
        assert_eq!(document.line(&source, members[0].value.items()[1]), 3);
    }

    #[test]
    fn what_is_whole_before_the_damage() {
        let of = |text: &str| {
            let source = Source::new(RepoPath::new("x"), text.to_owned());
            Document::parse(&source)
                .map(|(document, damage)| (document.text.into_owned(), damage.map(|(line, _)| line)))
        };
        let cut = "{\"a\": [\n{\"b\": \"}\"},\n{\"b\": \"x";
        assert_eq!(of(cut).unwrap(), ("{\"a\": [\n{\"b\": \"}\"}]}".to_owned(), Some(3)));
        assert_eq!(of("{\"a\": [1],\n @ \"b\": []}").unwrap(), ("{\"a\": [1]}".to_owned(), Some(2)));
        assert_eq!(of("{\"a\":").unwrap_err().line, Some(1));
        assert_eq!(of("[]").unwrap_err().line, Some(1));
        assert!(of(&"[".repeat(1_000_000)).is_err());
    }
}
