//! Defines [`Visitor`]: what is done with each object.

use crate::history::pack::delta::Segment;
use crate::history::pack::entry::Type;

/// What is done with each object.
pub trait Visitor: Sync {
    /// What is remembered of an object for those based on it.
    type Marks: Default + Send + Sync;
    /// What a thread needs for itself.
    type Scratch: Send;

    /// Makes a thread's own data.
    fn scratch(&self) -> Self::Scratch;
    /// Reads a whole text; `marks` hold old content and are to be overwritten.
    fn whole(&self, scratch: &mut Self::Scratch, text: &[u8], marks: &mut Self::Marks);
    /// Reads a text that was made from a base by copying and inserting.
    fn edited(
        &self,
        scratch: &mut Self::Scratch,
        text: &[u8],
        segments: &[Segment],
        base: &Self::Marks,
        marks: &mut Self::Marks,
    );
    /// Whether to visit no further objects.
    fn stop(&self) -> bool {
        false
    }
    /// Takes note of an object; called once for each id.
    fn done(&self, scratch: &mut Self::Scratch, seen: &Seen<'_>, text: &[u8], marks: &Self::Marks);
}

/// An object that has been read.
pub struct Seen<'a> {
    /// A number of its own: see [`Objects::number`](super::super::objects::Objects::number).
    pub number: u32,
    /// Its type.
    pub kind: Type,
    /// Its raw id.
    pub raw_id: &'a [u8],
}
