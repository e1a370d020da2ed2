//! Defines [`Alignment`]: how well a stretch of a text fits a template, word by word.
//!
//! Runs of words that both have are found first, then chained in the order of both, and what lies between the runs of a
//! chain is compared exactly where it is short. A word costs [`WORD`], one that turns the meaning ten times that, and one
//! where the template leaves room a third.

mod gap;
mod places;

use super::store::{Entry, PIECE, Slot, Store, UNKNOWN, piece};
use gap::{Gap, Open};
pub(super) use places::Places;

/// What a word costs that only one side has.
pub(super) const WORD: u32 = 10;
/// The most runs of one template in one text; a text that has more is no license.
const MAX_RUNS: usize = 6_000;
/// How many runs before one are asked whether they belong to it.
const LOOK_BACK: usize = 48;
/// A stretch of words that template and text have in common.
#[derive(Clone, Copy)]
struct Run {
    slot: usize,
    word: usize,
    length: usize,
}

/// Where and how well a template fits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Alignment {
    /// The first word of the text.
    pub(super) start: usize,
    /// The one behind the last.
    pub(super) end: usize,
    /// How many words of the text the template has.
    pub(super) explained: u32,
    /// What the differences cost, a [`WORD`] a word.
    pub(super) cost: u32,
}

/// All places of a text that a template fits to at least `least` of its words, the best first.
pub(super) fn alignments(store: &Store, entry: &Entry, text: &Places, least: f32) -> Vec<Alignment> {
    let mut sum = Sum::default();
    let mut sums = vec![sum];
    sums.extend(entry.slots.iter().map(|slot| {
        sum = Sum { required: sum.required + u32::from(!slot.optional), room: sum.room + u32::from(slot.room) };
        sum
    }));
    let side = Sides { store, slots: &entry.slots, sums, words: text.words, counting: &text.counting };
    let wanted = (entry.required as f32 * least) as usize;
    let runs = side.runs(text);
    // A run counts once for each place of the text, so this is no less than what a chain can have.
    match runs.iter().map(|run| run.length).sum::<usize>() < wanted {
        true => Vec::new(),
        false => side.chains(&runs, wanted as u32).into_iter().map(|chain| side.measure(&chain)).collect(),
    }
}

/// What the slots before one have in all.
#[derive(Clone, Copy, Default)]
struct Sum {
    required: u32,
    room: u32,
}

struct Sides<'a> {
    store: &'a Store,
    slots: &'a [Slot],
    sums: Vec<Sum>,
    words: &'a [u16],
    counting: &'a [u32],
}

impl Sides<'_> {
    /// Runs by their place in the text.
    fn runs(&self, text: &Places) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut window = [UNKNOWN; PIECE];
        for slot in 0..(self.slots.len() + 1).saturating_sub(PIECE) {
            for (place, slot) in window.iter_mut().zip(&self.slots[slot..]) {
                *place = slot.word;
            }
            let Some(hash) = piece(&window) else { continue };
            for word in text.of(hash) {
                let begun = slot > 0 && word > 0 && self.slots[slot - 1].word == self.words[word - 1];
                if begun || self.words[word..word + PIECE] != window {
                    continue;
                }
                let pairs = self.slots[slot..].iter().zip(&self.words[word..]);
                let length = pairs.take_while(|(slot, word)| slot.word == **word).count();
                runs.push(Run { slot, word, length });
                if runs.len() >= MAX_RUNS {
                    break;
                }
            }
        }
        // What a longer run has as well is chance: a phrase that licenses are full of.
        let mut longest = vec![0usize; self.words.len()];
        for run in &runs {
            for word in &mut longest[run.word..run.word + run.length] {
                *word = run.length.max(*word);
            }
        }
        runs.retain(|run| longest[run.word..run.word + run.length].iter().any(|l| run.length * 2 > *l));
        runs.sort_unstable_by_key(|run| (run.word, run.slot));
        runs
    }

    /// Chains of runs that go up on both sides and explain at least `least` words, the longest first.
    fn chains(&self, runs: &[Run], least: u32) -> Vec<Vec<Run>> {
        let mut best: Vec<(i64, usize)> = Vec::with_capacity(runs.len());
        for (at, run) in runs.iter().enumerate() {
            let mut mine = (run.length as i64, at);
            for before in at.saturating_sub(LOOK_BACK)..at {
                let Some(rest) = cut(&runs[before], run) else { continue };
                let score = best[before].0 + rest.length as i64 - self.penalty(&runs[before], &rest);
                if score > mine.0 {
                    mine = (score, before);
                }
            }
            best.push(mine);
        }
        let mut order: Vec<usize> = (0..runs.len()).filter(|at| best[*at].0 >= i64::from(least)).collect();
        order.sort_unstable_by_key(|at| (std::cmp::Reverse(best[*at].0), *at));
        let mut used = vec![false; runs.len()];
        let mut chains = Vec::new();
        for end in order {
            if used[end] {
                continue;
            }
            let mut chain = Vec::new();
            let mut at = end;
            while !used[at] {
                used[at] = true;
                chain.push(runs[at]);
                if best[at].1 == at {
                    break;
                }
                at = best[at].1;
            }
            chain.reverse();
            for at in 1..chain.len() {
                // Only those that go on behind the one before are chained.
                if let Some(rest) = cut(&chain[at - 1], &chain[at]) {
                    chain[at] = rest;
                }
            }
            chains.push(chain);
        }
        chains
    }

    /// A guess of what lies between two runs, in words.
    fn penalty(&self, before: &Run, after: &Run) -> i64 {
        let (from, to) = (before.slot + before.length, after.slot);
        let lacking = (self.sums[to].required - self.sums[from].required) as usize;
        let added = self.added(before.word + before.length..after.word);
        // The room before the slot that comes next counts.
        let room = (self.sums[(to + 1).min(self.slots.len())].room - self.sums[from].room) as usize;
        lacking.max(added.saturating_sub(room)) as i64
    }

    /// How many of these words of the text count.
    fn added(&self, words: std::ops::Range<usize>) -> usize {
        (self.counting[words.end] - self.counting[words.start]) as usize
    }

    /// What a chain costs in all.
    fn measure(&self, chain: &[Run]) -> Alignment {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else {
            return Alignment { start: 0, end: 0, explained: 0, cost: u32::MAX };
        };
        let mut total = Alignment { start: first.word, end: last.word + last.length, explained: 0, cost: 0 };
        let reach = first.slot + first.slot / 4 + 8;
        let head = self.gap(0..first.slot, first.word.saturating_sub(reach)..first.word, Open::Start);
        total.start -= head.reached;
        total.add(&head);
        for pair in chain.windows(2) {
            let (one, other) = (&pair[0], &pair[1]);
            total.add(&self.gap(one.slot + one.length..other.slot, one.word + one.length..other.word, Open::Neither));
        }
        let rest = last.slot + last.length;
        let left = self.slots.len() - rest;
        let until = (total.end + left + left / 4 + 8).min(self.words.len());
        let tail = self.gap(rest..self.slots.len(), total.end..until, Open::End);
        total.end += tail.reached;
        total.add(&tail);
        total.explained += chain.iter().map(|run| run.length as u32).sum::<u32>();
        total
    }
}

impl Alignment {
    fn add(&mut self, gap: &Gap) {
        self.explained += gap.explained;
        self.cost += gap.cost;
    }
}

/// What is left of a run that begins before another ends; `None` when nothing is, or it begins earlier.
fn cut(before: &Run, run: &Run) -> Option<Run> {
    if run.slot <= before.slot || run.word <= before.word {
        return None;
    }
    let over = (before.slot + before.length).saturating_sub(run.slot);
    let over = over.max((before.word + before.length).saturating_sub(run.word));
    (over < run.length).then(|| Run { slot: run.slot + over, word: run.word + over, length: run.length - over })
}
