//! The advisories in the binary: facts about widely used packages, in our own words.

use super::record::database;
use super::rustsec;
use super::store::Store;
use super::store::build::{Input, build};
use crate::error::Error;

/// A store of them.
///
/// # Errors
/// Never, unless the binary is broken.
pub fn store() -> Result<Store, Error> {
    let read = crate::embedded::ADVISORIES.iter().filter_map(|(_, text)| rustsec::from_markdown(text).ok()?.record);
    let records = read.map(|record| (record.clone(), database(&record.id).to_owned())).collect();
    let bytes = build(Input { records, ..Input::default() });
    Store::from_bytes(bytes).map_err(|why| Error::usage("the starter set cannot be read").because(why))
}
