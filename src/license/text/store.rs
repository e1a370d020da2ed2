//! Defines [`Store`]: the texts of all licenses, exceptions and standard headers of the SPDX list, as numbers of words.
//!
//! They are in `rules/licenses/texts.bin`, which `make.rs` writes; its README says how. The file is one zlib stream of
//! the parts that [`Store::read`] takes, in that order. Numbers are LEB128 unless said otherwise.

use std::sync::LazyLock;

use libdeflater::Decompressor;

use super::words::{self, MARKS};

/// The number of a word that no license has.
pub(super) const UNKNOWN: u16 = u16::MAX;
/// The numbers below are those of [`MARKS`]; words begin here.
pub(super) const FIRST_WORD: u16 = MARKS.len() as u16;
/// How many words the pieces have that a text is looked up by.
pub(super) const PIECE: usize = 4;

/// A word of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its number.
    pub(super) word: u16,
    /// The text may lack it.
    pub(super) optional: bool,
    /// How many words of its own a text may have before it.
    pub(super) room: u8,
}

/// What a template is the text of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    License,
    Exception,
    /// The notice that a license asks to be put into files.
    Notice,
}

/// One license, exception or standard header.
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// The SPDX ids that have the text, the one to tell first.
    pub(super) ids: Vec<&'static str>,
    /// What it says.
    pub(super) slots: Vec<Slot>,
    /// How many words a text has to have.
    pub(super) required: u32,
    /// How many of the marked pieces are of this one.
    pub(super) pieces: u32,
}

/// All templates.
pub(super) struct Store {
    /// The version of the SPDX list.
    pub(super) version: &'static str,
    pub(super) entries: Vec<Entry>,
    /// The hash of each word with its number, sorted.
    vocabulary: Vec<(u32, u16)>,
    /// Where the words with the same upper 16 bits begin in `vocabulary`.
    buckets: Vec<u32>,
    /// Hashes of pieces with the entry that they are of, sorted.
    pub(super) pieces: Vec<(u32, u16)>,
    /// Where the pieces with the same upper 16 bits begin in `pieces`.
    piece_buckets: Vec<u32>,
    /// Whether a word turns what a text says, by its number.
    weighty: Vec<bool>,
}

static STORE: LazyLock<Store> = LazyLock::new(|| {
    let packed = include_bytes!("../../../rules/licenses/texts.bin");
    Store::read(packed).unwrap_or_else(Store::empty)
});

/// The store that is compiled in.
pub(super) fn store() -> &'static Store {
    &STORE
}

/// Takes numbers off a packed file.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn number(&mut self) -> Option<usize> {
        let mut number = 0usize;
        for shift in (0..35).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).ok()
    }
}

impl Store {
    fn empty() -> Self {
        Self {
            version: "",
            entries: Vec::new(),
            vocabulary: Vec::new(),
            buckets: buckets(&[]),
            pieces: Vec::new(),
            piece_buckets: buckets(&[]),
            weighty: Vec::new(),
        }
    }

    /// Reads a packed file; `None` when it is damaged. What it takes of memory stays for the life of the process.
    pub(super) fn read(packed: &[u8]) -> Option<Self> {
        let (size, stream) = packed.split_first_chunk::<4>()?;
        let mut plain = vec![0; u32::from_le_bytes(*size) as usize];
        Decompressor::new().zlib_decompress(stream, &mut plain).ok()?;
        let mut bytes = Bytes(Vec::leak(plain));
        let version = bytes.text()?;

        // The hashes of words in the order of their numbers, then those that are the same word as another.
        let count = bytes.number()?;
        let hashes = bytes.take(count * 4)?.chunks_exact(4);
        let mut vocabulary: Vec<(u32, u16)> =
            hashes.zip(FIRST_WORD..UNKNOWN).map(|(h, id)| (u32::from_le_bytes([h[0], h[1], h[2], h[3]]), id)).collect();
        for _ in 0..bytes.number()? {
            let hash = u32::from_le_bytes(*bytes.take(4)?.first_chunk()?);
            vocabulary.push((hash, u16::try_from(bytes.number()?).ok()?));
        }
        vocabulary.sort_unstable();
        let mut weighty = vec![false; usize::from(UNKNOWN) + 1];
        for _ in 0..bytes.number()? {
            *weighty.get_mut(bytes.number()?)? = true;
        }

        let mut entries = Vec::new();
        let mut all: Vec<u16> = Vec::new();
        for _ in 0..bytes.number()? {
            let kind = match bytes.number()? {
                0 => Kind::License,
                1 => Kind::Exception,
                _ => Kind::Notice,
            };
            let ids = (0..bytes.number()?).map(|_| bytes.text()).collect::<Option<_>>()?;
            let first = all.len();
            let length = bytes.number()?;
            while all.len() < first + length {
                let step = bytes.number()?;
                if step & 1 == 0 {
                    all.push(u16::try_from(step >> 1).ok()?);
                    continue;
                }
                // A run that an earlier text has, too.
                let from = bytes.number()?;
                if from + (step >> 1) > all.len() {
                    return None;
                }
                all.extend_from_within(from..from + (step >> 1));
            }
            let slots = slots(&all[first..]);
            let required = slots.iter().filter(|slot| !slot.optional).count() as u32;
            entries.push(Entry { kind, ids, slots, required, pieces: 0 });
        }

        let mut pieces = Vec::new();
        let mut hash = 0usize;
        for _ in 0..bytes.number()? {
            hash += bytes.number()?;
            let entry = bytes.number()?;
            entries.get_mut(entry)?.pieces += 1;
            pieces.push((u32::try_from(hash).ok()?, u16::try_from(entry).ok()?));
        }
        let (buckets, piece_buckets) = (buckets(&vocabulary), buckets(&pieces));
        Some(Self { version, entries, vocabulary, buckets, pieces, piece_buckets, weighty })
    }

    /// The number of a word.
    pub(super) fn number(&self, hash: u64) -> u16 {
        let hash = short(hash);
        self.vocabulary[range(&self.buckets, hash)].iter().find(|(h, _)| *h == hash).map_or(UNKNOWN, |(_, id)| *id)
    }

    /// The places in `pieces` that have a hash.
    pub(super) fn places(&self, hash: u32) -> std::ops::Range<usize> {
        let bucket = range(&self.piece_buckets, hash);
        let within = &self.pieces[bucket.clone()];
        let first = within.iter().position(|(h, _)| *h == hash).unwrap_or(within.len());
        let many = within[first..].iter().take_while(|(h, _)| *h == hash).count();
        bucket.start + first..bucket.start + first + many
    }

    /// Whether a word turns what a text says: `not`, `commercial`.
    pub(super) fn is_weighty(&self, word: u16) -> bool {
        self.weighty.get(usize::from(word)).is_some_and(|weighty| *weighty)
    }
}

fn buckets(sorted: &[(u32, u16)]) -> Vec<u32> {
    let mut starts = vec![0u32; (1 << 16) + 1];
    for (hash, _) in sorted {
        starts[(hash >> 16) as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}

fn range(buckets: &[u32], hash: u32) -> std::ops::Range<usize> {
    let at = (hash >> 16) as usize;
    buckets[at] as usize..buckets[at + 1] as usize
}

/// The part of a word's hash that the file has.
pub(super) fn short(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}

/// The hash of a piece; `None` when a word of it is unknown.
pub(super) fn piece(words: &[u16; PIECE]) -> Option<u32> {
    if words.contains(&UNKNOWN) {
        return None;
    }
    let key = words.iter().fold(0u64, |key, word| key << 16 | u64::from(*word));
    Some((key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32)
}

/// What marks mean: room for a few words, for many, and the brackets of an optional part.
fn slots(marked: &[u16]) -> Vec<Slot> {
    let (mut slots, mut depth, mut room) = (Vec::with_capacity(marked.len()), 0u32, 0u8);
    for &word in marked {
        match word {
            0 => room = room.saturating_add(FEW),
            1 => room = room.saturating_add(MANY),
            2 => depth += 1,
            3 => depth = depth.saturating_sub(1),
            _ => slots.push(Slot { word, optional: depth > 0, room: std::mem::take(&mut room) }),
        }
    }
    slots
}

/// How many words of a text fit where its template lists what may stand there.
const FEW: u8 = 8;
/// How many fit where anything may stand, such as the name of whoever holds the rights.
const MANY: u8 = 30;

/// The numbers of the words of a text.
pub(super) fn numbers(store: &Store, text: &[words::Word]) -> Vec<u16> {
    text.iter().map(|word| store.number(word.hash)).collect()
}
