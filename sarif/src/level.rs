//! Defines [`Level`]: how loudly something is reported.

use serde_sarif::sarif::ResultLevel;

/// How loudly a finding or a notification is reported, from quiet to loud.
///
/// SARIF's fourth level, `none`, is left out: GitHub has no place for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// SARIF's own default.
    #[default]
    Warning,
    /// Something is wrong.
    Error,
}

impl Level {
    /// The word SARIF uses: `note`, `warning` or `error`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The word GitHub uses in `problem.severity`: `recommendation`, `warning` or `error`.
    pub(crate) fn problem_severity(self) -> &'static str {
        match self {
            Self::Note => "recommendation",
            other => other.id(),
        }
    }

    pub(crate) fn to_wire(self) -> ResultLevel {
        match self {
            Self::Note => ResultLevel::Note,
            Self::Warning => ResultLevel::Warning,
            Self::Error => ResultLevel::Error,
        }
    }
}
