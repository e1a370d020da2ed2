//! Defines [`Walk`]: visits every object once, bases before the deltas on them, on all cores.
//!
//! A tree of deltas is walked from its root. Of the children of an object the lightest is visited first and the
//! heaviest last, when nothing else needs the object any more; so only about log2(n) objects of a tree are held at a
//! time, however long its chains are. A heavy child may go to another thread instead, a bounded number at a time:
//! that keeps all cores busy inside one giant tree and memory bounded.

mod visitor;
mod whole;
mod worker;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::Scope;
use rayon::prelude::*;

use super::forest::Forest;
use super::gaps::Gaps;
use super::id::ObjectId;
use super::pack::delta;
use super::pack::entry::{Kind, Type};
use super::read::{NOT_ITSELF, read_loose, within_limit};
use super::store::Store;
pub use visitor::{Seen, Visitor};
pub use whole::Whole;
use worker::{Base, Loaded, Worker};

/// A subtree of this weight may go to another thread, and so many small trees are one task.
const TASK: u64 = 1 << 20;
/// Objects above so many bytes are read one at a time.
const LARGE: usize = 16 << 20;
/// After so many unreadable objects, no other copies of further ones are looked for.
const MAX_FALLBACKS: u64 = 1_000;

/// What a walk read.
pub struct Walked {
    /// Objects, each counted once.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What could not be read.
    pub gaps: Gaps,
}

/// One pass over the objects of some types.
pub struct Walk<'a, V: Visitor> {
    store: &'a Store,
    forest: &'a Forest,
    loose: &'a [(ObjectId, std::path::PathBuf)],
    kinds: &'a [Type],
    visitor: &'a V,
    progress: &'a (dyn Fn(u64) + Sync),
    workers: Mutex<Vec<Worker<V>>>,
    /// Heavy children waiting for a thread.
    waiting: AtomicUsize,
    large: Mutex<()>,
    objects: AtomicU64,
    bytes: AtomicU64,
    gaps: Gaps,
}

impl<'a, V: Visitor> Walk<'a, V> {
    /// Prepares a pass over all objects of the given types.
    pub fn new(
        store: &'a Store,
        forest: &'a Forest,
        loose: &'a [(ObjectId, std::path::PathBuf)],
        kinds: &'a [Type],
        visitor: &'a V,
        progress: &'a (dyn Fn(u64) + Sync),
    ) -> Self {
        Self {
            store,
            forest,
            loose,
            kinds,
            visitor,
            progress,
            workers: Mutex::default(),
            waiting: AtomicUsize::new(0),
            large: Mutex::default(),
            objects: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            gaps: Gaps::default(),
        }
    }

    /// Visits them all.
    pub fn run(self) -> Walked {
        let wanted = self.forest.roots.iter().filter(|(_, kind)| self.kinds.contains(kind)).copied();
        let (mut heavy, light): (Vec<_>, Vec<_>) = wanted.partition(|(entry, _)| self.forest.weight(*entry) > TASK);
        heavy.sort_by_key(|(entry, _)| self.forest.weight(*entry));
        rayon::scope(|scope| {
            // This thread takes what was spawned last, the giants; the others begin with the small trees.
            for batch in self.batches(&light) {
                scope.spawn(|scope| {
                    self.with_worker(|worker| batch.iter().for_each(|root| self.tree(scope, worker, *root, Base::None)))
                });
            }
            for root in &heavy {
                scope.spawn(|scope| self.with_worker(|worker| self.tree(scope, worker, *root, Base::None)));
            }
            scope.spawn(|scope| self.orphans(scope));
        });
        self.loose.par_chunks(64).for_each(|chunk| self.with_worker(|worker| self.loose(worker, chunk)));
        Walked { objects: self.objects.into_inner(), bytes: self.bytes.into_inner(), gaps: self.gaps }
    }

    fn batches<'r>(&self, roots: &'r [(u32, Type)]) -> Vec<&'r [(u32, Type)]> {
        let mut batches = Vec::new();
        let (mut start, mut weight) = (0, 0);
        for (at, (entry, _)) in roots.iter().enumerate() {
            weight += self.forest.weight(*entry);
            if weight > TASK {
                batches.push(&roots[start..=at]);
                (start, weight) = (at + 1, 0);
            }
        }
        batches.push(&roots[start..]);
        batches
    }

    fn with_worker(&self, work: impl FnOnce(&mut Worker<V>)) {
        let idle = self.workers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut worker = idle.unwrap_or_else(|| Worker::new(self.visitor.scratch()));
        work(&mut worker);
        self.objects.fetch_add(worker.objects, Ordering::Relaxed);
        self.bytes.fetch_add(std::mem::take(&mut worker.bytes), Ordering::Relaxed);
        (self.progress)(std::mem::take(&mut worker.objects));
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }

    /// Visits an entry and everything based on it.
    fn tree<'s>(&'s self, scope: &Scope<'s>, worker: &mut Worker<V>, root: (u32, Type), base: Base<V::Marks>) {
        let kind = root.1;
        let mut stack = vec![(root.0, base)];
        while let Some((entry, base)) = stack.pop().filter(|_| !self.visitor.stop()) {
            let loaded = self.packed(worker, entry, kind, &base);
            worker.release(base);
            let children = self.forest.children(entry);
            match loaded {
                Some(loaded) if children.is_empty() => worker.recycle(loaded),
                Some(loaded) => {
                    let base = Arc::new(loaded);
                    for &child in children {
                        match children.len() > 1 && self.may_share(child) {
                            true => self.share(scope, (child, kind), Arc::clone(&base)),
                            false => stack.push((child, Base::Ready(Arc::clone(&base)))),
                        }
                    }
                }
                None => stack.extend(children.iter().map(|child| (*child, Base::Lost))),
            }
        }
    }

    fn may_share(&self, child: u32) -> bool {
        self.forest.weight(child) > TASK && self.waiting.load(Ordering::Relaxed) < 2 * rayon::current_num_threads()
    }

    fn share<'s>(&'s self, scope: &Scope<'s>, root: (u32, Type), base: Arc<Loaded<V::Marks>>) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        scope.spawn(move |scope| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            self.with_worker(|worker| self.tree(scope, worker, root, Base::Ready(base)));
        });
    }

    /// Reads one entry of a pack; `None` when nobody can.
    fn packed(
        &self,
        worker: &mut Worker<V>,
        entry: u32,
        mut kind: Type,
        base: &Base<V::Marks>,
    ) -> Option<Loaded<V::Marks>> {
        let number = self.forest.pack_of(entry);
        let pack = &self.store.packs[number];
        let slot = self.forest.slot(entry);
        let mut loaded = worker.take();
        let read = self.load(worker, entry, base, &mut loaded).and_then(|()| self.check(entry, kind, &loaded.text));
        if let Err(why) = read {
            let id = ObjectId::from_bytes(pack.id(slot))?;
            match self.elsewhere(&id, why) {
                Ok((found, text)) => {
                    kind = found;
                    loaded.fill(&text);
                }
                Err(why) => {
                    self.gaps.add(format!("object {id}: {why}"));
                    return None;
                }
            }
            self.visitor.whole(&mut worker.scratch, &loaded.text, &mut loaded.marks);
        }
        let raw_id = pack.id(slot);
        // The other packs' copies are read only for what is based on them.
        if self.kinds.contains(&kind)
            && !self.store.packs[..number].iter().any(|earlier| earlier.find(raw_id).is_some())
        {
            let seen = Seen { number: self.forest.number(number, slot), kind, raw_id };
            worker.done(self.visitor, &seen, &loaded);
        }
        Some(loaded)
    }

    fn load(
        &self,
        worker: &mut Worker<V>,
        entry: u32,
        base: &Base<V::Marks>,
        loaded: &mut Loaded<V::Marks>,
    ) -> Result<(), String> {
        let pack = &self.store.packs[self.forest.pack_of(entry)];
        let read = pack.entry(self.forest.offset(entry)).ok_or("it is damaged")?;
        let data = pack.compressed(&read, self.forest.end(entry));
        let size = within_limit(usize::try_from(read.header.size).unwrap_or(usize::MAX))?;
        let _one_at_a_time = (size > LARGE).then(|| self.large.lock().unwrap_or_else(PoisonError::into_inner));
        match (read.header.kind, base) {
            (Kind::Whole(_), _) => {
                worker.inflater.inflate(data, loaded.text.of_length(size))?;
                self.visitor.whole(&mut worker.scratch, &loaded.text, &mut loaded.marks);
            }
            (_, Base::Ready(base)) => {
                worker.inflater.inflate(data, worker.delta.of_length(size))?;
                within_limit(delta::sizes(&worker.delta).ok_or("a delta is cut short")?.object)?;
                delta::apply(&base.text, &worker.delta, &mut loaded.text, &mut worker.segments)?;
                let Worker { scratch, segments, .. } = worker;
                self.visitor.edited(scratch, &loaded.text, segments, &base.marks, &mut loaded.marks);
            }
            _ => return Err("its delta base cannot be read".to_owned()),
        }
        Ok(())
    }

    /// Compares an entry with the checksum of the index, and, where these differ, its text with its id: either of pack
    /// and index may be the damaged one.
    fn check(&self, entry: u32, kind: Type, text: &[u8]) -> Result<(), String> {
        let (pack, slot) = (&self.store.packs[self.forest.pack_of(entry)], self.forest.slot(entry));
        let intact = pack.is_intact(slot, self.forest.offset(entry), self.forest.end(entry));
        let is_itself = || ObjectId::of(kind, text, self.store.width).is_some_and(|id| id.as_bytes() == pack.id(slot));
        match intact == Some(true) || is_itself() {
            true => Ok(()),
            false => Err(NOT_ITSELF.to_owned()),
        }
    }

    /// Looks for another copy, unless that has failed too often.
    fn elsewhere(&self, id: &ObjectId, why: String) -> Result<(Type, Vec<u8>), String> {
        match self.gaps.count() < MAX_FALLBACKS {
            true => self.store.read_elsewhere(id).or_else(|| self.store.read_later(id)).ok_or(why),
            false => Err(why),
        }
    }

    /// Visits what no tree reaches.
    fn orphans<'s>(&'s self, scope: &Scope<'s>) {
        let orphans = self.forest.orphans.iter().map(|entry| (*entry, true));
        for (entry, descend) in orphans.chain(self.forest.circular.iter().map(|entry| (*entry, false))) {
            let pack = &self.store.packs[self.forest.pack_of(entry)];
            let Some(id) = ObjectId::from_bytes(pack.id(self.forest.slot(entry))) else { continue };
            let why = if descend { "its delta base is missing" } else { "its chain of deltas is a circle" };
            match self.elsewhere(&id, why.to_owned()) {
                Ok((kind, text)) if self.kinds.contains(&kind) => self.with_worker(|worker| {
                    let mut loaded = worker.take();
                    loaded.fill(&text);
                    self.visitor.whole(&mut worker.scratch, &loaded.text, &mut loaded.marks);
                    let seen = Seen {
                        number: self.forest.number(self.forest.pack_of(entry), self.forest.slot(entry)),
                        kind,
                        raw_id: id.as_bytes(),
                    };
                    worker.done(self.visitor, &seen, &loaded);
                    let base = Arc::new(loaded);
                    for &child in self.forest.children(entry).iter().filter(|_| descend) {
                        self.tree(scope, worker, (child, kind), Base::Ready(Arc::clone(&base)));
                    }
                }),
                Ok(_) => {}
                Err(why) => {
                    self.gaps.add(format!("object {id}: {why}"));
                    // Their type is unknown until somebody else can read them.
                    let below = self.forest.children(entry).iter().filter(|_| descend);
                    self.with_worker(|worker| {
                        below.for_each(|child| self.tree(scope, worker, (*child, Type::Blob), Base::Lost))
                    });
                }
            }
        }
    }

    fn loose(&self, worker: &mut Worker<V>, chunk: &[(ObjectId, std::path::PathBuf)]) {
        for (id, file) in chunk {
            match read_loose(file).or_else(|why| self.elsewhere(id, why)) {
                Ok((kind, text)) if self.kinds.contains(&kind) => {
                    let mut loaded = worker.take();
                    loaded.fill(&text);
                    self.visitor.whole(&mut worker.scratch, &loaded.text, &mut loaded.marks);
                    let position = self.loose.partition_point(|(other, _)| other < id);
                    let number = self.forest.count().saturating_add(u32::try_from(position).unwrap_or(u32::MAX));
                    worker.done(self.visitor, &Seen { number, kind, raw_id: id.as_bytes() }, &loaded);
                    worker.recycle(loaded);
                }
                Ok(_) => {}
                Err(why) => self.gaps.add(format!("object {id}: {why}")),
            }
        }
    }
}
