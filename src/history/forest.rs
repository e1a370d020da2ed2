//! Defines [`Forest`]: every entry of every pack, linked to the deltas that are based on it.

use rayon::prelude::*;

use super::id::ObjectId;
use super::pack::Pack;
use super::pack::entry::{Kind, Type};
use super::store::Store;

/// No entry.
const NONE: u32 = u32::MAX;
/// What an entry costs beside its compressed bytes, in the same unit.
const FIXED_WEIGHT: u64 = 256;

/// The delta trees of a store. Entries are numbered through all packs, within a pack in the order of the file.
pub struct Forest {
    /// The first entry of each pack, and behind the last.
    starts: Vec<u32>,
    /// The number of each pack's first slot, and behind the last.
    numbers: Vec<u32>,
    offset: Vec<u64>,
    slot: Vec<u32>,
    /// Where the children of each entry begin, and behind the last.
    first_child: Vec<u32>,
    children: Vec<u32>,
    /// Of an entry with everything below it.
    weight: Vec<u32>,
    /// Whole objects.
    pub roots: Vec<(u32, Type)>,
    /// Deltas whose base is in no pack, and entries whose header cannot be read.
    pub orphans: Vec<u32>,
    /// Deltas that are based on each other in a circle, and what is based on those.
    pub circular: Vec<u32>,
    /// What the indexes say wrongly, a sentence each.
    pub gaps: Vec<String>,
}

impl Forest {
    /// Reads the header of every entry.
    pub fn new(store: &Store) -> Self {
        let mut forest = Self::empty();
        for pack in &store.packs {
            forest.add_entries(pack);
        }
        let parent = forest.link(store);
        forest.order(&parent);
        forest
    }

    /// How many slots all packs have together.
    pub fn count(&self) -> u32 {
        *self.numbers.last().unwrap_or(&0)
    }

    /// The number of a slot among those of all packs.
    pub fn number(&self, pack: usize, slot: u32) -> u32 {
        self.numbers[pack] + slot
    }

    /// The number of the pack that holds an entry.
    pub fn pack_of(&self, entry: u32) -> usize {
        self.starts.partition_point(|start| *start <= entry).saturating_sub(1)
    }

    /// Where an entry begins in its pack.
    pub fn offset(&self, entry: u32) -> u64 {
        self.offset[entry as usize]
    }

    /// Where the entry behind this one begins; the end of the number space behind the last of a pack.
    pub fn end(&self, entry: u32) -> u64 {
        let next = entry + 1;
        if self.starts.binary_search(&next).is_ok() { u64::MAX } else { self.offset[next as usize] }
    }

    /// The slot of an entry in its pack's index.
    pub fn slot(&self, entry: u32) -> u32 {
        self.slot[entry as usize]
    }

    /// The deltas that are based on an entry, the heaviest first.
    pub fn children(&self, entry: u32) -> &[u32] {
        let entry = entry as usize;
        &self.children[self.first_child[entry] as usize..self.first_child[entry + 1] as usize]
    }

    /// How much work an entry is, with everything that is based on it: roughly compressed bytes.
    pub fn weight(&self, entry: u32) -> u64 {
        u64::from(self.weight[entry as usize])
    }

    /// The entry of an object in a pack, by its slot.
    pub fn entry(&self, pack: &Pack, number: usize, slot: u32) -> Option<u32> {
        self.entry_at(number, pack.offset(slot)?)
    }

    fn empty() -> Self {
        Self {
            starts: vec![0],
            numbers: vec![0],
            offset: Vec::new(),
            slot: Vec::new(),
            first_child: Vec::new(),
            children: Vec::new(),
            weight: Vec::new(),
            roots: Vec::new(),
            orphans: Vec::new(),
            circular: Vec::new(),
            gaps: Vec::new(),
        }
    }

    fn add_entries(&mut self, pack: &Pack) {
        // 32 bits are enough for every repository that fits on a disk of today; what is beyond is not numbered.
        let room = NONE - 1 - self.count();
        let mut entries: Vec<(u64, u32)> =
            (0..pack.count().min(room)).into_par_iter().filter_map(|slot| Some((pack.offset(slot)?, slot))).collect();
        entries.par_sort_unstable();
        entries.dedup_by_key(|(offset, _)| *offset);
        let lost = pack.count() as usize - entries.len();
        if lost > 0 {
            self.gaps.push(format!("pack `{}`: its index is wrong about {lost} objects", pack.name));
        }
        self.offset.extend(entries.iter().map(|(offset, _)| offset));
        self.slot.extend(entries.iter().map(|(_, slot)| slot));
        self.starts.push(u32::try_from(self.offset.len()).unwrap_or(NONE));
        self.numbers.push((NONE - 1 - room).saturating_add(pack.count()));
    }

    /// Finds the base of every delta; fills the roots and the children.
    fn link(&mut self, store: &Store) -> Vec<u32> {
        let header = |(entry, &offset): (usize, &u64)| {
            let entry = u32::try_from(entry).unwrap_or(NONE);
            let number = self.pack_of(entry);
            let Some(read) = store.packs[number].entry(offset) else { return (None, NONE) };
            match read.header.kind {
                Kind::Whole(kind) => (Some(kind), NONE),
                Kind::Near(distance) => (None, self.base_before(number, entry, offset.checked_sub(distance))),
                Kind::Named => (None, read.base.and_then(|id| self.base_named(store, number, id)).unwrap_or(NONE)),
            }
        };
        let bases: Vec<(Option<Type>, u32)> = self.offset.par_iter().enumerate().map(header).collect();
        let mut first_child = vec![0u32; bases.len() + 1];
        for (_, base) in bases.iter().filter(|(_, base)| *base != NONE) {
            first_child[*base as usize + 1] += 1;
        }
        for entry in 0..bases.len() {
            first_child[entry + 1] += first_child[entry];
        }
        let mut next = first_child.clone();
        let mut children = vec![0u32; *first_child.last().unwrap_or(&0) as usize];
        for (entry, (kind, base)) in (0u32..).zip(&bases) {
            match (kind, *base) {
                (Some(kind), _) => self.roots.push((entry, *kind)),
                (None, NONE) => self.orphans.push(entry),
                (None, base) => {
                    children[next[base as usize] as usize] = entry;
                    next[base as usize] += 1;
                }
            }
        }
        (self.first_child, self.children) = (first_child, children);
        bases.into_iter().map(|(_, base)| base).collect()
    }

    /// Sums the weights from the leaves to the roots, finds cycles, and puts heavy children first.
    fn order(&mut self, parent: &[u32]) {
        let mut weight: Vec<u32> = (0..parent.len()).map(|entry| self.own_weight(entry)).collect();
        let mut order: Vec<u32> =
            self.roots.iter().map(|(entry, _)| *entry).chain(self.orphans.iter().copied()).collect();
        order.reserve_exact(parent.len().saturating_sub(order.len()));
        let mut done = 0;
        while let Some(&entry) = order.get(done) {
            order.extend_from_slice(self.children(entry));
            done += 1;
        }
        if order.len() < parent.len() {
            let mut reached = vec![false; parent.len()];
            order.iter().for_each(|entry| reached[*entry as usize] = true);
            self.circular = (0u32..).zip(&reached).filter(|(_, reached)| !**reached).map(|(entry, _)| entry).collect();
        }
        for &entry in order.iter().rev() {
            let base = parent[entry as usize];
            if base != NONE {
                weight[base as usize] = weight[base as usize].saturating_add(weight[entry as usize]);
            }
        }
        for entry in 0..parent.len() {
            let family = self.first_child[entry] as usize..self.first_child[entry + 1] as usize;
            if family.len() > 1 {
                self.children[family].sort_unstable_by_key(|child| std::cmp::Reverse(weight[*child as usize]));
            }
        }
        self.weight = weight;
    }

    fn own_weight(&self, entry: usize) -> u32 {
        let number = u32::try_from(entry).unwrap_or(NONE);
        let bytes = self.end(number).saturating_sub(self.offset[entry]);
        // The last entry of a pack has no end of its own.
        let bytes = if bytes > u64::from(u32::MAX) { 0 } else { bytes };
        u32::try_from(bytes + FIXED_WEIGHT).unwrap_or(u32::MAX)
    }

    /// The entry of this pack that begins at an offset before `entry`: mostly near, so the search gallops.
    fn base_before(&self, pack: usize, entry: u32, offset: Option<u64>) -> u32 {
        let Some(offset) = offset else { return NONE };
        let first = self.starts[pack] as usize;
        let (mut high, mut step) = (entry as usize, 16);
        let mut low = high;
        while low > first && self.offset[low] > offset {
            high = low;
            low = low.saturating_sub(step).max(first);
            step *= 4;
        }
        match self.offset[low..=high].binary_search(&offset) {
            Ok(found) => u32::try_from(low + found).unwrap_or(NONE),
            Err(_) => NONE,
        }
    }

    fn base_named(&self, store: &Store, pack: usize, id: ObjectId) -> Option<u32> {
        let own = store.packs[pack].find(id.as_bytes()).map(|slot| (pack, slot));
        let (number, slot) = own.or_else(|| store.find(id.as_bytes()))?;
        self.entry(&store.packs[number], number, slot)
    }

    fn entry_at(&self, pack: usize, offset: u64) -> Option<u32> {
        let (first, end) = (self.starts[pack] as usize, self.starts[pack + 1] as usize);
        let found = self.offset[first..end].binary_search(&offset).ok()?;
        u32::try_from(first + found).ok()
    }
}
