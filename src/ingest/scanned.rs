//! Defines [`Scanned`]: what a tool was pointed at, so that the names it gives to files become places.

use super::out::Out;
use super::place::image;
use crate::finding::{Location, RepoPath};

/// Where findings stand whose report names no file at all.
pub const PACKAGES: &str = "packages";
/// Where findings stand that are about the packages which are installed for Python, not about a file.
pub const PYTHON: &str = "python-environment";

/// What a tool was pointed at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scanned {
    /// It is not told: names of files are paths of the repository.
    #[default]
    Unknown,
    /// A container image, by its reference.
    Image(String),
    /// A folder: names of files are relative to it, with a slash in front or without, or begin with it.
    Folder(String),
    /// One file, which all findings are about.
    File(String),
}

impl Scanned {
    /// What a word such as `image` or `directory` and a name stand for.
    pub fn of(kind: &str, name: &str) -> Self {
        match kind.to_ascii_lowercase().as_str() {
            "image" | "container" | "docker" | "oci" => Self::Image(name.to_owned()),
            "directory" | "dir" | "folder" => Self::Folder(name.to_owned()),
            "file" => Self::File(name.to_owned()),
            _ => Self::Unknown,
        }
    }

    /// The path of a file by what the report calls it; `packages` in the place of an empty name.
    pub fn path(&self, out: &Out, file: &str) -> RepoPath {
        let path = match self {
            Self::Unknown => out.path(file),
            Self::Image(name) => {
                let file = if file.is_empty() { PACKAGES } else { file };
                let folder = image(name);
                RepoPath::new(format!("{}/{file}", if folder.is_empty() { "image" } else { &folder }))
            }
            Self::File(name) => out.path(name),
            Self::Folder(name) => in_folder(out, name, file),
        };
        if path.as_str().is_empty() { RepoPath::new(PACKAGES) } else { path }
    }

    /// The place of a file as a whole.
    pub fn location(&self, out: &Out, file: &str) -> Location {
        Location::here(self.path(out, file), None)
    }
}

/// The path of a file in a scanned folder. A folder that is not in the repository was the repository, elsewhere.
fn in_folder(out: &Out, folder: &str, file: &str) -> RepoPath {
    let folder = folder.trim_end_matches(['/', '\\']);
    if file.is_empty() {
        return RepoPath::new("");
    }
    let inside = match file.strip_prefix(folder) {
        Some(rest) if rest.starts_with(['/', '\\']) && !folder.is_empty() => rest,
        _ => file,
    };
    let found = out.path(folder);
    let prefix = if is_elsewhere(folder, &found) { RepoPath::new("") } else { found };
    let inside = inside.trim_start_matches(['/', '\\']);
    out.path(&if prefix.as_str().is_empty() { inside.to_owned() } else { format!("{prefix}/{inside}") })
}

/// Whether an absolute folder stayed what it is, since it is not in the repository.
fn is_elsewhere(folder: &str, found: &RepoPath) -> bool {
    let slashed = folder.replace('\\', "/");
    let whole = match slashed.split_once(":/") {
        Some((drive, rest)) if drive.len() == 1 => format!("{}/{rest}", drive.to_ascii_uppercase()),
        _ if slashed.starts_with('/') => slashed,
        _ => return false,
    };
    *found == RepoPath::new(whole)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ingest::format::FORMATS;
    use crate::ingest::place::Places;
    use crate::target::Target;

    #[test]
    fn files_of_what_was_scanned() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("shop")).unwrap();
        let places = Arc::new(Places::of(&Target::of_version(root.clone(), None)));
        let out = Out::new(FORMATS[0], &places);
        let root = root.to_str().unwrap();
        let of = |scanned: &Scanned, file: &str| scanned.path(&out, file).as_str().to_owned();
        let sub = format!("{root}/shop");
        for (name, file, path) in [
            (".", "/go.mod", "go.mod"),
            ("", "/go.mod", "go.mod"),
            ("shop", "/go.mod", "shop/go.mod"),
            ("shop/", "shop/go.mod", "shop/go.mod"),
            ("./shop", "go.mod", "shop/go.mod"),
            (root, "/go.mod", "go.mod"),
            (&sub, "/go.mod", "shop/go.mod"),
            (&sub, &format!("{sub}/go.mod"), "shop/go.mod"),
            ("/elsewhere/shop", "/go.mod", "go.mod"),
            ("/elsewhere/shop", "/elsewhere/shop/go.mod", "go.mod"),
            ("C:\\shop", "C:\\shop\\go.mod", "go.mod"),
            (".", "", "packages"),
        ] {
            assert_eq!(of(&Scanned::of("directory", name), file), path, "{name} {file}");
        }
        assert_eq!(of(&Scanned::of("image", "r:5/a:1"), "/lib/apk/db"), "image/r/a/lib/apk/db");
        assert_eq!(of(&Scanned::of("image", "r:5/a:1"), ""), "image/r/a/packages");
        assert_eq!(of(&Scanned::of("image", ""), "/x"), "image/x");
        assert_eq!(of(&Scanned::of("file", "lib/a.jar"), "/a.jar"), "lib/a.jar");
        assert_eq!(of(&Scanned::Unknown, "a/b"), "a/b");
        assert_eq!(of(&Scanned::Unknown, ""), "packages");
    }
}
