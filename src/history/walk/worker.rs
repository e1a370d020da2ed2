//! Defines [`Worker`]: what a thread needs to read objects, and keeps for the next one.

use std::sync::Arc;

use super::visitor::{Seen, Visitor};
use crate::history::buffer::Buffer;
use crate::history::inflate::Inflater;
use crate::history::pack::delta::Segment;

/// A thread keeps buffers for reuse up to so many bytes in all.
const POOL: usize = 8 << 20;

/// What a thread needs to read objects.
pub(super) struct Worker<V: Visitor> {
    pub(super) inflater: Inflater,
    pub(super) delta: Buffer,
    pub(super) segments: Vec<Segment>,
    pool: Vec<Loaded<V::Marks>>,
    pooled: usize,
    pub(super) scratch: V::Scratch,
    pub(super) objects: u64,
    pub(super) bytes: u64,
}

/// An object in memory.
#[derive(Default)]
pub(super) struct Loaded<M> {
    pub(super) text: Buffer,
    pub(super) marks: M,
}

/// What an entry is based on.
pub(super) enum Base<M> {
    /// Nothing: it is whole.
    None,
    Ready(Arc<Loaded<M>>),
    /// Something that could not be read.
    Lost,
}

impl<M> Loaded<M> {
    pub(super) fn fill(&mut self, text: &[u8]) {
        self.text.of_length(text.len()).copy_from_slice(text);
    }
}

impl<V: Visitor> Worker<V> {
    pub(super) fn new(scratch: V::Scratch) -> Self {
        Self {
            inflater: Inflater::default(),
            delta: Buffer::default(),
            segments: Vec::new(),
            pool: Vec::new(),
            pooled: 0,
            scratch,
            objects: 0,
            bytes: 0,
        }
    }

    pub(super) fn done(&mut self, visitor: &V, seen: &Seen<'_>, loaded: &Loaded<V::Marks>) {
        self.objects += 1;
        self.bytes += loaded.text.len() as u64;
        visitor.done(&mut self.scratch, seen, &loaded.text, &loaded.marks);
    }

    pub(super) fn take(&mut self) -> Loaded<V::Marks> {
        let loaded = self.pool.pop().unwrap_or_default();
        self.pooled -= loaded.text.capacity();
        loaded
    }

    pub(super) fn recycle(&mut self, loaded: Loaded<V::Marks>) {
        if self.pooled + loaded.text.capacity() <= POOL {
            self.pooled += loaded.text.capacity();
            self.pool.push(loaded);
        }
    }

    pub(super) fn release(&mut self, base: Base<V::Marks>) {
        if let Base::Ready(base) = base
            && let Ok(loaded) = Arc::try_unwrap(base)
        {
            self.recycle(loaded);
        }
    }
}
