//! Defines [`Text`]: finds its way in JSON without building a tree of it, however large or damaged it is.

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

use memchr::{memchr, memchr2, memchr3};

/// The ends of larger lists and objects are remembered, in bytes, so that nothing is looked over twice for every level
/// that it lies under.
const REMEMBERED: usize = 4096;
/// So much is read between two releases of memory, in bytes.
const RELEASED: usize = 16 << 20;
/// Deeper nesting is damage, or hostile.
const MAX_DEPTH: usize = 256;
/// So often something that looks like a document and runs to the end of the text without being whole is looked at.
const MAX_TRIES: usize = 64;

/// A text with JSON documents in it, and other lines before and between them.
pub struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
    tries: usize,
    ends: HashMap<usize, usize>,
    /// A list is being taken apart, whose elements are documents.
    list: bool,
    /// Lets go of the memory of what lies before a place.
    release: Option<&'a dyn Fn(usize)>,
    released: Cell<usize>,
}

/// One JSON document in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, or where it can no longer be read.
    pub end: usize,
    /// Where it is damaged or cut short; `None` when it is whole.
    pub broken: Option<usize>,
}

/// A value cannot be read beyond this byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken(pub usize);

/// A member of an object: its key, still escaped, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// What stands between the quotes.
    pub key: &'a [u8],
    /// The value; its end is where it breaks off, when it does.
    pub value: Range<usize>,
}

impl<'a> Text<'a> {
    /// Begins at the beginning.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, tries: 0, ends: HashMap::new(), list: false, release: None, released: Cell::new(0) }
    }

    /// Calls a function with places up to which everything was read, now and then.
    #[must_use]
    pub fn releasing(mut self, release: &'a dyn Fn(usize)) -> Self {
        self.release = Some(release);
        self
    }

    /// What lies before a place was read.
    pub fn passed(&self, at: usize) {
        if at.saturating_sub(self.released.get()) >= RELEASED
            && let Some(release) = self.release
        {
            release(at);
            self.released.set(at);
        }
    }

    /// All of it.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The next document: an object, or a list that holds no objects. A list of objects is as many documents, whole
    /// or not, so that a report that is one list is read as one that has a line for each entry.
    pub fn next_document(&mut self) -> Option<Document> {
        loop {
            if self.list {
                self.list = self.enter_element();
                if !self.list {
                    continue;
                }
                if self.bytes.get(self.at) != Some(&b'{') {
                    // Scalars and lists between objects are nothing that a report has.
                    match self.skip(self.at) {
                        Ok(end) => self.at = end,
                        Err(Broken(at)) => (self.at, self.list) = (at, false),
                    }
                    continue;
                }
                return Some(self.document(self.at));
            }
            let start = self.candidate()?;
            if self.bytes[start] == b'[' {
                let inside = self.blank(start + 1);
                if self.bytes.get(inside) == Some(&b'{') {
                    (self.at, self.list) = (start + 1, true);
                    continue;
                }
            }
            let document = self.document(start);
            if document.broken.is_some() && document.end >= self.bytes.len() {
                self.tries += 1;
            }
            return Some(document);
        }
    }

    /// Moves to the next element of the list; `false` at its end.
    fn enter_element(&mut self) -> bool {
        self.at = self.blank(self.at);
        if self.bytes.get(self.at) == Some(&b',') {
            self.at = self.blank(self.at + 1);
        }
        match self.bytes.get(self.at) {
            Some(b']') => {
                self.at += 1;
                false
            }
            Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => true,
            _ => false,
        }
    }

    fn document(&mut self, start: usize) -> Document {
        self.ends.clear();
        self.passed(start);
        let (end, broken) = match self.survey(start) {
            Ok(end) => (end, None),
            Err(Broken(at)) => (at, Some(at)),
        };
        // It is read again from its beginning.
        self.released.set(self.released.get().min(start));
        // What follows damage is looked at from the next line on.
        self.at = broken.map_or(end, |at| memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |n| at + n));
        self.list &= broken.is_none();
        Document { start, end, broken }
    }

    /// The next place where a document may begin.
    fn candidate(&mut self) -> Option<usize> {
        if self.tries > MAX_TRIES {
            return None;
        }
        loop {
            let start = self.at + memchr2(b'{', b'[', &self.bytes[self.at..])?;
            self.at = start + 1;
            let next = self.blank(start + 1);
            let plausible = match (self.bytes[start], self.bytes.get(next)) {
                (b'{', Some(b'"' | b'}')) | (b'[', Some(b'{' | b']' | b'[' | b'"')) => true,
                (b'{', None) | (b'[', None) => start == 0,
                _ => false,
            };
            if plausible {
                return Some(start);
            }
        }
    }

    /// The first byte that is no blank, from a place on.
    pub fn blank(&self, mut at: usize) -> usize {
        while matches!(self.bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            at += 1;
        }
        at
    }

    /// Looks a value over, and remembers where its larger parts end.
    fn survey(&mut self, start: usize) -> Result<usize, Broken> {
        let mut open: Vec<usize> = Vec::new();
        let mut at = start;
        loop {
            match self.bytes.get(at) {
                None => return Err(Broken(at)),
                Some(b'"') => at = self.string(at)?,
                Some(b'{' | b'[') => {
                    if open.len() == MAX_DEPTH {
                        return Err(Broken(at));
                    }
                    open.push(at);
                    at += 1;
                }
                Some(close @ (b'}' | b']')) => {
                    let Some(begin) = open.pop() else { return Err(Broken(at)) };
                    if (self.bytes[begin] == b'{') != (*close == b'}') {
                        return Err(Broken(at));
                    }
                    at += 1;
                    if at - begin > REMEMBERED {
                        self.ends.insert(begin, at);
                        self.passed(at);
                    }
                    if open.is_empty() {
                        return Ok(at);
                    }
                }
                Some(_) => at += 1,
            }
        }
    }

    /// Where a value ends that begins here.
    ///
    /// # Errors
    /// It is damaged or cut short.
    pub fn skip(&self, start: usize) -> Result<usize, Broken> {
        match self.bytes.get(start) {
            Some(b'"') => return self.string(start),
            Some(b'{' | b'[') => {}
            Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                let is_end = |b: &u8| matches!(b, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
                // A number that ends with the text may be half of one.
                return match self.bytes[start..].iter().position(is_end) {
                    Some(length) => Ok(start + length),
                    None => Err(Broken(self.bytes.len())),
                };
            }
            _ => return Err(Broken(start)),
        }
        if let Some(end) = self.ends.get(&start) {
            return Ok(*end);
        }
        let (mut at, mut depth) = (start, 0usize);
        loop {
            match self.bytes.get(at) {
                None => return Err(Broken(at)),
                Some(b'"') => at = self.string(at)?,
                Some(b'{' | b'[') => {
                    if let Some(end) = self.ends.get(&at).filter(|_| depth > 0) {
                        at = *end;
                        continue;
                    }
                    depth += 1;
                    at += 1;
                    if depth > MAX_DEPTH {
                        return Err(Broken(at));
                    }
                }
                Some(b'}' | b']') => {
                    depth -= 1;
                    at += 1;
                    if depth == 0 {
                        return Ok(at);
                    }
                }
                Some(_) => at += 1,
            }
        }
    }

    /// Where a string ends. A line break in one is damage: the writer was cut off, and something else wrote on.
    fn string(&self, start: usize) -> Result<usize, Broken> {
        let mut at = start + 1;
        loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            match memchr3(b'"', b'\\', b'\n', rest) {
                None => return Err(Broken(self.bytes.len())),
                Some(n) => match rest[n] {
                    b'"' => return Ok(at + n + 1),
                    b'\n' => return Err(Broken(at + n)),
                    _ => at += n + 2,
                },
            }
        }
    }

    /// The members of an object, in order. Of one that is damaged, those before the damage, and behind them the one
    /// that is cut short, if its value is a list or an object.
    pub fn members(&self, start: usize) -> Vec<Member<'a>> {
        let mut members = Vec::new();
        let mut at = start + 1;
        loop {
            at = self.blank(at);
            if self.bytes.get(at) == Some(&b',') {
                at = self.blank(at + 1);
            }
            if self.bytes.get(at) != Some(&b'"') {
                return members;
            }
            let Ok(behind) = self.string(at) else { return members };
            let key = &self.bytes[at + 1..behind - 1];
            let colon = self.blank(behind);
            if self.bytes.get(colon) != Some(&b':') {
                return members;
            }
            let value = self.blank(colon + 1);
            match self.skip(value) {
                Ok(end) => {
                    members.push(Member { key, value: value..end });
                    at = end;
                }
                Err(Broken(end)) => {
                    if matches!(self.bytes.get(value), Some(b'{' | b'[')) {
                        members.push(Member { key, value: value..end });
                    }
                    return members;
                }
            }
        }
    }

    /// The elements of a list, one after the other.
    pub fn elements(&self, start: usize) -> Elements<'_, 'a> {
        Elements { text: self, at: start + 1 }
    }

    /// The bytes of a value.
    pub fn slice(&self, range: &Range<usize>) -> &'a [u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }
}

/// The elements of a list, one after the other: their places, whole or not.
pub struct Elements<'t, 'a> {
    text: &'t Text<'a>,
    at: usize,
}

impl Iterator for Elements<'_, '_> {
    /// The place of the element, and whether it is whole.
    type Item = (Range<usize>, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let mut at = self.text.blank(self.at);
        if self.text.bytes.get(at) == Some(&b',') {
            at = self.text.blank(at + 1);
        }
        if matches!(self.text.bytes.get(at), None | Some(b']' | b'}')) {
            self.at = self.text.bytes.len();
            return None;
        }
        match self.text.skip(at) {
            Ok(end) => {
                self.at = end;
                Some((at..end, true))
            }
            Err(Broken(end)) => {
                self.at = self.text.bytes.len();
                Some((at..end, false))
            }
        }
    }
}
