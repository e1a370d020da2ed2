//! Makes packs with their indexes, as gitformat-pack(5) describes them, from a script of bytes.

use std::io::Write as _;

use scanall::history::{ObjectId, Type};

/// A pack, its index, and the texts in it.
pub struct Made {
    pub pack: Vec<u8>,
    pub index: Vec<u8>,
    pub texts: Vec<Vec<u8>>,
}

struct Entry {
    kind: Type,
    text: Vec<u8>,
    id: ObjectId,
    offset: usize,
    end: usize,
}

/// Follows a script: each step adds an object, whole or as a delta on an earlier one. `old` asks for an index of
/// version 1.
pub fn make(script: &[u8], width: usize, old: bool) -> Made {
    let mut script = script.iter().copied();
    let mut pack = b"PACK\0\0\0\x02\0\0\0\0".to_vec();
    let mut entries: Vec<Entry> = Vec::new();
    while let (Some(step), true) = (script.next(), entries.len() < 24) {
        let offset = pack.len();
        let base = entries.get(usize::from(step >> 2) % entries.len().max(1)).filter(|_| step & 3 != 0);
        let (kind, text) = match base {
            None => {
                let kind = [Type::Blob, Type::Commit, Type::Tree, Type::Tag][usize::from(step >> 2) % 4];
                let length = usize::from(script.next().unwrap_or(0) % 64);
                let text: Vec<u8> = script.by_ref().take(length).collect();
                let number = match kind {
                    Type::Commit => 1,
                    Type::Tree => 2,
                    Type::Blob => 3,
                    Type::Tag => 4,
                };
                head(&mut pack, number, text.len());
                deflate(&mut pack, &text);
                (kind, text)
            }
            Some(base) => {
                let (text, delta) = edit(&base.text, &mut script);
                if step & 3 == 1 {
                    head(&mut pack, 7, delta.len());
                    pack.extend_from_slice(base.id.as_bytes());
                } else {
                    head(&mut pack, 6, delta.len());
                    distance(&mut pack, offset - base.offset);
                }
                deflate(&mut pack, &delta);
                (base.kind, text)
            }
        };
        let id = ObjectId::of(kind, &text, width).expect("the width is one of two");
        // Git puts no object into a pack twice.
        match entries.iter().any(|entry| entry.id == id) {
            true => pack.truncate(offset),
            false => entries.push(Entry { kind, text, id, offset, end: pack.len() }),
        }
    }
    pack[8..12].copy_from_slice(&(entries.len() as u32).to_be_bytes());
    let index = index(&pack, &mut entries, old);
    let pack = signed(pack, width);
    let index = signed([&index[..], &pack[pack.len() - width..]].concat(), width);
    let texts = entries.into_iter().filter(|entry| entry.kind != Type::Tree).map(|entry| entry.text).collect();
    Made { pack, index, texts }
}

/// A text made from another one, and the delta that says how.
fn edit(base: &[u8], script: &mut impl Iterator<Item = u8>) -> (Vec<u8>, Vec<u8>) {
    let (mut text, mut steps) = (Vec::new(), Vec::new());
    for _ in 0..script.next().unwrap_or(0) % 6 {
        let (from, length) = (script.next().unwrap_or(0), script.next().unwrap_or(0));
        let start = usize::from(from) % (base.len() + 1);
        let length = usize::from(length) % (base.len() - start + 1);
        if length > 0 {
            // Texts grow from delta to delta, but not for ever.
            let length = length.min(250);
            steps.extend_from_slice(&[0x93, start as u8, (start >> 8) as u8, length as u8]);
            text.extend_from_slice(&base[start..start + length]);
        }
        let new: Vec<u8> = script.by_ref().take(usize::from(from % 5)).collect();
        if !new.is_empty() {
            steps.push(new.len() as u8);
            steps.extend_from_slice(&new);
            text.extend_from_slice(&new);
        }
    }
    let mut delta = Vec::new();
    for mut size in [base.len(), text.len()] {
        while size > 127 {
            delta.push(size as u8 | 0x80);
            size >>= 7;
        }
        delta.push(size as u8);
    }
    delta.extend_from_slice(&steps);
    (text, delta)
}

fn head(pack: &mut Vec<u8>, kind: u8, size: usize) {
    let (mut byte, mut rest) = (kind << 4 | (size & 15) as u8, size >> 4);
    while rest > 0 {
        pack.push(byte | 0x80);
        byte = (rest & 127) as u8;
        rest >>= 7;
    }
    pack.push(byte);
}

fn distance(pack: &mut Vec<u8>, mut value: usize) {
    let mut bytes = vec![(value & 127) as u8];
    while value > 127 {
        value = (value >> 7) - 1;
        bytes.push((value & 127) as u8 | 0x80);
    }
    pack.extend(bytes.into_iter().rev());
}

fn deflate(pack: &mut Vec<u8>, bytes: &[u8]) {
    let mut writer = flate2::write::ZlibEncoder::new(pack, flate2::Compression::fast());
    writer.write_all(bytes).and_then(|()| writer.finish().map(drop)).expect("memory takes everything");
}

/// All of an index but its last two hashes.
fn index(pack: &[u8], entries: &mut [Entry], old: bool) -> Vec<u8> {
    entries.sort_by_key(|entry| entry.id);
    let mut index = if old { Vec::new() } else { b"\xfftOc\0\0\0\x02".to_vec() };
    for bucket in 0..=255 {
        let count = entries.iter().filter(|entry| entry.id.as_bytes()[0] <= bucket).count();
        index.extend_from_slice(&(count as u32).to_be_bytes());
    }
    let offset = |entry: &Entry| (entry.offset as u32).to_be_bytes();
    if old {
        entries.iter().for_each(|entry| index.extend([&offset(entry)[..], entry.id.as_bytes()].concat()));
        return index;
    }
    entries.iter().for_each(|entry| index.extend_from_slice(entry.id.as_bytes()));
    for entry in entries.iter() {
        let mut crc = flate2::Crc::new();
        crc.update(&pack[entry.offset..entry.end]);
        index.extend_from_slice(&crc.sum().to_be_bytes());
    }
    entries.iter().for_each(|entry| index.extend_from_slice(&offset(entry)));
    index
}

fn signed(mut bytes: Vec<u8>, width: usize) -> Vec<u8> {
    let hash = ObjectId::hash(&[&bytes], width).expect("the width is one of two");
    bytes.extend_from_slice(hash.as_bytes());
    bytes
}
