//! Carries what is known of a text over to one that was made from it by copying and inserting.
//!
//! A keyword in a copied piece is not searched again, and its answer stands when every byte that it depends on lies
//! in the same piece. Only what was inserted, and the seams between pieces, are searched.

use super::Matcher;
use super::confirm::Scratch;
use super::marks::{Hit, Marks};
use crate::history::pack::delta::Segment;

impl Matcher {
    /// Does what [`mark`](Self::mark) does, for a text whose `segments` tell what was copied from the text that `base`
    /// is known of.
    pub fn carry(&self, text: &[u8], segments: &[Segment], base: &Marks, scratch: &mut Scratch, marks: &mut Marks) {
        marks.clear();
        self.search_changes(text, segments, scratch);
        let mut fresh = std::mem::take(&mut scratch.fresh);
        let mut next = 0;
        for segment in segments {
            let Some(from) = segment.base else { continue };
            let piece = Piece { segment: *segment, from, length: segment.end - segment.start };
            let hits = &base.hits[base.hits.partition_point(|hit| (hit.at as usize) < from)..];
            let first = hits.first().map_or((u32::MAX, 0), |hit| (hit.at, hit.keyword));
            let mut matches = &base.matches[base.matches.partition_point(|raw| (raw.at, raw.keyword) < first)..];
            let by = (segment.start as u32).wrapping_sub(from as u32);
            for hit in hits {
                let at = hit.at as usize - from;
                if at >= piece.length {
                    break;
                }
                if at + self.keywords.length(hit.keyword) > piece.length {
                    continue;
                }
                let key = (segment.start + at, hit.keyword);
                while let Some(earlier) = fresh.get(next).filter(|earlier| **earlier < key) {
                    self.confirm(text, *earlier, scratch, marks);
                    next += 1;
                }
                if piece.holds(hit) {
                    marks.hits.push(Hit { at: hit.at.wrapping_add(by), ..*hit });
                    while let Some(raw) = matches.first().filter(|raw| (raw.at, raw.keyword) <= (hit.at, hit.keyword)) {
                        if (raw.at, raw.keyword) == (hit.at, hit.keyword) {
                            marks.matches.push(raw.moved(by));
                        }
                        matches = &matches[1..];
                    }
                } else {
                    self.confirm(text, key, scratch, marks);
                }
            }
        }
        for hit in &fresh[next..] {
            self.confirm(text, *hit, scratch, marks);
        }
        fresh.clear();
        scratch.fresh = fresh;
        marks.whole = self.whole.search(text, &self.rules);
    }

    /// Finds the keywords that lie in no single copied piece.
    fn search_changes(&self, text: &[u8], segments: &[Segment], scratch: &mut Scratch) {
        let margin = self.keywords.longest().saturating_sub(1);
        // Where the last long enough copy ended: everything since then is searched together.
        let mut from = 0;
        let mut at = 0;
        while at < segments.len() {
            // A copy too short for a keyword of full length on each side is searched with its neighbours.
            let is_long = |segment: &Segment| segment.base.is_some() && segment.end - segment.start > 2 * margin;
            let mut last = at;
            while last < segments.len() && !is_long(&segments[last]) {
                last += 1;
            }
            let end = segments.get(last).map_or(text.len(), |long| long.start + margin);
            let group = &segments[at.saturating_sub(1)..segments.len().min(last + 1)];
            if last > at || (from > 0 && last < segments.len()) {
                let fresh = &mut scratch.fresh;
                let mut piece = 0;
                self.keywords.find(text, from..end, |place, keyword| {
                    while group.get(piece).is_some_and(|piece| piece.end <= place) {
                        piece += 1;
                    }
                    let copied = group.get(piece).is_some_and(|piece| {
                        piece.base.is_some() && place + self.keywords.length(keyword) <= piece.end
                    });
                    if !copied {
                        fresh.push((place, keyword));
                    }
                });
            }
            from = segments.get(last).map_or(text.len(), |long| long.end - margin);
            at = last + 1;
        }
    }
}

/// A copied piece.
struct Piece {
    segment: Segment,
    from: usize,
    length: usize,
}

impl Piece {
    /// Whether everything that the answer of a hit depends on was copied with it.
    fn holds(&self, hit: &Hit) -> bool {
        let at = hit.at as usize;
        debug_assert!(self.segment.start <= self.segment.end);
        hit.behind < u16::MAX
            && at >= self.from + usize::from(hit.before)
            && at + usize::from(hit.behind) <= self.from + self.length
    }
}
