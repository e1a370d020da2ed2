//! Defines [`Gap`]: what lies between two runs of a chain, or beyond its ends, compared word by word.

use super::{Sides, WORD};
use crate::license::text::store::Slot;

/// What a word costs that turns the meaning.
const WEIGHTY: u32 = 10 * WORD;
/// What a word costs where the template has room: little, so that a template without room fits better where both do.
const ROOM: u32 = 3;
/// The largest gap that is compared word by word, as the product of the words of both sides.
const MAX_GAP: usize = 6_000;

/// Which side of a gap is open: words of the text beyond it do not count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    Start,
    End,
    Neither,
}

#[derive(Default)]
pub(super) struct Gap {
    pub(super) explained: u32,
    pub(super) cost: u32,
    /// How many words beyond an open end belong to the template.
    pub(super) reached: usize,
}

impl Gap {
    /// What lacks at an end is dear: instead of what a text has there, nothing would be compared.
    fn dear(self) -> Self {
        Self { cost: self.cost * 2, ..self }
    }
}

#[derive(Clone, Copy, Default)]
struct Cell {
    cost: u32,
    same: u32,
    reached: usize,
}

impl Cell {
    fn plus(self, cost: u32) -> Self {
        Self { cost: self.cost + cost, ..self }
    }

    fn or(self, other: Self) -> Self {
        let better = (other.cost, std::cmp::Reverse(other.same)) < (self.cost, std::cmp::Reverse(self.same));
        if better { other } else { self }
    }
}

impl Sides<'_> {
    /// Compares what lies between two runs, or beyond the first or last.
    pub(super) fn gap(&self, slots: std::ops::Range<usize>, words: std::ops::Range<usize>, open: Open) -> Gap {
        let room_behind = self.slots.get(slots.end).map_or(0, |slot| slot.room);
        let count = self.added(words.clone());
        let mut costs: Vec<u32> = words.clone().map(|word| self.cost(word)).collect();
        let (slots, words) = (&self.slots[slots], &self.words[words]);
        if slots.is_empty() && (words.is_empty() || open != Open::Neither) {
            return Gap::default();
        }
        if (slots.len() + 1) * (words.len() + 1) > MAX_GAP {
            let lacking: u32 = slots.iter().map(|slot| self.lacking(slot)).sum();
            let room: usize = slots.iter().map(|s| usize::from(s.room)).sum::<usize>() + usize::from(room_behind);
            let added = match open {
                Open::Neither => count.saturating_sub(room) as u32 * WORD + count.min(room) as u32 * ROOM,
                _ => 0,
            };
            return Gap { explained: 0, cost: lacking.max(added), reached: 0 };
        }
        match open {
            // From the far end, so that one way of counting serves both.
            Open::Start => {
                let slots: Vec<Slot> = slots.iter().rev().copied().collect();
                let words: Vec<u16> = words.iter().rev().copied().collect();
                costs.reverse();
                self.table(&slots, &words, &costs, room_behind, Open::Start).dear()
            }
            _ => {
                let mut gap = self.table(slots, words, &costs, room_behind, open);
                if open == Open::End {
                    gap = gap.dear();
                } else {
                    let room = slots.iter().map(|s| usize::from(s.room)).sum::<usize>() + usize::from(room_behind);
                    gap.cost = gap.cost.max(count.saturating_sub(slots.len() + room) as u32 * WORD);
                }
                gap
            }
        }
    }

    /// What a word of the text costs that the template does not have.
    fn cost(&self, word: usize) -> u32 {
        match self.counting[word + 1] > self.counting[word] {
            false => 0,
            true if self.store.is_weighty(self.words[word]) => WEIGHTY,
            true => WORD,
        }
    }

    /// What a word costs that is where the template has room.
    fn roomed(cost: u32) -> u32 {
        if cost == WORD { ROOM } else { cost }
    }

    fn lacking(&self, slot: &Slot) -> u32 {
        match slot.optional {
            true => 0,
            false if self.store.is_weighty(slot.word) => WEIGHTY,
            false => WORD,
        }
    }

    /// The cheapest way of making `words` of `slots`.
    fn table(&self, slots: &[Slot], words: &[u16], added: &[u32], room_behind: u8, open: Open) -> Gap {
        // Whether a word may be added behind the first `row` slots.
        let open_at = |row: usize| match open {
            Open::Start => row > 0 && slots[row - 1].room > 0 || row == 0 && room_behind > 0,
            _ => slots.get(row).map_or(room_behind, |slot| slot.room) > 0,
        };
        // Each cell: what it costs, the words that are explained, and how far the last of those reaches.
        let mut above: Vec<Cell> = Vec::with_capacity(words.len() + 1);
        let mut current: Vec<Cell> = vec![Cell::default()];
        for (column, cost) in added.iter().enumerate() {
            let cost = if open_at(0) { Self::roomed(*cost) } else { *cost };
            let cell = current[column].plus(cost);
            current.push(cell);
        }
        for (row, slot) in slots.iter().enumerate() {
            std::mem::swap(&mut above, &mut current);
            current.clear();
            let lacking = self.lacking(slot);
            current.push(above[0].plus(lacking));
            let free = open_at(row + 1);
            for (column, word) in words.iter().enumerate() {
                let mut cell = above[column + 1].plus(lacking);
                cell = cell.or(current[column].plus(if free { Self::roomed(added[column]) } else { added[column] }));
                let same = slot.word == *word;
                let pair = match same {
                    true => Cell { cost: above[column].cost, same: above[column].same + 1, reached: column + 1 },
                    false => above[column].plus(lacking.max(added[column])),
                };
                current.push(cell.or(pair));
            }
        }
        let end = match open {
            Open::Neither => current.last().copied(),
            _ => current.iter().copied().reduce(Cell::or),
        };
        let end = end.unwrap_or_default();
        Gap { explained: end.same, cost: end.cost, reached: end.reached }
    }
}
