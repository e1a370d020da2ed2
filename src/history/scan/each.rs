//! Scans single objects, such as those of a range.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::super::gaps::Gaps;
use super::super::reader::{Place, Reader};
use super::super::store::Store;
use super::super::walk::{Seen, Visitor as _, Walked};
use super::super::{ObjectId, Type};
use super::{Known, Scan};
use crate::scanner::secrets::matcher::Scratch;

/// So many objects that lie one behind the other are one piece of work: those that are made from each other mostly do.
const PIECE: usize = 256;

impl Scan<'_> {
    /// Scans objects. Where one of them is a delta of another, only what differs is searched, if the scan may.
    pub(super) fn each(&self, store: &Store, ids: &[ObjectId], advance: &(dyn Fn(u64) + Sync)) -> Walked {
        let (gaps, count, bytes) = (Gaps::default(), AtomicU64::new(0), AtomicU64::new(0));
        let mut ids = ids.to_vec();
        ids.sort_by_cached_key(|id| store.place(id));
        ids.par_chunks(PIECE).for_each(|ids| {
            let (mut reader, mut scratch) = (Reader::new(store), Scratch::default());
            let mut all: HashMap<Place, Known> = HashMap::new();
            for id in ids.iter().take_while(|_| !self.cancel.is_cancelled()) {
                advance(1);
                let read = match reader.read(id) {
                    Ok(read) if read.kind == Type::Tree => continue,
                    Ok(read) => read,
                    Err(why) => {
                        gaps.add(format!("object {id}: {why}"));
                        continue;
                    }
                };
                let (text, mut known) = (&read.text[..], Known::default());
                match read.base.as_ref().and_then(|(place, segments)| Some((all.get(place)?, segments))) {
                    Some((base, segments)) => self.edited(&mut scratch, text, segments, base, &mut known),
                    None => self.whole(&mut scratch, text, &mut known),
                }
                self.done(&mut scratch, &Seen { number: 0, kind: read.kind, raw_id: id.as_bytes() }, text, &known);
                count.fetch_add(1, Ordering::Relaxed);
                bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
                all.extend(read.place.map(|place| (place, known)));
            }
        });
        Walked { objects: count.into_inner(), bytes: bytes.into_inner(), gaps }
    }
}
