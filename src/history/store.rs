//! Defines [`Store`]: every pack and loose object that a repository can read, alternates included.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::bytes::Bytes;
use super::id::ObjectId;
use super::pack::index::Index;
use super::pack::midx::MultiIndex;
use super::pack::survey::{Survey, Surveyed, survey};
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
    /// The store as it was when an object was first not where it had been.
    pub(super) later: OnceLock<Box<Self>>,
}

impl Store {
    /// Opens what lies in a folder of objects and its alternates; ids have `width` bytes.
    pub fn open(objects: &Path, width: usize) -> Self {
        let mut store =
            Self { packs: Vec::new(), folders: Vec::new(), width, gaps: Vec::new(), later: OnceLock::new() };
        store.add(objects, 0, &mut HashSet::new());
        store.gaps.sort();
        store.packs.sort_by(|a, b| b.count().cmp(&a.count()).then_with(|| a.name.cmp(&b.name)));
        store
    }

    /// Where an object lies in the packs: pack and slot.
    pub fn find(&self, id: &[u8]) -> Option<(usize, u32)> {
        self.packs.iter().enumerate().find_map(|(number, pack)| Some((number, pack.find(id)?)))
    }

    /// Every loose object that is in no pack, once each, sorted; folders that cannot be read are told to `gaps`.
    pub fn loose(&self, gaps: &mut Vec<String>) -> Vec<(ObjectId, PathBuf)> {
        let mut found = Vec::new();
        let folders: Vec<PathBuf> = self.folders.iter().flat_map(|folder| entries(folder, gaps)).collect();
        for folder in folders {
            let Some(prefix) = name(&folder).filter(|name| name.len() == 2) else { continue };
            for file in entries(&folder, gaps) {
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

    /// Adds the packs of a folder. `git repack` may put them together at the same time, as a maintenance in the background
    /// does: what has gone since the folder was listed is in another pack by then, so it is listed again.
    fn add_packs(&mut self, folder: &Path) {
        let (packs, gaps) = (self.packs.len(), self.gaps.len());
        for attempt in 0..ATTEMPTS {
            let files = entries(folder, &mut self.gaps);
            self.add_listed(folder, &files);
            let is_here = |file: &PathBuf| file.exists() || file.is_symlink();
            if self.gaps.len() == gaps || attempt + 1 == ATTEMPTS || files.iter().all(is_here) {
                return;
            }
            self.packs.truncate(packs);
            self.gaps.truncate(gaps);
            std::thread::sleep(PAUSE * (attempt + 1));
        }
    }

    fn add_listed(&mut self, folder: &Path, files: &[PathBuf]) {
        let mut missing: BTreeSet<String> = of_type(files, "idx")
            .filter(|file| !file.with_extension("pack").is_file())
            .filter_map(|file| name(file))
            .filter(|name| !name.starts_with(IN_THE_MAKING))
            .collect();
        // One that is damaged matters only to packs that have no index of their own.
        let multi = Bytes::map(&folder.join("multi-pack-index")).ok();
        let multi = multi.and_then(|data| MultiIndex::new(data, self.width).ok()).map(Arc::new);
        let listed = multi.iter().flat_map(|multi| multi.names());
        missing.extend(listed.filter(|name| !folder.join(name).with_extension("pack").is_file()).cloned());
        self.gaps.extend(missing.iter().map(|name| {
            let pack = Path::new(name).with_extension("pack");
            format!("pack `{}`: there is an index of it, but the pack itself is missing", pack.display())
        }));
        for file in of_type(files, "pack") {
            let told = |why: String| format!("pack `{}`: {why}", name(file).unwrap_or_default());
            match self.open_pack(file, multi.as_ref()) {
                Ok((pack, gap)) => {
                    self.packs.push(pack);
                    self.gaps.extend(gap.map(told));
                }
                Err(why) => self.gaps.push(told(why)),
            }
        }
    }

    /// Opens a pack with its own index, or else with what a multi-pack index says, or else by reading all of it; says
    /// what is missing from it.
    fn open_pack(&self, file: &Path, multi: Option<&Arc<MultiIndex>>) -> Result<(Pack, Option<String>), String> {
        let path = file.with_extension("idx");
        let pack = Pack::open(file, Directory::Survey(Survey::default()), self.width)?;
        let declared = pack.declared();
        let data = match std::fs::exists(&path) {
            Ok(false) => Err("it has no index".to_owned()),
            _ => Bytes::map(&path).map_err(|e| format!("its index cannot be read: {e}")),
        };
        let own = data.and_then(|data| Index::new(data, self.width));
        let own = match own {
            Ok(index) if index.count() == declared => return Ok((pack.with(Directory::Index(index)), None)),
            own => own,
        };
        let listing = multi.zip(name(&path)).and_then(|(multi, name)| multi.listing_of(&name));
        if let Some(listing) = listing.filter(|listing| listing.count() == declared) {
            return Ok((pack.with(Directory::Listing(listing)), None));
        }
        let Surveyed { pack, whole } = survey(pack);
        let found = pack.count();
        let (pack, why) = match own {
            _ if whole => return Ok((pack, None)),
            Ok(index) => {
                let why = format!("its index lists {} objects, but it says that it has {declared}", index.count());
                (if index.count() >= found { pack.with(Directory::Index(index)) } else { pack }, why)
            }
            Err(why) => (pack, format!("{why}, and without one only {found} of its {declared} objects can be read")),
        };
        Ok((pack, Some(why)))
    }
}

/// So often the packs of a folder are listed while somebody puts them together.
const ATTEMPTS: u32 = 5;
/// So long the first wait is in between; each one is longer by as much.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

/// What the names of files begin with that `git repack` is still writing, as a maintenance in the background does: the
/// objects are elsewhere until it has renamed them.
const IN_THE_MAKING: &str = ".tmp-";

fn of_type<'a>(files: &'a [PathBuf], wanted: &'a str) -> impl Iterator<Item = &'a PathBuf> {
    files.iter().filter(move |file| file.extension().is_some_and(|e| e == wanted))
}

/// What is in a folder, sorted; nothing when there is no such folder.
fn entries(folder: &Path, gaps: &mut Vec<String>) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let mut failed = |e: std::io::Error| {
        if !matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) {
            gaps.push(format!("folder `{}` of the objects: {e}", name(folder).unwrap_or_default()));
        }
    };
    match std::fs::read_dir(folder) {
        Ok(entries) => entries.for_each(|entry| match entry {
            Ok(entry) => paths.push(entry.path()),
            Err(e) => failed(e),
        }),
        Err(e) => failed(e),
    }
    paths.sort();
    paths
}

fn name(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}
