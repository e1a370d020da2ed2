//! Defines [`Objects`]: everything in a store, numbered and ready to be walked.

use std::path::PathBuf;
use std::sync::Arc;

use super::forest::Forest;
use super::id::ObjectId;
use super::pack::entry::Type;
use super::store::Store;
use super::walk::{Visitor, Walk, Walked};

/// The objects of a store.
pub struct Objects {
    store: Arc<Store>,
    forest: Forest,
    loose: Vec<(ObjectId, PathBuf)>,
}

impl Objects {
    /// Lists the objects of a store.
    pub fn new(store: Arc<Store>) -> Self {
        let forest = Forest::new(&store);
        let loose = store.loose();
        Self { store, forest, loose }
    }

    /// The store itself, to read single objects.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What is known to be missing, a sentence each.
    pub fn gaps(&self) -> impl Iterator<Item = &String> {
        self.store.gaps.iter().chain(&self.forest.gaps)
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

    /// Visits every object of some types once.
    pub fn walk<V: Visitor>(&self, kinds: &[Type], visitor: &V, progress: &(dyn Fn(u64) + Sync)) -> Walked {
        Walk::new(&self.store, &self.forest, &self.loose, kinds, visitor, progress).run()
    }
}
