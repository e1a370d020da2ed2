//! Defines [`Baseline`]: the findings that were there on a day, written down so that only others fail a run.
//!
//! A finding is known by its fingerprint, never by its line or its message. The file is meant to be committed, so it
//! must not help anybody to a secret. What it says of a strong credential is a hash that reveals nothing. The hash of a
//! weak one, such as a password, could be guessed word by word by whoever can read the file and not the secret itself
//! (which may be in a file that git ignores, or gone from a history that was rewritten). So of a weak one no more than
//! [`SHORT`] digits are kept, which thousands of words share, and it is known by them together with its rule and path.

mod entry;
mod file;
mod fit;
mod standing;

use std::path::PathBuf;

use crate::suppress::foreign::List;

pub use entry::{Entry, is_weak};
pub use standing::{Extent, Standing, State, apply};

/// The name of the file, looked for at the root of the target.
pub const FILE: &str = ".scanall-baseline.json";

/// So many hexadecimal digits are kept of the fingerprint of a weak secret: 16 bits.
pub const SHORT: usize = 4;

/// The findings that were there on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// How much of the history was read for it: `full` or `none`.
    pub history: String,
    /// One for each finding; equal ones are as many findings.
    pub entries: Vec<Entry>,
}

/// A baseline in one of the formats that are read.
pub enum Known {
    /// Our own.
    Own(Baseline),
    /// That of another tool.
    Other(List),
}

/// Where a baseline is or is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, behind every link.
    pub path: PathBuf,
    /// What people call it, printable.
    pub name: String,
    /// Somebody named it, so that it must be there.
    pub named: bool,
}
