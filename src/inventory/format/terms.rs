//! Defines [`Term`]: a value as Erlang and Elixir write it into their locks, with its line
//! (<https://www.erlang.org/doc/system/expressions.html#terms>, <https://hexdocs.pm/elixir/syntax-reference.html>).
//! Tuples, lists and maps are all lists here; nothing is evaluated.

use std::borrow::Cow;

/// Deeper nesting is not read.
const MAX_DEPTH: usize = 64;

/// A value, with the line in which it begins.
#[derive(Clone, Debug)]
pub(super) struct Term<'a> {
    pub(super) value: Value<'a>,
    pub(super) line: u32,
}

/// What a [`Term`] is.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// A text, an atom, a number.
    Word(Cow<'a, str>),
    /// The key of a map or of a list with keys; its value is the next term.
    Key(Cow<'a, str>),
    /// What stands in brackets of any kind.
    List(Vec<Term<'a>>),
}

impl<'a> Term<'a> {
    /// The text of a word; empty for everything else.
    pub(super) fn word(&self) -> &str {
        match &self.value {
            Value::Word(word) => word,
            _ => "",
        }
    }

    /// What is in the brackets; nothing for everything else.
    pub(super) fn items(&self) -> &[Term<'a>] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The keys of a list with the terms behind them.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, u32, &Term<'a>)> {
        self.items().windows(2).filter_map(|pair| match pair {
            [Term { value: Value::Key(key), line }, value] => Some((&**key, *line, value)),
            _ => None,
        })
    }

    /// The word of an item of a list; empty without it.
    pub(super) fn word_at(&self, index: usize) -> &str {
        self.items().get(index).map_or("", Term::word)
    }
}

/// Reads all terms of a text, and in which line something is wrong, with why.
pub(super) fn parse(text: &str) -> (Vec<Term<'_>>, Option<(u32, &'static str)>) {
    let mut parser = Parser { text, at: 0, line: 1, damage: None };
    let mut terms = Vec::new();
    while let Some(term) = parser.term(0) {
        terms.push(term);
        if parser.peek().is_some_and(|byte| matches!(byte, b'}' | b']' | b')')) {
            parser.wrong("a bracket closes nothing");
            parser.at += 1;
        }
    }
    (terms, parser.damage)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    damage: Option<(u32, &'static str)>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wrong(&mut self, why: &'static str) {
        self.damage.get_or_insert((self.line, why));
    }

    /// Goes behind blanks, comments, and what only separates.
    fn blank(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' | b',' | b'.' => {}
                b'#' => {
                    self.skip_line();
                    continue;
                }
                b'%' if self.rest().starts_with("%{") => return,
                b'%' => {
                    self.skip_line();
                    continue;
                }
                b'=' if self.rest().starts_with("=>") => self.at += 1,
                _ => return,
            }
            self.at += 1;
        }
    }

    fn skip_line(&mut self) {
        self.at += memchr::memchr(b'\n', self.rest().as_bytes()).unwrap_or(self.rest().len());
    }

    /// The next term; `None` where a bracket closes and at the end.
    fn term(&mut self, depth: usize) -> Option<Term<'a>> {
        self.blank();
        let line = self.line;
        let rest = self.rest();
        let value = match self.peek()? {
            b'}' | b']' | b')' => return None,
            b'%' | b'{' | b'[' | b'(' if depth >= MAX_DEPTH => {
                self.wrong("it is nested too deeply");
                self.at = self.text.len();
                return None;
            }
            b'%' => {
                self.at += 2;
                Value::List(self.list(depth).0)
            }
            open @ (b'{' | b'[' | b'(') => {
                self.at += 1;
                let (items, is_whole) = self.list(depth);
                // Half a tuple says something else than a whole one.
                if !is_whole && open == b'{' && depth > 0 {
                    return None;
                }
                Value::List(items)
            }
            b'<' if rest.starts_with("<<\"") => {
                self.at += 2;
                let word = self.quoted(b'"');
                if self.rest().starts_with(">>") {
                    self.at += 2;
                } else if let Some(end) = self.rest().find(">>").filter(|end| *end < 16) {
                    // `<<"text"/utf8>>`
                    self.at += end + 2;
                }
                Value::Word(word)
            }
            b'"' => self.keyed(b'"'),
            b'\'' => self.keyed(b'\''),
            b':' if rest.starts_with(":\"") => {
                self.at += 1;
                Value::Word(self.quoted(b'"'))
            }
            _ => {
                self.at += usize::from(rest.starts_with(':'));
                let rest = self.rest();
                let is_word =
                    |c: char| c.is_alphanumeric() || matches!(c, '_' | '@' | '?' | '!' | '-' | '+' | '/' | '~');
                let word = rest.find(|c| !is_word(c)).map_or(rest, |end| &rest[..end]);
                if word.is_empty() {
                    self.wrong("something stands here that is no value");
                    let is_odd = |c: char| !(c.is_alphanumeric() || c.is_whitespace() || "\"'{}[]()<%:_,".contains(c));
                    let first = rest.chars().next().map_or(1, char::len_utf8);
                    let odd = rest.find(|c| !is_odd(c)).unwrap_or(rest.len());
                    self.at = (self.at + odd.max(first)).min(self.text.len());
                    return if depth < MAX_DEPTH { self.term(depth + 1) } else { None };
                }
                self.at += word.len();
                self.with_colon(Cow::Borrowed(word))
            }
        };
        Some(Term { value, line })
    }

    /// What stands in brackets, and whether they are closed.
    fn list(&mut self, depth: usize) -> (Vec<Term<'a>>, bool) {
        let mut items = Vec::new();
        while let Some(item) = self.term(depth + 1) {
            items.push(item);
        }
        let is_whole = self.peek().is_some();
        if is_whole {
            self.at += 1;
        } else {
            self.wrong("it ends in the middle");
        }
        (items, is_whole)
    }

    fn keyed(&mut self, quote: u8) -> Value<'a> {
        let word = self.quoted(quote);
        self.with_colon(word)
    }

    /// A word, or a key if a colon or an arrow follows.
    fn with_colon(&mut self, word: Cow<'a, str>) -> Value<'a> {
        let rest = self.rest();
        if rest.starts_with(':') && !rest.starts_with("::") {
            self.at += 1;
            return Value::Key(word);
        }
        if rest.trim_start_matches([' ', '\t']).starts_with("=>") {
            return Value::Key(word);
        }
        Value::Word(word)
    }

    fn quoted(&mut self, quote: u8) -> Cow<'a, str> {
        self.at += 1;
        let start = self.at;
        let mut is_escaped = false;
        loop {
            match self.peek() {
                None => {
                    self.wrong("a text has no end");
                    break;
                }
                Some(byte) if byte == quote => break,
                Some(b'\\') => {
                    is_escaped = true;
                    self.at += 1;
                }
                Some(b'\n') => self.line += 1,
                Some(_) => {}
            }
            self.at += 1;
        }
        let raw = self.text.get(start..self.at.min(self.text.len())).unwrap_or_default();
        self.at = (self.at + 1).min(self.text.len());
        if is_escaped { Cow::Owned(raw.replace('\\', "")) } else { Cow::Borrowed(raw) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_both_languages() {
        let (terms, damage) =
            parse("%{\n  \"a\": {:hex, :b, \"1\", [x: :y, z: false]},\n  \"c\" => {:git, \"u\"},\n}\n");
        assert_eq!(damage, None);
        let pairs: Vec<_> = terms[0].pairs().map(|(key, line, value)| (key, line, value.word_at(1))).collect();
        assert_eq!(pairs, [("a", 2, "b"), ("c", 3, "u")]);
        let (terms, damage) = parse("{\"1.2.0\",\n[{<<\"a\">>,{pkg,<<\"b\">>,<<\"1\">>},0}]}.\n[].\n");
        assert_eq!((damage, terms.len()), (None, 2));
        assert_eq!(terms[0].items()[1].items()[0].items()[1].word_at(1), "b");
    }

    #[test]
    fn what_is_whole_counts() {
        let (terms, damage) = parse("%{\n \"a\": {:hex, :b, \"1\"},\n \"c\": {:hex, :d,");
        assert_eq!((terms[0].pairs().count(), damage.map(|(line, _)| line)), (1, Some(3)));
        assert!(parse(&"{".repeat(10_000)).1.is_some());
        assert!(parse(&"&".repeat(10_000)).1.is_some());
    }
}
