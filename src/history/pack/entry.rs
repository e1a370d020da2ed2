//! Defines [`Header`]: what stands before the data of an object in a pack.

/// What an entry of a pack is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole object.
    Whole(Type),
    /// A delta against the entry so many bytes before this one.
    Near(u64),
    /// A delta against the object whose raw id follows the header.
    Named,
}

/// The type of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// A commit.
    Commit,
    /// A directory.
    Tree,
    /// A version of a file.
    Blob,
    /// An annotated tag.
    Tag,
}

/// The header of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the entry is.
    pub kind: Kind,
    /// The length of the inflated data in bytes, as the pack has it: the object's, or for a delta the delta's.
    pub size: u64,
    /// The length of the header itself in bytes, without the id of a base.
    pub length: usize,
}

impl Header {
    /// Reads the header at the start of `bytes`; `None` when there is none.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let first = *bytes.first()?;
        let mut size = u64::from(first & 15);
        let mut length = 1;
        let mut more = first & 0x80 != 0;
        let mut shift = 4;
        while more {
            let byte = *bytes.get(length)?;
            // A size of more than 60 bits is no size.
            if shift > 53 {
                return None;
            }
            size |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            length += 1;
            more = byte & 0x80 != 0;
        }
        let kind = match first >> 4 & 7 {
            1 => Kind::Whole(Type::Commit),
            2 => Kind::Whole(Type::Tree),
            3 => Kind::Whole(Type::Blob),
            4 => Kind::Whole(Type::Tag),
            6 => {
                let (distance, more) = distance(bytes.get(length..)?)?;
                length += more;
                Kind::Near(distance)
            }
            7 => Kind::Named,
            _ => return None,
        };
        Some(Self { kind, size, length })
    }
}

/// The distance to a base: seven bits a byte, most significant first, each continued value one more than it says.
fn distance(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        value = value.checked_mul(128)?.checked_add(u64::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some((value, at + 1)).filter(|(value, _)| *value > 0);
        }
        value = value.checked_add(1)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let parse = |bytes: &[u8]| Header::parse(bytes).map(|h| (h.kind, h.size, h.length));
        assert_eq!(parse(&[0x35]), Some((Kind::Whole(Type::Blob), 5, 1)));
        assert_eq!(parse(&[0xb5, 0x01]), Some((Kind::Whole(Type::Blob), 21, 2)));
        assert_eq!(parse(&[0x65, 0x80, 0x00]), Some((Kind::Near(128), 5, 3)));
        assert_eq!(parse(&[0x75]), Some((Kind::Named, 5, 1)));
        for wrong in [&[][..], &[0xb5], &[0x55], &[0x05], &[0x65], &[0x65, 0], &[0x65, 0x80], &[0xff; 12]] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
    }
}
