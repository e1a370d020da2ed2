//! Defines [`Sighting`]: a credential seen at a place, and how that place is called.

use super::hit::Hit;
use crate::finding::{CommitRef, Location};

/// A credential seen at a place.
pub(super) struct Sighting {
    pub(super) hit: Hit,
    pub(super) location: Location,
    pub(super) place: Place,
    /// What its history is known to be; `None` for files on disk and for what no commit has.
    pub(super) past: Option<Past>,
}

/// What kind of place, the most visible first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// A file as it is now.
    File,
    /// A file of HEAD.
    Head,
    /// What git's index holds for the next commit.
    Index,
    /// A file of an earlier commit.
    History,
    /// The message or the people of a commit.
    Commit,
    /// An annotated tag.
    Tag,
    /// The stash.
    Stash,
    /// A note on another object.
    Note,
    /// A commit that only the reflog still knows, or the reflog itself.
    Reflog,
    /// An object that nothing leads to.
    Unreachable,
}

/// What is known of one version of a file with the credential.
pub(super) struct Past {
    pub(super) introduced: Location,
    pub(super) removed: Option<CommitRef>,
    pub(super) commits: usize,
    pub(super) paths: Vec<crate::finding::RepoPath>,
}

impl Place {
    /// Where it is, as the end of a sentence; empty for a file as it is.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::File => "",
            Self::Head => " in a file of HEAD",
            Self::Index => " in git's index, staged for the next commit",
            Self::History => " in the history",
            Self::Commit => " in the message or the people of a commit",
            Self::Tag => " in an annotated tag",
            Self::Stash => " in the stash",
            Self::Note => " in a git note",
            Self::Reflog => " in what only the reflog still knows",
            Self::Unreachable => " in an object that git still holds though nothing leads to it",
        }
    }
}
