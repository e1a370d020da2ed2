//! Defines [`Index`]: what git's index holds for the next commit (gitformat-index(5), versions 2 to 4, with ids of either
//! length, split or sparse).

mod bitmap;

use std::collections::HashMap;
use std::path::Path;

use crate::error::Error;
use crate::history::ObjectId;

/// No index is larger, in bytes.
const MAX_INDEX: u64 = 2 << 30;
/// What stands before the id of an entry.
const STAT: usize = 40;

/// An entry of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path from the root, `/` between parts; the one of a folder of a sparse index ends with one.
    pub path: Vec<u8>,
    /// What is staged.
    pub id: ObjectId,
    /// What kind of thing it is.
    pub kind: Kind,
    /// 0, or 1 to 3 for the base and the two sides of a conflict.
    pub stage: u8,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file or a link.
    File,
    /// A commit of a submodule.
    Submodule,
    /// A whole folder of a sparse index.
    Folder,
    /// A file that is only meant to be added.
    Intent,
}

/// What git's index holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Sorted by path, then stage.
    pub entries: Vec<Entry>,
    /// The folders whose entries are known to be those of a tree; the root is empty.
    pub trees: HashMap<Vec<u8>, ObjectId>,
}

impl Index {
    /// Reads an index file; one that is not there is empty. `git_dir` is where the other half of a split index lies, ids
    /// have `width` bytes.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or says something that is not known.
    pub fn open(file: &Path, git_dir: &Path, width: usize) -> Result<Self, Error> {
        let refuse =
            |why: String| Error::usage("cannot read git's index").because(why).hint("see what `git status` says of it");
        let Some(data) = read(file).map_err(refuse)? else { return Ok(Self::default()) };
        let Half { entries, trees, base } = parse(&data, width).map_err(refuse)?;
        let Some(base) = base else { return Ok(Self { entries, trees }) };
        let shared = git_dir.join(format!("sharedindex.{}", base.id));
        let missing = || refuse(format!("it is split, and its other half `sharedindex.{}` is missing", base.id));
        let shared = read(&shared).map_err(refuse)?.ok_or_else(missing)?;
        let shared = parse(&shared, width).map_err(refuse)?.entries;
        let entries = join(shared, entries, &base).ok_or_else(|| refuse("its two halves do not fit".to_owned()))?;
        Ok(Self { entries, trees })
    }
}

fn read(file: &Path) -> Result<Option<Vec<u8>>, String> {
    match std::fs::metadata(file) {
        Ok(metadata) if metadata.len() > MAX_INDEX => Err(format!("it has {} bytes", metadata.len())),
        Ok(_) => std::fs::read(file).map(Some).map_err(|e| e.to_string()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e.to_string()),
    }
}

/// One file of an index.
struct Half {
    entries: Vec<Entry>,
    trees: HashMap<Vec<u8>, ObjectId>,
    base: Option<Base>,
}

/// What a split index says of its other half.
struct Base {
    id: ObjectId,
    /// The places of entries that are gone, and of those whose content is in this half.
    gone: Vec<usize>,
    replaced: Vec<usize>,
}

fn parse(data: &[u8], width: usize) -> Result<Half, String> {
    let short = || "it is cut short".to_owned();
    let be32 = |at: usize| Some(u32::from_be_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let version = match (data.get(..4), be32(4)) {
        (Some(b"DIRC"), Some(version @ 2..=4)) => version,
        (Some(b"DIRC"), Some(version)) => return Err(format!("its version {version} is not known")),
        _ => return Err("it is no index".to_owned()),
    };
    let count = be32(8).ok_or_else(short)?;
    let (mut at, mut entries, mut path) = (12, Vec::new(), Vec::new());
    for _ in 0..count {
        let entry = entry(data, &mut at, width, version, &mut path).ok_or_else(short)?;
        entries.push(entry);
    }
    let end = data.len().checked_sub(width).ok_or_else(short)?;
    let mut half = Half { entries, trees: HashMap::new(), base: None };
    while at < end {
        let name = data.get(at..at + 4).ok_or_else(short)?;
        let size = be32(at + 4).ok_or_else(short)? as usize;
        let content = data.get(at + 8..at + 8 + size).filter(|_| at + 8 + size <= end).ok_or_else(short)?;
        match name {
            b"TREE" => half.trees = trees(content, width).unwrap_or_default(),
            b"link" => half.base = Some(base(content, width).ok_or_else(short)?).filter(|base| !is_zero(&base.id)),
            b"sdir" => {}
            // Whoever does not know one with a small letter must not go on.
            [b'A'..=b'Z', ..] => {}
            other => return Err(format!("its part `{}` is not known", String::from_utf8_lossy(other))),
        }
        at += 8 + size;
    }
    Ok(half)
}

fn is_zero(id: &ObjectId) -> bool {
    id.as_bytes().iter().all(|byte| *byte == 0)
}

/// Reads the entry at a place; `path` is that of the entry before, which version 4 builds upon.
fn entry(data: &[u8], at: &mut usize, width: usize, version: u32, path: &mut Vec<u8>) -> Option<Entry> {
    let start = *at;
    let be16 = |at: usize| Some(u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?));
    let mode = be16(start + 26)?;
    let id = ObjectId::from_bytes(data.get(start + STAT..start + STAT + width)?)?;
    let flags = be16(start + STAT + width)?;
    let mut name = start + STAT + width + 2;
    let mut more = 0;
    if version >= 3 && flags & 0x4000 != 0 {
        more = be16(name)?;
        name += 2;
    }
    if version == 4 {
        let mut rest = data.get(name..)?;
        let before = rest.len();
        let kept = path.len().checked_sub(crate::history::bytes::varint(&mut rest)?)?;
        name += before - rest.len();
        path.truncate(kept);
    } else {
        path.clear();
    }
    let length = memchr::memchr(0, data.get(name..)?)?;
    path.extend_from_slice(&data[name..name + length]);
    let end = name + length;
    // Up to eight zeros fill the older versions up.
    *at = if version == 4 { end + 1 } else { start + ((end - start + 8) & !7) };
    let kind = match mode >> 12 {
        0o16 => Kind::Submodule,
        0o4 => Kind::Folder,
        _ if more & 0x2000 != 0 => Kind::Intent,
        _ => Kind::File,
    };
    Some(Entry { path: path.clone(), id, kind, stage: (flags >> 12 & 3) as u8 })
}

/// The trees that git remembers, of folders that were not touched since.
fn trees(mut rest: &[u8], width: usize) -> Option<HashMap<Vec<u8>, ObjectId>> {
    let mut found = HashMap::new();
    // The folders on the way, each with the number of subfolders that are still to come.
    let mut open: Vec<(Vec<u8>, usize)> = Vec::new();
    while !rest.is_empty() {
        let name_end = memchr::memchr(0, rest)?;
        let line_end = name_end + 1 + memchr::memchr(b'\n', rest.get(name_end + 1..)?)?;
        let numbers = std::str::from_utf8(&rest[name_end + 1..line_end]).ok()?;
        let (entries, folders) = numbers.split_once(' ')?;
        while open.last().is_some_and(|(_, left)| *left == 0) {
            open.pop();
        }
        let mut path = Vec::new();
        if let Some((parent, left)) = open.last_mut() {
            *left -= 1;
            path.clone_from(parent);
            if !path.is_empty() {
                path.push(b'/');
            }
        }
        path.extend_from_slice(&rest[..name_end]);
        rest = &rest[line_end + 1..];
        if !entries.starts_with('-') {
            found.insert(path.clone(), ObjectId::from_bytes(rest.get(..width)?)?);
            rest = &rest[width..];
        }
        open.push((path, folders.parse().ok()?));
    }
    Some(found)
}

fn base(content: &[u8], width: usize) -> Option<Base> {
    let id = ObjectId::from_bytes(content.get(..width)?)?;
    let rest = &content[width..];
    if rest.is_empty() {
        return Some(Base { id, gone: Vec::new(), replaced: Vec::new() });
    }
    let (gone, length) = bitmap::read(rest)?;
    let (replaced, _) = bitmap::read(rest.get(length..)?)?;
    Some(Base { id, gone, replaced })
}

/// Puts two halves together: entries without a path stand for the replaced ones of the shared half, in order.
fn join(shared: Vec<Entry>, own: Vec<Entry>, base: &Base) -> Option<Vec<Entry>> {
    let mut all: Vec<Option<Entry>> = shared.into_iter().map(Some).collect();
    let mut own = own.into_iter();
    for at in &base.replaced {
        let old = all.get_mut(*at)?.as_mut()?;
        let new = own.next().filter(|new| new.path.is_empty())?;
        *old = Entry { path: std::mem::take(&mut old.path), ..new };
    }
    base.gone.iter().try_for_each(|at| all.get_mut(*at).map(|entry| *entry = None))?;
    let mut all: Vec<Entry> = all.into_iter().flatten().chain(own).collect();
    all.sort_by(|a, b| (&a.path, a.stage).cmp(&(&b.path, b.stage)));
    Some(all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parse;

    proptest! {
        #[test]
        fn damage_does_not_panic(version in 1u8..6, count in 0u8..4, body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let head = [&b"DIRC\0\0\0"[..], &[version, 0, 0, 0, count]].concat();
            let _ = parse(&[&head[..], &body].concat(), 20);
            let tree = [&head[..11], &[0], b"TREE\0\0\0", &[body.len() as u8], &body].concat();
            let _ = parse(&[&tree[..], &[0; 20]].concat(), 20);
            let link = [&head[..11], &[0], b"link\0\0\0", &[body.len() as u8], &body].concat();
            let _ = parse(&[&link[..], &[0; 20]].concat(), 20);
        }
    }
}
