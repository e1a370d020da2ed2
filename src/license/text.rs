//! Defines [`identify`]: which licenses and exceptions of the SPDX list a text holds, and where.
//!
//! A text is compared with the templates of all of them as the SPDX matching guidelines say, and every difference that
//! the guidelines do not allow costs. From [`THRESHOLD`] on a license is told, below it nothing is: it is better to say
//! nothing than something wrong.

mod align;
mod find;
mod gnu;
#[cfg(test)]
mod make;
mod mention;
mod store;
mod tag;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

/// The confidence from which a license is told: at most one word in twenty differs, none of them one such as `not`.
///
/// On the texts of SPDX' own tests the right license has 0.95 or more in all but one of 819 cases.
pub const THRESHOLD: f32 = 0.95;

/// The most bytes of a text that are read; no license is longer than 140 kB.
pub const MAX_TEXT: usize = 2 << 20;

/// What told a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The text of the license.
    License,
    /// The text of an exception to a license.
    Exception,
    /// The notice that the license wants in every file, or the notice of a GNU license with its version.
    Notice,
    /// An `SPDX-License-Identifier:` line, or a text that is nothing but an SPDX expression.
    Tag,
    /// A sentence that names it: `licensed under the MIT license`.
    Mention,
}

/// A license or exception that a text holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Identified {
    /// Its SPDX id. The text of a GNU license does not say whether later versions may be chosen; its id has neither
    /// `-only` nor `-or-later`: `GPL-3.0`. A notice does say so.
    pub id: Cow<'static, str>,
    /// Other ids that have the very same text, such as `GPL-3.0-only` and `GPL-3.0-or-later`.
    pub also: &'static [&'static str],
    /// What told it.
    pub kind: Kind,
    /// How much of it the text has, from [`THRESHOLD`] to 1.
    pub confidence: f32,
    /// Where it is, in bytes of the text.
    pub bytes: Range<usize>,
    /// Where it is, in lines; the first is 1.
    pub lines: RangeInclusive<usize>,
}

impl Identified {
    /// Whether the text is that of a license of this id, in any case.
    pub fn is(&self, id: &str) -> bool {
        self.id.eq_ignore_ascii_case(id) || self.also.iter().any(|other| other.eq_ignore_ascii_case(id))
    }
}

/// What a text is found to hold before lines are counted.
struct Found {
    id: Cow<'static, str>,
    also: &'static [&'static str],
    kind: Kind,
    confidence: f32,
    bytes: Range<usize>,
}

/// The licenses and exceptions that a text holds, by their place. What is not known or not certain is not told; of a text
/// of more than [`MAX_TEXT`] bytes, only those are read.
pub fn identify(text: &str) -> Vec<Identified> {
    let text = head(text);
    let words = words::split(text);
    let mut found = templates(&words, true);
    // What a license says of itself, such as how to apply it, is no notice of this text.
    let free = |found: &[Found], range: &Range<usize>| {
        found.iter().all(|other| range.start >= other.bytes.end || range.end <= other.bytes.start)
    };
    for more in [tag::tags(text), gnu::notices(text, &words), mention::mentions(text, &words)] {
        let more: Vec<Found> = more.into_iter().filter(|one| free(&found, &one.bytes)).collect();
        found.extend(more);
    }
    found.sort_by_key(|one| (one.bytes.start, one.bytes.end));
    numbered(text, found)
}

/// The license that a text is nearest to, with a confidence below [`THRESHOLD`]; `None` when it is near none. This is for
/// people: the text is not of that license.
pub fn resembles(text: &str) -> Option<Identified> {
    let text = head(text);
    let best =
        templates(&words::split(text), false).into_iter().max_by(|a, b| a.confidence.total_cmp(&b.confidence))?;
    numbered(text, vec![best]).pop()
}

/// The version of the SPDX license list that texts are compared with.
pub fn list_version() -> &'static str {
    store::store().version
}

/// The SPDX ids of the texts that are known, deprecated ones too, with what they are the text of.
pub fn ids() -> impl Iterator<Item = (&'static str, Kind)> {
    let entries = store::store().entries.iter().filter(|entry| entry.kind != store::Kind::Notice);
    entries.flat_map(|entry| entry.ids.iter().map(|id| (*id, kind(entry.kind))))
}

fn head(text: &str) -> &str {
    cut(text, MAX_TEXT)
}

/// The first `most` bytes of a text, or a few less so that no character is cut.
fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or_default()]
}

fn kind(kind: store::Kind) -> Kind {
    match kind {
        store::Kind::License => Kind::License,
        store::Kind::Exception => Kind::Exception,
        store::Kind::Notice => Kind::Notice,
    }
}

/// The templates that fit: the certain ones, or the others.
fn templates(words: &[words::Word], certain: bool) -> Vec<Found> {
    let store = store::store();
    let numbers = store::numbers(store, words);
    let mut found = Vec::new();
    for hit in find::hits(store, words, &numbers) {
        let confidence = hit.confidence();
        let sure = confidence >= THRESHOLD && !hit.doubtful;
        let Some((id, also)) = hit.entry.ids.split_first().filter(|_| sure == certain) else { continue };
        let (first, last) = (words[hit.alignment.start], words[hit.alignment.end - 1]);
        found.push(Found {
            id: Cow::Borrowed(id),
            also,
            kind: kind(hit.entry.kind),
            confidence,
            bytes: first.start as usize..last.end as usize,
        });
    }
    found
}

/// Counts lines; `found` is in the order of the text.
fn numbered(text: &str, found: Vec<Found>) -> Vec<Identified> {
    let (mut line, mut at) = (1, 0);
    let mut identified = Vec::new();
    for Found { id, also, kind, confidence, bytes } in found {
        line += newlines(&text[at..bytes.start]);
        at = bytes.start;
        let lines = line..=line + newlines(&text[bytes.clone()]);
        identified.push(Identified { id, also, kind, confidence, bytes, lines });
    }
    identified
}

fn newlines(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count()
}
