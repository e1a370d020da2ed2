//! Defines [`Store`]: every pack and loose object that a repository can read, alternates included.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bytes::Bytes;
use super::id::ObjectId;
use super::pack::index::Index;
use super::pack::midx::MultiIndex;
use super::pack::{Directory, Pack};

/// Git itself follows no longer chains of alternates.
const MAX_ALTERNATES: usize = 5;

/// The object store of a repository.
pub struct Store {
    /// The packs, largest first: most objects are found in the first one looked into.
    pub packs: Vec<Pack>,
    /// The folders of objects, the repository's own first.
    pub folders: Vec<PathBuf>,
    /// The length of an id in bytes.
    pub width: usize,
    /// What could not be opened, a sentence each.
    pub gaps: Vec<String>,
}

impl Store {
    /// Opens what lies in a folder of objects and its alternates; ids have `width` bytes.
    pub fn open(objects: &Path, width: usize) -> Self {
        let mut store = Self { packs: Vec::new(), folders: Vec::new(), width, gaps: Vec::new() };
        store.add(objects, 0, &mut HashSet::new());
        store.packs.sort_by(|a, b| b.count().cmp(&a.count()).then_with(|| a.name.cmp(&b.name)));
        store
    }

    /// Where an object lies in the packs: pack and slot.
    pub fn find(&self, id: &[u8]) -> Option<(usize, u32)> {
        self.packs.iter().enumerate().find_map(|(number, pack)| Some((number, pack.find(id)?)))
    }

    /// Every loose object that is in no pack, once each, sorted.
    pub fn loose(&self) -> Vec<(ObjectId, PathBuf)> {
        let mut found = Vec::new();
        for folder in self.folders.iter().flat_map(|folder| entries(folder)) {
            let Some(prefix) = name(&folder).filter(|name| name.len() == 2) else { continue };
            for file in entries(&folder) {
                let hex = name(&file).map(|rest| format!("{prefix}{rest}"));
                let Some(id) = hex.and_then(|hex| ObjectId::from_hex(hex.as_bytes())) else { continue };
                if id.as_bytes().len() == self.width && self.find(id.as_bytes()).is_none() {
                    found.push((id, file));
                }
            }
        }
        found.sort();
        found.dedup_by_key(|(id, _)| *id);
        found
    }

    fn add(&mut self, objects: &Path, depth: usize, seen: &mut HashSet<PathBuf>) {
        if !seen.insert(objects.canonicalize().unwrap_or_else(|_| objects.to_owned())) {
            return;
        }
        self.folders.push(objects.to_owned());
        self.add_packs(&objects.join("pack"));
        let Ok(list) = std::fs::read(objects.join("info/alternates")) else { return };
        for line in list.split(|byte| *byte == b'\n').filter(|line| !line.is_empty() && line[0] != b'#') {
            let other = objects.join(String::from_utf8_lossy(line).as_ref());
            match (other.is_dir(), depth < MAX_ALTERNATES) {
                (true, true) => self.add(&other, depth + 1, seen),
                (true, false) => self.gaps.push(format!("alternate `{}`: the chain is too long", other.display())),
                (false, _) => self.gaps.push(format!("alternate `{}`: there is no such folder", other.display())),
            }
        }
    }

    fn add_packs(&mut self, folder: &Path) {
        let mut multi = None;
        for file in entries(folder).into_iter().filter(|file| file.extension().is_some_and(|e| e == "pack")) {
            let opened = self.directory(&file, &mut multi).and_then(|d| Pack::open(&file, d, self.width));
            match opened {
                Ok(pack) => self.packs.push(pack),
                Err(why) => self.gaps.push(format!("pack `{}`: {why}", name(&file).unwrap_or_default())),
            }
        }
    }

    /// The pack's own index, or else what a multi-pack index beside it says.
    fn directory(&self, pack: &Path, multi: &mut Option<Arc<MultiIndex>>) -> Result<Directory, String> {
        let path = pack.with_extension("idx");
        let own = Bytes::map(&path).map_err(|e| format!("its index cannot be read: {e}"));
        let why = match own.and_then(|data| Index::new(data, self.width)) {
            Ok(index) => return Ok(Directory::Index(index)),
            Err(why) => why,
        };
        if multi.is_none() {
            let data = Bytes::map(&pack.with_file_name("multi-pack-index")).map_err(|_| why.clone())?;
            *multi = Some(Arc::new(MultiIndex::new(data, self.width)?));
        }
        let index = multi.as_ref().ok_or_else(|| why.clone())?;
        let wanted = name(&path).unwrap_or_default();
        let number = index.names().iter().position(|name| *name == wanted).ok_or(why)?;
        Ok(Directory::Listing(index.listing(u32::try_from(number).map_err(|e| e.to_string())?)))
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}
