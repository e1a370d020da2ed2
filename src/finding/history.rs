//! Defines [`History`]: when a finding came into the repository and when it went.

use super::{CommitRef, Location, RepoPath};

/// When a finding came into the repository and when it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The commit that brought it first, and where; its location always has a commit.
    pub introduced: Location,
    /// The file of HEAD that still has it; `None` when none has.
    pub head: Option<RepoPath>,
    /// The commit that removed it last; `None` while HEAD has it, and when no branch ever had it.
    pub removed: Option<CommitRef>,
    /// How many commits brought a version with it.
    pub commits: usize,
    /// Under how many paths they did.
    pub paths: usize,
}
