//! Defines [`Database`]: the advisories at hand for every ecosystem, each from the best source that can be had.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::advisories::import::Gathered;
use crate::advisories::matching::{self, Answer, Asked, Hit};
use crate::advisories::record::Text;
use crate::advisories::store::build::{Input, build};
use crate::advisories::store::bytes::Damaged;
use crate::advisories::store::{Store, meta};
use crate::advisories::{api, starter};
use crate::ecosystem::Ecosystem;
use crate::error::Error;
use crate::options::AdvisorySource;
use crate::scanner::{Context, Gap, Sink};
use crate::text;

/// Older data is reported as a gap, in days.
pub(super) const STALE_DAYS: u64 = 7;

/// A store, and what it is in words for a note.
pub(super) struct Part {
    store: Store,
    name: String,
}

impl Part {
    pub(super) fn ask(&self, asked: Asked<'_>) -> Result<Answer, Damaged> {
        matching::ask(&self.store, asked)
    }

    pub(super) fn text(&self, hit: &Hit) -> Result<Text, Damaged> {
        matching::text(&self.store, &hit.places)
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) fn describe(&self) -> String {
        format!("{} advisories of {}", text::grouped(self.store.meta().advisories as u64), self.name)
    }

    /// Whether it knows an ecosystem, and how many days ago it knew all of it.
    fn age(&self, ecosystem: Ecosystem, now: i64) -> Option<u64> {
        Some(meta::days_between(self.store.meta().as_of(ecosystem.osv())?, now))
    }
}

/// The advisories at hand.
pub(super) struct Database {
    parts: Vec<Part>,
    /// Which part answers for an ecosystem; the last one for all others.
    of: BTreeMap<Ecosystem, usize>,
}

impl Database {
    /// Takes the database named by the user; else, for each ecosystem, the store in the cache folder while it is fresh,
    /// OSV's server where it may be asked, the store however old it is, and the starter set of the binary. Anything less
    /// than full and fresh data is told to `sink` as a gap.
    ///
    /// # Errors
    /// The database named by the user cannot be read.
    pub(super) fn open(context: &Context, questions: &[Asked<'_>], sink: &dyn Sink) -> Result<Self, Error> {
        let wanted: BTreeSet<Ecosystem> = questions.iter().map(|asked| asked.ecosystem).collect();
        let now = context.options.now.as_second();
        if let Some(path) = &context.options.advisory_db {
            return Self::named(path, &wanted, now, sink);
        }
        let kept = kept(context).and_then(|path| match Store::open(&path) {
            Ok(store) => Some(Part { store, name: "the advisory store".to_owned() }),
            Err(why) => {
                sink.gap(Gap::broken(why.chain().join(": ")).hint("`scanall db update` makes a new one"));
                None
            }
        });
        let age = |ecosystem: &Ecosystem| kept.as_ref().and_then(|part| part.age(*ecosystem, now));
        let is_fresh = |ecosystem: &Ecosystem| age(ecosystem).is_some_and(|days| days <= STALE_DAYS);
        let lacking: BTreeSet<Ecosystem> = match context.options.advisories {
            AdvisorySource::Api => wanted.clone(),
            _ => wanted.iter().filter(|ecosystem| !is_fresh(ecosystem)).copied().collect(),
        };
        let may_ask = context.options.advisories != AdvisorySource::Store && !context.net.is_offline();
        let asked =
            (may_ask && !lacking.is_empty()).then(|| ask_server(context, questions, &lacking, kept.as_ref(), sink));
        let answered = asked.flatten();
        let mut database = Self { parts: Vec::new(), of: BTreeMap::new() };
        let mut unknown = BTreeSet::new();
        for ecosystem in &lacking {
            match age(ecosystem) {
                _ if answered.is_some() => {}
                Some(days) if days > STALE_DAYS => sink.gap(stale(*ecosystem, days)),
                Some(_) => {}
                None => drop(unknown.insert(*ecosystem)),
            }
        }
        if !unknown.is_empty() {
            sink.gap(missing(&unknown, kept.is_some()));
        }
        if let Some(part) = kept {
            let known = wanted.iter().filter(|ecosystem| !unknown.contains(ecosystem));
            database.add(part, known.filter(|it| answered.is_none() || !lacking.contains(it)).copied());
        }
        if let Some(part) = answered {
            database.add(part, lacking);
        }
        // What nothing else knows is asked last.
        database.add(starter_part()?, unknown);
        Ok(database)
    }

    /// What the user names is all there is: a store, a file or a tree of records.
    fn named(path: &Path, wanted: &BTreeSet<Ecosystem>, now: i64, sink: &dyn Sink) -> Result<Self, Error> {
        let name = format!("the database in {}", name_of(path));
        let part = Part { store: read(path, sink)?, name };
        if part.store.meta().advisories == 0 {
            return Err(Error::usage(format!("`{}` holds no advisories", path.display()))
                .hint("give a store of `scanall db`, records of OSV, or a checkout of the RustSec database"));
        }
        for ecosystem in wanted {
            // Who keeps a tree fresh knows how fresh it is; a store says it.
            match part.age(*ecosystem, now).filter(|_| path.is_file()) {
                Some(days) if days > STALE_DAYS => sink.gap(stale(*ecosystem, days)),
                _ => {}
            }
        }
        let unknown: Vec<String> = wanted
            .iter()
            .filter(|ecosystem| part.store.meta().as_of(ecosystem.osv()).is_none())
            .map(ToString::to_string)
            .collect();
        if !unknown.is_empty() {
            sink.gap(Gap::unavailable(format!("{} says nothing of {}", part.name, unknown.join(", "))));
        }
        let mut database = Self { parts: Vec::new(), of: BTreeMap::new() };
        database.add(part, wanted.clone());
        Ok(database)
    }

    /// What is known without a question about packages, for whoever looks up an id.
    ///
    /// # Errors
    /// The database named by the user cannot be read.
    pub(super) fn at_hand(context: &Context) -> Result<Part, Error> {
        if let Some(path) = &context.options.advisory_db {
            return Ok(Part { store: read(path, &Deaf)?, name: format!("the database in {}", name_of(path)) });
        }
        match kept(context).and_then(|path| Store::open(&path).ok()) {
            Some(store) => Ok(Part { store, name: "the advisory store".to_owned() }),
            None => starter_part(),
        }
    }

    /// What answers for an ecosystem.
    pub(super) fn about(&self, ecosystem: Ecosystem) -> &Part {
        let at = self.of.get(&ecosystem).copied().unwrap_or_default();
        &self.parts[at.min(self.parts.len() - 1)]
    }

    /// What it is, in words for a note.
    pub(super) fn describe(&self) -> String {
        let used: BTreeSet<usize> = self.of.values().copied().collect();
        let parts = self.parts.iter().enumerate().filter(|(at, _)| used.is_empty() || used.contains(at));
        parts.map(|(_, part)| part.describe()).collect::<Vec<_>>().join(" and ")
    }

    fn add(&mut self, part: Part, ecosystems: impl IntoIterator<Item = Ecosystem>) {
        let at = self.parts.len();
        self.of.extend(ecosystems.into_iter().map(|ecosystem| (ecosystem, at)));
        self.parts.push(part);
    }
}

/// The store in the cache folder; `None` when there is none.
pub(super) fn kept(context: &Context) -> Option<PathBuf> {
    let folder = context.options.cache_dir.as_deref().filter(|_| !context.options.no_cache)?;
    Some(crate::advisories::store::place(folder)).filter(|path| path.is_file())
}

fn starter_part() -> Result<Part, Error> {
    Ok(Part { store: starter::store()?, name: "the built-in starter set".to_owned() })
}

/// Reads what the user names.
fn read(path: &Path, sink: &dyn Sink) -> Result<Store, Error> {
    if path.is_file() && Store::is_named(path) {
        return Store::open(path);
    }
    let mut gathered = Gathered::default();
    gathered
        .read(path)
        .map_err(|e| e.hint("give a store of `scanall db`, records of OSV, or a checkout of the RustSec database"))?;
    if let Some(trouble) = gathered.trouble() {
        sink.gap(Gap::broken(trouble));
    }
    let input = Input {
        records: gathered.records,
        exploited: gathered.exploited,
        coverage: gathered.coverage,
        ..Input::default()
    };
    Store::from_bytes(build(input)).map_err(|why| Error::usage("the advisories cannot be kept").because(why))
}

/// Asks OSV's server about packages; `None` when it does not answer, which is told.
fn ask_server(
    context: &Context,
    questions: &[Asked<'_>],
    lacking: &BTreeSet<Ecosystem>,
    kept: Option<&Part>,
    sink: &dyn Sink,
) -> Option<Part> {
    let wanted: Vec<Asked<'_>> = questions.iter().filter(|asked| lacking.contains(&asked.ecosystem)).copied().collect();
    match api::ask(context, &wanted) {
        Ok(mut said) => {
            said.trouble.into_iter().for_each(|trouble| sink.gap(Gap::broken(trouble)));
            if let Some(lists) = kept.and_then(|part| part.store.lists().ok()) {
                said.input.exploited = lists;
            }
            let store = Store::from_bytes(build(said.input)).ok()?;
            Some(Part { store, name: "OSV's server".to_owned() })
        }
        Err(why) => {
            let why = why.chain().join(": ");
            sink.gap(
                Gap::unavailable(format!("OSV's server could not be asked: {why}"))
                    .hint("run `scanall db update` where there is a network, or give a database with --advisory-db"),
            );
            None
        }
    }
}

fn stale(ecosystem: Ecosystem, days: u64) -> Gap {
    let age = text::count(usize::try_from(days).unwrap_or(usize::MAX), "day");
    Gap::unavailable(format!("the advisories about packages of {ecosystem} are {age} old"))
        .hint("run `scanall db update`")
}

fn missing(ecosystems: &BTreeSet<Ecosystem>, has_store: bool) -> Gap {
    let names: Vec<String> = ecosystems.iter().map(ToString::to_string).collect();
    let of = if has_store { format!(" for {}", names.join(", ")) } else { String::new() };
    Gap::unavailable(format!("only the starter set of advisories was used{of}, which knows a few well-known ones"))
        .hint("run `scanall db update`, or give --advisory-db PATH")
}

fn name_of(path: &Path) -> String {
    text::printable(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy())
}

/// Nobody listens: whoever asks about one advisory is told which database answered.
struct Deaf;

impl Sink for Deaf {
    fn finding(&self, _: crate::finding::Finding) {}
    fn gap(&self, _: Gap) {}
    fn note(&self, _: String) {}
    fn expect(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}
