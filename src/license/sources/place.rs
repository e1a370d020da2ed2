//! Defines [`Place`]: a folder on disk from which packages are read, and out of which no name and no link leads.

use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

/// The most bytes of a file that are read; a larger one is none.
const MAX_FILE: u64 = 4 << 20;
/// The most entries of a folder that are listed.
const MAX_ENTRIES: usize = 100_000;

/// A folder from which packages are read: the project, or a home of a package manager.
#[derive(Debug)]
pub(super) struct Place {
    /// Without a link in it.
    root: PathBuf,
    /// What people call it; empty for the project itself.
    title: &'static str,
}

/// A folder in a place.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    place: Arc<Place>,
    /// From the place, `/` between parts; empty for the place itself.
    path: String,
    disk: PathBuf,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// What is in it; bytes that are no UTF-8 are replaced.
    pub(super) text: String,
    /// The file as people may see it: from the project, or with the name of the home.
    pub(super) shown: String,
    /// The SHA-256 of its bytes, in hex.
    pub(super) sha256: String,
}

/// What a name in a folder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    File,
    Folder,
    /// A link, which may lead to either.
    Link,
}

impl Place {
    /// Something in the place as people may see it.
    fn shown(&self, path: &str) -> String {
        match self.title {
            "" => crate::text::printable(path),
            title => crate::text::printable(&format!("{title}: {path}")),
        }
    }

    /// Opens a folder as a place; `None` when there is none.
    pub(super) fn open(root: &Path, title: &'static str) -> Option<Folder> {
        let root = root.canonicalize().ok().filter(|root| root.is_dir())?;
        let place = Arc::new(Self { root: root.clone(), title });
        Some(Folder { place, path: String::new(), disk: root })
    }

    /// Opens the folders that a path with `*` names, in the order of their names, at most 1,000.
    pub(super) fn open_all(pattern: &Path, title: &'static str) -> Vec<Folder> {
        let mut paths = vec![PathBuf::new()];
        for part in pattern.components() {
            if part.as_os_str() == "*" {
                paths = paths.iter().flat_map(|path| folders_of(path)).take(1000).collect();
            } else {
                paths.iter_mut().for_each(|path| path.push(part));
            }
        }
        paths.iter().filter_map(|path| Self::open(path, title)).collect()
    }
}

fn folders_of(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten().take(1000);
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    paths.sort();
    paths
}

impl Folder {
    /// A folder below this one; `None` when there is none, or the name or a link leads out of the place.
    pub(super) fn at(&self, below: &str) -> Option<Self> {
        let (path, disk) = self.inside(below)?;
        disk.is_dir().then(|| Self { place: Arc::clone(&self.place), path, disk })
    }

    /// The folder that holds this one; `None` at the top of the place.
    pub(super) fn above(&self) -> Option<Self> {
        let (above, _) = self.path.rsplit_once('/').or((!self.path.is_empty()).then_some(("", "")))?;
        Self { place: Arc::clone(&self.place), path: String::new(), disk: self.place.root.clone() }.at(above)
    }

    /// The folder as people may see it: from the project, or with the name of the home.
    pub(super) fn shown(&self) -> String {
        self.place.shown(&self.path)
    }

    /// Reads a file; `None` when there is none, it is too large, or the name or a link leads out of the place.
    pub(super) fn read(&self, name: &str) -> Option<Text> {
        let (path, disk) = self.inside(name)?;
        // Only a plain file: anything else could wait for ever, or never end.
        if !fs::symlink_metadata(&disk).is_ok_and(|about| about.is_file() && about.len() <= MAX_FILE) {
            return None;
        }
        let mut bytes = Vec::new();
        fs::File::open(&disk).ok()?.take(MAX_FILE).read_to_end(&mut bytes).ok()?;
        let sha256 = crate::text::hex(&Sha256::digest(&bytes));
        let text = String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
        let text = text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned);
        Some(Text { text, shown: self.place.shown(&path), sha256 })
    }

    /// The names in the folder that are text, sorted, each with what it stands for.
    pub(super) fn names(&self) -> Vec<(String, What)> {
        let entries = fs::read_dir(&self.disk).into_iter().flatten().flatten().take(MAX_ENTRIES);
        let named = entries.filter_map(|entry| {
            let kind = entry.file_type().ok()?;
            let what = match () {
                () if kind.is_file() => What::File,
                () if kind.is_dir() => What::Folder,
                () if kind.is_symlink() => What::Link,
                () => return None,
            };
            Some((entry.file_name().into_string().ok()?, what))
        });
        let mut names: Vec<_> = named.collect();
        names.sort_by(|a, b| a.0.cmp(&b.0));
        names
    }

    /// The names of the folders in it, and of links that may lead to some.
    pub(super) fn folders(&self) -> impl Iterator<Item = String> {
        self.names().into_iter().filter(|(_, what)| *what != What::File).map(|(name, _)| name)
    }

    /// Where something below is, from the place and on disk, with every link followed.
    fn inside(&self, below: &str) -> Option<(String, PathBuf)> {
        let is_plain = |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
        if below.contains(['\0', '\\']) || !Path::new(below).components().all(is_plain) {
            return None;
        }
        let parts: Vec<&str> = below.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let disk = parts.iter().fold(self.disk.clone(), |disk, part| disk.join(part)).canonicalize().ok()?;
        let below = parts.join("/");
        let path = match (self.path.as_str(), below.as_str()) {
            (path, "") => path.to_owned(),
            ("", below) => below.to_owned(),
            (path, below) => format!("{path}/{below}"),
        };
        disk.starts_with(&self.place.root).then_some((path, disk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(folder.path().join("secret"), "outside").unwrap();
        fs::write(root.join("a/b/LICENSE"), "inside\n").unwrap();
        let place = Place::open(&root, "home").unwrap();
        let read = place.at("a").unwrap().read("b/LICENSE").unwrap();
        assert_eq!((read.text.as_str(), read.shown.as_str()), ("inside\n", "home: a/b/LICENSE"));
        assert_eq!(read.sha256, "7b2441693c861bf6969869d8b6f45f098bc8ef07b78ca043a1cb663159aabb10");
        for name in ["../secret", "a/../../secret", "/etc/hostname", "a\\..", "a/b", "none", "a\0"] {
            assert!(place.read(name).is_none(), "{name}");
        }
        assert!(place.at("..").is_none() && place.at("a/b/LICENSE").is_none() && place.above().is_none());
        assert_eq!(place.at("a/b").unwrap().above().unwrap().names(), [("b".to_owned(), What::Folder)]);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("secret"), root.join("link")).unwrap();
            std::os::unix::fs::symlink("a/b", root.join("within")).unwrap();
            assert!(place.read("link").is_none());
            assert!(place.at("within").unwrap().read("LICENSE").is_some());
        }
    }

    #[test]
    fn patterns_name_folders() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["ruby/3.2.0/gems", "ruby/2.7.0/gems"] {
            fs::create_dir_all(folder.path().join(path)).unwrap();
        }
        assert_eq!(Place::open_all(&folder.path().join("ruby/*/gems"), "").len(), 2);
        assert_eq!(Place::open_all(&folder.path().join("none/*"), "").len(), 0);
    }
}
