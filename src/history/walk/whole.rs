//! Defines [`Whole`]: a visitor that only wants the text of each object, however it is stored.

use super::{Seen, Visitor};
use crate::history::pack::delta::Segment;

/// Calls a function with each object and its text.
pub struct Whole<F>(pub F);

impl<F: Fn(&Seen<'_>, &[u8]) + Sync> Visitor for Whole<F> {
    type Marks = ();
    type Scratch = ();

    fn scratch(&self) {}
    fn whole(&self, (): &mut (), _: &[u8], (): &mut ()) {}
    fn edited(&self, (): &mut (), _: &[u8], _: &[Segment], (): &(), (): &mut ()) {}

    fn done(&self, (): &mut (), seen: &Seen<'_>, text: &[u8], (): &()) {
        (self.0)(seen, text);
    }
}
