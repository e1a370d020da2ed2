//! Defines [`Version`]: the files of a commit in a folder of their own, for as long as they are scanned.

use std::path::PathBuf;

use crate::error::Error;
use crate::finding::RepoPath;
use crate::history::snapshot::{LIMITS, Snapshot};
use crate::history::{History, ObjectId};
use crate::scanner::{Cancel, Gap};
use crate::text;

/// So many sentences about what could not be written are shown; the rest is counted.
const SHOWN: usize = 3;

/// The files of a commit in a folder of their own, which goes when this does.
pub(super) struct Version {
    folder: tempfile::TempDir,
    snapshot: Snapshot,
}

impl Version {
    /// Writes the files of a commit; `scope` is the part that will be scanned, which is there afterwards even if the
    /// commit has none.
    ///
    /// # Errors
    /// The commit cannot be read, or there is no room for it.
    pub(super) fn write(
        history: &History,
        commit: ObjectId,
        scope: Option<&RepoPath>,
        cancel: &Cancel,
    ) -> Result<Self, Error> {
        let failed = |e| Error::usage("cannot make a folder for the files of a revision").because(e);
        let folder = tempfile::Builder::new().prefix("scanall-").tempdir().map_err(failed)?;
        let unreadable = |why: String| {
            let error = Error::usage(format!("the files of {commit} cannot be read")).because(why);
            error.hint("check the repository with `git fsck --full`")
        };
        let snapshot = history.write_files(commit, folder.path(), LIMITS, cancel).map_err(unreadable)?;
        if let Some(scope) = scope.map(|scope| folder.path().join(scope.as_str())).filter(|scope| !scope.exists()) {
            // Where a file is now, a folder may have been or the other way round; either way nothing is in the scope.
            let _ = std::fs::create_dir_all(scope);
        }
        Ok(Self { folder, snapshot })
    }

    /// The folder, without links on the way to it.
    ///
    /// # Errors
    /// It is gone.
    pub(super) fn folder(&self) -> Result<PathBuf, Error> {
        let path = self.folder.path();
        path.canonicalize().map_err(|e| Error::usage("the folder for the files of a revision is gone").because(e))
    }

    /// The folders of submodules.
    pub(super) fn submodules(&self) -> &[RepoPath] {
        &self.snapshot.submodules
    }

    /// What of the files could not be written; at most two gaps, since every layer will have them.
    pub(super) fn gaps(&self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let all = &self.snapshot.gaps;
        if !all.is_empty() {
            let shown: Vec<String> = all.iter().take(SHOWN).map(|gap| text::printable(gap)).collect();
            let more = if all.len() > SHOWN { ", …" } else { "" };
            let what = text::count(all.len(), "part");
            gaps.push(Gap::broken(format!("{what} of the files could not be read ({}{more})", shown.join(", "))));
        }
        if self.snapshot.promised > 0 {
            let what = text::count(self.snapshot.promised, "file");
            gaps.push(
                Gap::unavailable(format!("the clone is partial: {what} were left with the server and not scanned"))
                    .hint("fetch the rest with `git fetch --refetch --no-filter`, or clone without `--filter`"),
            );
        }
        gaps
    }
}
