//! Defines [`Bytes`]: the content of a file, mapped into memory or owned.

use std::fs::File;
use std::ops::Deref;
use std::path::Path;

use memmap2::Mmap;

/// The content of a file.
pub enum Bytes {
    /// Backed by the file itself: costs no anonymous memory.
    Mapped(Mmap),
    /// Held in memory.
    Owned(Vec<u8>),
}

impl Bytes {
    /// Maps a file.
    ///
    /// # Errors
    /// The file cannot be opened or mapped.
    pub fn map(path: &Path) -> std::io::Result<Self> {
        let file = File::open(path)?;
        // An empty file cannot be mapped everywhere.
        if file.metadata()?.len() == 0 {
            return Ok(Self::Owned(Vec::new()));
        }
        #[expect(unsafe_code, reason = "a mapping is the only way to read a pack of gigabytes without copying it")]
        // SAFETY: git writes packs and indexes under a temporary name, renames them and never changes them again. A
        // file cut short by somebody else while it is mapped ends the process with SIGBUS, as it does in git itself.
        let map = unsafe { Mmap::map(&file)? };
        Ok(Self::Mapped(map))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Owned(bytes) => bytes,
        }
    }
}

/// Four bytes in network order.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// Git's number of variable length, the same in offsets of pack deltas, reftables and the index.
pub(crate) fn varint(rest: &mut &[u8]) -> Option<usize> {
    let mut next = || {
        let (byte, left) = rest.split_first()?;
        *rest = left;
        Some(*byte)
    };
    let mut byte = next()?;
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        byte = next()?;
        value = value.checked_add(1)?.checked_mul(128)? | usize::from(byte & 0x7f);
    }
    Some(value)
}

/// Eight bytes in network order.
pub(crate) fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_be_bytes(eight.try_into().ok()?))
}
