//! Tells which advisories a scan would use, without fetching any.

use super::cache::{Cache, Freshness, URL};
use super::store::STALE_DAYS;
use crate::scanner::Context;

/// Which advisories a scan would use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// A database that the user names.
    Named,
    /// The cached database, fetched or confirmed so many days ago.
    Cached {
        /// Whole days.
        days: u64,
        /// It is so old that a scan tells.
        stale: bool,
    },
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
    let folder = context.options.cache_dir.as_deref().filter(|_| !context.options.no_cache);
    match folder.map(|folder| Cache::in_folder(folder).freshness()) {
        None => Status::Homeless,
        Some(Freshness::Missing) => Status::Missing,
        Some(Freshness::Days(days)) => Status::Cached { days, stale: days > STALE_DAYS },
    }
}

/// Where a scan would fetch the database; `None` when it would not.
pub fn url(context: &Context) -> Option<&str> {
    let asks = match of(context) {
        Status::Named | Status::Homeless => false,
        Status::Missing => true,
        Status::Cached { days, .. } => days > 0,
    };
    (asks && !context.net.is_offline()).then(|| context.options.rustsec_url.as_deref().unwrap_or(URL))
}
