//! Defines [`Sides`]: what is compared with what, opened and ready to be scanned.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::change::{Base, BaseKind};
use super::earlier::{self, Earlier};
use super::version::Version;
use crate::cli::DiffArgs;
use crate::error::Error;
use crate::finding::RepoPath;
use crate::history::{History, ObjectId};
use crate::scanner::{Cancel, Gap};
use crate::target::Target;
use crate::target::index::Kind;
use crate::text;

/// What is compared with what.
pub(super) struct Sides {
    /// What is looked at.
    pub(super) head: Target,
    /// What of its files could not be read.
    pub(super) head_gaps: Vec<Gap>,
    /// The range of the history that is looked at beside the files; `None` for all of it.
    pub(super) range: Option<String>,
    /// What it is compared with.
    pub(super) base: BaseSide,
    /// What outputs say of that.
    pub(super) base_kind: Base,
    /// The folder that HEAD's files were written to, when it is a revision.
    pub(super) _head_files: Option<Version>,
    /// The folders that a hostile repository could have put programs in.
    untrusted: Vec<PathBuf>,
}

/// What HEAD is compared with.
pub(super) enum BaseSide {
    /// The files of a commit, to be written once HEAD has been scanned: the temporary folder may lie in the working tree.
    Files(Box<History>, ObjectId),
    /// What an earlier scan found.
    Report(Earlier),
}

impl Sides {
    /// Opens both sides.
    ///
    /// # Errors
    /// One of them is not there, or cannot be read.
    pub(super) fn open(args: &DiffArgs, cancel: &Cancel) -> Result<Self, Error> {
        let mut target = Target::open(args.path.as_deref().unwrap_or(Path::new(".")))?;
        if args.path.is_none() {
            target.scope = None;
        }
        let untrusted = std::iter::once(target.root.clone()).chain(target.git_dir.clone()).collect();
        let history = target.git_dir.as_deref().map(History::open).transpose()?;
        let head = match (&history, args.head.as_deref()) {
            (Some(history), Some(name)) => Some(history.commit(name)?),
            // Without a working tree HEAD is all there is.
            (Some(history), None) if target.bare => Some(history.commit("HEAD")?),
            (Some(history), None) => history.commit("HEAD").ok(),
            (None, Some(name)) => return Err(no_repository(name)),
            (None, None) => None,
        };
        let found = find_base(args, history.as_ref(), head)?;
        let (mut head_gaps, mut files) = (Vec::new(), None);
        let end = args.head.as_deref().unwrap_or("HEAD");
        let range = found.commit.filter(|_| head.is_some()).map(|base| format!("{base}..{end}"));
        let target = match (&history, head.filter(|_| args.head.is_some() || target.bare)) {
            (Some(history), Some(commit)) => {
                let version = Version::write(history, commit, target.scope.as_ref(), cancel)?;
                head_gaps = version.gaps();
                let at = at_version(target, &version, history, commit, end)?;
                files = Some(version);
                at
            }
            _ => at_work(target),
        };
        let base = match (found.earlier, history, found.commit) {
            (Some(earlier), ..) => BaseSide::Report(earlier),
            (None, Some(history), Some(commit)) => BaseSide::Files(Box::new(history), commit),
            (None, ..) => return Err(no_repository(&args.base)),
        };
        Ok(Self { head: target, head_gaps, range, base, base_kind: found.base, _head_files: files, untrusted })
    }

    /// The checkout that the comparison is about; that of HEAD where it is written out is a copy of it.
    pub(super) fn project(&self) -> &Path {
        self.untrusted.first().map_or(self.head.root.as_path(), PathBuf::as_path)
    }

    /// A `PATH` without the folders that the repository could have put programs in.
    pub(super) fn trusted(&self, path: Option<&OsStr>) -> Option<OsString> {
        let is_trusted = |folder: &PathBuf| {
            let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
            !self.untrusted.iter().any(|root| folder.starts_with(root) || real.starts_with(root))
        };
        std::env::join_paths(std::env::split_paths(path?).filter(is_trusted)).ok()
    }
}

/// What BASE was found to be.
struct Found {
    base: Base,
    /// The commit whose findings are compared; `None` for one that is not here.
    commit: Option<ObjectId>,
    earlier: Option<Earlier>,
}

fn find_base(args: &DiffArgs, history: Option<&History>, head: Option<ObjectId>) -> Result<Found, Error> {
    let name = args.base.clone();
    if earlier::is_report(&name) {
        let earlier = Earlier::open(Path::new(&name))?;
        let revision = earlier.revision.clone();
        // A report of another clone may be of a commit that this one does not have.
        let commit = history.zip(revision.as_deref()).and_then(|(history, id)| history.commit(id).ok());
        let base = Base { name, revision, kind: BaseKind::Report };
        return Ok(Found { base, commit, earlier: Some(earlier) });
    }
    let Some(history) = history else { return Err(no_repository(&name)) };
    let asked = history.commit(&name)?;
    let shared = head.map(|head| history.merge_base(asked, head));
    let (commit, kind) = match shared {
        _ if args.exact => (asked, BaseKind::Revision),
        None | Some(None) => (asked, BaseKind::Unrelated),
        Some(Some(shared)) if shared == asked => (asked, BaseKind::Revision),
        Some(Some(shared)) => (shared, BaseKind::MergeBase),
    };
    let base = Base { name, revision: Some(commit.to_string()), kind };
    Ok(Found { base, commit: Some(commit), earlier: None })
}

fn no_repository(name: &str) -> Error {
    let error = Error::usage(format!("there is no git repository here, so `{name}` can be no revision"));
    error.hint("a report of an earlier scan must be a file whose name ends in `.json`")
}

/// The same repository with the files of a commit in the place of its working tree.
fn at_version(
    mut target: Target,
    version: &Version,
    history: &History,
    commit: ObjectId,
    name: &str,
) -> Result<Target, Error> {
    target.root = version.folder()?;
    (target.bare, target.written) = (false, true);
    target.origin.revision = Some(commit.to_string());
    target.origin.branch = history.branch(name);
    tell_submodules(version.submodules(), &mut target.notes);
    Ok(target)
}

/// The working tree without what is in other repositories.
fn at_work(mut target: Target) -> Target {
    // An index that cannot be read is told by the scan.
    let entries = target.index().map(|index| index.entries).unwrap_or_default();
    let submodules = entries.into_iter().filter(|entry| entry.kind == Kind::Submodule);
    target.left_out = submodules.map(|entry| RepoPath::new(entry.path)).collect();
    tell_submodules(&target.left_out, &mut target.notes);
    target
}

/// Says which folders are repositories of their own.
fn tell_submodules(folders: &[RepoPath], notes: &mut Vec<String>) {
    if let Some(first) = folders.first() {
        let (what, first) = (text::count(folders.len(), "submodule"), text::printable(first.as_str()));
        notes.push(format!("{what} not compared ({first} first)"));
    }
}
