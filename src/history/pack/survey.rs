//! Defines [`Survey`]: which objects a pack holds, found out by reading all of it, for one whose index is missing or
//! damaged. What an index would say of it is in the pack itself: entries follow each other without a gap, and an id is a
//! hash of an object.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use flate2::{Decompress, FlushDecompress, Status};

use super::super::forest::Forest;
use super::super::id::ObjectId;
use super::super::store::Store;
use super::super::walk::{Seen, Walk, Whole};
use super::entry::Type;
use super::{Directory, HEADER, Pack};

/// Deltas whose base goes by its id, and not by its place, wait for the base to get its id: so many rounds at most. Git
/// makes chains of 50.
const MAX_ROUNDS: usize = 64;
/// The types of objects.
const ALL: [Type; 4] = [Type::Commit, Type::Tree, Type::Blob, Type::Tag];

/// The objects of a pack.
#[derive(Default)]
pub struct Survey {
    /// Sorted by id.
    objects: Vec<(ObjectId, u64)>,
}

/// What came of reading a pack.
pub struct Surveyed {
    /// The pack, with a survey as its directory.
    pub pack: Pack,
    /// Whether every byte of the pack is accounted for, so that there is no object that is not listed.
    pub whole: bool,
}

impl Survey {
    /// How many objects were found.
    pub fn count(&self) -> u32 {
        u32::try_from(self.objects.len()).unwrap_or(u32::MAX)
    }

    /// The raw id in a slot; empty beyond the last.
    pub fn id(&self, slot: u32) -> &[u8] {
        self.objects.get(slot as usize).map(|(id, _)| id.as_bytes()).unwrap_or_default()
    }

    /// Where the object of a slot begins in the pack.
    pub fn offset(&self, slot: u32) -> Option<u64> {
        self.objects.get(slot as usize).map(|(_, offset)| *offset)
    }

    /// The slot of an object.
    pub fn find(&self, id: &[u8]) -> Option<u32> {
        let slot = self.objects.binary_search_by(|(other, _)| other.as_bytes().cmp(id)).ok()?;
        u32::try_from(slot).ok()
    }

    /// Lists entries under the ids that are known, and the others under their offsets.
    fn of(offsets: &[u64], names: &HashMap<u64, ObjectId>, width: usize) -> Self {
        let name = |offset: u64| names.get(&offset).copied().or_else(|| placeholder(offset, width));
        let mut objects: Vec<_> = offsets.iter().filter_map(|offset| Some((name(*offset)?, *offset))).collect();
        objects.sort_unstable();
        Self { objects }
    }
}

/// Reads a pack to find out what is in it.
pub fn survey(pack: Pack) -> Surveyed {
    let width = pack.width;
    let (offsets, whole) = entries(&pack);
    let mut names = HashMap::new();
    let mut store = Store { packs: vec![pack], folders: Vec::new(), width, gaps: Vec::new(), later: OnceLock::new() };
    for _ in 0..MAX_ROUNDS {
        let before = names.len();
        store.packs = store.packs.into_iter().map(|p| p.with(survey_of(&offsets, &names, width))).collect();
        name(&store, &mut names);
        if names.len() == offsets.len() || names.len() == before {
            break;
        }
    }
    let named: Vec<u64> = offsets.iter().copied().filter(|offset| names.contains_key(offset)).collect();
    let whole = whole && named.len() == offsets.len();
    let directory = survey_of(&named, &names, width);
    // There is exactly one.
    let pack = store.packs.remove(0).with(directory);
    Surveyed { pack, whole }
}

fn survey_of(offsets: &[u64], names: &HashMap<u64, ObjectId>, width: usize) -> Directory {
    Directory::Survey(Survey::of(offsets, names, width))
}

/// Where the entries begin, and whether they fill the pack.
fn entries(pack: &Pack) -> (Vec<u64>, bool) {
    let (mut offsets, mut at) = (Vec::new(), HEADER as u64);
    let mut inflater = Decompress::new(true);
    let mut sink = vec![0; 1 << 16];
    while at < pack.end() {
        let Some(end) = behind(pack, at, &mut inflater, &mut sink) else { return (offsets, false) };
        offsets.push(at);
        at = end;
    }
    // Nothing else vouches for the types of the entries.
    (offsets, at == pack.end() && pack.is_sound())
}

/// Where the entry at an offset ends; `None` when it is damaged.
fn behind(pack: &Pack, offset: u64, inflater: &mut Decompress, sink: &mut [u8]) -> Option<u64> {
    let entry = pack.entry(offset)?;
    let data = pack.compressed(&entry, u64::MAX);
    inflater.reset(true);
    loop {
        let (taken, given) = (inflater.total_in(), inflater.total_out());
        let rest = data.get(usize::try_from(taken).ok()?..)?;
        let status = inflater.decompress(rest, sink, FlushDecompress::None).ok()?;
        if inflater.total_out() > entry.header.size {
            return None;
        }
        match status {
            Status::StreamEnd if inflater.total_out() == entry.header.size => {
                return Some(entry.data as u64 + inflater.total_in());
            }
            Status::StreamEnd => return None,
            _ if (taken, given) == (inflater.total_in(), inflater.total_out()) => return None,
            _ => {}
        }
    }
}

/// Takes note of the ids of all objects of a store of one pack that can be rebuilt.
fn name(store: &Store, names: &mut HashMap<u64, ObjectId>) {
    let forest = Forest::new(store);
    let found = Mutex::new(Vec::new());
    let pack = &store.packs[0];
    let namer = Whole(|seen: &Seen<'_>, text: &[u8]| {
        // In a store of one pack the number is the slot.
        let Some(offset) = pack.offset(seen.number) else { return };
        let Some(id) = ObjectId::of(seen.kind, text, pack.width) else { return };
        found.lock().unwrap_or_else(PoisonError::into_inner).push((offset, id));
    });
    Walk::new(store, &forest, &[], &ALL, &namer, &|_| ()).run();
    names.extend(found.into_inner().unwrap_or_else(PoisonError::into_inner));
}

/// An id that nothing has, for an entry whose own is not known yet.
fn placeholder(offset: u64, width: usize) -> Option<ObjectId> {
    let mut raw = [0; 32];
    raw[..8].copy_from_slice(&offset.to_be_bytes());
    ObjectId::from_bytes(&raw[..width])
}
