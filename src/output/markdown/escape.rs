//! Takes the meaning from text that is put into a cell of a GitHub table, and bounds its length.

use std::fmt::Write as _;

use crate::text;

/// Stands between two characters that GitHub would make a link of; shows nothing. An entity for the first of them
/// would not do, since mentions, issues and addresses are looked for in what the entities stand for.
const APART: &str = "&#8203;";

/// Escapes at most so many code points of a text: no Markdown, HTML, mathematics, mention, issue or address is left in
/// it, and no end of the cell.
pub(in crate::output) fn words(text: &str, most: usize) -> String {
    let clipped = clip(text, most);
    let mut out = String::with_capacity(clipped.len());
    let mut rest = clipped.chars();
    // The last three characters before this one.
    let mut before = [' '; 3];
    while let Some(c) = rest.next() {
        match c {
            '&' | '<' | '>' | '"' | '|' | '\\' | '$' => drop(write!(out, "&#{};", u32::from(c))),
            '*' | '_' | '`' | '[' | ']' | '!' | '~' => out.extend(['\\', c]),
            '@' | '#' => drop(write!(out, "{c}{APART}")),
            ':' if rest.as_str().starts_with("//") => drop(write!(out, ":{APART}")),
            '.' if before.map(|b| b.to_ascii_lowercase()) == ['w'; 3] => drop(write!(out, "{APART}.")),
            '-' if before[1..].iter().collect::<String>().eq_ignore_ascii_case("gh") => drop(write!(out, "-{APART}")),
            c => out.push(c),
        }
        before = [before[1], before[2], c];
    }
    out
}

/// The same as code: a code span where nothing in it could end the span or the cell, else the element.
pub(super) fn code(text: &str, most: usize) -> String {
    let clipped = clip(text, most);
    match clipped.contains(['`', '|']) || clipped.trim().is_empty() {
        true => format!("<code>{}</code>", words(&clipped, most + 1)),
        false => format!("`{clipped}`"),
    }
}

/// The printable text, and a mark where it was cut.
fn clip(text: &str, most: usize) -> String {
    let text = text::printable(text);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
