//! Searches the files of the target.

use std::cell::OnceCell;
use std::sync::Mutex;

use rayon::prelude::*;

use super::before::Before;
use super::found;
use super::hit::Hit;
use super::matcher::Matcher;
use super::push;
use super::sighting::{Place, Sighting};
use crate::error::Error;
use crate::finding::Location;
use crate::options::HistoryRange;
use crate::scanner::{Context, Sink};
use crate::text;

/// Searches every file; one that cannot be read is a gap.
///
/// # Errors
/// The files cannot be listed.
pub(super) fn scan(
    context: &Context,
    matcher: &Matcher,
    sink: &dyn Sink,
    out: &Mutex<Vec<Sighting>>,
) -> Result<(), Error> {
    if context.target.bare && context.options.history == HistoryRange::Full {
        // The files of HEAD are in the history, and there is no other place for files.
        return Ok(());
    }
    let listing = context.target.files()?;
    listing.gaps.into_iter().for_each(|gap| sink.gap(gap));
    sink.expect(listing.files.len() as u64);
    let count = listing.files.len();
    let terms = context.terms();
    let before = context.target.staged.as_ref().map(|staged| Before::new(staged, matcher, terms));
    let unopened = Mutex::new(Vec::new());
    listing.files.into_par_iter().for_each(|file| {
        if context.cancel.is_cancelled() {
            return;
        }
        match context.target.read(&file) {
            Ok(bytes) => {
                let known = OnceCell::new();
                let is_new = |hit: &Hit| before.as_ref().is_none_or(|before| before.is_new(&file.path, hit, &known));
                let gaps = found::search(matcher, &bytes, &mut |found| {
                    let hits = Hit::all(found, matcher, terms).into_iter();
                    let ours = hits.filter(|hit| matcher.rules()[hit.rule].applies_to(file.path.as_str()));
                    let ours = ours.filter(is_new);
                    push(
                        out,
                        ours.map(|hit| Sighting {
                            location: Location::here(file.path.clone(), hit.span),
                            place: Place::File,
                            past: None,
                            hit,
                        }),
                    );
                });
                push(&unopened, gaps.into_iter().map(|gap| format!("`{}`: {gap}", file.path)));
            }
            Err(gap) => sink.gap(gap),
        }
        sink.advance(1);
    });
    match &context.target.staged {
        None => sink.note(format!("read {}", text::count(count, "file"))),
        Some(staged) => {
            sink.note(format!("read {}", text::count(count, "staged file")));
            if staged.conflicts > 0 {
                let paths = text::count(staged.conflicts, "path");
                sink.note(format!("{paths} in conflict: both sides were read"));
            }
        }
    }
    super::tell_unopened(unopened.into_inner().unwrap_or_default(), sink);
    Ok(())
}
