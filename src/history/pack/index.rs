//! Defines [`Index`]: which object lies where in a pack (`.idx`, versions 1 and 2, gitformat-pack(5)).

use rayon::prelude::*;

use super::super::bytes::{Bytes, be32, be64};

const FANOUT: usize = 256 * 4;

/// The index of one pack. Nothing in it is trusted: every access is checked.
pub struct Index {
    data: Bytes,
    width: usize,
    count: u32,
    version: u32,
}

impl Index {
    /// Checks the frame of an index whose ids have `width` bytes.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(data: Bytes, width: usize) -> Result<Self, String> {
        let version = match data.get(..4) {
            Some(b"\xfftOc") => be32(&data, 4).unwrap_or(0),
            Some(_) => 1,
            None => return Err("the index is cut short".to_owned()),
        };
        let mut index = Self { data, width, count: 0, version };
        if !matches!(version, 1 | 2) {
            return Err(format!("the index has the unknown version {version}"));
        }
        let mut before = 0;
        for bucket in 0..256 {
            let end = index.fanout(bucket).ok_or("the index is cut short")?;
            if end < before {
                return Err("the index is damaged: its fan-out table is not sorted".to_owned());
            }
            before = end;
        }
        index.count = before;
        let each = if version == 1 { 4 + width } else { width + 4 + 4 };
        let least = (index.count as usize).checked_mul(each).and_then(|n| n.checked_add(index.table() + 2 * width));
        match least.is_some_and(|least| index.data.len() >= least) {
            false => Err("the index is cut short".to_owned()),
            true if !index.is_sorted() => Err("the index is damaged: its ids are not sorted".to_owned()),
            true => Ok(index),
        }
    }

    /// Whether every id is in its bucket and behind the one before: only then is each of them found.
    fn is_sorted(&self) -> bool {
        let bucket = |slot: u32| self.id(slot).first().map_or(0, |byte| usize::from(*byte));
        let fits = (0..256).all(|at| {
            let (start, end) =
                (if at == 0 { 0 } else { self.fanout(at - 1).unwrap_or(0) }, self.fanout(at).unwrap_or(0));
            start == end || (bucket(start) == at && bucket(end - 1) == at)
        });
        fits && (1..self.count).into_par_iter().with_min_len(1 << 16).all(|slot| self.id(slot - 1) <= self.id(slot))
    }

    /// How many objects it lists.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The raw id in a slot; slots are sorted by id. Empty beyond the last slot.
    pub fn id(&self, slot: u32) -> &[u8] {
        let slot = slot as usize;
        let start = match self.version {
            1 => self.table() + slot * (4 + self.width) + 4,
            _ => self.table() + slot * self.width,
        };
        self.data.get(start..start + self.width).filter(|_| slot < self.count as usize).unwrap_or_default()
    }

    /// Where the object of a slot begins in the pack; `None` when the index does not say.
    pub fn offset(&self, slot: u32) -> Option<u64> {
        let (slot, count) = (slot as usize, self.count as usize);
        if slot >= count {
            return None;
        }
        if self.version == 1 {
            return be32(&self.data, self.table() + slot * (4 + self.width)).map(u64::from);
        }
        let offsets = self.table() + count * (self.width + 4);
        let near = be32(&self.data, offsets + slot * 4)?;
        if near >> 31 == 0 {
            return Some(u64::from(near));
        }
        let far = offsets + count * 4 + (near & 0x7fff_ffff) as usize * 8;
        let end = self.data.len().checked_sub(2 * self.width)?;
        be64(&self.data, far).filter(|_| far + 8 <= end)
    }

    /// The CRC-32 of an entry as it is in the pack; `None` in an index of version 1, which has none.
    pub fn checksum(&self, slot: u32) -> Option<u32> {
        let (slot, count) = (slot as usize, self.count as usize);
        be32(&self.data, self.table() + count * self.width + slot * 4).filter(|_| self.version == 2 && slot < count)
    }

    /// The slot of an object.
    pub fn find(&self, id: &[u8]) -> Option<u32> {
        let first = usize::from(*id.first()?);
        let mut low = if first == 0 { 0 } else { self.fanout(first - 1)? };
        let mut high = self.fanout(first)?.min(self.count);
        // Ids are hashes, so the next bytes tell about where in its bucket an id is: two looks leave a small part.
        let part = u64::from(be32(id, 1)?);
        let guess = low + u32::try_from((u64::from(high.saturating_sub(low)) * part) >> 32).unwrap_or(0);
        let slack = 2 * high.saturating_sub(low).isqrt() + 2;
        let (below, above) = (guess.saturating_sub(slack).max(low), guess.saturating_add(slack).min(high));
        // One number says nearly always which of two ids is the lesser.
        let wanted = be64(id, 0);
        let order = |slot: u32| be64(self.id(slot), 0).cmp(&wanted).then_with(|| self.id(slot).cmp(id));
        if below > low && order(below).is_le() {
            low = below;
        }
        if above < high && order(above).is_gt() {
            high = above;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            match order(middle) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    fn fanout(&self, bucket: usize) -> Option<u32> {
        be32(&self.data, self.table() - FANOUT + bucket * 4)
    }

    /// Where the table behind the fan-out begins.
    fn table(&self) -> usize {
        if self.version == 1 { FANOUT } else { 8 + FANOUT }
    }
}
