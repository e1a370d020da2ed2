//! Tells which advisories a scan would use, without asking anybody for any.

use super::database::{STALE_DAYS, kept};
use crate::advisories::store::{Store, meta};
use crate::options::AdvisorySource;
use crate::scanner::Context;

/// Which advisories a scan would use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// A database that the user names.
    Named,
    /// The store in the cache folder.
    Stored {
        /// Whole days since the freshest ecosystem in it was known to be complete.
        days: u64,
        /// It is so old that a scan tells.
        stale: bool,
        /// How many advisories it has.
        advisories: usize,
    },
    /// A store that cannot be read, and why.
    Damaged(String),
    /// None yet.
    Missing,
    /// There is no folder to keep one in.
    Homeless,
}

/// Which advisories a scan would use before it asks the network.
pub fn of(context: &Context) -> Status {
    if context.options.advisory_db.is_some() {
        return Status::Named;
    }
    if context.options.cache_dir.is_none() || context.options.no_cache {
        return Status::Homeless;
    }
    match kept(context).map(|path| Store::open(&path)) {
        None => Status::Missing,
        Some(Err(why)) => Status::Damaged(why.chain().join(": ")),
        Some(Ok(store)) => {
            let newest = store.meta().coverage.iter().map(|entry| entry.as_of).max().unwrap_or_default();
            let days = meta::days_between(newest, context.options.now.as_second());
            Status::Stored { days, stale: days > STALE_DAYS, advisories: store.meta().advisories }
        }
    }
}

/// The server that a scan would ask; `None` when it would not.
pub fn url(context: &Context) -> Option<String> {
    let asks = match (of(context), context.options.advisories) {
        (Status::Named, _) | (_, AdvisorySource::Store) => false,
        (_, AdvisorySource::Api) => true,
        (Status::Stored { stale, .. }, AdvisorySource::Auto) => stale,
        (Status::Damaged(_) | Status::Missing | Status::Homeless, AdvisorySource::Auto) => true,
    };
    (asks && !context.net.is_offline()).then(|| context.options.advisory_sites.api.clone())
}
