//! Defines [`Line`]: a line of a requirements file with those that continue it, as pip joins them.

use std::borrow::Cow;

/// A line with those that continue it, and the comments on it.
pub(super) struct Line<'a> {
    /// The number of the first line, counted from 1.
    pub(super) number: u32,
    /// Its text without comments.
    text: Cow<'a, str>,
    /// The comment behind it, and those in the lines below, without the `#`.
    pub(super) comments: Vec<&'a str>,
}

/// What a line asks for.
pub(super) enum Word<'a> {
    /// A package, as PEP 508 writes it; or an address or a path alone.
    Requirement(&'a str),
    /// What is at an address or a path, to be edited.
    Location(&'a str),
    /// All that another file asks for.
    Include(&'a str),
    /// That the versions of another file are taken.
    Constraints(&'a str),
    /// A registry in place of the public one.
    Index(&'a str),
    /// Anything else that pip knows.
    Option,
    /// Nothing.
    Nothing,
}

/// Makes the word that a line is of what stands behind its option.
type Maker = for<'a> fn(&'a str) -> Word<'a>;

/// The options that have a meaning here.
const OPTIONS: [(&str, Maker); 8] = [
    ("--requirement", |text| Word::Include(text)),
    ("-r", |text| Word::Include(text)),
    ("--constraint", |text| Word::Constraints(text)),
    ("-c", |text| Word::Constraints(text)),
    ("--editable", |text| Word::Location(text)),
    ("-e", |text| Word::Location(text)),
    ("--index-url", |text| Word::Index(text)),
    ("-i", |text| Word::Index(text)),
];

/// The lines of a file that say anything.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut all: Vec<Line> = Vec::new();
    // The number and the text of a line that goes on.
    let mut open: Option<(u32, String)> = None;
    for (number, raw) in (1u32..).zip(text.lines()) {
        let (bare, comment) = split_comment(raw);
        let continued = comment.is_none().then(|| bare.trim_end().strip_suffix('\\')).flatten();
        if let Some(part) = continued {
            let (_, so_far) = open.get_or_insert_with(|| (number, String::new()));
            so_far.push_str(part);
            continue;
        }
        match open.take() {
            Some((number, mut so_far)) => {
                so_far.push_str(bare);
                all.push(Line { number, text: Cow::Owned(so_far), comments: comment.into_iter().collect() });
            }
            None if !bare.trim().is_empty() => {
                all.push(Line { number, text: Cow::Borrowed(bare), comments: comment.into_iter().collect() });
            }
            None => {
                if let (Some(comment), Some(above)) = (comment, all.last_mut()) {
                    above.comments.push(comment);
                }
            }
        }
    }
    all.extend(open.map(|(number, text)| Line { number, text: Cow::Owned(text), comments: Vec::new() }));
    all.retain(|line| !line.text.trim().is_empty());
    all
}

/// A line before its comment, and the comment. A `#` begins one at the beginning or behind a blank.
fn split_comment(line: &str) -> (&str, Option<&str>) {
    let begins = |at: usize| at == 0 || line.as_bytes().get(at - 1).is_some_and(u8::is_ascii_whitespace);
    match memchr::memchr_iter(b'#', line.as_bytes()).find(|at| begins(*at)) {
        Some(at) => (line.get(..at).unwrap_or(line), line.get(at + 1..)),
        None => (line, None),
    }
}

impl Line<'_> {
    /// What it asks for.
    pub(super) fn word(&self) -> Word<'_> {
        let text = self.text.trim();
        if text.is_empty() {
            return Word::Nothing;
        }
        for (option, word) in OPTIONS {
            let Some(rest) = text.strip_prefix(option) else { continue };
            let is_short = option.len() == 2;
            match rest.chars().next() {
                Some('=' | ' ' | '\t') => {
                    return word(unquoted(before_options(rest.trim_start_matches(['=', ' ', '\t']))));
                }
                Some(_) if is_short && !rest.starts_with('-') => return word(unquoted(before_options(rest))),
                _ => {}
            }
        }
        if text.starts_with('-') {
            return Word::Option;
        }
        Word::Requirement(before_options(text))
    }

    /// The hashes that it allows.
    pub(super) fn hashes(&self) -> impl Iterator<Item = &str> {
        self.text
            .split_whitespace()
            .filter_map(|word| word.strip_prefix("--hash=").or_else(|| word.strip_prefix("--hash:")))
    }
}

/// A text without the options of pip behind it.
fn before_options(text: &str) -> &str {
    let end = text.find(" --").into_iter().chain(text.find("\t--")).min().unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim()
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}
