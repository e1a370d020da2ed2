//! Defines [`Target`]: the tree that is scanned, and the repository around it, if any.

pub mod index;
pub mod staged;
pub mod worktree;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use git2::Repository;

use crate::environment::GitVariables;
use crate::error::Error;
use crate::finding::RepoPath;
use crate::history::{History, ObjectId};
use crate::report::RepositoryRef;
use crate::scanner::Gap;
use index::Index;
use staged::Staged;

/// What is scanned.
pub struct Target {
    /// The folder that paths are relative to: the root of the working tree, else the folder itself. In a bare
    /// repository, the git directory.
    pub root: PathBuf,
    /// The part of it that was asked for; `None` for all of it.
    pub scope: Option<RepoPath>,
    /// The git directory; `None` outside of a repository.
    pub git_dir: Option<PathBuf>,
    /// The repository has no working tree; files are read from HEAD.
    pub bare: bool,
    /// Parts of the history are missing, since it was cloned with a depth.
    pub shallow: bool,
    /// A commit to measure from; `None` when HEAD has none yet.
    pub head: Option<git2::Oid>,
    /// What is staged, when nothing else is asked for.
    pub staged: Option<Staged>,
    /// The files were written out of the object store to a folder of their own: git's index says nothing of them.
    pub written: bool,
    /// Folders that belong to other repositories, such as those of submodules, and are left out.
    pub left_out: Vec<RepoPath>,
    /// Whether libgit2 can open the repository.
    pub libgit2: bool,
    /// What is worth knowing about the repository.
    pub notes: Vec<String>,
    /// What outputs say of the repository.
    pub origin: RepositoryRef,
    /// What the repository could not tell when it was opened.
    pub gaps: Vec<Gap>,
}

impl Target {
    /// Opens a path: a repository, a folder in or outside of one, a file.
    ///
    /// # Errors
    /// The path does not exist or cannot be read, or it is in a repository that cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let place = path.canonicalize().map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::usage(format!("`{}` does not exist", path.display()))
                .hint("give the path of a folder or a repository: scanall scan PATH"),
            _ => Error::usage(format!("cannot open `{}`", path.display())).because(e),
        })?;
        // Reading objects runs nothing of the repository, so whoever owns it, it may be read (CI containers differ).
        // SAFETY-like note: libgit2 keeps this as a process-wide option; it is set to one value only.
        unlock_ownership();
        match Repository::discover(&place) {
            Ok(repository) => Self::in_repository(&place, &repository),
            Err(e) if e.code() == git2::ErrorCode::NotFound => Ok(Self::plain(place)),
            Err(e) if git_dir_around(&place).is_some_and(|dir| History::open(&dir).is_ok()) => {
                Ok(Self::without_libgit2(place, e.message()))
            }
            Err(e) => Err(Error::usage(format!("cannot open the repository around `{}`", path.display()))
                .because(e.message().to_owned())
                .hint("to scan the files without their history, copy them out of the repository or repair it with git fsck")),
        }
    }

    /// Opens what is staged in the repository around a path. What git tells a hook about the repository and the index
    /// counts, as it does for git itself.
    ///
    /// # Errors
    /// There is no repository with an index, or it cannot be read.
    pub fn open_staged(path: &Path, git: &GitVariables) -> Result<Self, Error> {
        let mut target = match (Self::open(path), &git.dir) {
            (found, None) => found?,
            (Ok(found), Some(dir)) if found.is_at(dir) => found,
            (_, Some(dir)) => Self::at(dir, git.work_tree.as_deref().unwrap_or(path))?,
        };
        let Some(git_dir) = &target.git_dir else {
            return Err(Error::usage(format!("`{}` is in no git repository, so nothing is staged", path.display())));
        };
        // Git's own commands go to the root before they look for it.
        let file = git.index_file.as_ref().map(|file| target.root.join(file));
        if target.bare && file.is_none() {
            return Err(Error::usage(format!("`{}` has no working tree, so nothing is staged", path.display()))
                .hint("run it in a working tree"));
        }
        target.staged = Some(Staged::open(git_dir, file)?);
        Ok(target)
    }

    /// Whether a git directory is that of the target.
    fn is_at(&self, git_dir: &Path) -> bool {
        let own = self.git_dir.as_ref().and_then(|own| own.canonicalize().ok());
        own.is_some() && own == git_dir.canonicalize().ok()
    }

    /// A working tree with a git directory that does not lie in it.
    fn at(git_dir: &Path, work_tree: &Path) -> Result<Self, Error> {
        let real = |path: &Path| {
            let failed = |e| Error::usage(format!("cannot open `{}`", path.display())).because(e);
            path.canonicalize().map_err(failed)
        };
        let git_dir = real(git_dir)?;
        History::open(&git_dir)?;
        Ok(Self { git_dir: Some(git_dir), libgit2: false, ..Self::plain(real(work_tree)?) })
    }

    /// A version of the files that was written to a folder of its own; `scope` is the part of it that is meant.
    pub fn of_version(folder: PathBuf, scope: Option<RepoPath>) -> Self {
        Self { scope, written: true, ..Self::plain(folder) }
    }

    /// A repository in a format that only our own reader knows, such as one with SHA-256 ids or reftables.
    fn without_libgit2(place: PathBuf, why: &str) -> Self {
        let git_dir = git_dir_around(&place);
        let root = place.ancestors().find(|folder| folder.join(".git").exists());
        let mut target = match root {
            Some(root) => {
                let scope =
                    place.strip_prefix(root).ok().map(|inside| RepoPath::new(inside.as_os_str().as_encoded_bytes()));
                Self { scope: scope.filter(|scope| !scope.as_str().is_empty()), ..Self::plain(root.to_owned()) }
            }
            None => Self { bare: true, ..Self::plain(place.clone()) },
        };
        target.shallow = git_dir.iter().any(|dir| dir.join("shallow").is_file());
        target.git_dir = git_dir;
        target.libgit2 = false;
        target.notes.push(format!("libgit2 does not know this kind of repository ({why}), our own reader does"));
        target
    }

    fn plain(place: PathBuf) -> Self {
        let (root, scope) = match place.is_dir() {
            true => (place, None),
            false => {
                let name = place.file_name().map(|n| RepoPath::new(n.as_encoded_bytes()));
                (place.parent().unwrap_or(&place).to_owned(), name)
            }
        };
        Self {
            root,
            scope,
            git_dir: None,
            bare: false,
            shallow: false,
            head: None,
            staged: None,
            written: false,
            left_out: Vec::new(),
            libgit2: true,
            notes: Vec::new(),
            origin: RepositoryRef::default(),
            gaps: Vec::new(),
        }
    }

    fn in_repository(place: &Path, repository: &Repository) -> Result<Self, Error> {
        let git_dir = repository.path().to_owned();
        // Whoever names the git directory itself means the repository, whatever working tree it may belong to.
        let named = git_dir.canonicalize().is_ok_and(|real| place.starts_with(real));
        let workdir = repository.workdir().filter(|_| !named);
        let bare = workdir.is_none();
        let root = workdir.unwrap_or(&git_dir);
        let root = root
            .canonicalize()
            .map_err(|e| Error::usage(format!("cannot open the working tree `{}`", root.display())).because(e))?;
        let scope = match place.strip_prefix(&root) {
            Ok(inside) if !bare => Some(RepoPath::new(inside.as_os_str().as_encoded_bytes())),
            _ => None,
        };
        let mut gaps = Vec::new();
        let head = match repository.head() {
            Ok(head) => head.target().or_else(|| head.peel_to_commit().ok().map(|c| c.id())),
            Err(e) if matches!(e.code(), git2::ErrorCode::UnbornBranch | git2::ErrorCode::NotFound) => None,
            Err(e) => {
                gaps.push(Gap::broken(format!("HEAD cannot be read: {}", e.message())));
                None
            }
        };
        let origin = RepositoryRef {
            remote: repository.find_remote("origin").ok().and_then(|remote| remote.url().map(str::to_owned).ok()),
            revision: head.map(|id| id.to_string()),
            branch: repository
                .head()
                .ok()
                .filter(git2::Reference::is_branch)
                .and_then(|head| head.shorthand().map(str::to_owned).ok()),
        };
        Ok(Self {
            root,
            libgit2: true,
            notes: Vec::new(),
            origin,
            scope: scope.filter(|scope| !scope.as_str().is_empty()),
            shallow: repository.is_shallow(),
            git_dir: Some(git_dir),
            bare,
            head,
            staged: None,
            written: false,
            left_out: Vec::new(),
            gaps,
        })
    }

    /// Whether a path belongs to what was asked for.
    pub fn contains(&self, path: &RepoPath) -> bool {
        self.scope.as_ref().is_none_or(|scope| path.is_inside(scope))
            && !self.left_out.iter().any(|folder| path.is_inside(folder))
    }

    /// The blobs of git's index and their paths; empty outside of a repository and when the index cannot be read.
    pub fn indexed(&self) -> HashMap<ObjectId, RepoPath> {
        let entries = self.index().map(|index| index.entries).unwrap_or_default();
        entries.into_iter().map(|entry| (entry.id, RepoPath::new(entry.path))).collect()
    }

    /// Git's index; an empty one outside of a repository and for files that were written out.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn index(&self) -> Result<Index, Error> {
        let Some(git_dir) = self.git_dir.as_ref().filter(|_| !self.written) else { return Ok(Index::default()) };
        Index::open(&git_dir.join("index"), git_dir, History::open(git_dir)?.width())
    }

    /// A handle of its own to the repository, since libgit2's are not shared between threads; `None` outside of one,
    /// and for one that libgit2 does not know.
    ///
    /// # Errors
    /// The repository can no longer be opened.
    pub fn repository(&self) -> Result<Option<Repository>, Error> {
        let Some(git_dir) = self.git_dir.as_ref().filter(|_| self.libgit2) else { return Ok(None) };
        let failed = |e: git2::Error| Error::usage("cannot open the repository").because(e.message().to_owned());
        Repository::open(git_dir).map(Some).map_err(failed)
    }
}

/// The git directory that a path is in or belongs to; `None` outside of a repository.
fn git_dir_around(place: &Path) -> Option<PathBuf> {
    place.ancestors().find_map(|folder| {
        let dot_git = folder.join(".git");
        if dot_git.is_dir() {
            return Some(dot_git);
        }
        // A linked working tree or a submodule has a file that says where its git directory is.
        let link = std::fs::read_to_string(&dot_git).ok();
        let linked = link.and_then(|text| Some(folder.join(text.strip_prefix("gitdir:")?.trim())));
        linked.or_else(|| (folder.join("HEAD").is_file() && folder.join("objects").is_dir()).then(|| folder.to_owned()))
    })
}

/// Lets libgit2 open repositories of other owners: nothing in one is executed by reading it.
#[expect(unsafe_code, reason = "process-wide libgit2 options, set once before any repository is opened")]
fn unlock_ownership() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        // SAFETY: `Once` lets one thread in, and no repository is open yet.
        let _ = unsafe { git2::opts::set_verify_owner_validation(false) };
        // SAFETY: the same. A partial clone is read as any other: libgit2 fetches nothing, so what is left out is missing.
        let _ = unsafe { git2::opts::set_extensions(&["partialclone"]) };
    });
}
