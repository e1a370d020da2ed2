//! Lists the trees and files of some commits that others do not have.

use std::collections::HashSet;

use super::super::reader::Reader;
use super::super::store::Store;
use super::super::tree;
use super::super::{ObjectId, Type};
use super::commits::Member;

/// Trees and files, each once.
#[derive(Default)]
pub(super) struct Listed {
    pub(super) files: Vec<ObjectId>,
    pub(super) trees: Vec<ObjectId>,
    pub(super) gaps: Vec<String>,
}

/// What the commits hold and the trees outside do not. A tree that was seen is not read again, so that each further
/// commit costs what it changes.
pub(super) fn list(store: &Store, commits: &[Member], outside: &[ObjectId]) -> Listed {
    let (mut seen, mut reader) = (HashSet::new(), Reader::new(store));
    let mut listed = Listed::default();
    if commits.is_empty() {
        return listed;
    }
    // What cannot be read outside may seem new inside, and is searched: there is nothing to tell.
    outside.iter().for_each(|tree| enter(&mut reader, store.width, *tree, &mut seen, &mut Listed::default()));
    commits.iter().for_each(|commit| enter(&mut reader, store.width, commit.tree, &mut seen, &mut listed));
    listed
}

fn enter(reader: &mut Reader<'_>, width: usize, root: ObjectId, seen: &mut HashSet<ObjectId>, listed: &mut Listed) {
    let mut open = Vec::new();
    if seen.insert(root) {
        open.push(root);
    }
    while let Some(id) = open.pop() {
        listed.trees.push(id);
        let text = match reader.read(&id) {
            Ok(read) if read.kind == Type::Tree => read.text,
            Ok(_) => {
                listed.gaps.push(format!("object {id}: it should be a tree"));
                continue;
            }
            Err(why) => {
                listed.gaps.push(format!("tree {id}: {why}"));
                continue;
            }
        };
        for entry in tree::entries(&text, width) {
            match entry.kind {
                Some(Type::Tree) if seen.insert(entry.id) => open.push(entry.id),
                Some(Type::Blob) if seen.insert(entry.id) => listed.files.push(entry.id),
                _ => {}
            }
        }
    }
}
