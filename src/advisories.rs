//! Known vulnerabilities of dependencies: records of every database in one form, a store that holds them in one small
//! file, and the test whether a version is affected.
//!
//! The straight line: a database's file becomes a [`Record`] ([`osv`], [`rustsec`], [`rubysec`],
//! [`friends_of_php`]), records become a [`Store`]
//! ([`store::build`]), a store answers what it knows of a package, [`matching`] says which of that is true of a version.

pub mod affected;
pub mod api;
pub mod exploited;
pub mod friends_of_php;
pub mod grade;
pub mod import;
pub mod matching;
pub mod osv;
pub mod record;
pub mod rubysec;
pub mod rustsec;
pub mod sites;
pub mod starter;
pub mod store;
pub mod sync;
pub mod version;

pub use affected::Affected;
pub use record::Record;
pub use store::Store;
