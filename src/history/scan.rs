//! Scans every object of a history for matches.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::gaps::Gaps;
use super::objects::Objects;
use super::pack::delta::Segment;
use super::walk::{Seen, Visitor, Walked};
use super::{Coverage, History, Object, ObjectId, ObjectKind, Type};
use crate::error::Error;
use crate::scanner::Cancel;
use crate::scanner::secrets::matcher::{Marks, Match, Matcher, Scratch};

/// What is told of an object with matches: the object, its text, the matches in it.
pub type Found<'a> = dyn Fn(Object, &[u8], &[Match]) + Sync + 'a;

/// The types that hold text.
const TEXTS: [Type; 3] = [Type::Blob, Type::Commit, Type::Tag];

impl History {
    /// Scans every object that git still holds, reachable or not, or those that a range of revisions added, and calls
    /// `found` for each one with a match, in no particular order and from several threads. `expect` is told the number
    /// of objects, trees among them, `advance` how many were done since it was last called. With `delta` only what
    /// differs between versions is searched, without it every version whole; the matches are the same.
    ///
    /// # Errors
    /// The range is not valid.
    #[expect(
        clippy::too_many_arguments,
        reason = "each of them is one thing a caller decides, and there is one caller"
    )]
    pub fn scan(
        &self,
        range: Option<&str>,
        matcher: &Matcher,
        delta: bool,
        cancel: &Cancel,
        expect: &(dyn Fn(u64) + Sync),
        advance: &(dyn Fn(u64) + Sync),
        found: &Found<'_>,
    ) -> Result<Coverage, Error> {
        let objects = self.objects();
        let scan = Scan { matcher, delta, cancel, found };
        let walked = match range {
            None => {
                expect(objects.count() as u64);
                objects.walk(&TEXTS, &scan, advance)
            }
            Some(range) => {
                let ids = self.objects_of(range)?;
                expect(ids.len() as u64);
                scan.each(objects, &ids, advance)
            }
        };
        let mut gaps: Vec<String> = objects.gaps().cloned().collect();
        gaps.extend(walked.gaps.into_sentences());
        gaps.sort();
        Ok(Coverage { objects: walked.objects, bytes: walked.bytes, gaps })
    }
}

struct Scan<'a> {
    matcher: &'a Matcher,
    delta: bool,
    cancel: &'a Cancel,
    found: &'a Found<'a>,
}

impl Scan<'_> {
    /// Scans single objects, whole.
    fn each(&self, objects: &Objects, ids: &[ObjectId], advance: &(dyn Fn(u64) + Sync)) -> Walked {
        let (gaps, count, bytes) = (Gaps::default(), AtomicU64::new(0), AtomicU64::new(0));
        ids.par_iter().for_each_init(<(Scratch, Marks)>::default, |(scratch, marks), id| {
            match objects.store().read(id) {
                Ok((Type::Tree, _)) => {}
                Ok((kind, text)) => {
                    self.whole(scratch, &text, marks);
                    self.done(scratch, &Seen { number: 0, kind, raw_id: id.as_bytes() }, &text, marks);
                    count.fetch_add(1, Ordering::Relaxed);
                    bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
                }
                Err(why) => gaps.add(format!("object {id}: {why}")),
            }
            advance(1);
        });
        Walked { objects: count.into_inner(), bytes: bytes.into_inner(), gaps }
    }
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

    fn stop(&self) -> bool {
        self.cancel.is_cancelled()
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
