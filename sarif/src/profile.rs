//! Defines [`Profile`]: whose rules a log is held to.

use crate::limits;

/// Whose rules a log is held to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// GitHub.com: the standard, and what GitHub's documentation and its refusals say.
    #[default]
    GitHub,
    /// GitHub Enterprise Server: as GitHub.com, but several runs of a tool may share a category, as before 3.18.
    EnterpriseServer,
    /// The standard only: no limits, no required texts, accepted results stay.
    Plain,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::GitHub, Self::EnterpriseServer, Self::Plain];

    /// The word for it: `github`, `ghes` or `plain`.
    pub fn id(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::EnterpriseServer => "ghes",
            Self::Plain => "plain",
        }
    }

    /// Whether GitHub is to take the log.
    pub fn is_github(self) -> bool {
        self != Self::Plain
    }

    /// Whether a tool may have one run only in each category.
    pub(crate) fn wants_unique_categories(self) -> bool {
        self == Self::GitHub
    }

    /// Runs that one upload may have; `None` when there is no limit.
    pub(crate) fn max_runs(self) -> Option<usize> {
        self.is_github().then_some(limits::MAX_RUNS)
    }

    /// Bytes that one upload may have after gzip; `None` when there is no limit.
    pub(crate) fn max_gzip_bytes(self) -> Option<u64> {
        self.is_github().then_some(limits::MAX_GZIP_BYTES as u64)
    }
}
