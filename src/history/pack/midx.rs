//! Defines [`MultiIndex`]: one index over several packs (`multi-pack-index`, gitformat-pack(5)). It is only needed for
//! packs that have lost their own index; git keeps those beside it.

use std::ops::Range;
use std::sync::Arc;

use super::super::bytes::{Bytes, be32, be64};

const HEADER: usize = 12;
const CHUNK: usize = 12;

/// A parsed multi-pack index. Nothing in it is trusted: every access is checked.
pub struct MultiIndex {
    data: Bytes,
    width: usize,
    count: u32,
    names: Vec<String>,
    ids: Range<usize>,
    offsets: Range<usize>,
    far_offsets: Range<usize>,
}

/// The objects of one pack in a multi-pack index.
pub struct Listing {
    index: Arc<MultiIndex>,
    /// Positions in the index, ascending.
    positions: Vec<u32>,
}

impl MultiIndex {
    /// Checks the frame of a multi-pack index whose ids have `width` bytes.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(data: Bytes, width: usize) -> Result<Self, String> {
        let short = || "the multi-pack index is damaged".to_owned();
        if data.get(..4) != Some(b"MIDX") || data.get(4) != Some(&1) {
            return Err("the multi-pack index has an unknown version".to_owned());
        }
        let chunk = |name: &[u8; 4]| -> Option<Range<usize>> {
            let chunks = usize::from(*data.get(6)?);
            let at = (0..chunks).map(|i| HEADER + i * CHUNK).find(|at| data.get(*at..at + 4) == Some(name))?;
            let start = usize::try_from(be64(&data, at + 4)?).ok()?;
            let end = usize::try_from(be64(&data, at + CHUNK + 4)?).ok()?;
            (start <= end && end <= data.len()).then_some(start..end)
        };
        let fanout = chunk(b"OIDF").filter(|range| range.len() >= 1024).ok_or_else(short)?;
        let ids = chunk(b"OIDL").ok_or_else(short)?;
        let offsets = chunk(b"OOFF").ok_or_else(short)?;
        let far_offsets = chunk(b"LOFF").unwrap_or(0..0);
        let names = chunk(b"PNAM").ok_or_else(short)?;
        let names = data[names].split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let names = names.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        let count = be32(&data, fanout.start + 255 * 4).ok_or_else(short)?;
        if ids.len() / width < count as usize || offsets.len() / 8 < count as usize {
            return Err(short());
        }
        Ok(Self { data, width, count, names, ids, offsets, far_offsets })
    }

    /// The names of the packs' indexes, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The objects of the pack with a number in [`names`](Self::names); `None` when the ids are not sorted, so that
    /// none of them would be found for sure.
    pub fn listing(self: &Arc<Self>, pack: u32) -> Option<Listing> {
        let sorted = (1..self.count).all(|position| self.id(position - 1) <= self.id(position));
        let positions = (0..self.count).filter(|p| self.entry(*p).is_some_and(|(of, _)| of == pack)).collect();
        sorted.then(|| Listing { index: Arc::clone(self), positions })
    }

    /// The objects of the pack with an index of that name; `None` when it lists none such.
    pub fn listing_of(self: &Arc<Self>, index: &str) -> Option<Listing> {
        let number = self.names.iter().position(|name| name == index)?;
        self.listing(u32::try_from(number).ok()?)
    }

    fn id(&self, position: u32) -> &[u8] {
        let start = self.ids.start + position as usize * self.width;
        self.data.get(start..start + self.width).unwrap_or_default()
    }

    /// The pack of an object and where it begins there.
    fn entry(&self, position: u32) -> Option<(u32, u64)> {
        let at = self.offsets.start + position as usize * 8;
        let (pack, near) = (be32(&self.data, at)?, be32(&self.data, at + 4)?);
        if near >> 31 == 0 || self.far_offsets.is_empty() {
            return Some((pack, u64::from(near)));
        }
        let far = self.far_offsets.start + (near & 0x7fff_ffff) as usize * 8;
        Some((pack, be64(&self.data, far).filter(|_| far + 8 <= self.far_offsets.end)?))
    }
}

impl Listing {
    /// How many objects it lists.
    pub fn count(&self) -> u32 {
        u32::try_from(self.positions.len()).unwrap_or(u32::MAX)
    }

    /// The raw id in a slot; empty beyond the last.
    pub fn id(&self, slot: u32) -> &[u8] {
        self.positions.get(slot as usize).map(|position| self.index.id(*position)).unwrap_or_default()
    }

    /// Where the object of a slot begins in the pack.
    pub fn offset(&self, slot: u32) -> Option<u64> {
        self.index.entry(*self.positions.get(slot as usize)?).map(|(_, offset)| offset)
    }

    /// The slot of an object.
    pub fn find(&self, id: &[u8]) -> Option<u32> {
        let slot = self.positions.binary_search_by(|position| self.index.id(*position).cmp(id)).ok()?;
        u32::try_from(slot).ok()
    }
}
