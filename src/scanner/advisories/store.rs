//! Defines [`Store`]: the advisories at hand, by package, from the best source that can be had.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rayon::prelude::*;
use rustsec::Advisory;

use super::cache::{Cache, Freshness};
use crate::error::Error;
use crate::scanner::{Context, Gap, Sink};
use crate::text;

/// Older data is reported as a gap, in days.
pub(super) const STALE_DAYS: u64 = 7;

/// The advisories at hand.
pub(super) struct Store {
    by_package: HashMap<String, Vec<Advisory>>,
    count: usize,
    source: String,
}

impl Store {
    /// Takes the database named by the user; else the cached one, refreshed when the network allows; else the starter
    /// set of the binary. Anything less than a full and fresh database is told to `sink` as a gap.
    ///
    /// # Errors
    /// The database named by the user cannot be read.
    pub(super) fn open(context: &Context, sink: &dyn Sink) -> Result<Self, Error> {
        if let Some(folder) = &context.options.advisory_db {
            let store = Self::read_folder(folder, format!("the database in {}", name_of(folder)), sink)?;
            if store.count == 0 {
                return Err(Error::usage(format!("`{}` holds no advisories", folder.display()))
                    .hint("give a checkout of the RustSec advisory database: the folder with `crates` in it"));
            }
            return Ok(store);
        }
        let cache = context.options.cache_dir.as_deref().filter(|_| !context.options.no_cache).map(Cache::in_folder);
        let fetched = match &cache {
            Some(cache) => cache.refresh(context),
            None => Err(Error::usage("there is no cache folder to keep it in")),
        };
        // Offline, nobody expects a fetch: what matters is how old the data is, which is told below.
        if let Err(why) = &fetched
            && !context.net.is_offline()
        {
            sink.gap(
                Gap::unavailable(format!("the RustSec database could not be fetched: {}", why.chain().join(": ")))
                    .hint("give a checkout of https://github.com/RustSec/advisory-db with --advisory-db DIR"),
            );
        }
        if let Some(cache) = &cache
            && let Freshness::Days(days) = cache.freshness()
        {
            if days > STALE_DAYS {
                sink.gap(Gap::unavailable(format!(
                    "the advisory database is {} old",
                    text::count(days as usize, "day")
                )));
            }
            return Self::read_folder(&cache.folder(), "the RustSec database".to_owned(), sink);
        }
        sink.gap(
            Gap::unavailable("only the starter set of advisories was used, which knows a few well-known ones")
                .hint("go online once, or give --advisory-db DIR"),
        );
        Ok(Self::starter())
    }

    /// The advisories about a package of the public registry.
    pub(super) fn about(&self, package: &str) -> &[Advisory] {
        self.by_package.get(package).map_or(&[], Vec::as_slice)
    }

    /// Every advisory.
    pub(super) fn all(&self) -> impl Iterator<Item = &Advisory> {
        self.by_package.values().flatten()
    }

    /// What it is, in words for a note.
    pub(super) fn describe(&self) -> String {
        let count = text::grouped(self.count as u64);
        format!("{count} advisories of {}", self.source)
    }

    /// The advisories in the binary: facts about widely used packages, in our own words.
    pub(super) fn starter() -> Self {
        let parsed = crate::embedded::ADVISORIES.iter().filter_map(|(_, source)| Advisory::from_str(source).ok());
        Self::of(parsed.collect(), "the built-in starter set".to_owned())
    }

    fn read_folder(folder: &Path, source: String, sink: &dyn Sink) -> Result<Self, Error> {
        let files = markdown_files(&folder.join("crates")).map_err(|e| {
            Error::usage(format!("cannot read the advisory database `{}`", folder.display()))
                .because(e)
                .hint("give a checkout of the RustSec advisory database: the folder with `crates` in it")
        })?;
        let read = |path: &PathBuf| -> Result<Advisory, String> {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let bytes = std::fs::read_to_string(path).map_err(|e| format!("`{name}`: {e}"))?;
            Advisory::from_str(&bytes).map_err(|e| format!("`{name}`: {e}"))
        };
        let (advisories, broken): (Vec<_>, Vec<_>) = files.par_iter().map(read).partition_map(|result| match result {
            Ok(advisory) => rayon::iter::Either::Left(advisory),
            Err(why) => rayon::iter::Either::Right(why),
        });
        if let Some(first) = broken.first() {
            let count = text::count(broken.len(), "advisory");
            sink.gap(Gap::broken(format!("{count} could not be read, the first is {first}")));
        }
        Ok(Self::of(advisories, source))
    }

    fn of(advisories: Vec<Advisory>, source: String) -> Self {
        let mut store = Self { by_package: HashMap::new(), count: 0, source };
        for advisory in advisories.into_iter().filter(|advisory| !advisory.withdrawn()) {
            store.count += 1;
            store.by_package.entry(advisory.metadata.package.to_string()).or_default().push(advisory);
        }
        for list in store.by_package.values_mut() {
            list.sort_by(|a, b| a.id().cmp(b.id()));
        }
        store
    }
}

fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}

/// The advisories of a RustSec checkout: `crates/<package>/RUSTSEC-….md`.
fn markdown_files(crates: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for package in std::fs::read_dir(crates)? {
        let package = package?;
        if !package.file_type()?.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(package.path())? {
            let path = file?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("RUSTSEC-") && name.ends_with(".md") && !Advisory::is_draft(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_starter_advisory_can_be_read() {
        let store = Store::starter();
        assert_eq!(store.count, crate::embedded::ADVISORIES.len());
        assert!(store.count >= 10);
        for (name, source) in crate::embedded::ADVISORIES {
            let advisory = Advisory::from_str(source).unwrap();
            assert_eq!(&advisory.id().to_string(), name);
        }
    }
}
