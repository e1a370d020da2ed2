//! Defines [`Found`]: what a search of one text came to, and searches a text in every way there is.

use super::archive;
use super::decode::{self, Encoded};
use super::matcher::{Match, Matcher};

/// What was found in one text; never nothing.
pub struct Found<'a> {
    /// The way to the text in an archive, `lib/a.zip!/inner.txt`; empty for the bytes of the file themselves and for
    /// UTF-16 text.
    pub way: &'a str,
    /// The text that the ranges of the matches are of.
    pub text: &'a [u8],
    /// What stands there in clear.
    pub matches: &'a [Match],
    /// What stands there encoded.
    pub encoded: &'a [Encoded],
}

/// Searches bytes as they are, their encoded runs, and what they are an archive of; returns what could not be opened, a
/// sentence each.
pub fn search(matcher: &Matcher, bytes: &[u8], each: &mut dyn FnMut(&Found<'_>)) -> Vec<String> {
    search_text(matcher, "", bytes, each);
    search_inside(matcher, bytes, each)
}

/// Searches what bytes are an archive of, if they are one; returns what could not be opened, a sentence each.
pub fn search_inside(matcher: &Matcher, bytes: &[u8], each: &mut dyn FnMut(&Found<'_>)) -> Vec<String> {
    match archive::is_openable(bytes) {
        true => archive::open(bytes, &mut |way, text| search_text(matcher, way, text, each)).gaps,
        false => Vec::new(),
    }
}

fn search_text(matcher: &Matcher, way: &str, text: &[u8], each: &mut dyn FnMut(&Found<'_>)) {
    let (matches, encoded) = (matcher.scan(text), decode::whole(matcher, text).found);
    if !matches.is_empty() || !encoded.is_empty() {
        each(&Found { way, text, matches: &matches, encoded: &encoded });
    }
}
