//! Finds credentials in encoded parts of a text: base64 in both alphabets, also of UTF-16 and wrapped over lines, base32,
//! hexadecimal, percent-encoding, escapes of string literals, character references of HTML, and any of these in each
//! other.
//!
//! What is found in a run of characters, a block of wrapped lines or a line with escapes depends on bytes near it alone
//! (`Encoded::reach`), so that a history reader may carry the answer over when those bytes were copied.

mod base64;
mod code;
mod entity;
mod escape;
mod island;
mod line;
mod run;
mod search;
#[cfg(test)]
mod tests;
mod wrap;

use std::collections::HashMap;
use std::ops::Range;

use super::matcher::Matcher;
use crate::history::pack::delta::Segment;
use search::Search;

/// A match in an encoded part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The characters that encode the credential.
    pub run: Range<usize>,
    /// Index into [`Matcher::rules`].
    pub rule: usize,
    /// The credential, decoded.
    pub secret: Box<[u8]>,
    /// The bytes that the match depends on, beside one on each side of them.
    reach: Range<usize>,
}

/// What is known of the encoded parts of a text.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    /// Every match, sorted by place, then rule, without those that are a part of a longer one.
    pub found: Vec<Encoded>,
    /// Those as well: whether a match is a part of another depends on more bytes than the match does.
    all: Vec<Encoded>,
    /// Whether anything may be escaped.
    escaped: bool,
    /// Whether any code may be wrapped.
    wrapped: bool,
    /// So many bytes were decoded.
    decoded: usize,
}

/// Searches the encoded parts of a text.
pub fn whole(matcher: &Matcher, text: &[u8]) -> Runs {
    let mut runs = Runs::default();
    runs.search_runs(matcher, text, std::iter::once(0..text.len()));
    if runs.wrapped {
        runs.search_blocks(matcher, text, std::iter::once(0..text.len()));
    }
    runs.search_lines(matcher, text, std::iter::once(0..text.len()));
    runs.sorted()
}

/// Does what [`whole`] does, for a text whose `segments` tell what was copied from the text that `base` is known of.
pub fn edited(matcher: &Matcher, text: &[u8], segments: &[Segment], base: &Runs) -> Runs {
    let changes = || changes(segments, text.len());
    let mut runs = Runs { escaped: base.escaped, wrapped: base.wrapped, ..Runs::default() };
    if !base.all.is_empty() {
        for Segment { start, end, base: from } in segments {
            let Some(from) = from.filter(|_| is_long(end - start)) else { continue };
            let inside = base.all.iter().filter(|e| e.reach.start > from && e.reach.end < from + (end - start));
            runs.all.extend(inside.map(|e| {
                let moved = |place: &Range<usize>| place.start - from + start..place.end - from + start;
                Encoded { run: moved(&e.run), reach: moved(&e.reach), ..e.clone() }
            }));
        }
    }
    runs.search_runs(matcher, text, changes());
    runs.wrapped |= changes().any(|change| wrap::is_behind_line(text, change.start));
    if runs.wrapped {
        let near =
            |change: Range<usize>| change.start.saturating_sub(wrap::NEAR)..text.len().min(change.end + wrap::NEAR);
        runs.search_blocks(matcher, text, joined(changes().map(near)));
    }
    runs.escaped |= changes().any(|change| line::is_escaped(text, &change));
    if runs.escaped {
        runs.search_lines(matcher, text, joined(changes().map(|change| line::around(text, &change))));
    }
    runs.sorted()
}

/// A copy of so many bytes is not searched.
fn is_long(copy: usize) -> bool {
    copy >= 64
}

/// Where anything may be that is in no single long copy: what is between the copies, with one byte of them on each side.
fn changes(segments: &[Segment], end: usize) -> impl Iterator<Item = Range<usize>> {
    let copies = segments.iter().filter(|segment| segment.base.is_some() && is_long(segment.end - segment.start));
    let ends = copies.map(|copy| (copy.start + 1, copy.end - 1)).chain(std::iter::once((end, end)));
    ends.scan(0, |from, (start, next)| Some(std::mem::replace(from, next)..start))
}

/// Regions in order of their starts without what an earlier one has.
fn joined(regions: impl Iterator<Item = Range<usize>>) -> impl Iterator<Item = Range<usize>> {
    regions.scan(0, |done, region| {
        let start = region.start.max(*done);
        *done = region.end.max(*done);
        Some(start..*done)
    })
}

impl Runs {
    /// Searches the runs that touch one of the regions.
    fn search_runs(&mut self, matcher: &Matcher, text: &[u8], regions: impl Iterator<Item = Range<usize>>) {
        run::runs(text, regions, |run| {
            self.wrapped |= wrap::is_wrapped(text, &run);
            let mut search = Search::new(matcher, run.len());
            search.run(&text[run.clone()], 1, &mut |place, rule, secret| {
                self.add(run.start + place.start..run.start + place.end, &run, rule, secret);
            });
            self.decoded += search.decoded;
        });
    }

    /// Searches the blocks that have a run which touches one of the regions.
    fn search_blocks(&mut self, matcher: &Matcher, text: &[u8], regions: impl Iterator<Item = Range<usize>>) {
        let mut done = 0;
        run::runs(text, regions, |run| {
            if run.start < done || !wrap::is_wrapped(text, &run) {
                return;
            }
            let (block, end) = wrap::block(text, &run);
            done = end;
            let Some(block) = block else { return };
            let mut search = Search::new(matcher, block.reach.len());
            search.block(text, &block, 1, &mut |place, rule, secret| self.add(place, &block.reach, rule, secret));
            self.decoded += search.decoded;
        });
    }

    /// Searches the lines with an escape that begins in one of the regions.
    fn search_lines(&mut self, matcher: &Matcher, text: &[u8], regions: impl Iterator<Item = Range<usize>>) {
        for region in regions {
            line::pieces(text, region, |escape, piece| {
                self.escaped = true;
                let mut search = Search::new(matcher, piece.place.len());
                search.escaped(&text[piece.place.clone()], escape, 1, &mut |place, rule, secret| {
                    let place = piece.place.start + place.start..piece.place.start + place.end;
                    self.add(place, &piece.reach, rule, secret);
                });
                self.decoded += search.decoded;
            });
        }
    }

    fn add(&mut self, run: Range<usize>, reach: &Range<usize>, rule: usize, secret: &[u8]) {
        self.all.push(Encoded { run, rule, secret: secret.into(), reach: reach.clone() });
    }

    /// Keeps of what was found in several ways what depends on the fewest bytes, and leaves out parts of others.
    fn sorted(mut self) -> Self {
        let order = |e: &Encoded| (e.run.start, usize::MAX - e.run.end, e.rule);
        let reach = |e: &Encoded| (e.reach.len(), e.reach.start);
        self.all.sort_by(|a, b| (order(a), &a.secret, reach(a)).cmp(&(order(b), &b.secret, reach(b))));
        self.all.dedup_by(|next, kept| order(next) == order(kept) && next.secret == kept.secret);
        // Of each rule the match that ends last of those that begin before.
        let mut longest: HashMap<usize, &Encoded> = HashMap::new();
        for one in &self.all {
            let is_part = longest.get(&one.rule).is_some_and(|e| one.is_part_of(e));
            if !is_part {
                self.found.push(one.clone());
                if longest.get(&one.rule).is_none_or(|e| e.run.end < one.run.end) {
                    longest.insert(one.rule, one);
                }
            }
        }
        self
    }
}

impl Encoded {
    /// The end of a line, or what stands before a code, may cut a credential off where another way to read it does not.
    fn is_part_of(&self, other: &Self) -> bool {
        self.run.end <= other.run.end
            && self.secret.len() < other.secret.len()
            && memchr::memmem::find(&other.secret, &self.secret).is_some()
    }
}
