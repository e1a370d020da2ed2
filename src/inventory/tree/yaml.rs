//! Reads YAML (<https://yaml.org/spec/1.2.2/>) into [`Tree`]s, one for each document: all that tools write into
//! lockfiles and people into lists of dependencies. Aliases and complex keys are told as problems; anchors and tags are
//! passed over.

use std::borrow::Cow;

use super::json::{double_quoted, flow, single_quoted};
use super::{Entry, MAX_DEPTH, Problem, Tree, Value, map};

/// Reads a text. A line that makes no sense is told and passed over.
pub fn parse(text: &str) -> (Vec<Tree<'_>>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut trees = Vec::new();
    for lines in documents(text) {
        let mut parser = Parser { text, lines, at: 0, problems: Vec::new() };
        trees.push(parser.document());
        problems.append(&mut parser.problems);
    }
    (trees, problems)
}

/// The lines of each document that says anything.
fn documents(text: &str) -> Vec<Vec<Line<'_>>> {
    let mut all = vec![Vec::new()];
    for (number, raw) in (1u32..).zip(text.split('\n')) {
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        let begins = raw == "---" || raw.starts_with("--- ");
        if begins || raw == "..." {
            all.push(Vec::new());
        }
        let Some(lines) = all.last_mut() else { continue };
        let text = match begins {
            true => raw.get(3..).unwrap_or_default().trim(),
            false if raw == "..." || (raw.starts_with('%') && lines.iter().all(Line::is_blank)) => "",
            false => raw.trim(),
        };
        lines.push(Line { number, indent: raw.len() - raw.trim_start().len(), text });
    }
    all.retain(|lines| !lines.iter().all(Line::is_blank));
    all
}

/// A line without its indentation and what is blank behind it.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    number: u32,
    indent: usize,
    text: &'a str,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.text.is_empty() || self.text.starts_with('#')
    }
}

struct Parser<'a> {
    text: &'a str,
    lines: Vec<Line<'a>>,
    at: usize,
    problems: Vec<Problem>,
}

impl<'a> Parser<'a> {
    /// The next line that says something.
    fn peek(&mut self) -> Option<Line<'a>> {
        while self.lines.get(self.at).is_some_and(Line::is_blank) {
            self.at += 1;
        }
        self.lines.get(self.at).copied()
    }

    fn problem(&mut self, line: u32, why: &str) {
        self.problems.push(Problem { line, why: why.to_owned() });
    }

    fn document(&mut self) -> Tree<'a> {
        let tree = self.block(0, 0);
        while let Some(line) = self.peek() {
            self.problem(line.number, "this line is indented like no other");
            self.at += 1;
        }
        tree
    }

    /// What stands in lines of at least an indentation.
    fn block(&mut self, least: usize, depth: usize) -> Tree<'a> {
        let Some(line) = self.peek().filter(|line| line.indent >= least) else { return Tree::default() };
        if depth > MAX_DEPTH {
            self.problem(line.number, "values are nested too deeply");
            self.skip(least);
            return Tree { line: line.number, value: Value::Null };
        }
        if is_item(line.text) {
            return self.list(line, depth);
        }
        if line.text.starts_with("? ") || key_of(line.text).is_some() {
            return self.map(line, depth);
        }
        self.at += 1;
        self.scalar(line, line.text, least, depth)
    }

    /// Passes all lines of at least an indentation.
    fn skip(&mut self, least: usize) {
        while self.peek().is_some_and(|line| line.indent >= least) {
            self.at += 1;
        }
    }

    fn list(&mut self, first: Line<'a>, depth: usize) -> Tree<'a> {
        let mut items = Vec::new();
        while let Some(line) = self.peek().filter(|line| line.indent == first.indent && is_item(line.text)) {
            let rest = line.text.get(1..).unwrap_or_default().trim_start();
            let column = line.indent + line.text.len() - rest.len();
            let item = match rest.is_empty() || rest.starts_with('#') {
                true => {
                    self.at += 1;
                    self.block(first.indent + 1, depth + 1)
                }
                false => {
                    // What follows the dash is a block that begins in its column.
                    if let Some(here) = self.lines.get_mut(self.at) {
                        (here.indent, here.text) = (column, rest);
                    }
                    self.block(column, depth + 1)
                }
            };
            items.push(Tree { line: line.number, ..item });
            self.stray(first.indent);
        }
        Tree { line: first.number, value: Value::List(items) }
    }

    /// Tells of lines that are indented deeper than anything they could belong to.
    fn stray(&mut self, indent: usize) {
        while let Some(line) = self.peek().filter(|line| line.indent > indent) {
            self.problem(line.number, "this line is indented like no other");
            self.at += 1;
        }
    }

    fn map(&mut self, first: Line<'a>, depth: usize) -> Tree<'a> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        while let Some(line) = self.peek().filter(|line| line.indent == first.indent) {
            let (key, rest) = match line.text.strip_prefix("? ") {
                Some(key) => match self.explicit(line, key.trim()) {
                    Some(found) => found,
                    None => continue,
                },
                None => match key_of(line.text) {
                    Some((key, rest)) => (key, Some((line, rest))),
                    None => {
                        self.problem(line.number, "a name and `:` are missing here");
                        self.at += 1;
                        continue;
                    }
                },
            };
            self.at += 1;
            let value = match rest {
                Some((at, rest)) => self.behind_key(at, rest, first.indent, depth),
                None => Tree { line: line.number, value: Value::Null },
            };
            entries.push(Entry { key, line: line.number, value });
            self.stray(first.indent);
        }
        Tree { line: first.number, value: map(entries, &mut self.problems) }
    }

    /// A key behind `? `, as tools write long ones, and what follows the `:` in the next line.
    #[allow(clippy::type_complexity)]
    fn explicit(&mut self, line: Line<'a>, key: &'a str) -> Option<(Cow<'a, str>, Option<(Line<'a>, &'a str)>)> {
        let key = match quoted(key) {
            Some((text, used)) if key.len() == used => text,
            None if !key.starts_with(['"', '\'', '[', '{', '&', '*', '!', '-']) => Cow::Borrowed(key),
            _ => {
                self.problem(line.number, "this kind of name is not read");
                self.at += 1;
                return None;
            }
        };
        let next = self.lines.get(self.at + 1).copied();
        let rest =
            next.filter(|next| next.indent == line.indent).and_then(|next| Some((next, next.text.strip_prefix(':')?)));
        if rest.is_some() {
            self.at += 1;
        }
        Some((key, rest.map(|(next, rest)| (next, rest.trim_start()))))
    }

    /// The value behind the `:` of a key, or below it.
    fn behind_key(&mut self, line: Line<'a>, rest: &'a str, indent: usize, depth: usize) -> Tree<'a> {
        if !rest.is_empty() && !rest.starts_with('#') {
            return self.scalar(line, rest, indent + 1, depth);
        }
        // The items of a list may stand as far left as its key.
        let is_list = self.peek().is_some_and(|next| next.indent == indent && is_item(next.text));
        let tree = self.block(if is_list { indent } else { indent + 1 }, depth + 1);
        Tree { line: if tree.line == 0 { line.number } else { tree.line }, ..tree }
    }

    /// A value that begins in a line which is passed already, and may go on in lines of at least an indentation.
    fn scalar(&mut self, line: Line<'a>, text: &'a str, least: usize, depth: usize) -> Tree<'a> {
        let number = line.number;
        let of = |value: Value<'a>| Tree { line: number, value };
        match text.as_bytes().first() {
            Some(b'{' | b'[') => self.flow(line, text, depth),
            Some(b'"' | b'\'') => self.quoted(line, text),
            Some(b'|' | b'>') => of(Value::Text(self.folded(least))),
            Some(b'&' | b'!') => {
                let rest = text.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
                match rest.is_empty() || rest.starts_with('#') {
                    true => self.block(least, depth + 1),
                    // Two at most stand before a value; the bound of depth holds for more.
                    false if depth > MAX_DEPTH => of(Value::Null),
                    false => self.scalar(line, rest, least, depth + 1),
                }
            }
            Some(b'*') => {
                self.problem(number, "an alias is not read");
                of(Value::Null)
            }
            _ => of(self.plain(text, least)),
        }
    }

    /// Where a piece of the text begins.
    fn offset(&self, piece: &str) -> usize {
        (piece.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    /// Goes on behind the line of a number.
    fn go_behind(&mut self, number: u32) {
        while self.lines.get(self.at).is_some_and(|line| line.number <= number) {
            self.at += 1;
        }
    }

    fn flow(&mut self, line: Line<'a>, text: &'a str, _depth: usize) -> Tree<'a> {
        let known = self.problems.len();
        let (tree, end, last) = flow(self.text, self.offset(text), line.number, &mut self.problems);
        // A fault takes nothing from what follows the line in which the value begins.
        let is_whole = self.problems.len() == known;
        self.go_behind(if is_whole { last } else { line.number });
        if is_whole {
            self.behind_value(end, last);
        }
        tree
    }

    fn quoted(&mut self, line: Line<'a>, text: &'a str) -> Tree<'a> {
        let start = self.offset(text);
        let Some((value, used)) = quoted(self.text.get(start..).unwrap_or_default()) else {
            self.problem(line.number, "the text that begins here does not end");
            return Tree { line: line.number, value: Value::Null };
        };
        let passed = self.text.get(start..start + used).unwrap_or_default();
        let more = u32::try_from(memchr::memchr_iter(b'\n', passed.as_bytes()).count()).unwrap_or(u32::MAX);
        let last = line.number.saturating_add(more);
        self.go_behind(last);
        self.behind_value(start + used, last);
        Tree { line: line.number, value: Value::Text(value) }
    }

    /// Tells of text between a value and the end of its line.
    fn behind_value(&mut self, end: usize, line: u32) {
        let rest = self.text.get(end..).unwrap_or_default().split('\n').next().unwrap_or_default().trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            self.problem(line, "there is more text behind a value");
        }
    }

    /// The lines of a block scalar, joined by spaces: no lockfile tells anything by their ends.
    fn folded(&mut self, least: usize) -> Cow<'a, str> {
        let mut out = String::new();
        while let Some(line) = self.lines.get(self.at).filter(|line| line.indent >= least || line.text.is_empty()) {
            if !line.text.is_empty() {
                out.push_str(if out.is_empty() { "" } else { " " });
                out.push_str(line.text);
            }
            self.at += 1;
        }
        Cow::Owned(out)
    }

    fn plain(&mut self, text: &'a str, least: usize) -> Value<'a> {
        let first = uncommented(text);
        let is_more = |line: &Line<'_>| line.indent >= least && !line.is_blank();
        if first.len() == text.len() && self.lines.get(self.at).is_some_and(is_more) {
            let mut out = first.to_owned();
            while let Some(line) = self.lines.get(self.at).filter(|line| is_more(line)) {
                // What looks like a name is one that is indented wrongly.
                if key_of(line.text).is_some() {
                    break;
                }
                out.push(' ');
                out.push_str(uncommented(line.text));
                self.at += 1;
            }
            return Value::Text(Cow::Owned(out));
        }
        match first {
            "" | "null" | "~" => Value::Null,
            text => Value::Text(Cow::Borrowed(text)),
        }
    }
}

/// Whether a line is an item of a list.
fn is_item(text: &str) -> bool {
    text == "-" || text.starts_with("- ")
}

/// A text in quotes at the beginning of another, and how many bytes it takes.
fn quoted(text: &str) -> Option<(Cow<'_, str>, usize)> {
    double_quoted(text, true).or_else(|| single_quoted(text))
}

/// The name at the beginning of a line, and what follows its `:`; `None` when there is none.
fn key_of(text: &str) -> Option<(Cow<'_, str>, &str)> {
    if text.starts_with(['"', '\'']) {
        let (key, used) = quoted(text)?;
        let rest = text.get(used..)?.trim_start().strip_prefix(':')?;
        return (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| (key, rest.trim_start()));
    }
    if text.starts_with(['{', '[', '#', '&', '*', '!', '|', '>', '%', '`', ',', ']', '}']) {
        return None;
    }
    let end = memchr::memchr_iter(b':', text.as_bytes())
        .find(|at| text.as_bytes().get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\t')))?;
    let key = text.get(..end)?.trim_end();
    (!key.contains(" #") && !key.is_empty())
        .then(|| (Cow::Borrowed(key), text.get(end + 1..).unwrap_or_default().trim_start()))
}

/// A plain text without the comment behind it.
fn uncommented(text: &str) -> &str {
    let end = memchr::memmem::find(text.as_bytes(), b" #").unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Tree<'_> {
        let (documents, problems) = parse(text);
        assert_eq!(problems, []);
        documents.into_iter().next().unwrap()
    }

    #[test]
    fn what_lockfiles_are_made_of() {
        let tree = read(
            "# head\na: '9.0'\n\n'@s/b@1.0.0':\n  resolution: {integrity: sha512-a==, tarball: https://x/y,\n    v: \"1\"}\n  deprecated: |-\n    one\n\n    two: x\n  bare: one\n    two\n  cpu: [x64, 'arm']\n  list:\n  - x: 1\n    y: 2\n  -   z\n? \"long\"\n:\n  deep: it''s # no\n",
        );
        let package = tree.get("@s/b@1.0.0").unwrap();
        assert_eq!(tree.entry("@s/b@1.0.0").map(|entry| entry.line), Some(4));
        assert_eq!(tree.text_of("a"), "9.0");
        assert_eq!(package.at(&["resolution", "integrity"]).and_then(Tree::text), Some("sha512-a=="));
        assert_eq!(package.at(&["resolution", "tarball"]).and_then(Tree::text), Some("https://x/y"));
        assert_eq!(package.at(&["resolution", "v"]).map(|v| v.line), Some(6));
        assert_eq!(package.text_of("deprecated"), "one two: x");
        assert_eq!(package.text_of("bare"), "one two");
        assert_eq!(package.items_of("cpu").len(), 2);
        assert_eq!(package.items_of("list").iter().map(|item| item.line).collect::<Vec<_>>(), [15, 17]);
        assert_eq!(package.items_of("list")[0].text_of("y"), "2");
        assert_eq!(package.items_of("list")[1].text(), Some("z"));
        assert_eq!(tree.entry("long").map(|entry| (entry.line, entry.value.text_of("deep"))), Some((18, "it''s")));
    }

    #[test]
    fn documents() {
        let (trees, problems) = parse("---\na: 1\n---\nb: 2\n...\n--- # end\n");
        assert_eq!(problems, []);
        assert_eq!(trees.iter().map(|tree| tree.entries().len()).collect::<Vec<_>>(), [1, 1]);
    }

    #[test]
    fn damage_is_told_and_passed_over() {
        let (trees, problems) = parse("a:\n  b: {c: 1\n  d: 2\ne\nf: *x\n     g: 1\nh: 3\n");
        assert_eq!(trees[0].text_of("h"), "3");
        assert_eq!(trees[0].get("a").unwrap().text_of("d"), "2");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [3, 4, 5, 6]);
    }

    #[test]
    fn nesting_is_bounded() {
        let deep: String = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert!(parse(&deep).1.iter().any(|problem| problem.why.contains("too deeply")));
        assert!(!parse(&format!("a: {}", "[".repeat(100_000))).1.is_empty());
        assert!(!parse(&"- ".repeat(100_000)).1.is_empty());
    }
}
