//! Defines [`History`]: every object git holds for a repository, and where each came from.
//!
//! Objects are read by our own reader of packs, which inflates and rebuilds each of them exactly once (see
//! [`walk`]). Where that fails another copy is looked for, and what has none is a gap in the [`Coverage`].

pub mod buffer;
pub mod bytes;
pub mod cache;
pub mod commit;
pub mod forest;
pub mod gaps;
pub mod id;
pub mod inflate;
mod merge_base;
pub mod objects;
pub mod origin;
pub mod pack;
pub mod promised;
pub mod range;
pub mod read;
mod reader;
pub mod refs;
pub mod reftable;
mod revision;
mod scan;
pub mod snapshot;
pub mod store;
mod submodules;
pub mod tree;
pub mod walk;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use crate::error::Error;
use store::Store;

pub use id::ObjectId;
pub use objects::Objects;
pub use origin::Origin;
pub use pack::entry::Type;
pub use range::Range;
pub use scan::{Scope, Tell};

/// Larger objects are not read but reported, in bytes.
pub const MAX_OBJECT: usize = 128 << 20;

/// The objects of a repository.
pub struct History {
    git_dir: PathBuf,
    /// The git directory of the main working tree, which holds objects and references.
    common_dir: PathBuf,
    /// The length of an id in bytes.
    width: usize,
    store: OnceLock<Arc<Store>>,
    objects: OnceLock<Objects>,
    /// Every commit, from a scan that read them all to the search for origins, so that they are read once.
    commits: Mutex<Option<Vec<origin::Unlinked>>>,
}

/// What an object is, as far as a reader cares. Trees hold names, not text, and are not scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A version of a file.
    Blob,
    /// A commit: its message and the people in it.
    Commit,
    /// An annotated tag.
    Tag,
}

/// An object in which something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// The object's id.
    pub id: ObjectId,
    /// What it is.
    pub kind: ObjectKind,
}

/// What was read, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Objects scanned.
    pub objects: u64,
    /// Bytes of text scanned.
    pub bytes: u64,
    /// What could not be read, a sentence each, sorted.
    pub gaps: Vec<String>,
    /// Archives in the history that could not be opened whole, a sentence each, sorted.
    pub unopened: Vec<String>,
    /// Objects with a match, or of which something could not be opened, sorted.
    pub noted: Vec<ObjectId>,
}

impl History {
    /// Opens a git directory, a bare one, that of a linked working tree or of a submodule.
    ///
    /// # Errors
    /// It is no repository, or one in a format that is not known.
    pub fn open(git_dir: &Path) -> Result<Self, Error> {
        let refuse = |why: &str| Error::usage(format!("cannot open the repository `{}`: {why}", git_dir.display()));
        let common_dir = match std::fs::read_to_string(git_dir.join("commondir")) {
            Ok(link) => git_dir.join(link.trim_end()),
            Err(_) => git_dir.to_owned(),
        };
        if !common_dir.join("objects").is_dir() || !git_dir.join("HEAD").exists() {
            return Err(refuse("it is no git directory"));
        }
        let config = std::fs::read_to_string(common_dir.join("config")).unwrap_or_default();
        let width = match object_format(&config).as_deref() {
            None | Some("sha1") => 20,
            Some("sha256") => 32,
            Some(other) => return Err(refuse(&format!("its object format `{other}` is not known"))),
        };
        Ok(Self {
            git_dir: git_dir.to_owned(),
            common_dir,
            width,
            store: OnceLock::new(),
            objects: OnceLock::new(),
            commits: Mutex::default(),
        })
    }

    /// The reflogs as text, named from the git directory: `logs/HEAD`.
    pub fn reflogs(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = refs::reflogs(&self.git_dir);
        if self.git_dir != self.common_dir {
            found.extend(refs::reflogs(&self.common_dir));
        }
        found
    }

    /// Every object in the store; listed when first asked for.
    pub fn objects(&self) -> &Objects {
        self.objects.get_or_init(|| Objects::new(Arc::clone(self.shared_store())))
    }

    /// The length of an id in bytes.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The store itself, to read single objects; opened when first asked for.
    pub fn store(&self) -> &Store {
        self.shared_store()
    }

    fn shared_store(&self) -> &Arc<Store> {
        self.store.get_or_init(|| Arc::new(Store::open(&self.common_dir.join("objects"), self.width)))
    }
}

/// The value of `extensions.objectFormat` in a git configuration, lower case.
fn object_format(config: &str) -> Option<String> {
    let mut section = String::new();
    let mut format = None;
    for line in config.lines().map(|line| line.trim().to_ascii_lowercase()) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.split(']').next().unwrap_or_default().trim().to_owned();
        } else if section == "extensions"
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "objectformat"
        {
            format = Some(value.trim().trim_matches('"').to_owned());
        }
    }
    format
}

#[cfg(test)]
mod tests {
    use super::object_format;

    #[test]
    fn reads_the_object_format() {
        let config = "[core]\n\tbare = true\n[extensions]\n\tobjectFormat = SHA256\n";
        assert_eq!(object_format(config).as_deref(), Some("sha256"));
        assert_eq!(object_format("[core]\nobjectformat = x"), None);
    }
}
