//! Writes down that a finding is accepted: as an `[[ignore]]` of the configuration, or as a comment on its line.
//! [`crate::suppress`] reads both.

pub mod comment;
pub mod entry;
