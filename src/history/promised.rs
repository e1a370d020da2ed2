//! Defines [`Promised`]: what a partial clone has left with its server. Git fetches such an object when somebody asks for
//! it; nothing here does, so what is not in the store is counted instead.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::objects::Objects;
use super::walk::{Seen, Whole};
use super::{History, ObjectId, Type};
use crate::text;

/// What is named by what is there, and is not there itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Promised {
    /// Files.
    pub blobs: usize,
    /// Directories, with everything in them.
    pub trees: usize,
}

impl fmt::Display for Promised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {}", text::count(self.blobs, "file"), text::count(self.trees, "folder"))
    }
}

impl History {
    /// What the server has promised to send and has not been asked for; `None` when nothing is missing, and in a clone
    /// that is not partial.
    pub fn promised(&self) -> Option<Promised> {
        if !self.is_partial() {
            return None;
        }
        let objects = self.objects();
        let missing = Mutex::default();
        let links = Links { objects, missing: &missing };
        objects.walk(
            &[Type::Tree, Type::Commit],
            &Whole(|seen: &Seen<'_>, text: &[u8]| links.read(seen, text)),
            &|_| (),
        );
        let missing: Missing = missing.into_inner().unwrap_or_else(PoisonError::into_inner);
        let promised = Promised { blobs: missing.blobs.len(), trees: missing.trees.len() };
        (promised != Promised::default()).then_some(promised)
    }

    /// Whether git would fetch objects when they are asked for.
    pub fn is_partial(&self) -> bool {
        let config = std::fs::read_to_string(self.common_dir.join("config")).unwrap_or_default().to_ascii_lowercase();
        let keys = config.lines().filter_map(|line| line.split('=').next()).map(str::trim);
        keys.into_iter().any(|key| matches!(key, "promisor" | "partialclone" | "partialclonefilter"))
    }
}

/// The ids that are named and not there.
#[derive(Default)]
struct Missing {
    blobs: HashSet<ObjectId>,
    trees: HashSet<ObjectId>,
}

struct Links<'a> {
    objects: &'a Objects,
    missing: &'a Mutex<Missing>,
}

impl Links<'_> {
    fn commit(&self, text: &[u8], missing: &mut Missing) {
        let tree = text.strip_prefix(b"tree ").and_then(|rest| rest.split(|byte| *byte == b'\n').next());
        let tree = tree.and_then(ObjectId::from_hex).filter(|id| self.objects.number(id.as_bytes()).is_none());
        missing.trees.extend(tree);
    }

    fn tree(&self, mut text: &[u8], missing: &mut Missing) {
        let width = self.objects.store().width;
        while let Some(end) = memchr::memchr(0, text) {
            let (Some(id), Some(mode)) = (text.get(end + 1..end + 1 + width), text.first()) else { return };
            let absent = ObjectId::from_bytes(id).filter(|_| self.objects.number(id).is_none());
            match mode {
                b'4' => missing.trees.extend(absent),
                // A submodule's commit is in another repository.
                b'1' if text.starts_with(b"16") => {}
                _ => missing.blobs.extend(absent),
            }
            text = &text[end + 1 + width..];
        }
    }

    fn read(&self, seen: &Seen<'_>, text: &[u8]) {
        let mut found = Missing::default();
        match seen.kind {
            Type::Commit => self.commit(text, &mut found),
            Type::Tree => self.tree(text, &mut found),
            Type::Blob | Type::Tag => {}
        }
        if !found.blobs.is_empty() || !found.trees.is_empty() {
            let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
            missing.blobs.extend(found.blobs);
            missing.trees.extend(found.trees);
        }
    }
}
