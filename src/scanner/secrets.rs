//! Finds leaked credentials in the working tree and in everything git still holds.

pub mod archive;
pub mod decode;
mod hit;
pub mod matcher;
pub mod template;

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;

use rayon::prelude::*;

use super::{Context, Gap, Plan, Scanner, Sink};
use crate::error::Error;
use crate::finding::{Finding, Kind, Location, RepoPath};
use crate::history::{Coverage, History, ObjectId, ObjectKind};
use crate::options::HistoryRange;
use crate::rule::pack;
use crate::text;
use hit::Hit;
use matcher::Matcher;

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
        let matcher = Matcher::new(pack::merge([pack::embedded()?, context.user_rules.clone()]))?;
        let sightings = Mutex::new(Vec::new());
        scan_files(context, &matcher, sink, &sightings)?;
        scan_history(context, &matcher, sink, &sightings)?;
        let sightings = sightings.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        for finding in join(sightings, &matcher) {
            sink.finding(finding);
        }
        Ok(())
    }
}

/// A credential seen at a place. Places sort the working tree first, then by path, line and commit.
struct Sighting {
    hit: Hit,
    location: Location,
}

fn scan_files(context: &Context, matcher: &Matcher, sink: &dyn Sink, out: &Mutex<Vec<Sighting>>) -> Result<(), Error> {
    let listing = context.target.files()?;
    listing.gaps.into_iter().for_each(|gap| sink.gap(gap));
    sink.expect(listing.files.len() as u64);
    let count = listing.files.len();
    listing.files.into_par_iter().for_each(|file| {
        if context.cancel.is_cancelled() {
            return;
        }
        match context.target.read(&file) {
            Ok(bytes) => {
                let matches = matcher.scan(&bytes);
                let hits = Hit::all(&bytes, &matches);
                let sightings = hits
                    .into_iter()
                    .filter(|hit| matcher.rules()[hit.rule].applies_to(file.path.as_str()))
                    .map(|hit| Sighting { location: Location::here(file.path.clone(), Some(hit.span)), hit });
                push(out, sightings);
            }
            Err(gap) => sink.gap(gap),
        }
        sink.advance(1);
    });
    sink.note(format!("read {}", text::count(count, "file")));
    Ok(())
}

fn scan_history(
    context: &Context,
    matcher: &Matcher,
    sink: &dyn Sink,
    out: &Mutex<Vec<Sighting>>,
) -> Result<(), Error> {
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
        HistoryRange::Range(range) => Some(range.as_str()),
    };
    if context.target.shallow {
        sink.gap(
            Gap::unavailable("the clone is shallow, so older history was not scanned")
                .hint("fetch the rest with `git fetch --unshallow`, or set `fetch-depth: 0` on actions/checkout"),
        );
    }
    let hits = Mutex::new(Vec::new());
    let coverage = history.scan(
        range,
        matcher,
        true,
        &context.cancel,
        &|total| sink.expect(total),
        &|done| sink.advance(done),
        &|object, bytes, matches| {
            let found = Hit::all(bytes, matches);
            hits.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((object, found));
        },
    )?;
    report_coverage(&coverage, sink);
    let hits = hits.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let blobs: HashSet<ObjectId> = hits.iter().filter(|(o, _)| o.kind == ObjectKind::Blob).map(|(o, _)| o.id).collect();
    let origins = if blobs.is_empty() { Default::default() } else { history.origins(&blobs)? };
    for (object, found) in hits {
        let (path, commit) = match (object.kind, origins.get(&object.id)) {
            (ObjectKind::Blob, Some(origin)) => (origin.path.clone(), Some(origin.commit.clone())),
            (ObjectKind::Blob, None) => (RepoPath::new(format!("git/unreachable/{}", object.id)), None),
            (ObjectKind::Commit, _) => {
                (RepoPath::new(format!("git/commit/{}", object.id)), history.commit_ref(object.id))
            }
            (ObjectKind::Tag, _) => (RepoPath::new(format!("git/tag/{}", object.id)), None),
        };
        if !context.target.contains(&path) {
            continue;
        }
        let sightings =
            found.into_iter().filter(|hit| matcher.rules()[hit.rule].applies_to(path.as_str())).map(|hit| Sighting {
                location: Location { path: path.clone(), span: Some(hit.span), commit: commit.clone() },
                hit,
            });
        push(out, sightings);
    }
    Ok(())
}

fn report_coverage(coverage: &Coverage, sink: &dyn Sink) {
    sink.note(format!(
        "read {} of git history, {} MB",
        text::count(usize::try_from(coverage.objects).unwrap_or(usize::MAX), "object"),
        text::grouped(coverage.bytes / 1_000_000)
    ));
    const SHOWN: usize = 5;
    for gap in coverage.gaps.iter().take(SHOWN) {
        sink.gap(Gap::broken(gap.clone()).hint("check the repository with `git fsck --full`"));
    }
    if coverage.gaps.len() > SHOWN {
        sink.gap(Gap::broken(format!("{} more parts of the history could not be read", coverage.gaps.len() - SHOWN)));
    }
}

fn push(out: &Mutex<Vec<Sighting>>, sightings: impl Iterator<Item = Sighting>) {
    let new: Vec<Sighting> = sightings.collect();
    if !new.is_empty() {
        out.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(new);
    }
}

/// One finding for each credential and rule: at its place in the working tree if it still stands there, else at the
/// first of its places in the history; every other place is related.
fn join(sightings: Vec<Sighting>, matcher: &Matcher) -> Vec<Finding> {
    let mut groups: BTreeMap<(usize, crate::finding::Secret), Vec<Sighting>> = BTreeMap::new();
    for sighting in sightings {
        groups.entry((sighting.hit.rule, sighting.hit.secret.clone())).or_default().push(sighting);
    }
    groups
        .into_iter()
        .map(|((rule, secret), mut places)| {
            places.sort_by_cached_key(|place| place_order(&place.location));
            let first = places.remove(0);
            hit::finding(&matcher.rules()[rule], secret, first, places)
        })
        .collect()
}

/// The working tree before history; in history older commits first; then by path and place.
fn place_order(location: &Location) -> (bool, String, Location) {
    let date = location.commit.as_ref().map(|commit| commit.date.clone()).unwrap_or_default();
    let unreachable = location.commit.is_none() && location.path.as_str().starts_with("git/");
    (location.commit.is_some() || unreachable, if unreachable { "~".to_owned() } else { date }, location.clone())
}
