//! Walks the distinguished encoding of ASN.1 (X.690), one value behind another.

use super::Wrong;

/// The tags that keys have.
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

/// What a structure that cannot be read is.
const BROKEN: Wrong = "its structure is broken";

/// Values that are still to be read.
#[derive(Clone, Copy)]
pub(super) struct Values<'a>(pub(super) &'a [u8]);

impl<'a> Values<'a> {
    /// The only value, which is a sequence: what is in it.
    ///
    /// # Errors
    /// It is no sequence, or there is something behind it.
    pub(super) fn whole(bytes: &'a [u8]) -> Result<Self, Wrong> {
        let mut values = Self(bytes);
        let inside = values.take(SEQUENCE)?;
        values.end()?;
        Ok(Self(inside))
    }

    /// The tag of the next value; `None` at the end.
    pub(super) fn tag(self) -> Option<u8> {
        self.0.first().copied()
    }

    /// Takes the next value, which has a tag.
    ///
    /// # Errors
    /// It has another tag, or a length that is not the shortest form of one or larger than what is there.
    pub(super) fn take(&mut self, tag: u8) -> Result<&'a [u8], Wrong> {
        let [found, first, rest @ ..] = self.0 else { return Err(BROKEN) };
        if *found != tag {
            return Err(BROKEN);
        }
        let count = usize::from(first & 0x7f);
        let (length, rest) = match first {
            0..0x80 => (count, rest),
            _ => {
                let (bytes, rest) = rest.split_at_checked(count).filter(|_| (1..=3).contains(&count)).ok_or(BROKEN)?;
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
        };
        let (value, rest) = rest.split_at_checked(length).ok_or(BROKEN)?;
        self.0 = rest;
        Ok(value)
    }

    /// Takes the next value where it has a tag; `None` where it has another.
    ///
    /// # Errors
    /// As [`Values::take`].
    pub(super) fn maybe(&mut self, tag: u8) -> Result<Option<&'a [u8]>, Wrong> {
        if self.tag() == Some(tag) { self.take(tag).map(Some) } else { Ok(None) }
    }

    /// Takes a positive number, without zeros in front.
    ///
    /// # Errors
    /// It is no number, or a negative one.
    pub(super) fn number(&mut self) -> Result<&'a [u8], Wrong> {
        let bytes = self.take(INTEGER)?;
        match bytes.first() {
            Some(0..0x80) => Ok(super::ssh::trimmed(bytes)),
            _ => Err(BROKEN),
        }
    }

    /// Makes sure that nothing is left.
    ///
    /// # Errors
    /// Something is.
    pub(super) fn end(self) -> Result<(), Wrong> {
        if self.0.is_empty() { Ok(()) } else { Err(BROKEN) }
    }
}
