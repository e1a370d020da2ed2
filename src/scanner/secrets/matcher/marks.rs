//! Defines [`Marks`]: what is known of a text: its keywords, what each answer depends on, and the matches.

use std::ops::Range;

use super::Match;
use super::confirm::Found;

/// An occurrence of a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Where it begins.
    pub(super) at: u32,
    /// Which keyword.
    pub(super) keyword: u16,
    /// How far before it the answer of the rules depends on the text, in bytes; one more than `at` for its start.
    pub(super) before: u16,
    /// How far behind its beginning, in bytes; beyond the text for its end.
    pub(super) behind: u16,
}

/// A match at a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) at: u32,
    pub(super) keyword: u16,
    rule: u16,
    whole: (u32, u32),
    secret: (u32, u32),
}

/// What is known of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Sorted by place and keyword.
    pub(super) hits: Vec<Hit>,
    /// Sorted by place, keyword and rule.
    pub(super) matches: Vec<Raw>,
}

impl Marks {
    /// Whether there is no match.
    pub fn is_empty(&self) -> bool {
        self.matches.is_empty()
    }

    /// The matches, sorted by place, then rule; of those of a rule whose secrets overlap the earliest and longest.
    pub fn matches(&self) -> Vec<Match> {
        let range = |(start, end): (u32, u32)| start as usize..end as usize;
        let own = |raw: &Raw| Match { rule: raw.rule.into(), whole: range(raw.whole), secret: range(raw.secret) };
        let mut matches: Vec<Match> = self.matches.iter().map(own).collect();
        matches.sort_by_key(|m| (m.rule, m.secret.start, usize::MAX - m.secret.end, m.whole.start));
        matches.dedup_by(|next, kept| next.rule == kept.rule && next.secret.start < kept.secret.end);
        matches.sort_by_key(|m| (m.secret.start, m.rule, m.secret.end));
        matches
    }

    pub(super) fn clear(&mut self) {
        self.hits.clear();
        self.matches.clear();
    }

    /// Adds a hit behind all others; `touched` is what its answer depends on.
    pub(super) fn add_hit(&mut self, at: usize, keyword: u16, touched: &Range<isize>) {
        let place = at as isize;
        // Reaches are bounded far below 64 KiB; were one not, the answer would never be carried over.
        let reach = |distance: isize| u16::try_from(distance).unwrap_or(u16::MAX);
        self.hits.push(Hit {
            at: narrow(at),
            keyword,
            before: reach(place - touched.start),
            behind: reach(touched.end - place),
        });
    }

    pub(super) fn add_match(&mut self, at: usize, keyword: u16, rule: u32, found: &Found) {
        let range = |range: &Range<usize>| (narrow(range.start), narrow(range.end));
        self.matches.push(Raw {
            at: narrow(at),
            keyword,
            rule: u16::try_from(rule).unwrap_or(u16::MAX),
            whole: range(&found.whole),
            secret: range(&found.secret),
        });
    }
}

/// Texts are shorter than 4 GiB.
fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Raw {
    /// The same match where its text was copied to.
    pub(super) fn moved(mut self, by: u32) -> Self {
        for place in [&mut self.at, &mut self.whole.0, &mut self.whole.1, &mut self.secret.0, &mut self.secret.1] {
            *place = place.wrapping_add(by);
        }
        self
    }
}
