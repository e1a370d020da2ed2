//! Reads JSON (RFC 8259) into a [`Tree`]. Comments and commas too many or too few are passed over, and what lies before
//! damage is kept.

use std::borrow::Cow;

use memchr::memchr2;

use super::{Damage, MAX_DEPTH, Member, Tree, Value};

/// Reads the first value of a text, and where it cannot be read on.
pub(in super::super) fn parse(text: &str) -> (Tree<'_>, Damage) {
    let mut parser = Parser { text, at: 0, line: 1, damage: None, stopped: false };
    let tree = parser.value(0);
    parser.blank();
    if !parser.stopped && parser.at < text.len() {
        parser.wrong("there is more behind the end");
    }
    (tree, parser.damage)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    damage: Damage,
    /// Nothing can be read on.
    stopped: bool,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Remembers the first thing that is wrong.
    fn wrong(&mut self, why: &str) {
        self.damage.get_or_insert_with(|| (self.line, why.to_owned()));
    }

    fn stop<T: Default>(&mut self, why: &str) -> T {
        self.wrong(why);
        self.stopped = true;
        T::default()
    }

    /// Goes behind blanks and comments.
    fn blank(&mut self) {
        loop {
            match self.peek() {
                Some(b'\n') => self.line += 1,
                Some(b' ' | b'\t' | b'\r') => {}
                Some(b'/') => {
                    let rest = self.text.get(self.at..).unwrap_or_default();
                    let length = match rest.as_bytes().get(1) {
                        Some(b'/') => rest.find('\n').unwrap_or(rest.len()),
                        Some(b'*') => rest.find("*/").map_or(rest.len(), |end| end + 2),
                        _ => return,
                    };
                    let comment = rest.get(..length).unwrap_or_default();
                    self.line += u32::try_from(comment.matches('\n').count()).unwrap_or(u32::MAX);
                    self.at += length;
                    continue;
                }
                _ => return,
            }
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Tree<'a> {
        self.blank();
        let line = self.line;
        let value = match self.peek() {
            None => self.stop("it ends in the middle"),
            Some(b'{' | b'[') if depth >= MAX_DEPTH => self.stop("it is nested too deeply"),
            Some(b'{') => self.map(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Value::Text(self.string()),
            Some(_) => self.word(),
        };
        Tree { value, line }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Value<'a> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let word = rest.find(|c| !is_word(c)).map_or(rest, |end| &rest[..end]);
        self.at += word.len();
        let is_number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        match word {
            "null" => Value::Null,
            "true" | "false" => Value::Text(Cow::Borrowed(word)),
            number if is_number => Value::Text(Cow::Borrowed(number)),
            _ => self.stop("a value is expected here"),
        }
    }

    fn string(&mut self) -> Cow<'a, str> {
        self.at += 1;
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut is_escaped = false;
        loop {
            let Some(next) = bytes.get(self.at..).and_then(|rest| memchr2(b'"', b'\\', rest)) else {
                return self.stop("a text has no end");
            };
            self.at += next;
            if bytes.get(self.at) == Some(&b'"') {
                break;
            }
            is_escaped = true;
            self.at += 2;
        }
        let raw = self.text.get(start..self.at).unwrap_or_default();
        self.at += 1;
        let breaks = memchr::memchr_iter(b'\n', raw.as_bytes()).count();
        if breaks > 0 {
            self.wrong("a text goes over several lines");
            self.line += u32::try_from(breaks).unwrap_or(u32::MAX);
        }
        if !is_escaped {
            return Cow::Borrowed(raw);
        }
        let quoted = self.text.get(start - 1..self.at).unwrap_or_default();
        match serde_json::from_str(quoted) {
            Ok(text) => Cow::Owned(text),
            Err(_) => {
                self.wrong("a text has an escape that means nothing");
                Cow::Borrowed(raw)
            }
        }
    }

    fn map(&mut self, depth: usize) -> Value<'a> {
        self.at += 1;
        let mut members = Vec::new();
        while self.goes_on(b'}', members.is_empty()) {
            if self.peek() != Some(b'"') {
                self.stop("a key in quotes is expected here")
            } else {
                let line = self.line;
                let key = self.string();
                self.blank();
                if self.stopped {
                } else if self.peek() == Some(b':') {
                    self.at += 1;
                    let value = self.value(depth + 1);
                    members.push(Member { key, line, value });
                } else {
                    self.stop("a colon is expected here")
                }
            }
        }
        Value::Map(members)
    }

    fn list(&mut self, depth: usize) -> Value<'a> {
        self.at += 1;
        let mut items = Vec::new();
        while self.goes_on(b']', items.is_empty()) {
            let item = self.value(depth + 1);
            if !(self.stopped && item.is_null()) {
                items.push(item);
            }
        }
        Value::List(items)
    }

    /// Goes to the next entry, or behind the end of a list or map.
    fn goes_on(&mut self, end: u8, is_first: bool) -> bool {
        let mut commas = 0;
        loop {
            if self.stopped {
                return false;
            }
            self.blank();
            match self.peek() {
                Some(b',') => {
                    commas += 1;
                    self.at += 1;
                }
                Some(byte) if byte == end => {
                    self.at += 1;
                    return false;
                }
                None => return self.stop("it ends in the middle"),
                Some(_) => {
                    if commas == 0 && !is_first {
                        self.wrong("a comma is missing");
                    }
                    return true;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_escapes() {
        let (tree, damage) = parse("{\n \"a\": [1, \"b\\n\",\n  null],\n \"c\": {\"d\": true}\n}\n");
        assert_eq!(damage, None);
        let list = tree.get("a").items();
        assert_eq!((list[0].text(), list[1].text(), list[2].line), ("1", "b\n", 3));
        assert_eq!((tree.at(&["c", "d"]).text(), tree.members()[1].line), ("true", 4));
    }

    #[test]
    fn what_is_whole_counts() {
        for (text, line) in [
            ("{\"a\": \"1\",\n\"b\": ", 2),
            ("{\"a\": \"1\"\n \"b\": 2}", 2),
            ("{\"a\": \"1\",\n ?}", 2),
            ("{\"a\": \"1\"}\n]", 2),
            ("{\"a\": \"1\", \"x\": \"\n", 1),
        ] {
            let (tree, damage) = parse(text);
            assert_eq!((tree.get("a").text(), damage.map(|(line, _)| line)), ("1", Some(line)), "{text}");
        }
        let (_, damage) = parse(&"[".repeat(100_000));
        assert_eq!(damage.map(|(_, why)| why).as_deref(), Some("it is nested too deeply"));
    }
}
