//! Defines [`Reader`]: reads single objects and keeps what they were made from, for those that are made from the same.

use std::collections::HashMap;
use std::sync::Arc;

use super::buffer::Buffer;
use super::id::ObjectId;
use super::inflate::Inflater;
use super::pack::delta::{self, Segment};
use super::pack::entry::{Kind, Type};
use super::read::within_limit;
use super::store::Store;

/// So many bytes are kept at most.
const KEPT: usize = 48 << 20;
/// Larger objects are not kept, in bytes.
const LARGE: usize = 4 << 20;
/// Longer chains are left to the store.
const MAX_CHAIN: usize = 5_000;

/// Where an object lies: a pack and the place in it.
pub(super) type Place = (usize, u64);

/// Reads objects of a store one after the other; quick where they lie near each other.
pub(super) struct Reader<'a> {
    store: &'a Store,
    inflater: Inflater,
    out: Buffer,
    kept: HashMap<Place, (Type, Arc<Vec<u8>>)>,
    bytes: usize,
}

/// An object, and how it was made.
pub(super) struct Read {
    pub(super) kind: Type,
    pub(super) text: Arc<Vec<u8>>,
    /// `None` when it is in no pack.
    pub(super) place: Option<Place>,
    /// What it is a delta of, and what was copied from there; `None` when it is none.
    pub(super) base: Option<(Place, Vec<Segment>)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Self { store, inflater: Inflater::default(), out: Buffer::default(), kept: HashMap::new(), bytes: 0 }
    }

    /// Reads an object, wherever it lies.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub(super) fn read(&mut self, id: &ObjectId) -> Result<Read, String> {
        let packed = self.store.place(id).and_then(|place| self.packed(place));
        // What is loose, damaged or unusual is the store's business.
        packed.map_or_else(
            || {
                let (kind, text) = self.store.read(id)?;
                Ok(Read { kind, text: Arc::new(text), place: None, base: None })
            },
            Ok,
        )
    }

    /// Reads an object whose whole chain is in one pack; `None` when anything is out of the ordinary.
    fn packed(&mut self, place: Place) -> Option<Read> {
        let pack = self.store.packs.get(place.0)?;
        let (mut chain, mut offset): (Vec<(u64, Vec<u8>)>, u64) = (Vec::new(), place.1);
        let (kind, mut text) = loop {
            if let Some((kind, text)) = self.kept.get(&(place.0, offset)) {
                break (*kind, Arc::clone(text));
            }
            let entry = pack.entry(offset)?;
            let mut data = vec![0; within_limit(usize::try_from(entry.header.size).ok()?).ok()?];
            self.inflater.inflate(pack.compressed(&entry, u64::MAX), &mut data).ok()?;
            if let Kind::Whole(kind) = entry.header.kind {
                let text = Arc::new(data);
                self.keep((place.0, offset), kind, &text);
                break (kind, text);
            }
            chain.push((offset, data));
            offset = match (entry.header.kind, entry.base) {
                (Kind::Near(distance), _) => offset.checked_sub(distance)?,
                (_, Some(base)) => pack.offset(pack.find(base.as_bytes())?)?,
                _ => return None,
            };
            if chain.len() > MAX_CHAIN {
                return None;
            }
        };
        let (mut base, mut segments) = (offset, Vec::new());
        let is_delta = !chain.is_empty();
        while let Some((at, delta)) = chain.pop() {
            within_limit(delta::sizes(&delta)?.object).ok()?;
            delta::apply(&text, &delta, &mut self.out, &mut segments).ok()?;
            text = Arc::new(self.out.to_vec());
            self.keep((place.0, at), kind, &text);
            if !chain.is_empty() {
                base = at;
            }
        }
        let base = is_delta.then_some(((place.0, base), segments));
        Some(Read { kind, text, place: Some(place), base })
    }

    fn keep(&mut self, place: Place, kind: Type, text: &Arc<Vec<u8>>) {
        if text.len() > LARGE {
            return;
        }
        if self.bytes + text.len() > KEPT {
            self.kept.clear();
            self.bytes = 0;
        }
        self.bytes += text.len();
        self.kept.insert(place, (kind, Arc::clone(text)));
    }
}

impl Store {
    /// Where an object lies in the packs.
    pub(super) fn place(&self, id: &ObjectId) -> Option<Place> {
        let (number, slot) = self.find(id.as_bytes())?;
        Some((number, self.packs[number].offset(slot)?))
    }
}
