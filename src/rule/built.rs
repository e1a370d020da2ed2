//! Defines `Built`: a secret rule of the binary, read and checked when that was built.

use super::secret::MinChars;
use crate::finding::{Confidence, Severity};

/// A rule as the build script writes it; the fields are those of a pack.
pub(crate) struct Built {
    pub(crate) provider: &'static str,
    pub(crate) id: &'static str,
    pub(crate) title: Option<&'static str>,
    pub(crate) severity: Option<Severity>,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) pattern: &'static str,
    /// Those of the pack, or else those derived from the pattern.
    pub(crate) keywords: &'static [&'static str],
    pub(crate) min_entropy: f32,
    pub(crate) min_chars: MinChars,
    pub(crate) max_chars_per_token: f32,
    pub(crate) weigh: bool,
    pub(crate) hidden: bool,
    /// `check`, `needs` and `verify`, in TOML.
    pub(crate) details: &'static str,
    pub(crate) stop_words: &'static [&'static str],
    pub(crate) help: &'static str,
    pub(crate) rotate: Option<&'static str>,
    pub(crate) paths: &'static [&'static str],
    pub(crate) not_paths: &'static [&'static str],
    pub(crate) not_lines: &'static [&'static str],
    pub(crate) examples: &'static [&'static str],
    pub(crate) counter_examples: &'static [&'static str],
    pub(crate) confirmed: &'static [&'static str],
    pub(crate) places: &'static [KnownPlace],
}

/// A keyword at which a rule is tried, and where matches begin that have it: at least and at most so many bytes before
/// it, reaching so many behind it. What may follow it is a bit for each ASCII character, byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownPlace {
    /// The keyword.
    pub word: &'static str,
    /// The least distance.
    pub least: usize,
    /// The most distance.
    pub most: usize,
    /// How far a match reaches.
    pub behind: usize,
    /// What may follow.
    pub next: &'static [u128],
}

/// A severity by its word, for the build script's lists.
macro_rules! severity {
    (info) => {
        crate::finding::Severity::Info
    };
    (low) => {
        crate::finding::Severity::Low
    };
    (medium) => {
        crate::finding::Severity::Medium
    };
    (high) => {
        crate::finding::Severity::High
    };
    (critical) => {
        crate::finding::Severity::Critical
    };
}

/// A confidence by its word.
macro_rules! confidence {
    (low) => {
        crate::finding::Confidence::Low
    };
    (medium) => {
        crate::finding::Confidence::Medium
    };
    (high) => {
        crate::finding::Confidence::High
    };
}

pub(crate) use {confidence, severity};
