//! Scans every object of a history for matches.

mod each;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::gaps::Gaps;
use super::objects::Objects;
use super::origin::Unlinked;
use super::pack::delta::Segment;
use super::walk::{Seen, Visitor};
use super::{Coverage, History, Object, ObjectId, ObjectKind, Range, Type, refs};
use crate::error::Error;
use crate::scanner::Cancel;
use crate::scanner::secrets::decode::{self, Runs};
use crate::scanner::secrets::found::{self, Found};
use crate::scanner::secrets::matcher::{Marks, Matcher, Scratch};

/// Is told of every text with a match: the object that it is or is in, and what was found.
pub type Tell<'a> = dyn Fn(Object, &Found<'_>) + Sync + 'a;

/// The types that hold text.
const TEXTS: [Type; 3] = [Type::Blob, Type::Commit, Type::Tag];

/// What is scanned.
#[derive(Clone, Copy)]
pub enum Scope<'a> {
    /// Every object that git still holds, reachable or not.
    All,
    /// What a range of revisions added.
    Range(&'a Range),
    /// These objects, trees among them left out.
    These(&'a [ObjectId]),
}

impl History {
    /// Scans objects and calls `tell` for each text with a match, which is the object itself or something inside of an
    /// archive, in no particular order and from several threads. `expect` is told the number of objects, trees among them, `advance`
    /// how many were done since it was last called. With `delta` only what differs between versions is searched,
    /// without it every version whole; the matches are the same.
    ///
    /// # Errors
    /// None as yet: what cannot be read is a gap.
    #[expect(
        clippy::too_many_arguments,
        reason = "each of them is one thing a caller decides, and there is one caller"
    )]
    pub fn scan(
        &self,
        scope: Scope<'_>,
        matcher: &Matcher,
        delta: bool,
        cancel: &Cancel,
        expect: &(dyn Fn(u64) + Sync),
        advance: &(dyn Fn(u64) + Sync),
        tell: &Tell<'_>,
    ) -> Result<Coverage, Error> {
        let (commits, noted) = (Mutex::default(), Mutex::default());
        let objects = matches!(scope, Scope::All).then(|| self.objects());
        let scan =
            Scan { objects, matcher, delta, cancel, tell, unopened: Gaps::default(), commits: &commits, noted: &noted };
        let mut gaps: Vec<String> = Vec::new();
        let mut each = |ids: &[ObjectId]| {
            gaps.extend(self.store().gaps.iter().cloned());
            expect(ids.len() as u64);
            scan.each(self.store(), ids, advance)
        };
        let walked = match scope {
            Scope::All => {
                let objects = self.objects();
                let count = objects.count() as u64;
                expect(count);
                let walked = objects.walk(&TEXTS, &scan, advance);
                gaps.extend(objects.check_others(&TEXTS).into_sentences());
                gaps.extend(objects.gaps().cloned());
                advance(count.saturating_sub(walked.objects));
                walked
            }
            Scope::Range(range) => {
                let walked = each(&range.texts);
                gaps.extend(range.gaps.iter().cloned());
                walked
            }
            Scope::These(ids) => each(ids),
        };
        if !matches!(scope, Scope::Range(_)) {
            gaps.extend(refs::gaps(&self.git_dir, &self.common_dir));
        }
        gaps.extend(walked.gaps.into_sentences());
        gaps.sort();
        let unopened = scan.unopened.into_sentences();
        if objects.is_some() && !cancel.is_cancelled() {
            *self.commits.lock().unwrap_or_else(PoisonError::into_inner) = commits.into_inner().ok();
        }
        let noted: BTreeSet<ObjectId> = noted.into_inner().unwrap_or_else(PoisonError::into_inner);
        let noted = noted.into_iter().collect();
        Ok(Coverage { objects: walked.objects, bytes: walked.bytes, gaps, unopened, noted })
    }
}

struct Scan<'a> {
    /// All of them, when all are scanned.
    objects: Option<&'a Objects>,
    matcher: &'a Matcher,
    delta: bool,
    cancel: &'a Cancel,
    tell: &'a Tell<'a>,
    /// Archives that could not be opened whole.
    unopened: Gaps,
    /// What the search for origins needs to know of every commit.
    commits: &'a Mutex<Vec<Unlinked>>,
    /// Objects that something is said of.
    noted: &'a Mutex<BTreeSet<ObjectId>>,
}

impl Scan<'_> {
    fn tell(&self, object: Object, found: &Found<'_>) {
        self.note(object.id);
        (self.tell)(object, found);
    }

    fn note(&self, id: ObjectId) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    }
}

/// What is known of a text, for those that are made from it.
#[derive(Default)]
struct Known {
    marks: Marks,
    runs: Runs,
}

impl Visitor for Scan<'_> {
    type Marks = Known;
    type Scratch = Scratch;

    fn scratch(&self) -> Scratch {
        Scratch::default()
    }

    fn whole(&self, scratch: &mut Scratch, text: &[u8], known: &mut Known) {
        self.matcher.mark(text, scratch, &mut known.marks);
        known.runs = decode::whole(self.matcher, text);
    }

    fn edited(&self, scratch: &mut Scratch, text: &[u8], segments: &[Segment], base: &Known, known: &mut Known) {
        if !self.delta {
            return self.whole(scratch, text, known);
        }
        self.matcher.carry(text, segments, &base.marks, scratch, &mut known.marks);
        known.runs = decode::edited(self.matcher, text, segments, &base.runs);
    }

    fn stop(&self) -> bool {
        self.cancel.is_cancelled()
    }

    fn done(&self, _: &mut Scratch, seen: &Seen<'_>, text: &[u8], known: &Known) {
        let kind = match seen.kind {
            Type::Blob => ObjectKind::Blob,
            Type::Commit => ObjectKind::Commit,
            Type::Tag => ObjectKind::Tag,
            Type::Tree => return,
        };
        let Some(id) = ObjectId::from_bytes(seen.raw_id) else { return };
        let object = Object { id, kind };
        if !known.marks.is_empty() || !known.runs.found.is_empty() {
            let matches = known.marks.matches();
            self.tell(object, &Found { way: "", text, matches: &matches, encoded: &known.runs.found });
        }
        if let Some(objects) = self.objects.filter(|_| kind == ObjectKind::Commit) {
            let commit = Unlinked::read(objects, seen, text);
            self.commits.lock().unwrap_or_else(PoisonError::into_inner).extend(commit);
        }
        if kind == ObjectKind::Blob {
            for gap in found::search_inside(self.matcher, text, &mut |inside| self.tell(object, inside)) {
                self.note(id);
                self.unopened.add(format!("object {id}: {gap}"));
            }
        }
    }
}
