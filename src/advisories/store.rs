//! Defines [`Store`]: advisories in one file, which is mapped into memory and searched as it is.
//!
//! ```text
//! magic word and version | checksum | where each section is
//! meta      where the records are from, JSON
//! strings   versions, vectors, beginnings of ids: how often each is used decides its number
//! keys      `ecosystem \0 name`, sorted, each with the place of what is affected
//! affected  for each key: records, with ranges of versions
//! records   ids, aliases, what kind of defect, how severe
//! ids       the places of records by their ids and aliases, in buckets
//! exploited CVE ids with KEV and EPSS, sorted
//! blocks    where which texts are
//! texts     summaries, details, references: compressed in blocks, read only for what is found
//! ```
//!
//! All but the texts is checked against a checksum when the file is opened, and every place and length when it is used: a
//! file that somebody made with bad intent is an error and nothing else.

pub mod build;
pub mod bytes;
mod ids;
mod layout;
pub mod meta;
mod read;
mod text;

use std::path::{Path, PathBuf};

use super::affected::Affected;
use super::exploited::{Cve, Exploited, List, Lists};
use super::grade::Grade;
use super::record::{Nature, Record, Text};
use crate::error::Error;
use crate::history::bytes::Bytes;
use bytes::Damaged;
use layout::{Layout, Section};
pub use meta::{Coverage, Feed, Meta};

/// The name of the file in the cache folder.
pub const FILE: &str = "advisories.store";

/// Where the store is in a cache folder.
pub fn place(cache: &Path) -> PathBuf {
    cache.join("advisories").join(FILE)
}

/// No store is larger, in bytes. All of OSV takes some 200 MB.
pub const MAX_STORE: u64 = 4 << 30;

/// Advisories in one file.
pub struct Store {
    bytes: Bytes,
    layout: Layout,
    meta: Meta,
}

/// What a record says apart from its packages and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// Other ids of the same defect, sorted.
    pub aliases: Vec<String>,
    /// What kind of defect it is.
    pub nature: Nature,
    /// How severe it is.
    pub grade: Option<Grade>,
    /// Which of the sources of the store it is from.
    pub source: usize,
}

/// Where a record is in its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u32);

/// What a record says of a package.
#[derive(Clone, Debug, PartialEq)]
pub struct About<'a> {
    /// The record.
    pub place: Place,
    /// The versions.
    pub affected: Affected<'a>,
    /// How severe it is for this package, where that differs from the record.
    pub grade: Option<Grade>,
}

impl Store {
    /// Maps a file.
    ///
    /// # Errors
    /// It cannot be read, is no store, one of another version of scanall, or damaged.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let failed = || Error::usage(format!("cannot read the advisory store `{}`", path.display()));
        let length = std::fs::metadata(path).map_err(|e| failed().because(e))?.len();
        if length > MAX_STORE {
            return Err(failed().because("it is larger than any".to_owned()));
        }
        let bytes = Bytes::map(path).map_err(|e| failed().because(e))?;
        Self::of(bytes).map_err(|why| failed().because(why).hint("`scanall db update` makes a new one"))
    }

    /// Reads a store in memory.
    ///
    /// # Errors
    /// It is none, one of another version of scanall, or damaged: a sentence.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, String> {
        Self::of(Bytes::Owned(bytes))
    }

    fn of(bytes: Bytes) -> Result<Self, String> {
        let layout = Layout::read(&bytes)?;
        let meta = bytes.get(layout.range(Section::Meta)).unwrap_or_default();
        let meta = serde_json::from_slice(meta).map_err(|_| layout::DAMAGED.to_owned())?;
        Ok(Self { bytes, layout, meta })
    }

    /// The same bytes with a checksum that fits, so that what comes behind it can be tested; `None` where there is no room
    /// for one.
    #[doc(hidden)]
    pub fn mend(bytes: Vec<u8>) -> Option<Vec<u8>> {
        layout::mend(bytes)
    }

    /// Whether a file begins as a store does.
    pub fn is_store(bytes: &[u8]) -> bool {
        layout::is_store(bytes)
    }

    /// Whether a file begins as a store does; not where it cannot be read.
    pub fn is_named(path: &Path) -> bool {
        use std::io::Read as _;
        let mut head = [0; 8];
        std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && Self::is_store(&head)
    }

    /// Where its records are from.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// How many bytes the file has, and how many of them are not texts.
    pub fn size(&self) -> (usize, usize) {
        (self.bytes.len(), self.layout.range(Section::Texts).start)
    }

    /// What is said of a package of an ecosystem in OSV's words, with a release where it has some. The name is in its
    /// normalized form.
    ///
    /// # Errors
    /// The store makes no sense.
    pub fn about(&self, ecosystem: &str, name: &str) -> Result<Vec<About<'_>>, Damaged> {
        read::about(self, ecosystem, name)
    }

    /// The ids of a record, and how bad it is.
    ///
    /// # Errors
    /// The store makes no sense.
    pub fn head(&self, place: Place) -> Result<Head, Damaged> {
        read::head(self, place).map(|(head, _)| head)
    }

    /// What there is to read of a record.
    ///
    /// # Errors
    /// The store makes no sense.
    pub fn text(&self, place: Place) -> Result<Text, Damaged> {
        text::find(self, place)
    }

    /// The records that have an id, as their own or as an alias, in any case; those that have it as their own first.
    ///
    /// # Errors
    /// The store makes no sense.
    pub fn find(&self, id: &str) -> Result<Vec<Place>, Damaged> {
        read::find(self, id)
    }

    /// What is known of the exploitation of a vulnerability, by its CVE id.
    ///
    /// # Errors
    /// The store makes no sense.
    pub fn exploited(&self, cve: Cve) -> Result<Exploited, Damaged> {
        read::exploited(self, cve)
    }

    /// All that is known of exploitation.
    ///
    /// # Errors
    /// The store makes no sense.
    pub fn all_exploited(&self) -> Result<Vec<(Cve, Exploited)>, Damaged> {
        (0..read::exploited_count(self)).map(|at| read::exploited_at(self, at)).collect()
    }

    /// What is exploited, as it was read from its lists.
    ///
    /// # Errors
    /// The store makes no sense.
    pub fn lists(&self) -> Result<Lists, Damaged> {
        let all = self.all_exploited()?;
        let kev = self.meta.kev.as_ref().map(|feed| List {
            as_of: feed.as_of,
            entries: all.iter().filter_map(|(cve, exploited)| Some((*cve, exploited.kev?))).collect(),
        });
        let epss = self.meta.epss.as_ref().map(|feed| List {
            as_of: feed.as_of,
            entries: all.iter().filter_map(|(cve, exploited)| Some((*cve, exploited.epss?))).collect(),
        });
        Ok(Lists { kev, epss })
    }

    /// A record with all that belongs to it.
    ///
    /// # Errors
    /// The store makes no sense.
    pub fn record(&self, place: Place) -> Result<Record, Damaged> {
        read::record(self, place)
    }

    /// Every record with all that belongs to it, and which of the sources it is from, in the order of ids.
    ///
    /// # Errors
    /// The store makes no sense.
    pub fn records(&self) -> Result<Vec<(Record, usize)>, Damaged> {
        read::records(self)
    }

    fn section(&self, section: Section) -> &[u8] {
        self.bytes.get(self.layout.range(section)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
