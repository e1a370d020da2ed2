//! Reads single objects: along their delta chain, from loose files, or with libgit2 where that fails.

use std::io::Read;
use std::path::Path;

use flate2::read::ZlibDecoder;
use git2::{ObjectType, Odb, Oid};

use super::MAX_OBJECT;
use super::buffer::Buffer;
use super::id::ObjectId;
use super::inflate::Inflater;
use super::pack::delta;
use super::pack::entry::{Kind, Type};
use super::store::Store;

/// Longer delta chains are not followed; git makes them no longer than 4,095.
const MAX_CHAIN: usize = 10_000;
/// The header of a loose object is not longer.
const LOOSE_HEADER: usize = 32;

impl Store {
    /// Reads one object, wherever it lies.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub fn read(&self, id: &ObjectId) -> Result<(Type, Vec<u8>), String> {
        let own = match self.find(id.as_bytes()) {
            Some((number, slot)) => self.read_packed(number, slot),
            None => Err("it is missing".to_owned()),
        };
        own.or_else(|why| self.read_elsewhere(id).map_err(|_| why))
    }

    /// Reads an object from a loose file or with libgit2, not from our own reading of the packs.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub fn read_elsewhere(&self, id: &ObjectId) -> Result<(Type, Vec<u8>), String> {
        let hex = id.to_string();
        let files = self.folders.iter().map(|folder| folder.join(&hex[..2]).join(&hex[2..]));
        if let Some(object) = files.filter(|file| file.is_file()).find_map(|file| read_loose(&file).ok()) {
            return Ok(object);
        }
        let Ok(id) = Oid::from_bytes(id.as_bytes()) else { return Err("it is missing".to_owned()) };
        let words = |e: git2::Error| e.message().to_owned();
        let own = self.folders.first().and_then(|folder| folder.to_str()).ok_or("the path is not UTF-8")?;
        let odb = Odb::new().map_err(words)?;
        // Not `Odb::open`, whose alternates have been followed already.
        for folder in std::iter::once(own).chain(self.folders.iter().skip(1).filter_map(|folder| folder.to_str())) {
            odb.add_disk_alternate(folder).map_err(words)?;
        }
        let (size, kind) = odb.read_header(id).map_err(words)?;
        within_limit(size)?;
        let kind = match kind {
            ObjectType::Commit => Type::Commit,
            ObjectType::Tree => Type::Tree,
            ObjectType::Blob => Type::Blob,
            ObjectType::Tag => Type::Tag,
            ObjectType::Any => return Err("it has no type".to_owned()),
        };
        Ok((kind, odb.read(id).map_err(words)?.data().to_vec()))
    }

    fn read_packed(&self, number: usize, slot: u32) -> Result<(Type, Vec<u8>), String> {
        let mut inflater = Inflater::default();
        let mut deltas = Vec::new();
        let damaged = || "it is damaged".to_owned();
        let (mut pack, mut offset) = (&self.packs[number], self.packs[number].offset(slot).ok_or_else(damaged)?);
        let (kind, mut text) = loop {
            let entry = pack.entry(offset).ok_or_else(damaged)?;
            let size = within_limit(usize::try_from(entry.header.size).unwrap_or(usize::MAX))?;
            let mut data = vec![0; size];
            inflater.inflate(pack.compressed(&entry, u64::MAX), &mut data)?;
            if let Kind::Whole(kind) = entry.header.kind {
                break (kind, data);
            }
            deltas.push(data);
            if deltas.len() > MAX_CHAIN {
                return Err("its chain of deltas is too long".to_owned());
            }
            match (entry.header.kind, entry.base) {
                (Kind::Near(distance), _) => offset = offset.checked_sub(distance).ok_or_else(damaged)?,
                (_, Some(base)) => {
                    let own = pack.find(base.as_bytes()).and_then(|slot| pack.offset(slot));
                    let other = || self.find(base.as_bytes());
                    match own {
                        Some(at) => offset = at,
                        None => match other() {
                            Some((number, slot)) => {
                                pack = &self.packs[number];
                                offset = pack.offset(slot).ok_or_else(damaged)?;
                            }
                            None => {
                                break self
                                    .read_elsewhere(&base)
                                    .map_err(|_| "its delta base is missing".to_owned())?;
                            }
                        },
                    }
                }
                _ => return Err(damaged()),
            }
        };
        let (mut out, mut segments) = (Buffer::default(), Vec::new());
        while let Some(next) = deltas.pop() {
            within_limit(delta::sizes(&next).ok_or_else(damaged)?.object)?;
            delta::apply(&text, &next, &mut out, &mut segments)?;
            text.clear();
            text.extend_from_slice(&out);
        }
        Ok((kind, text))
    }
}

/// Reads a loose object.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn read_loose(file: &Path) -> Result<(Type, Vec<u8>), String> {
    let damaged = || "it is damaged".to_owned();
    let file = std::fs::File::open(file).map_err(|e| e.to_string())?;
    let mut decoder = std::io::BufReader::new(ZlibDecoder::new(file));
    let mut header = Vec::with_capacity(LOOSE_HEADER);
    for byte in decoder.by_ref().bytes().take(LOOSE_HEADER) {
        match byte.map_err(|_| damaged())? {
            0 => break,
            byte => header.push(byte),
        }
    }
    let header = String::from_utf8(header).map_err(|_| damaged())?;
    let (kind, size) = header.split_once(' ').ok_or_else(damaged)?;
    let kind = match kind {
        "commit" => Type::Commit,
        "tree" => Type::Tree,
        "blob" => Type::Blob,
        "tag" => Type::Tag,
        _ => return Err("it has an unknown type".to_owned()),
    };
    let size = within_limit(size.parse().map_err(|_| damaged())?)?;
    let mut data = Vec::new();
    decoder.take(size as u64 + 1).read_to_end(&mut data).map_err(|_| damaged())?;
    if data.len() == size { Ok((kind, data)) } else { Err("it has another size than it says".to_owned()) }
}

/// Refuses a size above [`MAX_OBJECT`].
///
/// # Errors
/// The size is above it.
pub fn within_limit(size: usize) -> Result<usize, String> {
    match size <= MAX_OBJECT {
        true => Ok(size),
        false => Err(format!("{size} bytes are more than the {MAX_OBJECT} that are read")),
    }
}
