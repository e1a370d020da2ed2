//! Searches what a piece of a text says once it is decoded, and what that says in turn.

use std::ops::Range;

use super::code::Code;
use super::escape::Escape;
use super::island::islands;
use super::run::runs;
use super::{line, wrap};
use crate::scanner::secrets::matcher::Matcher;

/// Encodings within encodings are read this deep.
const MAX_DEPTH: usize = 5;
/// What is decoded of a piece, at all depths together, is at most so many times as long.
const MAX_RATIO: usize = 4;
/// So many bytes are decoded of every piece, however short it is.
const LEAST: usize = 1 << 10;
/// Less decoded text is not searched, in bytes.
const SHORTEST: usize = 8;

/// Is told where a match stands in a text, its rule, and the credential.
type Found<'a> = dyn FnMut(Range<usize>, usize, &[u8]) + 'a;

/// The search of one piece.
pub(super) struct Search<'a> {
    matcher: &'a Matcher,
    /// So many bytes may still be decoded.
    left: usize,
    /// So many bytes were decoded, those that were too many to be searched included.
    pub(super) decoded: usize,
}

impl<'a> Search<'a> {
    /// For a piece of so many bytes.
    pub(super) fn new(matcher: &'a Matcher, length: usize) -> Self {
        Self { matcher, left: length.saturating_mul(MAX_RATIO).saturating_add(LEAST), decoded: 0 }
    }

    /// Searches a run of characters of base64.
    pub(super) fn run(&mut self, run: &[u8], depth: usize, found: &mut Found<'_>) {
        islands(run, |code, start| {
            let text = code.decode(run, start);
            self.decoded += text.len();
            let end = code.place(start, &(0..text.len())).end;
            if code == Code::WideBase64 {
                // What is left of ASCII characters in UTF-16 and UTF-32, in either order.
                let (places, narrow): (Vec<usize>, Vec<u8>) =
                    text.iter().copied().enumerate().filter(|(_, byte)| *byte != 0).unzip();
                self.text(&narrow, depth, &mut |place, rule, secret| {
                    if let (Some(first), Some(last)) = (places.get(place.start), places.get(place.end - 1)) {
                        found(code.place(start, &(*first..last + 1)), rule, secret);
                    }
                });
            } else {
                self.text(&text, depth, &mut |place, rule, secret| found(code.place(start, &place), rule, secret));
            }
            end
        });
    }

    /// Searches a piece with escapes.
    pub(super) fn escaped(&mut self, piece: &[u8], escape: Escape, depth: usize, found: &mut Found<'_>) {
        let mut text = Vec::with_capacity(piece.len());
        escape.decode(piece, &mut text);
        self.decoded += text.len();
        // What stands there in clear is found without decoding.
        let mut clear = None;
        let matcher = self.matcher;
        self.text(&text, depth, &mut |place, rule, secret| {
            let clear = clear.get_or_insert_with(|| matcher.scan(piece));
            if !clear.iter().any(|one| one.rule == rule && piece[one.secret.clone()] == *secret) {
                found(escape.place(piece, &place), rule, secret);
            }
        });
    }

    /// Searches the lines of a block.
    pub(super) fn block(&mut self, text: &[u8], block: &wrap::Block, depth: usize, found: &mut Found<'_>) {
        self.run(&block.code(text), depth, &mut |chars, rule, secret| found(block.place(&chars), rule, secret));
    }

    /// Searches a decoded text, as it is and for what is encoded in it.
    fn text(&mut self, text: &[u8], depth: usize, found: &mut Found<'_>) {
        if text.len() < SHORTEST || text.len() > self.left {
            return;
        }
        self.left -= text.len();
        for one in self.matcher.scan(text) {
            // No rule has an empty credential, and an empty place has no line.
            if !one.secret.is_empty() {
                found(one.secret.clone(), one.rule, &text[one.secret]);
            }
        }
        if depth == MAX_DEPTH {
            return;
        }
        let mut done = 0;
        runs(text, std::iter::once(0..text.len()), |run| {
            self.run(&text[run.clone()], depth + 1, &mut |place, rule, secret| {
                found(run.start + place.start..run.start + place.end, rule, secret);
            });
            if run.start >= done && wrap::is_wrapped(text, &run) {
                let (block, end) = wrap::block(text, &run);
                done = end;
                if let Some(block) = block {
                    self.block(text, &block, depth + 1, found);
                }
            }
        });
        line::pieces(text, 0..text.len(), |escape, piece| {
            self.escaped(&text[piece.place.clone()], escape, depth + 1, &mut |place, rule, secret| {
                found(piece.place.start + place.start..piece.place.start + place.end, rule, secret);
            });
        });
    }
}
