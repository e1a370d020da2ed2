//! Defines [`Error`]: why a log cannot be written.

/// Why a log cannot be written: each of these makes GitHub refuse the whole file.
///
/// Everything else GitHub objects to is either repaired on the way out (and the type that repairs it says how) or
/// cannot be built in the first place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A run whose category is empty or consists of slashes: its alerts would belong to no category, or to that
    /// of the workflow's job.
    #[error("a run of {tool} has no category")]
    NoCategory {
        /// The name of the run's tool.
        tool: String,
    },
    /// Two runs of one tool in one category.
    #[error("{tool} has two runs in the category {category}")]
    DuplicateCategory {
        /// The name of the tool.
        tool: String,
        /// The category, with its final slash.
        category: String,
    },
    /// A tool, an extension, a rule or a notification without the name GitHub or the standard requires.
    #[error("{what} in the run {category} has an empty {field}")]
    Empty {
        /// The kind of object, with its article.
        what: &'static str,
        /// The field of it.
        field: &'static str,
        /// The category of the run.
        category: String,
    },
    /// Two different rules of one run under the same id.
    #[error("the run {category} has two different rules with the id {rule}")]
    ConflictingRules {
        /// The id both have.
        rule: String,
        /// The category of the run.
        category: String,
    },
    /// A finding that names a rule its run does not have.
    #[error("a finding in the run {category} names the unknown rule {rule}")]
    UnknownRule {
        /// The id that was not found.
        rule: String,
        /// The category of the run.
        category: String,
    },
    /// More objects than GitHub reads; see [`limits`](crate::limits).
    #[error("{count} {what} are more than the {limit} GitHub accepts")]
    TooMany {
        /// The kind of object, in the plural.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// The JSON could not be written.
    #[error("the SARIF log could not be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// Refuses more than `limit` objects.
pub(crate) fn at_most(limit: usize, what: &'static str, count: usize) -> Result<(), Error> {
    if count > limit { Err(Error::TooMany { what, count, limit }) } else { Ok(()) }
}
