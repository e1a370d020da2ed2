//! Reads JSON (RFC 8259), with comments and trailing commas as in JSONC, into a [`Tree`]; and flow collections of YAML
//! (chapter 7.4 of <https://yaml.org/spec/1.2.2/>), which are JSON with words that need no quotes.

use std::borrow::Cow;

use super::{Entry, MAX_DEPTH, Problem, Tree, Value, map};

/// Reads a text. Where it is damaged, all that stands before is there.
pub fn parse(text: &str) -> (Tree<'_>, Vec<Problem>) {
    let mut parser = Parser { line: 1, ..Parser::new(text, 0, false) };
    let tree = parser.value(0);
    parser.space();
    if parser.broken.is_none() && parser.at < text.len() {
        parser.fail("there is more text behind the end");
    }
    parser.problems.extend(parser.broken.take());
    (tree, parser.problems)
}

/// Reads one flow collection of YAML that begins at an offset, in a line. Says where it ends as well, and in which line.
pub(super) fn flow<'a>(text: &'a str, at: usize, line: u32, problems: &mut Vec<Problem>) -> (Tree<'a>, usize, u32) {
    let mut parser = Parser { line, ..Parser::new(text, at, true) };
    let tree = parser.value(0);
    problems.append(&mut parser.problems);
    problems.extend(parser.broken.take());
    (tree, parser.at, parser.line)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    /// Whether words need no quotes.
    is_yaml: bool,
    problems: Vec<Problem>,
    /// What ends the reading.
    broken: Option<Problem>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, at: usize, is_yaml: bool) -> Self {
        Self { text, at, line: 1, is_yaml, problems: Vec::new(), broken: None }
    }

    fn fail(&mut self, why: &str) {
        self.broken.get_or_insert_with(|| Problem { line: self.line, why: why.to_owned() });
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes on by some bytes, over whatever lines.
    fn pass(&mut self, bytes: usize) {
        let passed = self.rest().get(..bytes).unwrap_or(self.rest());
        let lines = memchr::memchr_iter(b'\n', passed.as_bytes()).count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.at += passed.len();
    }

    /// Passes blanks and comments.
    fn space(&mut self) {
        loop {
            match self.peek() {
                Some(b'\n') => {
                    self.line = self.line.saturating_add(1);
                    self.at += 1;
                }
                Some(b' ' | b'\t' | b'\r') => self.at += 1,
                Some(b'/') if !self.is_yaml && self.rest().starts_with("//") => self.pass_line(),
                Some(b'#') if self.is_yaml => self.pass_line(),
                Some(b'/') if !self.is_yaml && self.rest().starts_with("/*") => match self.rest().find("*/") {
                    Some(end) => self.pass(end + 2),
                    None => {
                        self.fail("the comment that begins here does not end");
                        self.at = self.text.len();
                    }
                },
                _ => return,
            }
        }
    }

    fn pass_line(&mut self) {
        self.at += memchr::memchr(b'\n', self.rest().as_bytes()).unwrap_or(self.rest().len());
    }

    fn value(&mut self, depth: usize) -> Tree<'a> {
        self.space();
        let line = self.line;
        let value = match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => {
                self.fail("values are nested too deeply");
                Value::Null
            }
            Some(b'{') => self.map(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.quoted().map_or(Value::Null, Value::Text),
            Some(b'\'') if self.is_yaml => self.single_quoted().map_or(Value::Null, Value::Text),
            Some(_) => self.word(),
            None => {
                self.fail("the file ends here, in the middle");
                Value::Null
            }
        };
        Tree { line, value }
    }

    fn list(&mut self, depth: usize) -> Value<'a> {
        self.at += 1;
        let mut items = Vec::new();
        while self.goes_on(b']') {
            let item = self.value(depth + 1);
            if self.broken.is_none() || item.value != Value::Null {
                items.push(item);
            }
            self.comma(b']');
        }
        Value::List(items)
    }

    fn map(&mut self, depth: usize) -> Value<'a> {
        self.at += 1;
        let mut entries = Vec::new();
        while self.goes_on(b'}') {
            let line = self.line;
            let key = match self.peek() {
                Some(b'"') => self.quoted(),
                Some(b'\'') if self.is_yaml => self.single_quoted(),
                _ if self.is_yaml => Some(Cow::Borrowed(self.bare())),
                _ => {
                    self.fail("a name in quotes is missing here");
                    None
                }
            };
            let Some(key) = key.filter(|_| self.broken.is_none()) else { break };
            self.space();
            let value = match self.peek() {
                Some(b':') => {
                    self.at += 1;
                    self.value(depth + 1)
                }
                // A name alone stands for itself in YAML.
                Some(b',' | b'}') if self.is_yaml => Tree { line, value: Value::Null },
                _ => {
                    self.fail(&format!("`:` is missing behind the name `{key}`"));
                    break;
                }
            };
            entries.push(Entry { key, line, value });
            self.comma(b'}');
        }
        map(entries, &mut self.problems)
    }

    /// Whether a collection has another value; its end is passed.
    fn goes_on(&mut self, end: u8) -> bool {
        self.space();
        match self.peek() {
            _ if self.broken.is_some() => false,
            Some(byte) if byte == end => {
                self.at += 1;
                false
            }
            None => {
                self.fail("the file ends here, in the middle");
                false
            }
            Some(_) => true,
        }
    }

    /// Passes what is between two values.
    fn comma(&mut self, end: u8) {
        self.space();
        match self.peek() {
            Some(b',') => self.at += 1,
            Some(byte) if byte == end => {}
            None => self.fail("the file ends here, in the middle"),
            Some(_) => self.fail("`,` is missing here"),
        }
    }

    /// A word without quotes: a number, a truth, and in YAML any.
    fn word(&mut self) -> Value<'a> {
        let word = self.bare();
        let is_known = self.is_yaml
            || matches!(word, "true" | "false" | "null")
            || word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        match word {
            "" => {
                self.fail("a value is missing here");
                Value::Null
            }
            _ if !is_known => {
                self.fail("this is no value");
                Value::Null
            }
            "null" | "~" => Value::Null,
            word => Value::Text(Cow::Borrowed(word)),
        }
    }

    fn bare(&mut self) -> &'a str {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let ends = |at: usize, byte: u8| match byte {
            b',' | b'}' | b']' | b'{' | b'[' | b'\n' | b'\r' => true,
            b'"' | b' ' | b'\t' | b':' if !self.is_yaml => true,
            b':' => {
                bytes.get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'}' | b']'))
            }
            b'#' => self.is_yaml && at > 0 && bytes.get(at - 1).is_some_and(u8::is_ascii_whitespace),
            _ => false,
        };
        let end =
            (0..bytes.len()).find(|at| bytes.get(*at).is_some_and(|byte| ends(*at, *byte))).unwrap_or(bytes.len());
        let word = rest.get(..end).unwrap_or_default();
        self.at += word.len();
        word.trim()
    }

    /// A text in double quotes; `None` where it does not end.
    fn quoted(&mut self) -> Option<Cow<'a, str>> {
        let (text, used) = double_quoted(self.rest(), self.is_yaml).or_else(|| {
            self.fail("the text that begins here does not end");
            None
        })?;
        self.pass(used);
        Some(text)
    }

    fn single_quoted(&mut self) -> Option<Cow<'a, str>> {
        let (text, used) = single_quoted(self.rest()).or_else(|| {
            self.fail("the text that begins here does not end");
            None
        })?;
        self.pass(used);
        Some(text)
    }
}

/// The text in double quotes at the beginning of another, and how many bytes it takes; `None` where it does not end, or
/// has an escape that there is not. It may go over several lines in YAML alone.
pub(in crate::inventory) fn double_quoted(text: &str, is_yaml: bool) -> Option<(Cow<'_, str>, usize)> {
    let inner = text.strip_prefix('"')?;
    let end = memchr::memchr3(b'"', b'\\', b'\n', inner.as_bytes())?;
    if inner.as_bytes().get(end) == Some(&b'"') {
        return Some((Cow::Borrowed(inner.get(..end)?), end + 2));
    }
    let mut out = String::new();
    let mut rest = inner;
    loop {
        let end = memchr::memchr3(b'"', b'\\', b'\n', rest.as_bytes())?;
        out.push_str(rest.get(..end)?);
        rest = rest.get(end..)?;
        let mut letters = rest.chars();
        match letters.next()? {
            '"' => return Some((Cow::Owned(out), text.len() - letters.as_str().len())),
            '\n' if !is_yaml => return None,
            '\n' => {
                out.truncate(out.trim_end().len());
                out.push(' ');
                rest = letters.as_str().trim_start();
            }
            _ => rest = escape(letters.as_str(), &mut out)?,
        }
    }
}

/// The letters of escapes, of JSON and of YAML, and what they stand for.
const ESCAPES: [(char, char); 13] = [
    ('n', '\n'),
    ('t', '\t'),
    ('r', '\r'),
    ('b', '\u{8}'),
    ('f', '\u{c}'),
    ('0', '\0'),
    ('a', '\u{7}'),
    ('v', '\u{b}'),
    ('e', '\u{1b}'),
    ('N', '\u{85}'),
    ('_', '\u{a0}'),
    ('L', '\u{2028}'),
    ('P', '\u{2029}'),
];

/// Adds what an escape behind its backslash stands for, and gives what follows.
fn escape<'a>(text: &'a str, out: &mut String) -> Option<&'a str> {
    let mut letters = text.chars();
    let letter = letters.next()?;
    let rest = letters.as_str();
    let digits = match letter {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '\n' => return Some(rest.trim_start()),
        _ => 0,
    };
    if digits == 0 {
        let plain = ESCAPES.iter().find(|(name, _)| *name == letter).map(|(_, meant)| *meant);
        let itself = matches!(letter, '"' | '\\' | '/' | ' ' | '\'').then_some(letter);
        out.push(plain.or(itself)?);
        return Some(rest);
    }
    let number = u32::from_str_radix(rest.get(..digits)?, 16).ok()?;
    let rest = rest.get(digits..)?;
    let low = rest.strip_prefix("\\u").and_then(|rest| u32::from_str_radix(rest.get(..4)?, 16).ok());
    match (number, low) {
        (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
            out.push(char::from_u32(0x1_0000 + ((number - 0xd800) << 10) + (low - 0xdc00)).unwrap_or('\u{fffd}'));
            rest.get(6..)
        }
        _ => {
            out.push(char::from_u32(number).unwrap_or('\u{fffd}'));
            Some(rest)
        }
    }
}

/// The text in single quotes at the beginning of another, and how many bytes it takes; `None` where it does not end.
pub(in crate::inventory) fn single_quoted(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let inner = text.strip_prefix('\'')?;
    let bytes = inner.as_bytes();
    let mut from = 0;
    loop {
        let end = from + memchr::memchr(b'\'', bytes.get(from..)?)?;
        if bytes.get(end + 1) != Some(&b'\'') {
            let raw = inner.get(..end)?;
            let plain = match raw.contains('\'') {
                true => Cow::Owned(raw.replace("''", "'")),
                false => Cow::Borrowed(raw),
            };
            return Some((plain, end + 2));
        }
        from = end + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(String, u32)> {
        let (tree, problems) = parse(text);
        assert_eq!(problems, []);
        tree.entries().iter().map(|entry| (entry.key.to_string(), entry.line)).collect()
    }

    #[test]
    fn values_and_lines() {
        let text = "// bun\n{\n  \"a\": [1, \"x\\u00e9\\ud83d\\ude00\",],\n  /* b\n  */ \"b\\n\": {\"c\": true},\n}\n";
        assert_eq!(lines(text), [("a".to_owned(), 3), ("b\n".to_owned(), 5)]);
        let (tree, _) = parse(text);
        assert_eq!(tree.items_of("a").last().and_then(Tree::text), Some("xé😀"));
        assert!(tree.get("b\n").unwrap().is("c"));
    }

    #[test]
    fn damage_leaves_what_stands_before() {
        for (text, line) in [
            ("{\"a\": {\"b\": 1,\n\"c\": \"x", 2),
            ("{\"a\": {\"b\": 1}\n\"d\": 2}", 2),
            ("{\"a\": {\"b\": 1}}\n}", 2),
            ("{\"a\": {\"b\": 1},\n<<<<<<< ours\n", 2),
        ] {
            let (tree, problems) = parse(text);
            assert_eq!(tree.at(&["a", "b"]).and_then(Tree::text), Some("1"), "{text}");
            assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [line], "{text}: {problems:?}");
        }
    }

    #[test]
    fn the_last_of_two_names_counts() {
        let (tree, problems) = parse("{\"a\": 1,\n\"a\": 2, \"b\": 3}");
        assert_eq!((tree.text_of("a"), tree.text_of("b"), tree.entries().len()), ("2", "3", 2));
        assert_eq!(problems.first().map(|p| p.line), Some(2));
    }

    #[test]
    fn nesting_is_bounded() {
        let (_, problems) = parse(&"[".repeat(100_000));
        assert_eq!(problems.first().map(|p| p.why.as_str()), Some("values are nested too deeply"));
    }
}
