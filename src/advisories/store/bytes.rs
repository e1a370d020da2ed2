//! Numbers in a store: fixed ones are little-endian, small ones have seven bits a byte, the lowest first (LEB128).

/// What was read makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

/// Reads one value behind the other.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    /// Reads from a place of a section on.
    pub(super) fn at(section: &'a [u8], place: usize) -> Result<Self, Damaged> {
        Ok(Self { rest: section.get(place..).ok_or(Damaged)? })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn byte(&mut self) -> Result<u8, Damaged> {
        let (first, rest) = self.rest.split_first().ok_or(Damaged)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Damaged> {
        let (head, rest) = self.rest.split_at_checked(length).ok_or(Damaged)?;
        self.rest = rest;
        Ok(head)
    }

    /// A number of seven bits a byte, of 64 bits at most.
    pub(super) fn varint(&mut self) -> Result<u64, Damaged> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Damaged)
    }

    /// The same for what counts or places something in memory.
    pub(super) fn size(&mut self) -> Result<usize, Damaged> {
        usize::try_from(self.varint()?).map_err(|_| Damaged)
    }
}

/// Writes a number of seven bits a byte.
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn put_size(out: &mut Vec<u8>, value: usize) {
    put_varint(out, value as u64);
}

/// The number with an index in a section of 32-bit numbers.
pub(super) fn u32_at(section: &[u8], index: usize) -> Result<u32, Damaged> {
    let start = index.checked_mul(4).ok_or(Damaged)?;
    let bytes = section.get(start..).and_then(|rest| rest.first_chunk()).ok_or(Damaged)?;
    Ok(u32::from_le_bytes(*bytes))
}

/// The same, as a place or a count.
pub(super) fn size_at(section: &[u8], index: usize) -> Result<usize, Damaged> {
    Ok(u32_at(section, index)? as usize)
}

pub(super) fn u64_at(section: &[u8], offset: usize) -> Result<u64, Damaged> {
    let bytes = section.get(offset..).and_then(|rest| rest.first_chunk()).ok_or(Damaged)?;
    Ok(u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back(values in prop::collection::vec(any::<u64>(), 0..20)) {
            let mut bytes = Vec::new();
            values.iter().for_each(|value| put_varint(&mut bytes, *value));
            let mut cursor = Cursor::at(&bytes, 0).unwrap();
            for value in values {
                prop_assert_eq!(cursor.varint(), Ok(value));
            }
            prop_assert!(cursor.is_empty());
        }

        #[test]
        fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..30), place in 0usize..40) {
            if let Ok(mut cursor) = Cursor::at(&bytes, place) {
                while cursor.varint().is_ok() {}
            }
        }
    }
}
