//! Rebuilds an object from its base and a delta, and tells which ranges were copied from where.

use super::super::buffer::Buffer;

/// A piece of a rebuilt object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where the piece begins in the object.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Where in the base it was copied from; `None` for bytes that the delta brings.
    pub base: Option<usize>,
}

/// The sizes that a delta begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The length of the base in bytes.
    pub base: usize,
    /// The length of the object in bytes.
    pub object: usize,
    /// Where the instructions begin.
    pub start: usize,
}

/// Reads the sizes at the start of a delta; `None` when there are none.
pub fn sizes(delta: &[u8]) -> Option<Sizes> {
    let (base, first) = varint(delta)?;
    let (object, second) = varint(delta.get(first..)?)?;
    Some(Sizes { base, object, start: first + second })
}

/// Rebuilds an object into `out`; `segments` are the pieces in order, neighbouring pieces of the same origin joined.
///
/// # Errors
/// The delta does not fit the base, or contradicts itself.
pub fn apply(base: &[u8], delta: &[u8], out: &mut Buffer, segments: &mut Vec<Segment>) -> Result<(), &'static str> {
    let sizes = sizes(delta).ok_or("a delta is cut short")?;
    if sizes.base != base.len() {
        return Err("a delta is for a base of another size");
    }
    segments.clear();
    let out = out.of_length(sizes.object);
    let mut rest = &delta[sizes.start..];
    let mut at = 0;
    while let Some((&command, behind)) = rest.split_first() {
        let (piece, from, used) = match command {
            0 => return Err("a delta has an unknown instruction"),
            0x80.. => {
                let (offset, length, used) = copy(command, behind).ok_or("a delta is cut short")?;
                let end = offset.checked_add(length).ok_or("a delta copies from behind its base")?;
                (base.get(offset..end).ok_or("a delta copies from behind its base")?, Some(offset), used)
            }
            length => {
                let length = usize::from(length);
                (behind.get(..length).ok_or("a delta is cut short")?, None, length)
            }
        };
        let end = at + piece.len();
        out.get_mut(at..end).ok_or("a delta brings more than it says")?.copy_from_slice(piece);
        match segments.last_mut() {
            Some(last) if joins(last, from) => last.end = end,
            _ => segments.push(Segment { start: at, end, base: from }),
        }
        at = end;
        rest = &behind[used..];
    }
    if at == out.len() { Ok(()) } else { Err("a delta brings less than it says") }
}

/// Whether a piece from `from` continues the one before.
fn joins(last: &Segment, from: Option<usize>) -> bool {
    match (last.base, from) {
        (None, None) => true,
        (Some(base), Some(from)) => base + (last.end - last.start) == from,
        _ => false,
    }
}

/// Offset and length of a copy instruction, and how many bytes they take.
fn copy(command: u8, behind: &[u8]) -> Option<(usize, usize, usize)> {
    let mut used = 0;
    let mut field = |bits: u8| {
        let mut value = 0usize;
        for bit in 0..bits.count_ones() {
            if command & (1 << (bits.trailing_zeros() + bit)) != 0 {
                value |= usize::from(*behind.get(used)?) << (8 * bit);
                used += 1;
            }
        }
        Some(value)
    };
    let offset = field(0b000_1111)?;
    let length = field(0b111_0000)?;
    Some((offset, if length == 0 { 0x10000 } else { length }, used))
}

fn varint(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0u64;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(base: &[u8], delta: &[u8]) -> Result<(Vec<u8>, Vec<Segment>), &'static str> {
        let (mut out, mut segments) = (Buffer::default(), Vec::new());
        apply(base, delta, &mut out, &mut segments)?;
        Ok((out.to_vec(), segments))
    }

    #[test]
    fn copies_and_inserts() {
        let delta = [6, 8, 0x91, 1, 3, 2, b'x', b'y', 0x91, 0, 1, 0x91, 1, 2];
        let (out, segments) = run(b"abcdef", &delta).unwrap();
        assert_eq!(out, b"bcdxyabc");
        let piece = |start, end, base| Segment { start, end, base };
        assert_eq!(segments, [piece(0, 3, Some(1)), piece(3, 5, None), piece(5, 8, Some(0))]);
    }

    #[test]
    fn refuses_what_does_not_fit() {
        for delta in [
            &[][..],
            &[6],
            &[5, 1, 1, b'x'],
            &[6, 1, 0],
            &[6, 1, 2, b'x', b'y'],
            &[6, 2, 1, b'x'],
            &[6, 3, 0x91, 4, 3],
            &[6, 3, 0xff, 0, 0],
            &[6, 5, 5, b'x'],
            &[0x86, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
        ] {
            assert!(run(b"abcdef", delta).is_err(), "{delta:?}");
        }
    }
}
