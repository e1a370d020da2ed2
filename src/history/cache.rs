//! Defines [`Cache`]: which objects of a repository have been scanned, so that the next scan reads only the others.
//!
//! A file in the cache folder, one for each repository, holds the ids of all objects that a scan without a gap has
//! seen, the ids of those in which it found something, and where these came from. It holds no byte of any text: an
//! object in which something was found is read again every time. It serves one set of rules only.

mod file;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::origin::Origin;
use super::{Coverage, History, ObjectId, refs};
use crate::text::hex;

/// When more than one object of so many is new, all are scanned: that is faster than to read them one by one.
const FEW: usize = 4;

/// What is known of a repository from earlier scans.
pub struct Cache<'a> {
    history: &'a History,
    path: PathBuf,
    rules: [u8; 32],
    /// Names everything that the answers depend on: packs, loose objects, references.
    state: [u8; 32],
    loose: Vec<ObjectId>,
    known: Option<Known>,
}

/// What a scan has left.
struct Known {
    state: [u8; 32],
    /// Raw ids one behind the other, sorted.
    ids: Vec<u8>,
    /// Objects to be read again.
    noted: Vec<ObjectId>,
    origins: HashMap<ObjectId, Origin>,
}

impl<'a> Cache<'a> {
    /// Looks for what an earlier scan with the same rules left in a cache folder.
    ///
    /// # Errors
    /// What was left is damaged, in words; the cache is as good as an empty one.
    pub fn open(folder: &Path, history: &'a History, rules: [u8; 32]) -> (Self, Result<(), String>) {
        let mut gaps = Vec::new();
        let loose: Vec<ObjectId> = history.store().loose(&mut gaps).into_iter().map(|(id, _)| id).collect();
        let place = history.common_dir.canonicalize().unwrap_or_else(|_| history.common_dir.clone());
        let name = hex(&Sha256::digest(place.as_os_str().as_encoded_bytes())[..16]);
        let path = folder.join("history").join(name);
        let state = state(history, &loose);
        let (known, read) = match file::read(&path, rules, history.width()) {
            Ok(known) => (known, Ok(())),
            Err(why) => (None, Err(why)),
        };
        (Self { history, path, rules, state, loose, known }, read)
    }

    /// The objects to scan: new ones, and those in which something was found. `None` when all are to be scanned.
    pub fn to_scan(&self) -> Option<Vec<ObjectId>> {
        let known = self.known.as_ref()?;
        let mut ids = known.noted.clone();
        if known.state != self.state {
            ids.retain(|id| self.history.store().find(id.as_bytes()).is_some() || self.loose.contains(id));
            ids.extend(self.unknown(known));
            ids.sort_unstable();
            ids.dedup();
        }
        (ids.len() <= self.count() / FEW).then_some(ids)
    }

    /// Where things came from, when nothing has changed since that was found out.
    pub fn origins(&self) -> Option<&HashMap<ObjectId, Origin>> {
        Some(&self.known.as_ref().filter(|known| known.state == self.state)?.origins)
    }

    /// Keeps what a scan of all objects, or of those to scan, has found out. A scan with gaps leaves nothing.
    ///
    /// # Errors
    /// The file cannot be written, in words.
    pub fn save(&self, coverage: &Coverage, origins: &HashMap<ObjectId, Origin>) -> Result<(), String> {
        if !coverage.gaps.is_empty() || self.origins().is_some() {
            return Ok(());
        }
        let mut ids = self.ids();
        ids.par_sort_unstable();
        ids.dedup();
        let known =
            Known { state: self.state, ids: ids.concat(), noted: coverage.noted.clone(), origins: origins.clone() };
        file::write(&self.path, self.rules, self.history.width(), &known).map_err(|e| e.to_string())
    }

    fn count(&self) -> usize {
        self.history.store().packs.iter().map(|pack| pack.count() as usize).sum::<usize>() + self.loose.len()
    }

    fn ids(&self) -> Vec<&[u8]> {
        let packed = self.history.store().packs.iter().flat_map(|pack| (0..pack.count()).map(|slot| pack.id(slot)));
        packed.chain(self.loose.iter().map(ObjectId::as_bytes)).collect()
    }

    /// The objects that no scan has seen.
    fn unknown(&self, known: &Known) -> Vec<ObjectId> {
        let width = self.history.width();
        let count = known.ids.len() / width;
        let id = |at: usize| &known.ids[at * width..(at + 1) * width];
        let (mut unknown, mut at) = (Vec::new(), 0);
        // The ids of a pack are sorted, and a search begins where the last one ended.
        for wanted in self.ids() {
            if at > 0 && id(at - 1) >= wanted {
                at = 0;
            }
            let mut step = 1;
            while at + step < count && id(at + step) < wanted {
                at += step;
                step *= 2;
            }
            let (mut low, mut high) = (at, count.min(at + step + 1));
            while low < high {
                let middle = low + (high - low) / 2;
                if id(middle) < wanted { low = middle + 1 } else { high = middle }
            }
            at = low;
            if at == count || id(at) != wanted {
                unknown.extend(ObjectId::from_bytes(wanted));
            }
        }
        unknown
    }
}

/// A hash of everything that a scan and the search for origins read. The name of a pack is a hash of what is in it.
fn state(history: &History, loose: &[ObjectId]) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut line = |parts: &[&[u8]]| {
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    };
    for pack in &history.store().packs {
        line(&[pack.name.as_bytes(), &pack.count().to_le_bytes(), &pack.end().to_le_bytes()]);
    }
    for id in loose {
        line(&[id.as_bytes()]);
    }
    for (name, id) in refs::all(&history.git_dir, &history.common_dir) {
        line(&[name.as_bytes(), id.as_bytes()]);
    }
    hash.finalize().into()
}
