//! Finds the pieces of a text in which characters are escaped: lines, and parts of those that are too long.

use std::ops::Range;

use super::escape::{self, Escape};

/// Longer lines are not decoded as a whole, and no longer piece of them is decoded, in bytes.
const LONGEST: usize = 8 << 10;
/// What is found in a piece depends on no byte that is further away from it.
const REACH: usize = LONGEST + escape::REACH;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) place: Range<usize>,
    /// The bytes that decide where it begins and ends, too.
    pub(super) reach: Range<usize>,
}

/// Whether a credential may be hidden by an escape that one of the bytes decides about.
pub(super) fn is_escaped(text: &[u8], region: &Range<usize>) -> bool {
    let near = region.start.saturating_sub(escape::REACH)..text.len().min(region.end + escape::REACH);
    marks(text, near).next().is_some()
}

/// The region in which the escapes begin of all pieces that one of the bytes of a region may decide about.
pub(super) fn around(text: &[u8], region: &Range<usize>) -> Range<usize> {
    let reach = REACH + LONGEST;
    let least = region.start.saturating_sub(reach);
    let start = memchr::memrchr(b'\n', &text[least..region.start]).map_or(least, |at| least + at + 1);
    let most = text.len().min(region.end + reach);
    start..memchr::memchr(b'\n', &text[region.end..most]).map_or(most, |at| region.end + at)
}

/// Calls `each` for every piece with an escape that begins in a region, once for each way to escape that it needs.
pub(super) fn pieces(text: &[u8], region: Range<usize>, mut each: impl FnMut(Escape, Piece)) {
    let mut done = [0; Escape::ALL.len()];
    for (at, escape) in marks(text, region) {
        let done = &mut done[escape as usize];
        if at < *done {
            continue;
        }
        let (piece, end) = piece(text, at);
        *done = end;
        if let Some(piece) = piece {
            each(escape, piece);
        }
    }
}

/// The escapes that matter and begin in a region.
fn marks(text: &[u8], region: Range<usize>) -> impl Iterator<Item = (usize, Escape)> {
    let places = memchr::memchr3_iter(b'%', b'\\', b'&', &text[region.clone()]);
    places.filter_map(move |at| Some((region.start + at, Escape::begins(text, region.start + at)?)))
}

/// The piece around a place in it, unless it is too long, and a place up to which there is no other.
fn piece(text: &[u8], at: usize) -> (Option<Piece>, usize) {
    let (least, most) = (at.saturating_sub(LONGEST), text.len().min(at + LONGEST + 1));
    let start = memchr::memrchr(b'\n', &text[least..at]).map(|n| least + n + 1).or((least == 0).then_some(0));
    let end = memchr::memchr(b'\n', &text[at..most]).map(|n| at + n).or((most == text.len()).then_some(most));
    if let (Some(start), Some(end)) = (start, end)
        && end - start <= LONGEST
    {
        return (Some(Piece { place: start..end, reach: start..end }), end);
    }
    let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
    let first = text[least..at].iter().rposition(ends).map(|n| least + n + 1).or((least == 0).then_some(0));
    let last = text[at..most].iter().position(ends).map(|n| at + n).or((most == text.len()).then_some(most));
    match (first, last) {
        (Some(first), Some(last)) if last - first <= LONGEST => {
            // No byte of another line matters.
            let (from, to) = (first.saturating_sub(REACH), text.len().min(last + REACH));
            let from = memchr::memrchr(b'\n', &text[from..first]).map_or(from, |n| from + n + 1);
            let to = memchr::memchr(b'\n', &text[last..to]).map_or(to, |n| last + n);
            (Some(Piece { place: first..last, reach: from..to }), last)
        }
        (_, last) => (None, last.unwrap_or(most)),
    }
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "what is found is a list of places")]
mod tests {
    use super::*;

    fn found(text: &[u8]) -> Vec<Range<usize>> {
        let mut all = Vec::new();
        pieces(text, 0..text.len(), |_, piece| all.push(piece.place));
        all
    }

    #[test]
    fn lines_and_parts_of_long_ones() {
        assert_eq!(found(b"a\nb %41 %42\nc"), [2..11]);
        assert!(found(b"no escape").is_empty());
        let long = format!("{}, %41 {}", "a ".repeat(LONGEST), "b ".repeat(LONGEST));
        assert_eq!(found(long.as_bytes()), [2 * LONGEST + 2..2 * LONGEST + 5]);
        assert!(found("%41".repeat(LONGEST).as_bytes()).is_empty());
    }
}
