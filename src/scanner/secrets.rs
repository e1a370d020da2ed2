//! Finds leaked credentials in the working tree and in everything git still holds.

pub mod archive;
mod before;
pub mod decode;
mod files;
pub mod found;
mod hit;
mod join;
pub mod matcher;
mod past;
mod sighting;
pub mod template;
pub mod trial;
pub mod weigh;
mod wide;

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::{Context, Plan, Scanner, Sink};
use crate::error::Error;
use crate::finding::{Finding, Kind, assessment};
use crate::text;
use matcher::{Match, Matcher};
use weigh::Terms;

/// The secrets layer.
pub struct Secrets;

impl Scanner for Secrets {
    fn id(&self) -> &'static str {
        "secrets"
    }

    fn about(&self) -> &'static str {
        "leaked credentials, in the files and in the whole git history"
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Secret]
    }

    fn plan(&self, _: &Context) -> Plan {
        Plan::Run
    }

    fn scan(&self, context: &Context, sink: &dyn Sink) -> Result<(), Error> {
        let matcher = context.matcher()?;
        let sightings = Mutex::new(Vec::new());
        let files = files::scan(context, matcher, sink, &sightings);
        let past = past::scan(context, matcher, sink, &sightings);
        // What one of them found is told even if the other failed.
        let sightings = sightings.into_inner().unwrap_or_else(PoisonError::into_inner);
        let least = context.terms().least;
        let is_sure = |finding: &Finding| finding.assessment.as_ref().is_none_or(|why| why.score() >= least);
        let (sure, unsure): (Vec<_>, Vec<_>) = join::join(sightings, matcher).into_iter().partition(is_sure);
        sure.into_iter().for_each(|finding| sink.finding(finding));
        if !unsure.is_empty() {
            let count = text::count(unsure.len(), "more value");
            sink.note(format!("{count} could be a credential, with little to say so: `--confidence low` tells them"));
        }
        files.and(past)
    }
}

/// Where in a text something may be a credential, however unsure.
pub fn credentials(matcher: &Matcher, text: &[u8]) -> Vec<Range<usize>> {
    // When a token expires makes no difference to whether it is shown.
    let terms = Terms { least: assessment::LEAST, now: Timestamp::MIN };
    let is_one =
        |found: &Match| weigh::in_text(matcher, text, found, terms).is_some_and(|why| why.score() >= terms.least);
    matcher.scan(text).into_iter().filter(is_one).map(|found| found.secret).collect()
}

/// Adds to a list that several threads add to.
fn push<T>(out: &Mutex<Vec<T>>, more: impl Iterator<Item = T>) {
    let mut more = more.peekable();
    if more.peek().is_some() {
        let more: Vec<T> = more.collect();
        out.lock().unwrap_or_else(PoisonError::into_inner).extend(more);
    }
}

/// Tells of archives that could not be opened whole. A damaged archive in a repository is common (test data, mostly)
/// and hides text from everybody, so it is a note and not a gap.
fn tell_unopened(mut archives: Vec<String>, sink: &dyn Sink) {
    archives.sort();
    if let Some(first) = archives.first() {
        let count = text::count(archives.len(), "archive");
        sink.note(format!("{count} could not be opened whole ({})", text::printable(first)));
    }
}
