//! Searches everything git still holds, and finds out where each hit came from.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::found;
use super::hit::Hit;
use super::matcher::Matcher;
use super::push;
use super::sighting::{Past, Place, Sighting};
use super::weigh::Terms;
use crate::error::Error;
use crate::finding::{Location, RepoPath};
use crate::history::cache::Cache;
use crate::history::read::MISSING;
use crate::history::{Coverage, History, Object, ObjectId, ObjectKind, Origin, Scope, origin::Reach};
use crate::options::HistoryRange;
use crate::scanner::{Context, Gap, Sink};
use crate::text;

/// What to do about a partial clone.
const FETCH: &str = "fetch the rest with `git fetch --refetch --no-filter`, or clone without `--filter`";
/// So many sentences about what could not be read are shown; the rest is counted.
const SHOWN: usize = 5;

/// Searches the history as far as the options ask for.
///
/// # Errors
/// The repository is in a format that is not known, or the range is not valid.
pub(super) fn scan(
    context: &Context,
    matcher: &Matcher,
    sink: &dyn Sink,
    out: &Mutex<Vec<Sighting>>,
) -> Result<(), Error> {
    if context.target.staged.is_some() {
        return Ok(());
    }
    let Some(git_dir) = &context.target.git_dir else {
        sink.note("no git repository, so there is no history to scan".to_owned());
        return Ok(());
    };
    let history = History::open(git_dir)?;
    let range = match &context.options.history {
        HistoryRange::None => {
            sink.note("the history was not scanned, as asked for".to_owned());
            return Ok(());
        }
        HistoryRange::Full => None,
        HistoryRange::Range(range) => Some(history.range(range)?),
    };
    // A range that lies wholly in what was fetched misses nothing.
    if context.target.shallow && range.as_ref().is_none_or(|range| range.is_cut) {
        sink.gap(
            Gap::unavailable("the clone is shallow, so older history was not scanned")
                .hint("fetch the rest with `git fetch --unshallow`, or set `fetch-depth: 0` on actions/checkout"),
        );
    }
    tell_submodules(&history.submodules(), sink);
    if let Some(promised) = history.promised() {
        sink.gap(
            Gap::unavailable(format!(
                "the clone is partial: {promised} of its history were left with the server and not scanned"
            ))
            .hint(FETCH),
        );
    }
    let cache_dir = context.options.cache_dir.as_deref().filter(|_| range.is_none() && !context.options.no_cache);
    let cache = cache_dir.map(|folder| open_cache(folder, &history, matcher, sink));
    let new = cache.as_ref().and_then(Cache::to_scan);
    let scope = match (&range, &new) {
        (Some(range), _) => Scope::Range(range),
        (None, Some(new)) => Scope::These(new),
        (None, None) => Scope::All,
    };
    let hits = Mutex::new(Vec::new());
    let terms = context.terms();
    let coverage = history.scan(
        scope,
        matcher,
        context.options.delta,
        &context.cancel,
        &|total| sink.expect(total),
        &|done| sink.advance(done),
        &|object, found| push(&hits, Hit::all(found, matcher, terms).into_iter().map(|hit| (object, hit))),
    )?;
    tell_coverage(&coverage, new.is_some(), history.is_partial(), sink);
    let hits: Vec<(Object, Hit)> = hits.into_inner().unwrap_or_else(PoisonError::into_inner);
    let blobs: HashSet<ObjectId> =
        hits.iter().filter(|(object, _)| object.kind == ObjectKind::Blob).map(|(object, _)| object.id).collect();
    let origins = match (&range, cache.as_ref().and_then(Cache::origins)) {
        (Some(range), _) => history.origins_in(range, &blobs),
        (None, Some(origins)) => origins.clone(),
        (None, None) => history.origins(&blobs)?,
    };
    if let Some(cache) = cache.filter(|_| !context.cancel.is_cancelled())
        && let Err(why) = cache.save(&coverage, &origins)
    {
        sink.note(format!("the next scan reads the whole history again: its cache cannot be written: {why}"));
    }
    let places = Places { history: &history, origins, index: context.target.indexed() };
    let sightings = hits.into_iter().map(|(object, hit)| places.sighting(object, hit));
    push(
        out,
        sightings.filter(|sighting| {
            let path = &sighting.location.path;
            context.target.contains(path) && matcher.rules()[sighting.hit.rule].applies_to(path.as_str())
        }),
    );
    if range.is_none() {
        scan_reflogs(&history, matcher, terms, out);
    }
    Ok(())
}

fn open_cache<'a>(folder: &Path, history: &'a History, matcher: &Matcher, sink: &dyn Sink) -> Cache<'a> {
    let (cache, read) = Cache::open(folder, history, matcher.fingerprint());
    if let Err(why) = read {
        sink.note(format!("the cache of an earlier scan was discarded: {why}"));
    }
    cache
}

/// Knows where objects came from.
struct Places<'a> {
    history: &'a History,
    origins: HashMap<ObjectId, Origin>,
    /// The blobs of git's index and their paths.
    index: HashMap<ObjectId, RepoPath>,
}

impl Places<'_> {
    fn sighting(&self, object: Object, hit: Hit) -> Sighting {
        let id = object.id;
        let pseudo = |folder: &str| RepoPath::new(format!("git/{folder}/{id}"));
        let (place, path, commit) = match (object.kind, self.origins.get(&id), self.index.get(&id)) {
            (ObjectKind::Commit, ..) => (Place::Commit, pseudo("commit"), self.history.commit_ref(id)),
            (ObjectKind::Tag, ..) => (Place::Tag, pseudo("tag"), None),
            (ObjectKind::Blob, Some(origin), _) if origin.reach < Reach::Reflog => {
                let place = match (&origin.head, origin.reach) {
                    (Some(_), _) => Place::Head,
                    (None, Reach::Stash) => Place::Stash,
                    (None, Reach::Note) => Place::Note,
                    (None, _) => Place::History,
                };
                (place, origin.head.clone().unwrap_or_else(|| origin.path.clone()), Some(origin.commit.clone()))
            }
            (ObjectKind::Blob, _, Some(path)) => (Place::Index, path.clone(), None),
            (ObjectKind::Blob, Some(origin), _) => {
                let place = if origin.reach == Reach::Reflog { Place::Reflog } else { Place::Unreachable };
                (place, origin.path.clone(), Some(origin.commit.clone()))
            }
            (ObjectKind::Blob, None, None) => (Place::Unreachable, pseudo("blob"), None),
        };
        let location = Location { path, span: hit.span, commit };
        let past = self.origins.get(&id).map(|origin| Past {
            introduced: Location { path: origin.path.clone(), span: hit.span, commit: Some(origin.commit.clone()) },
            removed: origin.removed.clone(),
            commits: origin.commits,
            paths: origin.paths.clone(),
        });
        Sighting { hit, location, place, past }
    }
}

/// Searches the text of the reflogs: messages of commits and commands that may be nowhere else.
fn scan_reflogs(history: &History, matcher: &Matcher, terms: Terms, out: &Mutex<Vec<Sighting>>) {
    for (name, bytes) in history.reflogs() {
        found::search(matcher, &bytes, &mut |found| {
            push(
                out,
                Hit::all(found, matcher, terms).into_iter().map(|hit| Sighting {
                    location: Location::here(RepoPath::new(format!("git/{name}")), hit.span),
                    place: Place::Reflog,
                    past: None,
                    hit,
                }),
            );
        });
    }
}

/// Says which histories are kept here and are not this repository's.
fn tell_submodules(names: &[String], sink: &dyn Sink) {
    if !names.is_empty() {
        let shown = names[..names.len().min(SHOWN)].join(", ");
        let more = if names.len() > SHOWN { ", …" } else { "" };
        sink.note(format!(
            "the histories of {} were not scanned ({}{more}); scan each in its own folder, or in .git/modules",
            text::count(names.len(), "submodule"),
            text::printable(&shown)
        ));
    }
}

fn tell_coverage(coverage: &Coverage, cached: bool, partial: bool, sink: &dyn Sink) {
    sink.note(format!(
        "read {} of git history, {} MB{}",
        text::count(usize::try_from(coverage.objects).unwrap_or(usize::MAX), "object"),
        text::grouped(coverage.bytes / 1_000_000),
        if cached { "; the others are known from an earlier scan" } else { "" }
    ));
    for gap in coverage.gaps.iter().take(SHOWN) {
        sink.gap(match partial && gap.ends_with(MISSING) {
            true => Gap::unavailable(gap.clone()).hint(FETCH),
            false => Gap::broken(gap.clone()).hint("check the repository with `git fsck --full`"),
        });
    }
    if coverage.gaps.len() > SHOWN {
        sink.gap(Gap::broken(format!("{} more parts of the history could not be read", coverage.gaps.len() - SHOWN)));
    }
    super::tell_unopened(coverage.unopened.clone(), sink);
}
