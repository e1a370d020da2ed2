//! Defines [`Edit`]: a change of one line that mends a defect.

use super::{RepoPath, Span};

/// A change of one line that mends a defect, and is all that it takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The file.
    pub path: RepoPath,
    /// The text that goes, within one line.
    pub span: Span,
    /// The text that comes.
    pub text: String,
}
