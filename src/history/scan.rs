//! Scans every object of a history for matches.

use super::pack::delta::Segment;
use super::walk::{Seen, Visitor};
use super::{Coverage, History, Object, ObjectId, ObjectKind, Type};
use crate::error::Error;
use crate::scanner::secrets::matcher::{Marks, Match, Matcher, Scratch};

/// What is told of every object with a match: the object, its text, the matches in it.
pub type Found<'a> = &'a (dyn Fn(Object, &[u8], &[Match]) + Sync);

/// The types that hold text.
const TEXTS: [Type; 3] = [Type::Blob, Type::Commit, Type::Tag];

impl History {
    /// Scans every object that git still holds, reachable or not, and calls `found` for each one with a match, in no
    /// particular order and from several threads. `progress` is told how many objects were done since it was last
    /// called. With `delta` only what differs between versions is searched, without it every version whole; the
    /// matches are the same.
    ///
    /// # Errors
    /// None as yet.
    pub fn scan(
        &self,
        matcher: &Matcher,
        delta: bool,
        progress: &(dyn Fn(u64) + Sync),
        found: Found<'_>,
    ) -> Result<Coverage, Error> {
        let objects = self.objects();
        let walked = objects.walk(&TEXTS, &Scan { matcher, delta, found }, progress);
        let mut gaps: Vec<String> = objects.gaps().cloned().collect();
        gaps.extend(walked.gaps.into_sentences());
        gaps.sort();
        Ok(Coverage { objects: walked.objects, bytes: walked.bytes, gaps })
    }
}

struct Scan<'a> {
    matcher: &'a Matcher,
    delta: bool,
    found: Found<'a>,
}

impl Visitor for Scan<'_> {
    type Marks = Marks;
    type Scratch = Scratch;

    fn scratch(&self) -> Scratch {
        Scratch::default()
    }

    fn whole(&self, scratch: &mut Scratch, text: &[u8], marks: &mut Marks) {
        self.matcher.mark(text, scratch, marks);
    }

    fn edited(&self, scratch: &mut Scratch, text: &[u8], segments: &[Segment], base: &Marks, marks: &mut Marks) {
        match self.delta {
            true => self.matcher.carry(text, segments, base, scratch, marks),
            false => self.matcher.mark(text, scratch, marks),
        }
    }

    fn done(&self, _: &mut Scratch, seen: &Seen<'_>, text: &[u8], marks: &Marks) {
        if marks.is_empty() {
            return;
        }
        let kind = match seen.kind {
            Type::Blob => ObjectKind::Blob,
            Type::Commit => ObjectKind::Commit,
            Type::Tag => ObjectKind::Tag,
            Type::Tree => return,
        };
        if let Some(id) = ObjectId::from_bytes(seen.raw_id) {
            (self.found)(Object { id, kind }, text, &marks.matches());
        }
    }
}
