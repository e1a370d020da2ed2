//! Defines [`ObjectId`]: the name of an object, SHA-1 or SHA-256.

use std::fmt;

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::pack::entry::Type;

/// The longest id, in bytes.
const LONGEST: usize = 32;

/// The id of an object: 20 bytes in most repositories, 32 in one of the SHA-256 format.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    bytes: [u8; LONGEST],
    width: u8,
}

impl ObjectId {
    /// Makes an id of its raw bytes; `None` unless there are 20 or 32.
    pub fn from_bytes(raw: &[u8]) -> Option<Self> {
        let width = u8::try_from(raw.len()).ok().filter(|width| matches!(width, 20 | 32))?;
        let mut bytes = [0; LONGEST];
        bytes[..raw.len()].copy_from_slice(raw);
        Some(Self { bytes, width })
    }

    /// Reads 40 or 64 hexadecimal digits; `None` for anything else.
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        let mut bytes = [0; LONGEST];
        let width = u8::try_from(hex.len() / 2).ok().filter(|width| matches!(width, 20 | 32))?;
        if hex.len() != usize::from(width) * 2 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self { bytes, width })
    }

    /// The id of an object: the hash of its type, its length and its bytes. `None` unless `width` is 20 or 32.
    pub fn of(kind: Type, text: &[u8], width: usize) -> Option<Self> {
        let kind = match kind {
            Type::Commit => "commit",
            Type::Tree => "tree",
            Type::Blob => "blob",
            Type::Tag => "tag",
        };
        Self::hash(&[format!("{kind} {}\0", text.len()).as_bytes(), text], width)
    }

    /// The hash of some bytes. `None` unless `width` is 20 or 32.
    pub fn hash(parts: &[&[u8]], width: usize) -> Option<Self> {
        match width {
            20 => Self::from_bytes(&parts.iter().fold(Sha1::new(), |hash, part| hash.chain_update(part)).finalize()),
            32 => Self::from_bytes(&parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize()),
            _ => None,
        }
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.width)]
    }
}

fn digit(hex: u8) -> Option<u8> {
    char::from(hex).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

impl From<git2::Oid> for ObjectId {
    fn from(id: git2::Oid) -> Self {
        let mut bytes = [0; LONGEST];
        let raw = id.as_bytes();
        bytes[..raw.len()].copy_from_slice(raw);
        Self { bytes, width: if raw.len() == LONGEST { 32 } else { 20 } }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::{ObjectId, Type};

    #[test]
    fn hex_and_back() {
        for hex in ["e83c5163316f89bfbde7d9ab23ca2e25604af290", &"0f".repeat(32)] {
            assert_eq!(ObjectId::from_hex(hex.as_bytes()).unwrap().to_string(), hex);
        }
        let empty = ObjectId::of(Type::Blob, b"", 20).unwrap();
        assert_eq!(empty.to_string(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        let empty = ObjectId::of(Type::Tree, b"", 32).unwrap();
        assert_eq!(empty.to_string(), "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321");
        for wrong in ["", "e8", "x83c5163316f89bfbde7d9ab23ca2e25604af290", &"0".repeat(41)] {
            assert_eq!(ObjectId::from_hex(wrong.as_bytes()), None);
        }
    }
}
