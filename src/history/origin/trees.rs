//! Collects which tree holds which tree or wanted blob, and under which name, in one pass over all trees.
//!
//! A tree that was made from another by copying holds the same entries where it was copied, so only what is new in it
//! is parsed, and only what it gained and lost is remembered: it holds what its base holds and it did not lose. Trees cannot be read from the middle: every 128 bytes the start of an entry is remembered.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use super::super::objects::Objects;
use super::super::pack::delta::Segment;
use super::super::walk::{Seen, Visitor};
use super::super::{ObjectId, Type};
use super::commits::NONE;

/// Bytes between two remembered starts of entries.
const SPACING: u32 = 128;

/// A tree, and every tree made from it that does not lose the link again, holds an object under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    /// The number of the object that is held.
    pub(super) child: u32,
    /// The number of the reading of the tree.
    pub(super) reading: u32,
    /// Index into the names.
    pub(super) name: u32,
}

/// One reading of a tree: copies in several packs are read for what is based on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The reading that its tree was made from, or [`NONE`].
    pub(super) base: u32,
    /// The number of the tree among all objects; [`NONE`] for a further copy.
    pub(super) tree: u32,
}

/// What changes in trees from version to version: much less than what they hold.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) readings: Vec<Reading>,
    /// Links that a tree has and its base does not.
    pub(super) gained: Vec<Link>,
    /// Links that a tree does not have and its base does.
    pub(super) lost: Vec<Link>,
    pub(super) names: Vec<Vec<u8>>,
}

/// Reads all trees.
pub(super) fn read(objects: &Objects, wanted: &HashSet<ObjectId>) -> Changes {
    let mut likely = vec![false; 1 << 16];
    wanted.iter().for_each(|id| likely[likely_index(id.as_bytes())] = true);
    let all = Mutex::default();
    objects.walk(&[Type::Tree], &Trees { objects, wanted, likely, count: AtomicU32::new(0), all: &all }, &|_| ());
    let all: Gathered = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut readings = vec![Reading { base: NONE, tree: NONE }; all.readings.len()];
    for (number, reading) in all.readings {
        readings[number as usize] = reading;
    }
    Changes { readings, gained: all.gained, lost: all.lost, names: all.names }
}

/// What the threads hand over.
#[derive(Default)]
struct Gathered {
    readings: Vec<(u32, Reading)>,
    gained: Vec<Link>,
    lost: Vec<Link>,
    names: Vec<Vec<u8>>,
    numbers: HashMap<Vec<u8>, u32>,
}

fn likely_index(id: &[u8]) -> usize {
    id.first_chunk().map_or(0, |pair| usize::from(u16::from_le_bytes(*pair)))
}

struct Trees<'a> {
    objects: &'a Objects,
    wanted: &'a HashSet<ObjectId>,
    /// By the first two bytes of an id: whether it may be wanted.
    likely: Vec<bool>,
    /// Readings so far.
    count: AtomicU32,
    all: &'a Mutex<Gathered>,
}

/// What is known of a tree.
#[derive(Default)]
pub(super) struct Marks {
    /// The number of its reading.
    reading: u32,
    /// Starts of entries, ascending.
    starts: Vec<u32>,
    /// Ascending by place.
    held: Vec<Held>,
}

/// An entry of interest.
#[derive(Clone, Copy)]
struct Held {
    at: u32,
    child: u32,
    name: u32,
}

/// What a thread collects, handed over when it is done.
pub(super) struct Collected<'a> {
    readings: Vec<(u32, Reading)>,
    gained: Vec<Link>,
    lost: Vec<Link>,
    names: HashMap<Vec<u8>, u32>,
    all: &'a Mutex<Gathered>,
}

impl Drop for Collected<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.readings.append(&mut self.readings);
        all.gained.append(&mut self.gained);
        all.lost.append(&mut self.lost);
    }
}

impl Collected<'_> {
    fn name(&mut self, name: &[u8]) -> u32 {
        if let Some(number) = self.names.get(name) {
            return *number;
        }
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let all = &mut *all;
        let number = *all.numbers.entry(name.to_vec()).or_insert_with(|| {
            all.names.push(name.to_vec());
            u32::try_from(all.names.len() - 1).unwrap_or(u32::MAX)
        });
        self.names.insert(name.to_vec(), number);
        number
    }
}

impl<'a> Visitor for Trees<'a> {
    type Marks = Marks;
    type Scratch = Collected<'a>;

    fn scratch(&self) -> Collected<'a> {
        Collected { readings: Vec::new(), gained: Vec::new(), lost: Vec::new(), names: HashMap::new(), all: self.all }
    }

    fn whole(&self, collected: &mut Collected<'a>, text: &[u8], marks: &mut Marks) {
        self.begin(collected, NONE, marks);
        self.parse(collected, text, 0, text.len(), marks);
    }

    fn edited(
        &self,
        collected: &mut Collected<'a>,
        text: &[u8],
        segments: &[Segment],
        base: &Marks,
        marks: &mut Marks,
    ) {
        self.begin(collected, base.reading, marks);
        let mut at = 0;
        // Copies mostly follow each other in the base, too: what they leave out is lost.
        let mut kept = Kept { until: 0, ordered: true };
        for segment in segments {
            if let Some(from) = segment.base {
                at = self.copied(collected, text, at, (segment, from), (base, &mut kept), marks);
            }
            at = self.parse(collected, text, at, segment.end, marks);
        }
        collected.lost.extend(base.held[kept.until..].iter().map(|held| held.link(marks.reading)));
        if !kept.ordered {
            // Nothing is taken as carried over: what was carried over is gained anew.
            collected.lost.extend(base.held[..kept.until].iter().map(|held| held.link(marks.reading)));
            collected.gained.extend(marks.held.iter().map(|held| held.link(marks.reading)));
        }
    }

    fn done(&self, collected: &mut Collected<'a>, seen: &Seen<'_>, _: &[u8], _: &Marks) {
        if let Some((_, last)) = collected.readings.last_mut() {
            last.tree = seen.number;
        }
    }
}

/// How much of the base's links was carried over.
struct Kept {
    /// Those before are carried over or lost.
    until: usize,
    /// Whether that is so: pieces of the base were copied in its order.
    ordered: bool,
}

impl Held {
    fn link(&self, reading: u32) -> Link {
        Link { child: self.child, reading, name: self.name }
    }
}

impl Trees<'_> {
    fn begin(&self, collected: &mut Collected<'_>, base: u32, marks: &mut Marks) {
        marks.reading = self.count.fetch_add(1, Ordering::Relaxed);
        marks.starts.clear();
        marks.held.clear();
        collected.readings.push((marks.reading, Reading { base, tree: NONE }));
    }

    /// Parses up to a remembered start of the base, then takes over what the base knows; returns where that ends.
    fn copied(
        &self,
        collected: &mut Collected<'_>,
        text: &[u8],
        mut at: usize,
        (segment, from): (&Segment, usize),
        (base, kept): (&Marks, &mut Kept),
        marks: &mut Marks,
    ) -> usize {
        while at < segment.end {
            let here = from + (at - segment.start);
            let Ok(first) = base.starts.binary_search(&(here as u32)) else {
                at = self.parse(collected, text, at, at + 1, marks);
                continue;
            };
            let end = (from + segment.end - segment.start) as u32;
            let last = first + base.starts[first..].partition_point(|start| *start <= end) - 1;
            let by = (at as u32).wrapping_sub(here as u32);
            let known = base.starts[first]..base.starts[last];
            marks.starts.extend(base.starts[first..last].iter().map(|start| start.wrapping_add(by)));
            let first = base.held.partition_point(|held| held.at < known.start);
            let last = first + base.held[first..].partition_point(|held| held.at < known.end);
            marks.held.extend(base.held[first..last].iter().map(|held| Held { at: held.at.wrapping_add(by), ..*held }));
            if first < kept.until {
                kept.ordered = false;
            } else {
                collected.lost.extend(base.held[kept.until..first].iter().map(|held| held.link(marks.reading)));
            }
            kept.until = kept.until.max(last);
            return known.end.wrapping_add(by) as usize;
        }
        at
    }

    /// Parses entries from `at` until one begins at or behind `end`; returns where.
    fn parse(&self, collected: &mut Collected<'_>, text: &[u8], mut at: usize, end: usize, marks: &mut Marks) -> usize {
        let width = self.objects.store().width;
        while at < end {
            let Some(length) = text[at..].iter().position(|byte| *byte == 0) else { return text.len() };
            let (name, id) = (at..at + length, at + length + 1..at + length + 1 + width);
            let Some(id) = text.get(id.clone()) else { return text.len() };
            let place = at as u32;
            if marks.starts.last().is_none_or(|last| place >= last + SPACING) {
                marks.starts.push(place);
            }
            let is_tree = text[at] == b'4';
            if is_tree
                || (self.likely[likely_index(id)]
                    && ObjectId::from_bytes(id).is_some_and(|id| self.wanted.contains(&id)))
            {
                let name = text[name].splitn(2, |byte| *byte == b' ').nth(1).unwrap_or_default();
                if let Some(child) = self.objects.number(id) {
                    let held = Held { at: place, child, name: collected.name(name) };
                    collected.gained.push(held.link(marks.reading));
                    marks.held.push(held);
                }
            }
            at += length + 1 + width;
        }
        at
    }
}
