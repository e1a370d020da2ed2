//! Defines [`Pack`]: a pack file with its index.

pub mod delta;
pub mod entry;
pub mod index;
pub mod midx;
pub mod survey;

use std::path::Path;

use super::bytes::{Bytes, be32};
use super::id::ObjectId;
use entry::{Header, Kind};
use index::Index;
use midx::Listing;
use survey::Survey;

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
    /// What reading the whole pack found out.
    Survey(Survey),
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

    /// The same pack with another directory.
    #[must_use]
    pub fn with(self, directory: Directory) -> Self {
        Self { directory, ..self }
    }

    /// How many objects are known to be in it.
    pub fn count(&self) -> u32 {
        match &self.directory {
            Directory::Index(index) => index.count(),
            Directory::Listing(listing) => listing.count(),
            Directory::Survey(survey) => survey.count(),
        }
    }

    /// How many objects it says are in it.
    pub fn declared(&self) -> u32 {
        be32(&self.data, 8).unwrap_or(0)
    }

    /// The raw id in a slot; slots are sorted by id. Empty beyond the last slot.
    pub fn id(&self, slot: u32) -> &[u8] {
        match &self.directory {
            Directory::Index(index) => index.id(slot),
            Directory::Listing(listing) => listing.id(slot),
            Directory::Survey(survey) => survey.id(slot),
        }
    }

    /// Where the object of a slot begins; `None` when that cannot be in the pack.
    pub fn offset(&self, slot: u32) -> Option<u64> {
        let offset = match &self.directory {
            Directory::Index(index) => index.offset(slot),
            Directory::Listing(listing) => listing.offset(slot),
            Directory::Survey(survey) => survey.offset(slot),
        };
        offset.filter(|offset| (HEADER as u64..self.end()).contains(offset))
    }

    /// The slot of an object.
    pub fn find(&self, id: &[u8]) -> Option<u32> {
        match &self.directory {
            Directory::Index(index) => index.find(id),
            Directory::Listing(listing) => listing.find(id),
            Directory::Survey(survey) => survey.find(id),
        }
    }

    /// Whether it is, as a whole, what it was when it was made.
    pub fn is_sound(&self) -> bool {
        let (all, checksum) = self.data.split_at(self.data.len() - self.width);
        ObjectId::hash(&[all], self.width).is_some_and(|hash| hash.as_bytes() == checksum)
    }

    /// Whether [`is_intact`](Self::is_intact) can tell.
    pub fn has_checksums(&self) -> bool {
        match &self.directory {
            Directory::Index(index) => index.count() == 0 || index.checksum(0).is_some(),
            Directory::Listing(_) => false,
            Directory::Survey(_) => true,
        }
    }

    /// Whether the bytes of an entry are those that its index was made from; `None` when nothing tells.
    pub fn is_intact(&self, slot: u32, offset: u64, end: u64) -> Option<bool> {
        let index = match &self.directory {
            Directory::Index(index) => index,
            Directory::Listing(_) => return None,
            // It was named by what it holds.
            Directory::Survey(_) => return Some(true),
        };
        let bytes = usize::try_from(offset).ok()?..usize::try_from(end.min(self.end())).ok()?;
        Some(libdeflater::crc32(self.data.get(bytes)?) == index.checksum(slot)?)
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
