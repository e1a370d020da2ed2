//! Translates patterns from the syntax of Go's `regexp` and RE2 to that of the `regex` crate.
//!
//! The releases of gitleaks and betterleaks search with RE2, for which a byte that is part of no character matches
//! nothing but itself; so it is in the Unicode mode of the `regex` crate.
//!
//! The two share a grammar and differ in what Go says of bytes and characters: its classes `\d`, `\w`, `\s` and its `\b`
//! are ASCII, brackets in brackets are characters, a brace that counts nothing is one, and `\Q…\E` quotes. The syntax:
//! <https://pkg.go.dev/regexp/syntax>.

use std::iter::Peekable;
use std::str::CharIndices;

use regex::bytes::{Regex, RegexSet, RegexSetBuilder};

use crate::rule::search;

/// A set of patterns of Go.
///
/// # Errors
/// A pattern is not valid, or the set needs too much memory, in words.
pub(crate) fn set(patterns: &[String]) -> Result<RegexSet, String> {
    let patterns = patterns.iter().map(|pattern| translate(pattern)).collect::<Result<Vec<_>, _>>()?;
    let set = RegexSetBuilder::new(patterns).size_limit(search::SIZE).build();
    set.map_err(|e| format!("a pattern is not valid: {e}"))
}

/// Longer patterns are refused, in bytes.
const LONGEST: usize = 1 << 20;

/// Compiles a pattern of Go.
///
/// # Errors
/// It is not valid, asks for what neither knows (look-around, back-references), or needs too much memory; in words.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    search::compile(&translate(pattern)?, true).map_err(|e| format!("the pattern is not valid: {e}"))
}

/// The same pattern in the syntax of the `regex` crate, in its Unicode mode.
///
/// # Errors
/// As for [`compile`], as far as it can be told without compiling.
pub(crate) fn translate(pattern: &str) -> Result<String, String> {
    if pattern.len() > LONGEST {
        return Err(format!("the pattern is longer than {LONGEST} bytes"));
    }
    let mut reader = Reader { source: pattern, chars: pattern.char_indices().peekable(), out: String::new() };
    while let Some((at, c)) = reader.chars.next() {
        match c {
            '\\' => reader.escape(false)?,
            '[' => reader.class(at)?,
            '{' if !counts(&pattern[at..]) => reader.literal('{'),
            '(' => {
                if let Some(what) = ["(?=", "(?!", "(?<=", "(?<!"].iter().find(|what| pattern[at..].starts_with(**what))
                {
                    return Err(format!("look-around `{what}` is not supported"));
                }
                reader.out.push(c);
            }
            // White space stands for itself whatever the flags: Go knows no `x`.
            c => reader.out.push(c),
        }
    }
    Ok(reader.out)
}

/// Whether a brace opens a count: `{2}`, `{2,}` or `{2,5}`.
fn counts(rest: &str) -> bool {
    let Some((inside, _)) = rest[1..].split_once('}') else { return false };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match inside.split_once(',') {
        None => is_number(inside),
        Some((least, most)) => is_number(least) && (most.is_empty() || is_number(most)),
    }
}

struct Reader<'a> {
    source: &'a str,
    chars: Peekable<CharIndices<'a>>,
    out: String,
}

/// Go's ASCII classes, as the inside of a class.
const DIGITS: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r"\t\n\x0C\r ";

impl Reader<'_> {
    fn literal(&mut self, c: char) {
        self.out.push_str(&format!("\\x{{{:X}}}", u32::from(c)));
    }

    fn rest(&mut self) -> &str {
        let at = self.chars.peek().map_or(self.source.len(), |(at, _)| *at);
        &self.source[at..]
    }

    /// What a backslash begins.
    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let Some((_, c)) = self.chars.next() else { return Err("the pattern ends in a backslash".to_owned()) };
        let (class, denied) = match c {
            'd' | 'D' => (DIGITS, c == 'D'),
            'w' | 'W' => (WORD, c == 'W'),
            's' | 'S' => (SPACE, c == 'S'),
            _ => ("", false),
        };
        if !class.is_empty() {
            self.out.push_str(if denied { "[^" } else { "[" });
            self.out.push_str(class);
            self.out.push(']');
            return Ok(());
        }
        match c {
            'b' | 'B' if !in_class => self.out.push_str(&format!("(?-u:\\{c})")),
            'A' | 'z' if !in_class => self.out.push_str(&format!("\\{c}")),
            'Q' if !in_class => self.quoted(),
            'E' if !in_class => {}
            'p' | 'P' => self.property(c)?,
            'a' => self.literal('\x07'),
            'f' => self.literal('\x0c'),
            'n' => self.literal('\n'),
            'r' => self.literal('\r'),
            't' => self.literal('\t'),
            'v' => self.literal('\x0b'),
            'x' | '0'..='7' => {
                let code = self.code(c)?;
                self.literal(code);
            }
            c if c.is_ascii_punctuation() => self.literal(c),
            c => return Err(format!("the escape `\\{c}` is not known")),
        }
        Ok(())
    }

    /// What stands between `\Q` and `\E`, or the end.
    fn quoted(&mut self) {
        while !self.rest().is_empty() && !self.rest().starts_with("\\E") {
            if let Some((_, c)) = self.chars.next() {
                self.literal(c);
            }
        }
        self.skip(2);
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.chars.next();
        }
    }

    /// `\pL`, `\p{Greek}` and their denials.
    fn property(&mut self, letter: char) -> Result<(), String> {
        let wrong = || "a Unicode class has no name".to_owned();
        let (_, first) = self.chars.next().ok_or_else(wrong)?;
        let mut name = String::new();
        match first {
            '{' => loop {
                match self.chars.next().ok_or_else(wrong)?.1 {
                    '}' => break,
                    c => name.push(c),
                }
            },
            c => name.push(c),
        }
        let plain = name.strip_prefix('^');
        let denied = (letter == 'P') != plain.is_some();
        let name = plain.unwrap_or(&name);
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(wrong());
        }
        self.out.push_str(&format!("\\{}{{{name}}}", if denied { 'P' } else { 'p' }));
        Ok(())
    }

    /// The character of `\x7F`, `\x{10FFFF}` or `\123`, behind the first character of its escape.
    fn code(&mut self, first: char) -> Result<char, String> {
        let digits = match first {
            'x' if self.rest().starts_with('{') => {
                self.chars.next();
                let digits: String = self.rest().chars().take_while(|c| *c != '}').collect();
                self.skip(digits.chars().count() + 1);
                digits
            }
            'x' => (0..2).filter_map(|_| self.chars.next().map(|(_, c)| c)).collect(),
            _ => {
                let more: String = self.rest().chars().take_while(|c| ('0'..='7').contains(c)).take(2).collect();
                if first != '0' && more.is_empty() {
                    return Err(format!("the back-reference `\\{first}` is not supported"));
                }
                self.skip(more.len());
                format!("{first}{more}")
            }
        };
        let radix = if first == 'x' { 16 } else { 8 };
        let code = u32::from_str_radix(&digits, radix).ok().filter(|_| !digits.starts_with('+'));
        code.and_then(char::from_u32).ok_or_else(|| format!("the character code `{digits}` is not valid"))
    }

    /// A class in brackets; every character in it is written as its code, so that none means anything else.
    fn class(&mut self, start: usize) -> Result<(), String> {
        self.out.push('[');
        if self.rest().starts_with('^') {
            self.chars.next();
            self.out.push('^');
        }
        let mut is_first = true;
        loop {
            let Some((at, c)) = self.chars.next() else {
                return Err(format!("the class at byte {start} has no end"));
            };
            match c {
                ']' if !is_first => {
                    self.out.push(']');
                    return Ok(());
                }
                '[' if self.source[at..].starts_with("[:") && self.posix(at) => {}
                '\\' => self.escape(true)?,
                // Between two characters it is a range, at the ends itself.
                '-' if !is_first && !self.rest().starts_with(']') && self.is_range() => self.out.push('-'),
                c => self.literal(c),
            }
            is_first = false;
        }
    }

    /// Whether a dash behind what was written makes a range: not behind a class or another range.
    fn is_range(&self) -> bool {
        let tail = &self.out[self.out.rfind('[').unwrap_or(0)..];
        let items = tail.trim_start_matches("[^").trim_start_matches('[');
        let Some(before) = items.rfind("\\x{") else { return false };
        items[before..].find('}') == Some(items.len() - before - 1) && !items[..before].ends_with('-')
    }

    /// Copies `[:alpha:]` or `[:^alpha:]`; `false` when that is not one.
    fn posix(&mut self, at: usize) -> bool {
        let Some(end) = self.source[at..].find(":]") else { return false };
        let class = &self.source[at..at + end + 2];
        if !class[2..end].trim_start_matches('^').bytes().all(|b| b.is_ascii_lowercase()) {
            return false;
        }
        self.out.push_str(class);
        self.skip(class.len() - 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn means_what_go_means() {
        for (pattern, text, found) in [
            (r"\Qa.b*\E+", "a.b**", Some("a.b**")),
            (r"[a[b]+", "b[a", Some("b[a")),
            (r"[a&&b]+", "a&b", Some("a&b")),
            (r"[+--]+", "+,-", Some("+,-")),
            (r"[]a]+", "a]", Some("a]")),
            (r"[^]a]+", "a]b", Some("b")),
            (r"[\w-]+", "a-b", Some("a-b")),
            (r"[a\-z]+", "a-b", Some("a-")),
            (r"[[:alpha:]_]+", "a_1", Some("a_")),
            (r"[[:^digit:]]+", "12ab", Some("ab")),
            (r"a{,2}", "aa{,2}", Some("a{,2}")),
            (r"a{2,3}", "aaaa", Some("aaa")),
            (r"\{\{x\}\}", "{{x}}", Some("{{x}}")),
            (r"{{x}}", "{{x}}", Some("{{x}}")),
            (r"\d+", "\u{663}7", Some("7")),
            (r"\bkey", "\u{e9}key", Some("key")),
            (r"\s", "\u{b} ", Some(" ")),
            (r"\<a\>", "<a>", Some("<a>")),
            (r"\pL+", "1\u{e9}a", Some("\u{e9}a")),
            (r"\p{^L}+", "a12", Some("12")),
            (r"\x41\x{42}\103\0", "ABC\0", Some("ABC\0")),
            (r"(?i)AbC", "aBc", Some("aBc")),
            (r"a$", "a\n", None),
            (r"(?m)a$", "a\nb", Some("a")),
            (r".{2}", "\u{e9}a", Some("\u{e9}a")),
            (r"(?P<n>a)(?<m>b)\z", "ab", Some("ab")),
            (r"[^\s]+", " a", Some("a")),
            (r"[\]\\]+", r"]\", Some(r"]\")),
        ] {
            let regex = compile(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
            let got = regex.find(text.as_bytes()).map(|m| String::from_utf8_lossy(m.as_bytes()).into_owned());
            assert_eq!(got.as_deref(), found, "{pattern}");
        }
    }

    #[test]
    fn what_go_does_not_know_is_refused_by_name() {
        for (pattern, said) in [
            ("a(?=b)", "look-around `(?=`"),
            ("a(?<!b)", "look-around `(?<!`"),
            (r"(a)\1", r"back-reference `\1`"),
            (r"\y", r"`\y`"),
            ("[a", "has no end"),
            ("(", "not valid"),
            (r"\x{110000}", "110000"),
        ] {
            let why = compile(pattern).unwrap_err();
            assert!(why.contains(said), "{pattern}: {why}");
        }
    }

    proptest! {
        #[test]
        fn no_pattern_panics(pattern in "[\\[\\](){}^$.*+?|\\\\a-cQEpPxdDwWsSbB0-9:,&~\u{e9}-]{0,24}") {
            let _ = compile(&pattern);
        }

        /// Without escapes, brackets and braces the two are the same.
        #[test]
        fn plain_patterns_stay(pattern in "[a-c|.*+?()^$ ]{0,12}") {
            prop_assert_eq!(translate(&pattern).unwrap_or_default(), pattern);
        }
    }
}
