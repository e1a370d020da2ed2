//! Lists what GitHub reads of a SARIF file.
//!
//! Source: "SARIF support for code scanning" in GitHub's documentation, as of mid-2026. GitHub refuses a file beyond
//! one of the `MAX` numbers, and so does this crate. Beyond one of the `KEPT` numbers GitHub drops the rest without
//! a word: this crate cuts tags and locations itself, and leaves the choice of results to its caller.

/// Runs in one file.
pub const MAX_RUNS: usize = 20;

/// Results in one run.
pub const MAX_RESULTS: usize = 25_000;

/// Results of one run that become alerts; see [`Run::keep_worst`](crate::Run::keep_worst).
pub const KEPT_RESULTS: usize = 5_000;

/// Rules in one run.
pub const MAX_RULES: usize = 25_000;

/// Tool extensions in one run.
pub const MAX_EXTENSIONS: usize = 100;

/// Locations of one result that are kept.
pub const KEPT_LOCATIONS: usize = 100;

/// Tags of one rule that are kept.
pub const KEPT_TAGS: usize = 10;

/// Characters of a rule's name.
pub const NAME_CHARS: usize = 255;

/// Characters of a rule's short and of its full description.
pub const DESCRIPTION_CHARS: usize = 1_024;

/// Bytes of the file after gzip, as it is uploaded. This crate does not compress and so cannot check it.
pub const MAX_GZIP_BYTES: usize = 10_000_000;

/// Locations of one result.
pub const MAX_LOCATIONS: usize = 1_000;

/// Locations in all thread flows of one result.
pub const MAX_THREAD_FLOW_LOCATIONS: usize = 10_000;

/// Locations in all thread flows of one result that are kept.
pub const KEPT_THREAD_FLOW_LOCATIONS: usize = 1_000;

/// Tags of one rule.
pub const MAX_TAGS: usize = 20;

/// Bytes of a file that [`parse`](crate::parse()) reads, after unpacking: 512 MiB. A limit of this crate.
pub const MAX_INPUT_BYTES: u64 = 512 << 20;

/// Levels of nesting that [`parse`](crate::parse()) reads. A limit of this crate.
pub const MAX_DEPTH: usize = 96;
