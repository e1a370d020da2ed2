//! Defines [`Staged`]: what git's index holds for the next commit and HEAD does not.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::index::{self, Index};
use crate::error::Error;
use crate::finding::RepoPath;
use crate::history::{History, ObjectId, Type, tree};

/// What is staged.
pub struct Staged {
    /// What differs from HEAD, sorted by path.
    pub changes: Vec<Change>,
    /// Paths that are in conflict; both of their sides are among the changes.
    pub conflicts: usize,
    history: History,
    index: Index,
    /// The root trees of the commits that the next one will be made upon: HEAD, and what is being merged.
    parents: Vec<ObjectId>,
}

/// A file that differs from HEAD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it is.
    pub path: RepoPath,
    /// What is staged there.
    pub id: ObjectId,
    /// The path as git spells it.
    raw: Vec<u8>,
}

impl Staged {
    /// Compares the index of a git directory with HEAD; `file` is another index than its own, such as the one that git
    /// makes for `git commit -a`.
    ///
    /// # Errors
    /// The index or HEAD cannot be read.
    pub fn open(git_dir: &Path, file: Option<PathBuf>) -> Result<Self, Error> {
        let history = History::open(git_dir)?;
        let index = Index::open(&file.unwrap_or_else(|| git_dir.join("index")), git_dir, history.width())?;
        let failed = |why: String| Error::usage("cannot compare git's index with HEAD").because(why);
        // HEAD of a branch without a commit is in no parent: everything is new.
        let parents = history.parents_of_next().map_err(failed)?;
        let mut staged = Self { changes: Vec::new(), conflicts: 0, history, index, parents };
        staged.compare().map_err(failed)?;
        Ok(staged)
    }

    /// What is staged under an id.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub fn read(&self, id: ObjectId) -> Result<Vec<u8>, String> {
        self.history.store().read(&id).map(|(_, text)| text)
    }

    /// What HEAD, and what is being merged, have at the path of a change.
    pub fn before(&self, path: &RepoPath) -> Vec<ObjectId> {
        let raw = self.changes.iter().filter(|change| change.path == *path).map(|change| &change.raw);
        let mut found: Vec<ObjectId> = Vec::new();
        for (raw, parent) in raw.flat_map(|raw| self.parents.iter().map(move |parent| (raw, *parent))) {
            let mut folders = Folders::new(&self.history, Some(parent));
            found.extend(folders.entry(raw).ok().flatten().filter(|(is_tree, _)| !is_tree).map(|(_, id)| id));
        }
        found
    }

    /// The files of HEAD that the next commit will no longer have: one of them may go on under a new name.
    pub fn removed(&self) -> Vec<ObjectId> {
        let mut found = Vec::new();
        let Some(root) = self.parents.first() else { return found };
        let kept: HashSet<&[u8]> = self.index.entries.iter().map(|entry| &entry.path[..]).collect();
        let mut open = vec![(Vec::new(), *root)];
        while let Some((path, id)) = open.pop() {
            let mut sparse = path.clone();
            sparse.push(b'/');
            if self.index.trees.get(&path) == Some(&id) || kept.contains(&sparse[..]) {
                continue;
            }
            let Ok((Type::Tree, text)) = self.history.store().read(&id) else { continue };
            for entry in tree::entries(&text, self.history.width()) {
                let place = join(&path, entry.name);
                match entry.kind {
                    Some(Type::Tree) => open.push((place, entry.id)),
                    Some(_) if !kept.contains(&place[..]) => found.push(entry.id),
                    _ => {}
                }
            }
        }
        found
    }

    fn compare(&mut self) -> Result<(), String> {
        let mut folders = Folders::new(&self.history, self.parents.first().copied());
        let (mut changes, mut conflicts) = (Vec::new(), HashSet::new());
        // The folder in which nothing differs.
        let mut same: Option<Vec<u8>> = None;
        for entry in &self.index.entries {
            if same.as_ref().is_some_and(|folder| is_inside(&entry.path, folder)) {
                continue;
            }
            same = folders.unchanged(&entry.path, &self.index.trees)?;
            if same.is_some() {
                continue;
            }
            match entry.kind {
                index::Kind::Submodule | index::Kind::Intent => continue,
                index::Kind::Folder => {
                    let folder = entry.path.strip_suffix(b"/").unwrap_or(&entry.path);
                    if folders.entry(folder)? != Some((true, entry.id)) {
                        self.enter(folder, entry.id, &mut folders, &mut changes)?;
                    }
                    continue;
                }
                index::Kind::File => {}
            }
            if entry.stage > 0 {
                conflicts.insert(&entry.path);
            }
            // The base of a conflict is in the history; its sides are what the next commit is made of.
            if entry.stage != 1 && folders.entry(&entry.path)? != Some((false, entry.id)) {
                changes.push(Change::new(&entry.path, entry.id));
            }
        }
        self.conflicts = conflicts.len();
        changes.sort_by(|a, b| (&a.path, a.id).cmp(&(&b.path, b.id)));
        changes.dedup();
        self.changes = changes;
        Ok(())
    }

    /// Compares a folder that a sparse index holds as a whole.
    fn enter(
        &self,
        folder: &[u8],
        id: ObjectId,
        folders: &mut Folders<'_>,
        changes: &mut Vec<Change>,
    ) -> Result<(), String> {
        let mut open = vec![(folder.to_vec(), id)];
        while let Some((path, id)) = open.pop() {
            let text = read_tree(&self.history, &id)?;
            for entry in tree::entries(&text, self.history.width()) {
                let place = join(&path, entry.name);
                let is_tree = entry.kind == Some(Type::Tree);
                match entry.kind {
                    Some(_) if folders.entry(&place)? == Some((is_tree, entry.id)) => {}
                    Some(Type::Tree) => open.push((place, entry.id)),
                    Some(_) => changes.push(Change::new(&place, entry.id)),
                    None => {}
                }
            }
        }
        Ok(())
    }
}

impl Change {
    fn new(raw: &[u8], id: ObjectId) -> Self {
        Self { path: RepoPath::new(raw), id, raw: raw.to_vec() }
    }
}

fn is_inside(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with(b"/"))
}

fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, name].join(&b'/') }
}

fn read_tree(history: &History, id: &ObjectId) -> Result<Vec<u8>, String> {
    match history.store().read(id) {
        Ok((Type::Tree, text)) => Ok(text),
        Ok(_) => Err(format!("object {id}: it should be a tree")),
        Err(why) => Err(format!("tree {id}: {why}")),
    }
}

/// What a folder holds: by name whether it is a folder, and its id.
type Names = HashMap<Vec<u8>, (bool, ObjectId)>;

/// The folders of a commit, each read when first asked for.
struct Folders<'a> {
    history: &'a History,
    root: Option<ObjectId>,
    known: HashMap<Vec<u8>, Names>,
}

impl<'a> Folders<'a> {
    fn new(history: &'a History, root: Option<ObjectId>) -> Self {
        Self { history, root, known: HashMap::new() }
    }

    /// What is at a path: whether it is a folder, and its id.
    fn entry(&mut self, path: &[u8]) -> Result<Option<(bool, ObjectId)>, String> {
        if path.is_empty() {
            return Ok(self.root.map(|root| (true, root)));
        }
        // From the root down, so that no depth of folders is too deep.
        let mut folder = 0;
        loop {
            let end = path[folder..].iter().position(|byte| *byte == b'/').map(|length| folder + length);
            let parent = &path[..folder.saturating_sub(1)];
            let name = &path[folder..end.unwrap_or(path.len())];
            let Some(found) = self.child(parent, name)? else { return Ok(None) };
            match end {
                None => return Ok(Some(found)),
                Some(_) if !found.0 => return Ok(None),
                Some(end) => folder = end + 1,
            }
        }
    }

    /// What a folder whose parents were all asked for holds under a name.
    fn child(&mut self, folder: &[u8], name: &[u8]) -> Result<Option<(bool, ObjectId)>, String> {
        if let Some(known) = self.known.get(folder) {
            return Ok(known.get(name).copied());
        }
        let split = folder.iter().rposition(|byte| *byte == b'/');
        let parent = &folder[..split.unwrap_or(0)];
        let id = match folder.is_empty() {
            true => self.root,
            false => self
                .known
                .get(parent)
                .and_then(|entries| entries.get(&folder[split.map_or(0, |at| at + 1)..]))
                .map(|found| found.1),
        };
        let Some(id) = id else { return Ok(None) };
        let text = read_tree(self.history, &id)?;
        let entries = tree::entries(&text, self.history.width());
        let entries = entries.map(|entry| (entry.name.to_vec(), (entry.kind == Some(Type::Tree), entry.id)));
        let known: Names = entries.collect();
        let found = known.get(name).copied();
        self.known.insert(folder.to_vec(), known);
        Ok(found)
    }

    /// The outermost folder around a path that the index is known to hold as this commit does.
    fn unchanged(&mut self, path: &[u8], trees: &HashMap<Vec<u8>, ObjectId>) -> Result<Option<Vec<u8>>, String> {
        let ends =
            std::iter::once(0).chain(path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at));
        for end in ends {
            let folder = &path[..end];
            if let Some(id) = trees.get(folder)
                && self.entry(folder)? == Some((true, *id))
            {
                return Ok(Some(folder.to_vec()));
            }
        }
        Ok(None)
    }
}
