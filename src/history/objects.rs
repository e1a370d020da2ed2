//! Defines [`Objects`]: everything in a store, numbered and ready to be walked.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use super::forest::Forest;
use super::gaps::Gaps;
use super::id::ObjectId;
use super::pack::Pack;
use super::pack::entry::Type;
use super::store::Store;
use super::walk::{Seen, Visitor, Walk, Walked, Whole};

/// The objects of a store.
pub struct Objects {
    store: Arc<Store>,
    forest: Forest,
    loose: Vec<(ObjectId, PathBuf)>,
    /// What could not be listed, a sentence each.
    gaps: Vec<String>,
}

impl Objects {
    /// Lists the objects of a store.
    pub fn new(store: Arc<Store>) -> Self {
        let forest = Forest::new(&store);
        let mut gaps = Vec::new();
        let loose = store.loose(&mut gaps);
        Self { store, forest, loose, gaps }
    }

    /// The store itself, to read single objects.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What is known to be missing, a sentence each.
    pub fn gaps(&self) -> impl Iterator<Item = &String> {
        self.store.gaps.iter().chain(&self.forest.gaps).chain(&self.gaps)
    }

    /// One more than the highest number.
    pub fn count(&self) -> usize {
        self.forest.count() as usize + self.loose.len()
    }

    /// The number of an object: packs first, then loose ones. An object in several packs has that of the first.
    pub fn number(&self, id: &[u8]) -> Option<u32> {
        if let Some((pack, slot)) = self.store.find(id) {
            return Some(self.forest.number(pack, slot));
        }
        let position = self.loose.binary_search_by(|(other, _)| other.as_bytes().cmp(id)).ok()?;
        self.forest.count().checked_add(u32::try_from(position).ok()?)
    }

    /// Looks at the objects that are of none of some types, which a walk over these passes by: one whose type is not what
    /// it was when its pack was made would hide its text from everybody.
    pub fn check_others(&self, kinds: &[Type]) -> Gaps {
        if !self.store.packs.iter().all(Pack::has_checksums) {
            let others = [Type::Commit, Type::Tree, Type::Blob, Type::Tag].into_iter().filter(|t| !kinds.contains(t));
            return self.walk(&others.collect::<Vec<_>>(), &Whole(|_: &Seen<'_>, _: &[u8]| ()), &|_| ()).gaps;
        }
        let gaps = Gaps::default();
        let others: Vec<u32> = self.forest.roots.iter().filter(|root| !kinds.contains(&root.1)).map(|r| r.0).collect();
        others.par_chunks(256).for_each(|roots| {
            let mut open = roots.to_vec();
            while let Some(entry) = open.pop() {
                open.extend_from_slice(self.forest.children(entry));
                if let Err(why) = self.check(entry) {
                    gaps.add(why);
                }
            }
        });
        gaps
    }

    fn check(&self, entry: u32) -> Result<(), String> {
        let (pack, slot) = (&self.store.packs[self.forest.pack_of(entry)], self.forest.slot(entry));
        if pack.is_intact(slot, self.forest.offset(entry), self.forest.end(entry)) == Some(true) {
            return Ok(());
        }
        let Some(id) = ObjectId::from_bytes(pack.id(slot)) else { return Ok(()) };
        self.store.read(&id).map(drop).map_err(|why| format!("object {id}: {why}"))
    }

    /// Visits every object of some types once.
    pub fn walk<V: Visitor>(&self, kinds: &[Type], visitor: &V, progress: &(dyn Fn(u64) + Sync)) -> Walked {
        Walk::new(&self.store, &self.forest, &self.loose, kinds, visitor, progress).run()
    }
}
