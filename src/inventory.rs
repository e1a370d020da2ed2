//! Defines [`Inventory`]: the dependencies of the target, read once and shared by every layer that asks about them.

pub mod change;
pub(crate) mod component;
mod conflict;
pub(crate) mod decode;
pub mod dependency;
#[cfg(test)]
mod fixtures;
pub mod format;
mod graph;
mod pin;
pub mod reading;
pub mod source;
pub mod tree;

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::RepoPath;
use crate::ingest::component::Component;
use crate::scanner::Gap;
use crate::target::Target;
use crate::target::worktree::File;
pub use dependency::{Dependency, Need, PackageSource, Scope};
use format::{FORMATS, Format, Role};
use reading::{Read, Reading};
use source::Source;

/// Folders whose files belong to somebody else's project.
pub(crate) const FOREIGN: [&str; 8] =
    ["vendor", "node_modules", "target", "site-packages", "bower_components", "Pods", "Carthage", "deps"];

/// Folders in a project that hold nothing but its lock.
const INNER: [&str; 3] = ["gradle/dependency-locks", "obj", "vendor"];

/// What is read of the files around one, in bytes: a file that names another many times costs no more.
const MAX_AROUND: usize = 64 << 20;

/// What each of them counts at least.
const LEAST_AROUND: usize = 4 << 10;

/// More names of a way to a package are not shown.
const MAX_WAY: usize = 64;

/// Every dependency of the target.
#[derive(Clone, Default)]
pub struct Inventory {
    /// The files that were read, sorted by path.
    pub files: Vec<RepoPath>,
    /// Their packages, sorted by file, name and version.
    pub packages: Vec<Dependency>,
    /// Files, or parts of them, that could not be read.
    pub gaps: Vec<Gap>,
}

impl Inventory {
    /// Reads every file of the target that lists dependencies and is not excluded. One that cannot be read is a gap and takes nothing from
    /// the others.
    pub fn read(target: &Target, is_excluded: &dyn Fn(&RepoPath) -> bool) -> Self {
        let mut inventory = Self::default();
        let files: Vec<File> = match target.files() {
            Ok(listing) => listing.files.into_iter().filter(|file| !is_excluded(&file.path)).collect(),
            Err(e) => {
                inventory.gaps.push(Gap::broken(e.to_string()));
                return inventory;
            }
        };
        let listing: Vec<RepoPath> = files.iter().map(|file| file.path.clone()).collect();
        for (format, file) in chosen(&files) {
            match read_file(target, &listing, format, file) {
                Ok(read) => inventory.take(file.path.clone(), format.role, read),
                Err(gap) => inventory.gaps.push(gap),
            }
        }
        inventory
    }

    fn take(&mut self, path: RepoPath, role: Role, read: Read) {
        if matches!(role, Role::Content | Role::Vendored) && read.packages.is_empty() && read.gaps.is_empty() {
            return;
        }
        let first = self.packages.len();
        self.files.push(path);
        self.files.dedup();
        self.gaps.extend(read.gaps);
        self.packages.extend(read.packages.into_iter().map(|mut package| {
            package.needs.iter_mut().for_each(|need| need.package += first);
            package.via = package.via.map(|other| other + first);
            package
        }));
    }

    /// Adds the components of bills of materials.
    pub fn add(&mut self, components: &[Component]) {
        self.packages.extend(components.iter().filter_map(component::dependency));
        self.files.extend(components.iter().map(|component| component.location.path.clone()));
        self.files.sort();
        self.files.dedup();
    }

    /// The names from a direct dependency of the project down to a package, both included; the shortest such way. Only
    /// its own name where the file does not tell, and no more than 64, its own at the end.
    pub fn way(&self, package: &Dependency) -> Vec<String> {
        let mut names = vec![package.name.clone()];
        let mut at = package.via;
        while let Some(above) = at.and_then(|at| self.packages.get(at)).filter(|_| names.len() < MAX_WAY) {
            names.push(above.name.clone());
            at = above.via;
        }
        names.reverse();
        names
    }
}

/// The files to read, each with its format, sorted by path.
fn chosen(files: &[File]) -> Vec<(&'static Format, &File)> {
    let wanting = |file: &File, is_foreign: bool| {
        let path = file.path.clone();
        let may = move |format: &&Format| !is_foreign || format.role == Role::Vendored;
        FORMATS.iter().filter(may).filter(move |format| (format.wants)(&path))
    };
    let all: Vec<(&Format, &File)> =
        files.iter().flat_map(|file| wanting(file, is_foreign(&file.path)).map(move |format| (format, file))).collect();
    let mut locked: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (format, file) in &all {
        if let Role::Lock(family) = format.role {
            locked.entry(family).or_default().insert(project_of(&file.path));
        }
    }
    let is_locked = |family: &str, path: &RepoPath| {
        let folders = std::iter::successors(Some(folder_of(path)), |folder| {
            (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
        });
        locked.get(family).is_some_and(|locks| folders.into_iter().any(|folder| locks.contains(folder)))
    };
    all.into_iter()
        .filter(|(format, file)| !matches!(format.role, Role::Manifest(family) if is_locked(family, &file.path)))
        .collect()
}

/// The folder of the project that a lock is for. Some tools put theirs into a folder of its own.
fn project_of(lock: &RepoPath) -> &str {
    let folder = folder_of(lock);
    let bare = INNER.iter().find_map(|inner| folder.strip_suffix(inner)).unwrap_or(folder);
    bare.strip_suffix('/').filter(|_| bare.len() < folder.len()).unwrap_or(bare)
}

fn folder_of(path: &RepoPath) -> &str {
    path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a file lies in a folder that holds other people's projects. What Go vendors is listed in that folder itself.
fn is_foreign(path: &RepoPath) -> bool {
    let folder = folder_of(path);
    let folder = if path.as_str().ends_with("vendor/modules.txt") { folder.trim_end_matches("vendor") } else { folder };
    folder.split('/').any(|part| FOREIGN.contains(&part))
}

fn read_file(target: &Target, listing: &[RepoPath], format: &Format, file: &File) -> Result<Read, Gap> {
    let broken = |line: Option<u32>, why: &str| {
        let line = line.map(|line| format!(" line {line}")).unwrap_or_default();
        Gap::broken(format!(
            "`{}`{line} cannot be read as {}: {}",
            file.path,
            format.about,
            crate::text::printable(why)
        ))
    };
    let bytes = match (target.read(file), format.role) {
        (Err(_), Role::Content | Role::Vendored) => return Ok(Read::default()),
        (read, _) => read?,
    };
    let (text, undecoded) = decode::text_of(bytes);
    let (text, conflict) = match conflict::ours(&text) {
        (Cow::Owned(ours), conflict) => (ours, conflict),
        (Cow::Borrowed(_), conflict) => (text, conflict),
    };
    let left = Cell::new(MAX_AROUND);
    let neighbours = |path: &RepoPath| {
        let bytes = target.read(&File::named(target, path)?).ok()?;
        left.set(left.get().checked_sub(bytes.len().max(LEAST_AROUND))?);
        Some(bytes)
    };
    let source = Source::new(file.path.clone(), text).among(&neighbours).listed(listing);
    let mut reading = Reading::new(&source);
    if let Some(line) = conflict {
        let why = "a merge left a conflict, of which only our side is read";
        reading.gap(broken(Some(line), why).hint("resolve the conflict"));
    }
    match ((format.read)(&mut reading), undecoded) {
        (Err(unreadable), _) => {
            let gap = broken(unreadable.line, &unreadable.why);
            reading.gap(if unreadable.hint.is_empty() { gap } else { gap.hint(unreadable.hint) });
        }
        (Ok(()), Some(_)) if matches!(format.role, Role::Content | Role::Vendored) => {}
        (Ok(()), Some(line)) => reading.broken(line, "there are bytes here that are no UTF-8"),
        (Ok(()), None) => {}
    }
    Ok(reading.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_of_locks() {
        let of = |path: &str| project_of(&RepoPath::new(path)).to_owned();
        assert_eq!(of("a/gradle/dependency-locks/x.lockfile"), "a");
        assert_eq!((of("obj/project.assets.json"), of("a/obj/project.assets.json")), (String::new(), "a".to_owned()));
        assert_eq!((of("a/b/Cargo.lock"), of("Cargo.lock")), ("a/b".to_owned(), String::new()));
    }

    #[test]
    fn lockfiles_of_others_are_not_ours() {
        for (path, foreign) in [
            ("Cargo.lock", false),
            ("a/b/Cargo.lock", false),
            ("vendor/x/Cargo.lock", true),
            ("vendor/modules.txt", false),
            ("a/node_modules/vendor/modules.txt", true),
            ("a/node_modules/b/package-lock.json", true),
        ] {
            assert_eq!(is_foreign(&RepoPath::new(path)), foreign, "{path}");
        }
    }
}
