//! Goes through a document to its records, and hands them to the reader of its format.

use std::ops::Range;

use super::format::{Around, Format, Reader, Record, Syntax};
use super::json::{Document, Member, Text};
use super::out::Out;

/// Hands every record of a document to a reader, in the order in which they stand.
pub(super) fn walk(format: &Format, text: &Text<'_>, document: Document, reader: &mut dyn Reader, out: &mut Out) {
    let Syntax::Json { records, .. } = format.syntax else { return };
    let mut ways: Vec<Way> = records.iter().map(|pattern| Way { pattern, rest: pattern }).collect();
    // Of a format that is now one list of records, now an object around them, a document is a record only when none
    // of the others lies in it.
    if ways.len() > 1 && ways.iter().any(|way| way.rest.is_empty()) {
        let leads = |member: &Member<'_>| {
            let key = String::from_utf8_lossy(member.key);
            ways.iter().any(|way| !way.rest.is_empty() && way.member(&key).is_some())
        };
        let is_around = text.members(document.start).iter().any(leads);
        ways.retain(|way| way.rest.is_empty() != is_around);
    }
    let whole = document.broken.is_none();
    let place = document.start..document.end;
    Walk { text, reader, out }.value(&place, whole, &ways, &mut String::new(), None);
}

/// A pattern of records, and what of it is still to go.
#[derive(Clone, Copy)]
struct Way {
    pattern: &'static str,
    rest: &'static str,
}

impl Way {
    /// The way behind a member of this key.
    fn member(self, key: &str) -> Option<Self> {
        let rest = self.rest.strip_prefix('.').unwrap_or(self.rest);
        let rest = match rest.strip_prefix('*') {
            Some(rest) => rest,
            None => rest.strip_prefix(key).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))?,
        };
        Some(Self { rest, ..self })
    }

    /// The way behind an element of a list.
    fn element(self) -> Option<Self> {
        self.rest.strip_prefix("[]").map(|rest| Self { rest, ..self })
    }
}

struct Walk<'w, 't> {
    text: &'w Text<'t>,
    reader: &'w mut dyn Reader,
    out: &'w mut Out,
}

impl Walk<'_, '_> {
    fn value(&mut self, place: &Range<usize>, whole: bool, ways: &[Way], path: &mut String, key: Option<&str>) {
        if let Some(way) = ways.iter().find(|way| way.rest.is_empty()) {
            if whole {
                let bytes = self.text.slice(place);
                self.text.passed(place.start);
                let record = Record { pattern: way.pattern, key, bytes, at: place.start };
                if let Err(why) = self.reader.record(&record, self.out) {
                    self.out.unreadable(place.start, &why);
                }
            }
            return;
        }
        match self.text.bytes().get(place.start) {
            Some(b'{') => self.object(place.start, whole, ways, path),
            Some(b'[') => {
                let inside: Vec<Way> = ways.iter().filter_map(|way| way.element()).collect();
                if inside.is_empty() {
                    return;
                }
                let length = path.len();
                path.push_str("[]");
                for (element, whole) in self.text.elements(place.start) {
                    self.value(&element, whole, &inside, path, None);
                }
                path.truncate(length);
            }
            _ => {}
        }
    }

    fn object(&mut self, start: usize, whole: bool, ways: &[Way], path: &mut String) {
        let members = self.text.members(start);
        let last = members.len().wrapping_sub(1);
        let (mut beside, mut deeper) = (Vec::new(), Vec::new());
        for (index, member) in members.into_iter().enumerate() {
            // A key with escapes is none that a format asks for, unless it asks for any.
            let key = String::from_utf8_lossy(member.key).into_owned();
            let inside: Vec<Way> = ways.iter().filter_map(|way| way.member(&key)).collect();
            let is_whole = whole || index != last || self.text.skip(member.value.start).is_ok();
            match inside.is_empty() {
                true if is_whole => beside.push((member.key, self.text.slice(&member.value))),
                true => {}
                false => deeper.push((key, member.value, is_whole, inside)),
            }
        }
        self.reader.enter(&Around { path, members: &beside }, self.out);
        for (key, value, whole, inside) in deeper {
            let length = path.len();
            if length > 0 {
                path.push('.');
            }
            path.push_str(&key);
            self.value(&value, whole, &inside, path, Some(&key));
            path.truncate(length);
        }
    }
}
