//! Defines [`Places`]: where the pieces of a text are.

use crate::license::text::store::{PIECE, piece};

/// The places of each piece in a text.
pub(in super::super) struct Places<'a> {
    pub(in super::super) words: &'a [u16],
    /// How many words that count come before each word, and in all.
    pub(super) counting: Vec<u32>,
    heads: Vec<u32>,
    next: Vec<u32>,
    mask: u32,
}

const NONE: u32 = u32::MAX;

impl<'a> Places<'a> {
    /// Looks up `words`; `light` says which do not count.
    pub(in super::super) fn new(words: &'a [u16], light: impl Iterator<Item = bool>) -> Self {
        let mut counting = vec![0];
        counting.extend(light.scan(0, |count, light| {
            *count += u32::from(!light);
            Some(*count)
        }));
        let size = words.len().next_power_of_two().clamp(64, 1 << 20);
        let (mut heads, mut next) = (vec![NONE; size], vec![NONE; words.len()]);
        let mask = size as u32 - 1;
        // From the end, so that chains begin with the first place.
        for at in (0..(words.len() + 1).saturating_sub(PIECE)).rev() {
            if let Some(hash) = words[at..].first_chunk().and_then(piece) {
                let head = &mut heads[(hash & mask) as usize];
                next[at] = std::mem::replace(head, at as u32);
            }
        }
        Self { words, counting, heads, next, mask }
    }

    pub(super) fn of(&self, hash: u32) -> impl Iterator<Item = usize> {
        let mut at = self.heads[(hash & self.mask) as usize];
        std::iter::from_fn(move || {
            let place = at;
            at = *self.next.get(place as usize)?;
            Some(place as usize)
        })
    }
}
