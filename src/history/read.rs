//! Reads single objects: along their delta chain, from loose files, or another copy where that fails.

use std::io::{BufRead as _, Read};
use std::path::Path;

use flate2::read::ZlibDecoder;

use super::MAX_OBJECT;
use super::buffer::Buffer;
use super::id::ObjectId;
use super::inflate::Inflater;
use super::pack::delta;
use super::pack::entry::{Kind, Type};
use super::store::Store;

/// What is said of an object that can be rebuilt but is not the one that its id names.
pub(super) const NOT_ITSELF: &str = "it is damaged: its bytes are not those that its id was made of";
/// What is said of an object that is in no pack, and in no loose file that can be read.
pub(crate) const MISSING: &str = "it is missing";
/// Longer delta chains are not followed; git makes them no longer than 4,095.
const MAX_CHAIN: usize = 10_000;
/// The deltas of a chain are held in memory, in bytes: a circle of large ones would fill it.
const MAX_DELTAS: usize = 2 * MAX_OBJECT;
/// The header of a loose object is not longer.
const LOOSE_HEADER: usize = 32;

impl Store {
    /// Reads one object, wherever it lies, and compares it with its id.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub fn read(&self, id: &ObjectId) -> Result<(Type, Vec<u8>), String> {
        let own = match self.find(id.as_bytes()) {
            Some((number, slot)) => self.read_packed(number, slot),
            None => {
                return self.read_elsewhere(id).or_else(|| self.read_later(id)).ok_or_else(|| MISSING.to_owned());
            }
        };
        match own {
            Ok((kind, text)) if ObjectId::of(kind, &text, self.width) == Some(*id) => Ok((kind, text)),
            own => self.read_elsewhere(id).ok_or_else(|| own.err().unwrap_or_else(|| NOT_ITSELF.to_owned())),
        }
    }

    /// Reads whichever copy of an object is whole: a loose one or one in another pack. `None` when there is none.
    pub fn read_elsewhere(&self, id: &ObjectId) -> Option<(Type, Vec<u8>)> {
        let copies =
            self.packs.iter().enumerate().filter_map(|(number, pack)| Some((number, pack.find(id.as_bytes())?)));
        let is_itself = |(kind, text): &(Type, Vec<u8>)| ObjectId::of(*kind, text, self.width) == Some(*id);
        let loose = self.read_loose(id).filter(is_itself);
        loose.or_else(|| copies.filter_map(|(number, slot)| self.read_packed(number, slot).ok()).find(is_itself))
    }

    /// Reads an object that is gone from where it was: git packs loose objects, and packs packs anew, in the background
    /// while others read. `None` when it is nowhere.
    pub fn read_later(&self, id: &ObjectId) -> Option<(Type, Vec<u8>)> {
        let objects = self.folders.first()?;
        self.later.get_or_init(|| Box::new(Self::open(objects, self.width))).read_elsewhere(id)
    }

    fn read_loose(&self, id: &ObjectId) -> Option<(Type, Vec<u8>)> {
        let hex = id.to_string();
        let files = self.folders.iter().map(|folder| folder.join(&hex[..2]).join(&hex[2..]));
        files.filter(|file| file.is_file()).find_map(|file| read_loose(&file).ok())
    }

    fn read_packed(&self, number: usize, slot: u32) -> Result<(Type, Vec<u8>), String> {
        let mut inflater = Inflater::default();
        let (mut deltas, mut held) = (Vec::new(), 0);
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
            held += data.len();
            deltas.push(data);
            if deltas.len() > MAX_CHAIN || held > MAX_DELTAS {
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
                                break self.read_loose(&base).ok_or("its delta base is missing")?;
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
    parse_loose(std::fs::File::open(file).map_err(|e| e.to_string())?)
}

/// Reads a loose object from what its file holds.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn parse_loose(file: impl Read) -> Result<(Type, Vec<u8>), String> {
    let damaged = || "it is damaged".to_owned();
    let mut decoder = std::io::BufReader::new(ZlibDecoder::new(file));
    let mut header = Vec::with_capacity(LOOSE_HEADER);
    decoder.by_ref().take(LOOSE_HEADER as u64).read_until(0, &mut header).map_err(|_| damaged())?;
    if header.pop() != Some(0) {
        return Err(damaged());
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
    // A sign is a part of a number to Rust, not to git.
    let size = Some(size).filter(|size| size.bytes().all(|byte| byte.is_ascii_digit()));
    let size = within_limit(size.and_then(|size| size.parse().ok()).ok_or_else(damaged)?)?;
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(content: &[u8]) -> Option<(Type, Vec<u8>)> {
        let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(content).unwrap();
        parse_loose(&writer.finish().unwrap()[..]).ok()
    }

    #[test]
    fn loose_headers() {
        assert_eq!(read(b"blob 2\0ab"), Some((Type::Blob, b"ab".to_vec())));
        // The first two were found by fuzzing: a header that never ends, and a number with a sign.
        for wrong in ["blob 0", "blob +2\0ab", "blob 2\0a", "blob 2\0abc", "blob \0", "blub 2\0ab", ""] {
            assert_eq!(read(wrong.as_bytes()), None, "{wrong:?}");
        }
    }
}
