//! Whether a program that looks for credentials is to go through the history, or through files alone.

use crate::options::HistoryRange;
use crate::scanner::Context;

/// What git is told before it prints the history of a repository that nobody vouches for: its configuration may name
/// programs that make text of files, compare them or check signatures.
pub(super) const LOG: &str = "--all --no-textconv --no-ext-diff --no-show-signature";

/// Whether the whole history of a repository is asked for. A part of the tree, a range of revisions or a version that
/// was written to a folder are looked at as files: what is older has been reported before.
pub(super) fn is_wanted(context: &Context) -> bool {
    let target = &context.target;
    let is_whole = target.git_dir.is_some() && target.scope.is_none() && !target.written && target.staged.is_none();
    is_whole && target.head.is_some() && context.options.history == HistoryRange::Full
}
