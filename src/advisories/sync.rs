//! Brings the store in the cache folder up to date: OSV's dumps by ecosystem, CISA's catalogue and FIRST's scores.
//!
//! Of an ecosystem that is known already, OSV's list of changes says which records are new; where there are many, and the
//! first time, the whole dump is downloaded. The store is replaced at the end, whole or not at all.

mod changes;
mod lists;
mod prebuilt;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::exploited::Lists;
use super::import::Gathered;
use super::record::Record;
use super::store::build::{Input, build};
use super::store::{Coverage, Meta, Store};
use crate::ecosystem::Ecosystem;
use crate::edit;
use crate::error::Error;
use crate::net::download::{Download, Downloaded};
use crate::scanner::Context;
use crate::text;
pub use prebuilt::{Prebuilt, fetch as fetch_prebuilt};

/// The name of the source whose records come this way.
pub const SOURCE: &str = "OSV";
/// No dump is larger, in bytes.
const MAX_DUMP: u64 = 4 << 30;

/// Everything that a store is made of, on its way to become the next one.
pub struct Work<'a> {
    context: &'a Context,
    /// Where the store is.
    pub path: PathBuf,
    records: Vec<(Record, String)>,
    coverage: BTreeMap<(String, String), Coverage>,
    lists: Lists,
    tags: [String; 2],
    say: &'a (dyn Fn(&str) + Sync),
}

impl<'a> Work<'a> {
    /// Begins with the store that there is; with nothing where there is none, or one that cannot be read, which is said.
    pub fn begin(context: &'a Context, path: PathBuf, say: &'a (dyn Fn(&str) + Sync)) -> Self {
        let mut work = Self {
            context,
            path,
            records: Vec::new(),
            coverage: BTreeMap::new(),
            lists: Lists::default(),
            tags: Default::default(),
            say,
        };
        if work.path.is_file() {
            let opened = Store::open(&work.path).map_err(|e| e.chain().join(": "));
            if let Err(why) = opened.and_then(|store| work.take(&store)) {
                say(&format!("what was kept is not used: {why}"));
            }
        }
        work
    }

    fn take(&mut self, store: &Store) -> Result<(), String> {
        let mut gathered = Gathered::default();
        gathered.take_store(store).map_err(|e| e.to_string())?;
        let Meta { kev, epss, .. } = store.meta();
        self.tags = [kev, epss].map(|feed| feed.as_ref().map(|feed| feed.tag.clone()).unwrap_or_default());
        self.records = gathered.records;
        self.lists = gathered.exploited;
        let key = |entry: &Coverage| (entry.source.clone(), entry.ecosystem.clone());
        self.coverage = gathered.coverage.into_iter().map(|entry| (key(&entry), entry)).collect();
        Ok(())
    }

    /// Ecosystems that OSV's records of the store are about.
    pub fn known(&self) -> Vec<Ecosystem> {
        let of = |(source, ecosystem): &(String, String)| (source == SOURCE).then(|| Ecosystem::of_osv(ecosystem));
        self.coverage.keys().filter_map(of).flatten().collect()
    }

    /// Adds what was read from files.
    pub fn add(&mut self, gathered: Gathered) {
        let now = self.now();
        let as_of = gathered.newest_file.min(now);
        let sources: BTreeSet<(String, String)> = gathered
            .records
            .iter()
            .flat_map(|(record, source)| families(record).map(|it| (source.clone(), it)))
            .collect();
        for (source, ecosystem) in sources {
            let told = gathered.coverage.iter().find(|entry| entry.source == source && entry.ecosystem == ecosystem);
            let as_of = told.map_or(as_of, |entry| entry.as_of);
            let entry = self.coverage.entry((source.clone(), ecosystem.clone())).or_default();
            *entry = Coverage { source, ecosystem, as_of: entry.as_of.max(as_of), ..std::mem::take(entry) };
        }
        let gone: HashSet<String> = gathered.gone.into_iter().collect();
        self.records.retain(|(record, _)| !gone.contains(&record.id));
        self.records.extend(gathered.records);
        self.lists.kev = gathered.exploited.kev.or(self.lists.kev.take());
        self.lists.epss = gathered.exploited.epss.or(self.lists.epss.take());
    }

    /// Brings one ecosystem up to date.
    ///
    /// # Errors
    /// The server does not answer, or not what it is asked. What was known of the ecosystem stays.
    pub fn update(&mut self, ecosystem: Ecosystem) -> Result<(), Error> {
        let name = ecosystem.osv();
        let known = self.coverage.get(&(SOURCE.to_owned(), name.to_owned())).cloned();
        if let Some(known) = known.as_ref().filter(|known| known.newest > 0)
            && let Some(changed) = changes::since(self, ecosystem, known.newest)?
        {
            let count = changed.gathered.records.len() + changed.gathered.gone.len();
            self.replace(changed.gathered, None);
            self.cover(Coverage { as_of: self.now(), ..known.clone() });
            (self.say)(&format!("{ecosystem}: {}", text::count(count, "change")));
            return Ok(());
        }
        let tag = known.map(|known| known.tag).unwrap_or_default();
        let file = self.path.with_file_name(format!("{}.zip", name.to_ascii_lowercase().replace(' ', "-")));
        let url = format!("{}/{}/all.zip", self.context.options.advisory_sites.dumps, name.replace(' ', "%20"));
        match self.download(&url, &file, &tag, &ecosystem.to_string())? {
            Downloaded::Missing => {
                return Err(Error::usage(format!("OSV has no advisories about packages of {ecosystem}")));
            }
            Downloaded::Unchanged => {
                (self.say)(&format!("{ecosystem}: nothing new"));
                self.cover(Coverage { as_of: self.now(), tag, ..Coverage::of(SOURCE, name) });
            }
            Downloaded::New(tag) => {
                let mut gathered = Gathered::default();
                let read = gathered.read(&file);
                let _ = std::fs::remove_file(&file);
                read?;
                if gathered.records.is_empty() {
                    return Err(Error::usage(format!(
                        "what OSV has about packages of {ecosystem} holds no advisories"
                    )));
                }
                if let Some(trouble) = gathered.trouble() {
                    (self.say)(&format!("{ecosystem}: {trouble}"));
                }
                (self.say)(&format!("{ecosystem}: {}", text::count(gathered.records.len(), "advisory")));
                self.replace(gathered, Some(name));
                self.cover(Coverage { as_of: self.now(), tag, ..Coverage::of(SOURCE, name) });
            }
        }
        Ok(())
    }

    /// Brings CISA's catalogue and FIRST's scores up to date. What cannot be had is said, and what was known stays.
    pub fn update_lists(&mut self) -> Vec<String> {
        lists::update(self)
    }

    /// Makes the store and replaces what is there.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> Result<Store, Error> {
        let input = Input {
            created: Some(self.now()),
            records: self.records,
            coverage: self.coverage.into_values().collect(),
            exploited: self.lists,
            tags: self.tags,
        };
        let bytes = build(input);
        let failed = |why: String| Error::usage(format!("cannot write `{}`", self.path.display())).because(why);
        edit::keep(&self.path, &bytes).map_err(|e| failed(e.to_string()))?;
        Store::open(&self.path)
    }

    /// Puts OSV's records in the place of those with the same ids, and of all that OSV said of an ecosystem.
    fn replace(&mut self, gathered: Gathered, whole: Option<&str>) {
        let mut gone: HashSet<String> = gathered.gone.into_iter().collect();
        gone.extend(gathered.records.iter().map(|(record, _)| record.id.clone()));
        self.records.retain(|(record, source)| {
            let is_old = whole.is_some_and(|name| source == SOURCE && families(record).any(|family| family == name));
            !(is_old || gone.contains(&record.id))
        });
        self.records.extend(gathered.records.into_iter().map(|(record, _)| (record, SOURCE.to_owned())));
    }

    fn cover(&mut self, entry: Coverage) {
        self.coverage.insert((entry.source.clone(), entry.ecosystem.clone()), entry);
    }

    fn download(&self, url: &str, to: &Path, tag: &str, what: &str) -> Result<Downloaded, Error> {
        let told = std::sync::atomic::AtomicU64::new(0);
        let progress = |arrived: u64, whole: Option<u64>| {
            let step = arrived / PROGRESS_STEP;
            if told.swap(step, std::sync::atomic::Ordering::Relaxed) < step {
                let whole = whole.map(|whole| format!(" of {}", whole >> 20)).unwrap_or_default();
                (self.say)(&format!("{what}: {}{whole} MB", arrived >> 20));
            }
        };
        let wanted = Download { url, to, tag, most: MAX_DUMP, progress: &progress };
        self.wait_for(self.context.net.download(&wanted))?
    }

    /// Waits for something, unless the user has asked to stop.
    fn wait_for<T>(&self, what: impl Future<Output = T>) -> Result<T, Error> {
        self.context.runtime.block_on(async {
            tokio::select! {
                done = what => Ok(done),
                () = self.context.cancel.cancelled() => Err(Error::usage("interrupted")),
            }
        })
    }

    fn now(&self) -> i64 {
        self.context.options.now.as_second()
    }
}

/// Something is said of a download each time so many bytes have arrived.
const PROGRESS_STEP: u64 = 16 << 20;

impl Coverage {
    fn of(source: &str, ecosystem: &str) -> Self {
        Self { source: source.to_owned(), ecosystem: ecosystem.to_owned(), ..Self::default() }
    }
}

/// The ecosystems of a record, without releases.
fn families(record: &Record) -> impl Iterator<Item = String> + '_ {
    record.packages.iter().map(|package| package.ecosystem.split(':').next().unwrap_or_default().to_owned())
}
