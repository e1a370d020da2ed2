//! Defines [`Root`]: the checkout that a log is about, looked at and never left.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use crate::fingerprint::{LineHash, LineHashes, line_hashes};

/// Files beyond this size are not hashed: 64 MiB.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// Lines whose hashes are remembered at a time, of all files together: 32 MiB of them.
const MAX_LINES: usize = 2 << 20;

/// The checkout that a log is about. Nothing outside of it is read, wherever a path or a symbolic link leads.
#[derive(Debug)]
pub struct Root {
    folder: PathBuf,
    hashes: RefCell<BTreeMap<String, LineHashes>>,
}

impl Root {
    /// Opens a folder.
    ///
    /// # Errors
    ///
    /// It does not exist, cannot be entered, or is no folder.
    pub fn open(folder: impl AsRef<Path>) -> std::io::Result<Self> {
        let folder = folder.as_ref().canonicalize()?;
        if !folder.is_dir() {
            return Err(std::io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { folder, hashes: RefCell::default() })
    }

    /// Where it is, with `/` between the parts and behind the last; `None` when that is no text.
    pub(crate) fn absolute(&self) -> Option<String> {
        let text = self.folder.to_str()?.replace('\\', "/");
        Some(format!("{}/", text.trim_end_matches('/')))
    }

    /// The file or folder behind a relative path, with all symbolic links resolved and relative to the root again;
    /// `None` when there is none inside of the root.
    pub(crate) fn real(&self, path: &[u8]) -> Option<String> {
        let path = Path::new(std::str::from_utf8(path).ok()?);
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let real = self.folder.join(path).canonicalize().ok()?;
        let inside = real.strip_prefix(&self.folder).ok()?.to_str()?.replace('\\', "/");
        (!inside.is_empty()).then_some(inside)
    }

    /// The hash of a line of a file; `None` when there is no such line, or the file is none that can be hashed.
    pub(crate) fn line_hash(&self, path: &[u8], line: u32) -> Option<LineHash> {
        let real = self.real(path)?;
        let mut hashes = self.hashes.borrow_mut();
        if let Some(known) = hashes.get(&real) {
            return known.line(line);
        }
        let fresh = line_hashes(&self.read(&real)?);
        if hashes.values().map(|known| known.as_slice().len()).sum::<usize>() > MAX_LINES {
            hashes.clear();
        }
        let hash = fresh.line(line);
        hashes.insert(real, fresh);
        hash
    }

    /// The line, from 1, in which a byte or a character (a UTF-16 code unit) of a file stands, counted from 0; `None`
    /// when the file ends before, or is none that can be read.
    pub(crate) fn line_at(&self, path: &[u8], offset: u64, is_bytes: bool) -> Option<u32> {
        let text = self.read(&self.real(path)?)?;
        let offset = usize::try_from(offset).ok()?;
        let before: usize = if is_bytes {
            text.get(..offset)?.iter().filter(|b| **b == b'\n').count()
        } else {
            let text = String::from_utf8_lossy(&text);
            let units: Vec<u16> = text.encode_utf16().take(offset).collect();
            (units.len() == offset).then(|| units.iter().filter(|unit| **unit == u16::from(b'\n')).count())?
        };
        u32::try_from(before + 1).ok()
    }

    /// The bytes of a file inside of the root, up to [`MAX_FILE_BYTES`].
    fn read(&self, real: &str) -> Option<Vec<u8>> {
        let file = self.folder.join(real);
        // Opening a pipe would wait for its other end.
        let metadata = file.metadata().ok().filter(|m| m.is_file() && m.len() <= MAX_FILE_BYTES)?;
        let mut text = Vec::with_capacity(usize::try_from(metadata.len()).ok()?);
        std::fs::File::open(file).ok()?.take(MAX_FILE_BYTES).read_to_end(&mut text).ok()?;
        Some(text)
    }
}
