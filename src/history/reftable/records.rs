//! Defines [`Reader`]: the records of one block of a reftable.

use std::io::Write as _;

use super::super::id::ObjectId;
use super::big_endian;

/// Longer names are damage: git refuses names that are too long for a file.
const MAX_NAME: usize = 1 << 14;

/// Reads record after record. A record's name begins as the one before it does.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    name: Vec<u8>,
    width: usize,
}

/// A reference: with an id, or the name of another one, or neither when it was deleted.
pub(super) struct Reference<'r> {
    pub(super) name: &'r [u8],
    pub(super) id: Option<ObjectId>,
    pub(super) target: Option<&'r [u8]>,
}

/// A change of a reference.
pub(super) struct Change<'r> {
    pub(super) name: &'r [u8],
    /// What git's log files have for it; empty when the change was deleted from the log.
    pub(super) line: Vec<u8>,
    /// The old and the new id.
    pub(super) ids: [Option<ObjectId>; 2],
}

impl<'a> Reader<'a> {
    /// Of a block of references; `None` when its end does not fit. `skipped` is the length of its head.
    pub(super) fn of_references(block: &'a [u8], skipped: usize, width: usize) -> Option<Self> {
        Self::new(block.get(skipped..)?, width)
    }

    /// Of an inflated block of logs, without its head.
    pub(super) fn of_logs(block: &'a [u8], width: usize) -> Option<Self> {
        Self::new(block, width)
    }

    /// Behind the records are the places of those whose name is whole, three bytes each, and their number.
    fn new(block: &'a [u8], width: usize) -> Option<Self> {
        let restarts = big_endian(block.get(block.len().checked_sub(2)?..)?);
        let end = block.len().checked_sub(2 + 3 * restarts)?;
        Some(Self { rest: &block[..end], name: Vec::new(), width })
    }

    /// The next reference; `None` behind the last.
    pub(super) fn reference(&mut self) -> Result<Option<Reference<'_>>, ()> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let kind = self.next_name().ok_or(())?;
        // How much younger than the table it is.
        varint(&mut self.rest).ok_or(())?;
        let (id, target) = match kind {
            0 => (None, None),
            1 => (Some(self.id().ok_or(())?), None),
            2 => {
                let id = self.id().ok_or(())?;
                // What the annotated tag leads to.
                self.id().ok_or(())?;
                (Some(id), None)
            }
            3 => (None, Some(self.text().ok_or(())?)),
            _ => return Err(()),
        };
        Ok(Some(Reference { name: &self.name, id, target }))
    }

    /// The next change; `None` behind the last.
    pub(super) fn log(&mut self) -> Result<Option<Change<'_>>, ()> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let kind = self.next_name().ok_or(())?;
        let (line, ids) = match kind {
            0 => (Vec::new(), [None; 2]),
            1 => self.change().ok_or(())?,
            _ => return Err(()),
        };
        // Behind the name stands a zero byte and a number.
        let name = self.name.len().checked_sub(9).and_then(|length| self.name.get(..length)).ok_or(())?;
        Ok(Some(Change { name, line, ids }))
    }

    fn change(&mut self) -> Option<(Vec<u8>, [Option<ObjectId>; 2])> {
        let (old, new) = (self.id()?, self.id()?);
        let (name, email) = (self.text()?, self.text()?);
        let seconds = varint(&mut self.rest)?;
        let zone = take(&mut self.rest, 2)?;
        let zone = i16::from_be_bytes([zone[0], zone[1]]);
        let message = self.text()?;
        let mut line = Vec::new();
        write!(line, "{old} {new} ").ok()?;
        line.extend_from_slice(name);
        line.extend_from_slice(b" <");
        line.extend_from_slice(email);
        write!(line, "> {seconds} {zone:+05}\t").ok()?;
        line.extend_from_slice(message);
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        let known = |id: ObjectId| Some(id).filter(|id| id.as_bytes().iter().any(|byte| *byte != 0));
        Some((line, [known(old), known(new)]))
    }

    /// Moves on to the next name and returns the kind of its record.
    fn next_name(&mut self) -> Option<usize> {
        let prefix = varint(&mut self.rest)?;
        let suffix = varint(&mut self.rest)?;
        if prefix > self.name.len() || prefix.checked_add(suffix >> 3)? > MAX_NAME {
            return None;
        }
        self.name.truncate(prefix);
        self.name.extend_from_slice(take(&mut self.rest, suffix >> 3)?);
        Some(suffix & 7)
    }

    fn id(&mut self) -> Option<ObjectId> {
        ObjectId::from_bytes(take(&mut self.rest, self.width)?)
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = varint(&mut self.rest)?;
        take(&mut self.rest, length)
    }
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

/// Git's number of variable length, the same as in the offsets of pack deltas.
fn varint(rest: &mut &[u8]) -> Option<usize> {
    let mut byte = take(rest, 1)?[0];
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        byte = take(rest, 1)?[0];
        value = value.checked_add(1)?.checked_mul(128)? | usize::from(byte & 0x7f);
    }
    Some(value)
}
