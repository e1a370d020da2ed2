//! Collects which tree holds which tree or wanted blob, and under which name, in one pass over all trees.
//!
//! A tree that was made from another by copying holds the same entries where it was copied, so only what is new in it
//! is parsed. Trees cannot be read from the middle: every 128 bytes the start of an entry is remembered.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use super::super::objects::Objects;
use super::super::pack::delta::Segment;
use super::super::walk::{Seen, Visitor};
use super::super::{ObjectId, Type};

/// Bytes between two remembered starts of entries.
const SPACING: u32 = 128;
/// Edges in a chunk, about.
const CHUNK: usize = 1 << 14;

/// A tree holds an object under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) child: u32,
    pub(super) tree: u32,
    /// Index into the names.
    pub(super) name: u32,
}

/// Every edge of interest, in no order, and the names.
#[derive(Default)]
pub(super) struct Edges {
    pub(super) edges: Vec<Vec<Edge>>,
    pub(super) names: Vec<Vec<u8>>,
    numbers: HashMap<Vec<u8>, u32>,
}

/// Reads all trees.
pub(super) fn read(objects: &Objects, wanted: &HashSet<ObjectId>) -> Edges {
    let mut likely = vec![false; 1 << 16];
    wanted.iter().for_each(|id| likely[likely_index(id.as_bytes())] = true);
    let all = Mutex::default();
    objects.walk(&[Type::Tree], &Trees { objects, wanted, likely, all: &all }, &|_| ());
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn likely_index(id: &[u8]) -> usize {
    id.first_chunk().map_or(0, |pair| usize::from(u16::from_le_bytes(*pair)))
}

struct Trees<'a> {
    objects: &'a Objects,
    wanted: &'a HashSet<ObjectId>,
    /// By the first two bytes of an id: whether it may be wanted.
    likely: Vec<bool>,
    all: &'a Mutex<Edges>,
}

/// What is known of a tree.
#[derive(Default)]
pub(super) struct Marks {
    /// Starts of entries, ascending.
    starts: Vec<u32>,
    /// Ascending by place.
    links: Vec<Link>,
}

#[derive(Clone, Copy)]
struct Link {
    at: u32,
    child: u32,
    name: u32,
}

/// A thread's edges, handed over a chunk at a time: one growing list would hold twice the memory while it moves.
pub(super) struct Collected<'a> {
    edges: Vec<Edge>,
    names: HashMap<Vec<u8>, u32>,
    all: &'a Mutex<Edges>,
}

impl Drop for Collected<'_> {
    fn drop(&mut self) {
        self.hand_over();
    }
}

impl Collected<'_> {
    fn hand_over(&mut self) {
        let chunk = std::mem::replace(&mut self.edges, Vec::with_capacity(CHUNK));
        self.all.lock().unwrap_or_else(PoisonError::into_inner).edges.push(chunk);
    }

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
        Collected { edges: Vec::new(), names: HashMap::new(), all: self.all }
    }

    fn whole(&self, collected: &mut Collected<'a>, text: &[u8], marks: &mut Marks) {
        marks.starts.clear();
        marks.links.clear();
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
        marks.starts.clear();
        marks.links.clear();
        let mut at = 0;
        for segment in segments {
            if let Some(from) = segment.base {
                at = self.copied(collected, text, at, (segment, from), base, marks);
            }
            at = self.parse(collected, text, at, segment.end, marks);
        }
    }

    fn done(&self, collected: &mut Collected<'a>, seen: &Seen<'_>, _: &[u8], marks: &Marks) {
        let edge = |link: &Link| Edge { child: link.child, tree: seen.number, name: link.name };
        collected.edges.extend(marks.links.iter().map(edge));
        if collected.edges.len() >= CHUNK {
            collected.hand_over();
        }
    }
}

impl Trees<'_> {
    /// Parses up to a remembered start of the base, then takes over what the base knows; returns where that ends.
    fn copied(
        &self,
        collected: &mut Collected<'_>,
        text: &[u8],
        mut at: usize,
        (segment, from): (&Segment, usize),
        base: &Marks,
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
            let links = &base.links[base.links.partition_point(|link| link.at < known.start)..];
            let links = links.iter().take_while(|link| link.at < known.end);
            marks.links.extend(links.map(|link| Link { at: link.at.wrapping_add(by), ..*link }));
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
                    marks.links.push(Link { at: place, child, name: collected.name(name) });
                }
            }
            at += length + 1 + width;
        }
        at
    }
}
