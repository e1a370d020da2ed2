//! Finds the templates that a text holds: which it may hold by the pieces they share, then which of them fit best where.

use std::collections::HashMap;
use std::ops::Range;

use super::align::{Alignment, Places, WORD, alignments};
use super::store::{Entry, PIECE, Store, piece};
use super::words::Word;

/// The part of the pieces of a template that a text has at least when it holds the template.
const LEAST_PIECES: f32 = 0.35;
/// The most templates that a text is compared with.
const MAX_CANDIDATES: usize = 120;
/// The part of a template that a text has to have to be told at all.
const LEAST: f32 = 0.7;
/// How much better a template has to fit than the next, in words, unless it fits as well as [`CLEAR`].
const MARGIN: i64 = 2;
/// The part of a template from which nobody asks whether another one fits almost as well.
const CLEAR: f32 = 0.98;

/// A template and where a text holds it.
pub(super) struct Hit<'a> {
    pub(super) entry: &'a Entry,
    pub(super) alignment: Alignment,
    /// Another template fits almost as well.
    pub(super) doubtful: bool,
}

impl Hit<'_> {
    /// The part of the template that the text has, 0 to 1.
    pub(super) fn confidence(&self) -> f32 {
        1.0 - (self.alignment.cost as f32 / (self.entry.required.max(1) * WORD) as f32).min(1.0)
    }

    /// What is right less what is wrong.
    fn score(&self) -> i64 {
        i64::from(self.alignment.explained * WORD) - 3 * i64::from(self.alignment.cost)
    }

    /// How many words of the text both have.
    fn overlap(&self, other: &Self) -> usize {
        let (one, other) = (&self.alignment, &other.alignment);
        one.end.min(other.end).saturating_sub(one.start.max(other.start))
    }

    fn length(&self) -> usize {
        self.alignment.end - self.alignment.start
    }
}

/// The templates that a text holds, by their place; `numbers` are those of its `words`.
pub(super) fn hits<'a>(store: &'a Store, words: &[Word], numbers: &[u16]) -> Vec<Hit<'a>> {
    let places = Places::new(numbers, words.iter().map(|word| word.light));
    let mut found: Vec<Hit> = Vec::new();
    let mut known = Known::default();
    for candidate in candidates(store, numbers) {
        if known.explain(&candidate) {
            continue;
        }
        for alignment in alignments(store, candidate.entry, &places, LEAST) {
            known.add(&candidate, &alignment);
            found.push(Hit { entry: candidate.entry, alignment, doubtful: false });
        }
    }
    found.retain(|hit| hit.confidence() >= LEAST && hit.length() > 0);
    found.sort_by_key(|hit| (std::cmp::Reverse(hit.score()), hit.entry.required));
    let mut kept: Vec<Hit> = Vec::new();
    for hit in found {
        // A little overlap is fine: a heading between two licenses may be of both.
        match kept.iter_mut().find(|other| other.overlap(&hit) * 5 > hit.length()) {
            None => kept.push(hit),
            Some(better) => {
                let near = better.score() - hit.score() < MARGIN * i64::from(WORD);
                let same = better.overlap(&hit) * 10 > better.length().max(hit.length()) * 9;
                better.doubtful |= near && same && better.confidence() < CLEAR && better.entry.kind == hit.entry.kind;
            }
        }
    }
    kept.sort_by_key(|hit| hit.alignment.start);
    kept
}

/// A template that a text may hold.
struct Candidate<'a> {
    entry: &'a Entry,
    /// Which part of its pieces the text has.
    part: f32,
    /// Where those pieces are.
    places: Vec<u32>,
}

/// What better candidates explain already.
#[derive(Default)]
struct Known {
    /// Stretches of the text with the least part that a candidate must have to do better there.
    stretches: Vec<(Range<usize>, f32)>,
}

impl Known {
    fn add(&mut self, candidate: &Candidate, alignment: &Alignment) {
        let words = alignment.end - alignment.start;
        let least = match alignment.cost as usize {
            // Nothing can do better.
            0 if alignment.explained as usize >= words => 2.0,
            cost if cost * 20 <= words * WORD as usize => candidate.part - 0.15,
            _ => return,
        };
        self.stretches.push((alignment.start..alignment.end, least));
    }

    /// Whether a candidate has next to nothing but what another one has as well.
    fn explain(&self, candidate: &Candidate) -> bool {
        let explained = |at: &&u32| {
            self.stretches.iter().any(|(words, least)| words.contains(&(**at as usize)) && candidate.part < *least)
        };
        let free = candidate.places.len() - candidate.places.iter().filter(explained).count();
        free * 20 <= candidate.places.len()
    }
}

/// The templates of which the text has enough pieces, the most likely first.
fn candidates<'a>(store: &'a Store, numbers: &[u16]) -> Vec<Candidate<'a>> {
    // Where the text has a piece last, by the first place of the piece in the store.
    let mut last = vec![u32::MAX; store.pieces.len()];
    let mut counts = vec![0u32; store.entries.len()];
    let mut found: Vec<usize> = Vec::new();
    for (at, window) in numbers.windows(PIECE).enumerate() {
        let Some(hash) = window.first_chunk().and_then(piece) else { continue };
        let places = store.places(hash);
        let Some(seen) = last.get_mut(places.start).filter(|_| !places.is_empty()) else { continue };
        if *seen == u32::MAX {
            found.push(places.start);
            for (_, entry) in &store.pieces[places] {
                counts[usize::from(*entry)] += 1;
            }
        }
        *seen = at as u32;
    }
    let part = |entry: usize| counts[entry] as f32 / store.entries[entry].pieces.max(1) as f32;
    let mut places: HashMap<u16, Vec<u32>> = HashMap::new();
    for first in found {
        let hash = store.pieces[first].0;
        for (_, entry) in store.pieces[first..].iter().take_while(|(h, _)| *h == hash) {
            if part(usize::from(*entry)) >= LEAST_PIECES {
                places.entry(*entry).or_default().push(last[first]);
            }
        }
    }
    let mut ranked: Vec<Candidate> = places
        .into_iter()
        .map(|(entry, places)| {
            let number = usize::from(entry);
            Candidate { entry: &store.entries[number], part: part(number), places }
        })
        .collect();
    // Of those that are there as a whole, the one that says most.
    ranked.sort_by(|a, b| {
        let part = b.part.total_cmp(&a.part);
        part.then(b.entry.required.cmp(&a.entry.required)).then_with(|| a.entry.ids.cmp(&b.entry.ids))
    });
    ranked.truncate(MAX_CANDIDATES);
    ranked
}
