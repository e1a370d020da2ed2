//! Defines [`Place`]: a folder into which files are written, never over something and never outside of it.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// So much of an existing file is read, in bytes.
const MOST_READ: u64 = 1 << 20;

/// A folder to write into.
pub(super) struct Place {
    root: PathBuf,
}

/// What came of writing a file.
pub(super) enum Written {
    /// It is there now.
    New,
    /// It was there, with the same text.
    Same,
    /// Something else is there: the first mebibyte of its text; empty for what is no file that can be read.
    Other(String),
}

impl Place {
    /// Opens a folder.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        let failed = || Error::usage(format!("cannot write into `{}`", folder.display()));
        let root = folder.canonicalize().map_err(|e| failed().because(e).hint("name the folder of a repository"))?;
        match root.is_dir() {
            true => Ok(Self { root }),
            false => Err(failed().because("it is no folder").hint("name the folder of a repository")),
        }
    }

    /// Writes a file, by a path of plain names, unless something is there.
    ///
    /// # Errors
    /// A part of the path is a link that leads outside, or no folder, or cannot be written.
    pub(super) fn write(&self, path: &Path, text: &str) -> Result<Written, Error> {
        let failed = |e: std::io::Error| Error::usage(format!("cannot write `{}`", path.display())).because(e);
        if let Some(parent) = path.parent() {
            self.make(parent)?;
        }
        let file = self.root.join(path);
        // Fails for whatever is there, dangling links included.
        match OpenOptions::new().write(true).create_new(true).open(&file) {
            Ok(mut new) => new.write_all(text.as_bytes()).map_err(failed)?,
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                let existing = existing(&file);
                return Ok(if existing == text { Written::Same } else { Written::Other(existing) });
            }
            Err(e) => return Err(failed(e)),
        }
        Ok(Written::New)
    }

    /// Makes a folder and those above it, as far as they are missing.
    fn make(&self, folder: &Path) -> Result<(), Error> {
        let mut here = self.root.clone();
        for name in folder.components() {
            here.push(name);
            match fs::create_dir(&here) {
                Ok(()) => {}
                Err(e) if e.kind() == ErrorKind::AlreadyExists => self.must_be_inside(&here, folder)?,
                Err(e) => return Err(Error::usage(format!("cannot make the folder `{}`", folder.display())).because(e)),
            }
        }
        Ok(())
    }

    /// Refuses a folder that is none, or a link that leads out.
    fn must_be_inside(&self, here: &Path, folder: &Path) -> Result<(), Error> {
        let refused = |why: &str| Error::usage(format!("cannot write into `{}`", folder.display())).because(why);
        let name = here.strip_prefix(&self.root).unwrap_or(here).display().to_string();
        match here.canonicalize() {
            Ok(real) if !real.starts_with(&self.root) => {
                Err(refused(&format!("`{name}` is a link that leads elsewhere")).hint("write the files there yourself"))
            }
            Ok(real) if real.is_dir() => Ok(()),
            Ok(_) | Err(_) => Err(refused(&format!("`{name}` is no folder"))),
        }
    }
}

/// The beginning of a plain file; empty for anything else.
fn existing(file: &Path) -> String {
    let mut bytes = Vec::new();
    if fs::symlink_metadata(file).is_ok_and(|data| data.is_file()) {
        let read = fs::File::open(file).and_then(|file| file.take(MOST_READ).read_to_end(&mut bytes));
        if read.is_err() {
            bytes.clear();
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
