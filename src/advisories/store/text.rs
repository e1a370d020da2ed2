//! What there is to read of records, in blocks that are compressed each by itself: zlib, RFC 1950.
//!
//! A block is a row of entries: the place of the record, the length of its text, the text as JSON. The directory has
//! twenty bytes for each block: the first record, the place of the block, its length, and that of what is in it.

use rayon::prelude::*;

use super::bytes::{Cursor, Damaged, put_size, put_varint, u32_at, u64_at};
use super::layout::Section;
use super::{Place, Store};
use crate::advisories::record::Text;

const ENTRY: usize = 20;
/// A block is closed when it has so many bytes.
const FULL: usize = 64 << 10;
/// No block has more, in bytes: whatever a file says, no more are asked for.
const MAX_BLOCK: usize = 16 << 20;
/// All texts together take no more than so many times their blocks.
const MOST_TIMES: usize = 32;

/// The directory and the blocks, of the texts of records in the order of their places.
pub(super) fn write(texts: &[(u32, Vec<u8>)]) -> (Vec<u8>, Vec<u8>) {
    let mut blocks: Vec<(u32, Vec<u8>)> = Vec::new();
    for (place, json) in texts {
        let has_room = blocks.last().is_some_and(|(_, block)| block.len() < FULL);
        if !has_room {
            blocks.push((*place, Vec::with_capacity(FULL + json.len())));
        }
        if let Some((_, block)) = blocks.last_mut() {
            put_varint(block, u64::from(*place));
            put_size(block, json.len());
            block.extend_from_slice(json);
        }
    }
    let packed: Vec<(u32, usize, Vec<u8>)> =
        blocks.par_iter().map(|(first, block)| (*first, block.len(), compress(block))).collect();
    let (mut directory, mut out) = (Vec::with_capacity(packed.len() * ENTRY), Vec::new());
    for (first, length, block) in packed {
        directory.extend(first.to_le_bytes());
        directory.extend((out.len() as u64).to_le_bytes());
        directory.extend((block.len() as u32).to_le_bytes());
        directory.extend((length as u32).to_le_bytes());
        out.extend(block);
    }
    (directory, out)
}

fn compress(block: &[u8]) -> Vec<u8> {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let mut out = vec![0; compressor.zlib_compress_bound(block.len())];
    // There is always room for the bound that it gave itself.
    let length = compressor.zlib_compress(block, &mut out).unwrap_or_default();
    out.truncate(length);
    out
}

/// The text of a record; an empty one where none was kept.
pub(super) fn find(store: &Store, place: Place) -> Result<Text, Damaged> {
    let directory = store.section(Section::Blocks);
    let count = directory.len() / ENTRY;
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        match u32_at(directory.get(middle * ENTRY..).ok_or(Damaged)?, 0)? <= place.0 {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    let Some(at) = low.checked_sub(1) else { return Ok(Text::default()) };
    let block = open(store, at)?;
    for entry in Entries::of(&block) {
        let (record, json) = entry?;
        if record == u64::from(place.0) {
            return serde_json::from_slice(json).map_err(|_| Damaged);
        }
    }
    Ok(Text::default())
}

/// Calls `each` with the place and the text of every record.
pub(super) fn for_each(store: &Store, mut each: impl FnMut(u64, Text)) -> Result<(), Damaged> {
    let mut room = MAX_BLOCK + store.section(Section::Texts).len().saturating_mul(MOST_TIMES);
    for at in 0..store.section(Section::Blocks).len() / ENTRY {
        let block = open(store, at)?;
        room = room.checked_sub(block.len()).ok_or(Damaged)?;
        for entry in Entries::of(&block) {
            let (record, json) = entry?;
            each(record, serde_json::from_slice(json).map_err(|_| Damaged)?);
        }
    }
    Ok(())
}

/// What is in a block.
fn open(store: &Store, at: usize) -> Result<Vec<u8>, Damaged> {
    let entry = store.section(Section::Blocks).get(at * ENTRY..).ok_or(Damaged)?;
    let start = usize::try_from(u64_at(entry, 4)?).map_err(|_| Damaged)?;
    let (packed, length) = (u32_at(entry, 3)? as usize, u32_at(entry, 4)? as usize);
    let end = start.checked_add(packed).ok_or(Damaged)?;
    let bytes = store.section(Section::Texts).get(start..end).ok_or(Damaged)?;
    // Deflate makes no byte of more than 1,032.
    if length > MAX_BLOCK || length / 1032 > packed {
        return Err(Damaged);
    }
    let mut block = vec![0; length];
    let read = libdeflater::Decompressor::new().zlib_decompress(bytes, &mut block).map_err(|_| Damaged)?;
    if read == length { Ok(block) } else { Err(Damaged) }
}

/// The entries of a block.
struct Entries<'a> {
    cursor: Result<Cursor<'a>, Damaged>,
}

impl<'a> Entries<'a> {
    fn of(block: &'a [u8]) -> Self {
        Self { cursor: Cursor::at(block, 0) }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<(u64, &'a [u8]), Damaged>;

    fn next(&mut self) -> Option<Self::Item> {
        let cursor = self.cursor.as_mut().ok().filter(|cursor| !cursor.is_empty())?;
        let mut entry = || {
            let record = cursor.varint()?;
            let length = cursor.size()?;
            Ok((record, cursor.take(length)?))
        };
        let read = entry();
        if read.is_err() {
            self.cursor = Err(Damaged);
        }
        Some(read)
    }
}
