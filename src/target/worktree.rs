//! Lists and reads the files of a target: those on disk, or those of HEAD where there is no working tree.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::PathBuf;

use git2::{ObjectType, TreeWalkMode, TreeWalkResult};
use ignore::WalkBuilder;

use super::Target;
use super::staged::Change;
use crate::error::Error;
use crate::finding::RepoPath;
use crate::history::ObjectId;
use crate::scanner::Gap;

/// Larger files are not read but reported, in bytes.
pub const MAX_FILE: u64 = 64 << 20;

/// One file of the target.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it is.
    pub path: RepoPath,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    Disk(PathBuf),
    Blob(git2::Oid),
    Staged(ObjectId),
}

/// The files of a target and what stood in the way of listing them.
#[derive(Default)]
pub struct Listing {
    /// Sorted by path.
    pub files: Vec<File>,
    /// Folders that could not be read.
    pub gaps: Vec<Gap>,
}

impl Target {
    /// Lists the files: tracked ones and new ones that git does not ignore. What a `.gitignore` hides is left out only
    /// while it is not tracked, so a committed file cannot hide behind a committed `.gitignore`. Links are not followed.
    ///
    /// # Errors
    /// The repository cannot be read.
    pub fn files(&self) -> Result<Listing, Error> {
        if let Some(staged) = &self.staged {
            let inside = staged.changes.iter().filter(|change| self.contains(&change.path));
            let file = |change: &Change| File { path: change.path.clone(), place: Place::Staged(change.id) };
            return Ok(Listing { files: inside.map(file).collect(), gaps: Vec::new() });
        }
        if self.bare {
            return self.files_of_head();
        }
        let mut listing = Listing::default();
        let mut found = BTreeMap::new();
        let start = self.scope.as_ref().map_or_else(|| self.root.clone(), |scope| self.root.join(scope.as_str()));
        let walk = WalkBuilder::new(start)
            .hidden(false)
            .ignore(false)
            .git_global(false)
            .follow_links(false)
            // What lies around a folder of our own says nothing about what is in it.
            .parents(!self.written)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build();
        for entry in walk {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => {
                    let path = self.relative(entry.path());
                    if self.contains(&path) {
                        found.insert(path, entry.into_path());
                    }
                }
                Ok(_) => {}
                Err(e) => listing.gaps.push(Gap::broken(format!("cannot list files: {}", self.inside(&e.to_string())))),
            }
        }
        for entry in self.index()?.entries {
            let path = RepoPath::new(&entry.path);
            let on_disk = self.root.join(path.as_str());
            let plain = fs::symlink_metadata(&on_disk).is_ok_and(|m| m.is_file());
            if plain && self.contains(&path) && self.leads_inside(&on_disk) {
                found.entry(path).or_insert(on_disk);
            }
        }
        listing.files = found.into_iter().map(|(path, disk)| File { path, place: Place::Disk(disk) }).collect();
        Ok(listing)
    }

    fn files_of_head(&self) -> Result<Listing, Error> {
        let mut listing = Listing::default();
        let (Some(repository), Some(head)) = (self.repository()?, self.head) else { return Ok(listing) };
        let failed = |e: git2::Error| Error::usage("cannot read the files of HEAD").because(e.message().to_owned());
        let tree = repository.find_commit(head).and_then(|commit| commit.tree()).map_err(failed)?;
        tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
            if entry.kind() == Some(ObjectType::Blob) {
                let path = RepoPath::new([folder.as_bytes(), entry.name_bytes()].concat());
                listing.files.push(File { path, place: Place::Blob(entry.id()) });
            }
            TreeWalkResult::Ok
        })
        .map_err(failed)?;
        listing.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(listing)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A gap: the file cannot be read, or is larger than [`MAX_FILE`].
    pub fn read(&self, file: &File) -> Result<Vec<u8>, Gap> {
        let failed = |e: &dyn std::fmt::Display| Gap::broken(format!("cannot read `{}`: {e}", file.path));
        let too_large = |size: u64| {
            Gap::broken(format!("`{}` has {size} bytes, more than the {MAX_FILE} that are read", file.path))
                .hint("list it under [scan] exclude if it needs no scan")
        };
        match &file.place {
            Place::Disk(path) => {
                let mut bytes = Vec::new();
                let open = fs::File::open(path).map_err(|e| failed(&e))?;
                open.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
                let read = bytes.len() as u64;
                if read > MAX_FILE {
                    return Err(too_large(fs::metadata(path).map_or(read, |m| m.len())));
                }
                Ok(bytes)
            }
            Place::Staged(id) => {
                let staged = self.staged.as_ref().ok_or_else(|| failed(&"nothing is staged"))?;
                let bytes = staged.read(*id).map_err(|why| failed(&why))?;
                let size = bytes.len() as u64;
                if size > MAX_FILE { Err(too_large(size)) } else { Ok(bytes) }
            }
            Place::Blob(id) => {
                let repository = self.repository().map_err(|e| failed(&e))?.ok_or_else(|| failed(&"no repository"))?;
                let odb = repository.odb().map_err(|e| failed(&e.message()))?;
                let (size, _) = odb.read_header(*id).map_err(|e| failed(&e.message()))?;
                if size as u64 > MAX_FILE {
                    return Err(too_large(size as u64));
                }
                let object = odb.read(*id).map_err(|e| failed(&e.message()))?;
                Ok(object.data().to_vec())
            }
        }
    }

    /// The path of something on disk as every output shows it.
    pub fn relative(&self, path: &std::path::Path) -> RepoPath {
        RepoPath::new(path.strip_prefix(&self.root).unwrap_or(path).as_os_str().as_encoded_bytes())
    }

    /// Takes the root out of a message, so that no output names a folder of the machine.
    fn inside(&self, message: &str) -> String {
        message.replace(&format!("{}/", self.root.display()), "").replace(&self.root.display().to_string(), ".")
    }

    /// Whether no link on the way leads out of the root.
    fn leads_inside(&self, path: &std::path::Path) -> bool {
        path.canonicalize().is_ok_and(|real| real.starts_with(&self.root))
    }
}

impl File {
    /// A file that a finding names: a plain file on disk inside the target, one of HEAD where there is no working tree,
    /// or one that is staged where nothing else is asked for; `None` when there is none.
    pub fn named(target: &Target, path: &RepoPath) -> Option<Self> {
        let place = if let Some(staged) = &target.staged {
            Place::Staged(staged.changes.iter().find(|change| change.path == *path)?.id)
        } else if target.bare {
            let repository = target.repository().ok()??;
            let tree = repository.find_commit(target.head?).and_then(|commit| commit.tree()).ok()?;
            Place::Blob(tree.get_path(std::path::Path::new(path.as_str())).ok()?.id())
        } else {
            let disk = target.root.join(path.as_str());
            let plain = fs::symlink_metadata(&disk).is_ok_and(|m| m.is_file()) && target.leads_inside(&disk);
            plain.then_some(Place::Disk(disk))?
        };
        Some(Self { path: path.clone(), place })
    }
}
