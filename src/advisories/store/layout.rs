//! Where the sections of a store are.

use std::ops::Range;

use super::bytes::u64_at;

/// Begins every store; the last byte is the version of the layout.
const MAGIC: [u8; 8] = *b"SCANADV\x01";
/// Magic word, checksum and padding, before the table of sections.
const BEFORE_TABLE: usize = 16;
/// A place and a length of eight bytes each.
const ENTRY: usize = 16;
/// Where the first section begins.
const HEADER: usize = BEFORE_TABLE + ENTRY * Section::COUNT;

pub(super) const DAMAGED: &str = "it is damaged";

/// A section, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Meta,
    /// A number for the place of each string, and one for the end.
    StringEnds,
    Strings,
    /// Two numbers for each key: where its text is, and where what is affected; and two for the end.
    Keys,
    KeyTexts,
    Affected,
    Records,
    /// A number for each bucket where it begins, and one for the end.
    Buckets,
    Ids,
    Exploited,
    Blocks,
    /// Not under the checksum.
    Texts,
}

impl Section {
    pub(super) const COUNT: usize = 12;
}

/// Where each section is; all of them are in the file.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    places: [(usize, usize); Section::COUNT],
}

pub(super) fn is_store(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC[..7])
}

impl Layout {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        match bytes.get(..8) {
            Some(magic) if magic == MAGIC => {}
            Some(magic) if is_store(magic) => return Err("it was made by another version of scanall".to_owned()),
            _ => return Err("it is no advisory store".to_owned()),
        }
        let damaged = || DAMAGED.to_owned();
        let mut places = [(0, 0); Section::COUNT];
        let mut end = HEADER;
        for (at, place) in places.iter_mut().enumerate() {
            let number = |offset: usize| {
                let number = u64_at(bytes, BEFORE_TABLE + at * ENTRY + offset).map_err(|_| damaged())?;
                usize::try_from(number).map_err(|_| damaged())
            };
            *place = (number(0)?, number(8)?);
            // One section behind the other, without a hole.
            if place.0 != end {
                return Err(damaged());
            }
            end = end.checked_add(place.1).filter(|end| *end <= bytes.len()).ok_or_else(damaged)?;
        }
        let layout = Self { places };
        if end != bytes.len() || bytes.get(8..16) != Some(&checksum(bytes, layout.range(Section::Texts).start)[..]) {
            return Err(damaged());
        }
        Ok(layout)
    }

    pub(super) fn range(&self, section: Section) -> Range<usize> {
        let (start, length) = self.places[section as usize];
        start..start + length
    }
}

/// Puts sections into a file.
pub(super) fn write(sections: [Vec<u8>; Section::COUNT]) -> Vec<u8> {
    let length: usize = sections.iter().map(Vec::len).sum();
    let mut out = Vec::with_capacity(HEADER + length);
    out.extend(MAGIC);
    out.extend([0; 8]);
    let mut place = HEADER;
    for section in &sections {
        out.extend((place as u64).to_le_bytes());
        out.extend((section.len() as u64).to_le_bytes());
        place += section.len();
    }
    let texts = place - sections.last().map_or(0, Vec::len);
    sections.into_iter().for_each(|section| out.extend(section));
    let sum = checksum(&out, texts);
    out[8..16].copy_from_slice(&sum);
    out
}

/// CRC-32 of all between the checksum itself and the texts, and four empty bytes.
fn checksum(bytes: &[u8], end: usize) -> [u8; 8] {
    let mut sum = [0; 8];
    sum[..4].copy_from_slice(&libdeflater::crc32(bytes.get(16..end).unwrap_or_default()).to_le_bytes());
    sum
}

/// The same bytes with a checksum that fits, for tests of what comes behind it; `None` where there is no room for one.
pub(super) fn mend(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let texts = u64_at(&bytes, HEADER - ENTRY).ok().and_then(|place| usize::try_from(place).ok())?;
    let sum = checksum(&bytes, texts);
    bytes.get_mut(8..16)?.copy_from_slice(&sum);
    Some(bytes)
}
