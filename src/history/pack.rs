//! Defines [`Pack`]: a pack file with its index.

pub mod delta;
pub mod entry;
pub mod index;
pub mod midx;

use std::path::Path;

use super::bytes::{Bytes, be32};
use super::id::ObjectId;
use entry::{Header, Kind};
use index::Index;
use midx::Listing;

/// The header of a pack: `PACK`, version, number of objects.
const HEADER: usize = 12;

/// A pack and what says where its objects are.
pub struct Pack {
    /// The file's name without its folder, for messages.
    pub name: String,
    data: Bytes,
    directory: Directory,
    width: usize,
}

/// What says where the objects of a pack are.
pub enum Directory {
    /// The pack's own index.
    Index(Index),
    /// What a multi-pack index says of a pack that has lost its own.
    Listing(Listing),
}

/// An entry's header and where its parts are.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The header.
    pub header: Header,
    /// The base's id, of a delta that names it.
    pub base: Option<ObjectId>,
    /// Where the compressed data begins.
    pub data: usize,
}

impl Pack {
    /// Opens a pack whose ids have `width` bytes.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn open(path: &Path, directory: Directory, width: usize) -> Result<Self, String> {
        let data = Bytes::map(path).map_err(|e| e.to_string())?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::new(name, data, directory, width)
    }

    /// Checks the frame of a pack.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(name: String, data: Bytes, directory: Directory, width: usize) -> Result<Self, String> {
        match (data.get(..4), be32(&data, 4)) {
            (Some(b"PACK"), Some(2 | 3)) if data.len() >= HEADER + width => {}
            (Some(b"PACK"), Some(version)) if !matches!(version, 2 | 3) => {
                return Err(format!("the pack has the unknown version {version}"));
            }
            _ => return Err("this is no pack, or one cut short".to_owned()),
        }
        Ok(Self { name, data, directory, width })
    }

    /// How many objects are known to be in it.
    pub fn count(&self) -> u32 {
        match &self.directory {
            Directory::Index(index) => index.count(),
            Directory::Listing(listing) => listing.count(),
        }
    }

    /// The raw id in a slot; slots are sorted by id. Empty beyond the last slot.
    pub fn id(&self, slot: u32) -> &[u8] {
        match &self.directory {
            Directory::Index(index) => index.id(slot),
            Directory::Listing(listing) => listing.id(slot),
        }
    }

    /// Where the object of a slot begins; `None` when that cannot be in the pack.
    pub fn offset(&self, slot: u32) -> Option<u64> {
        let offset = match &self.directory {
            Directory::Index(index) => index.offset(slot),
            Directory::Listing(listing) => listing.offset(slot),
        };
        offset.filter(|offset| (HEADER as u64..self.end()).contains(offset))
    }

    /// The slot of an object.
    pub fn find(&self, id: &[u8]) -> Option<u32> {
        match &self.directory {
            Directory::Index(index) => index.find(id),
            Directory::Listing(listing) => listing.find(id),
        }
    }

    /// Where the last object ends at the latest.
    pub fn end(&self) -> u64 {
        (self.data.len() - self.width) as u64
    }

    /// Reads the header at an offset; `None` when there is none.
    pub fn entry(&self, offset: u64) -> Option<Entry> {
        let start = usize::try_from(offset).ok()?;
        let body = self.data.get(start..usize::try_from(self.end()).ok()?)?;
        let header = Header::parse(body)?;
        let mut data = start + header.length;
        let mut base = None;
        if header.kind == Kind::Named {
            base = Some(ObjectId::from_bytes(body.get(header.length..header.length + self.width)?)?);
            data += self.width;
        }
        Some(Entry { header, base, data })
    }

    /// The bytes from where an entry's data begins to `end`, the start of the next entry.
    pub fn compressed(&self, entry: &Entry, end: u64) -> &[u8] {
        let end = usize::try_from(end.min(self.end())).unwrap_or(usize::MAX);
        self.data.get(entry.data..end).unwrap_or_default()
    }
}
