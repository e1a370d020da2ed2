//! Reads and changes single files: of the project, such as its configuration, bounded and inside of the repository; and
//! those that the user or a cache wants. Each is written whole or not at all.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The file behind every link. It need not exist, but its folder must; where it does, it is a plain file, so that
/// reading it ends. With a root, it is inside of that: a link in a repository leads nobody out of it.
///
/// # Errors
/// It is something else, or a link that leads out of the root or nowhere.
pub fn resolve(path: &Path, root: Option<&Path>) -> Result<PathBuf, Error> {
    let refuse = |why: &str| Error::usage(format!("`{}` {why}", path.display()));
    let failed = |e: std::io::Error| Error::usage(format!("cannot open `{}`", path.display())).because(e);
    let real = match path.symlink_metadata() {
        Ok(_) => path.canonicalize().map_err(failed)?,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let name = path.file_name().ok_or_else(|| refuse("is no name of a file"))?;
            folder_of(path).canonicalize().map_err(failed)?.join(name)
        }
        Err(e) => return Err(failed(e)),
    };
    if let Some(root) = root
        && !real.starts_with(root.canonicalize().map_err(failed)?)
    {
        return Err(refuse("leads out of the repository"));
    }
    match real.metadata() {
        Ok(about) if !about.is_file() => Err(refuse("is no file")),
        _ => Ok(real),
    }
}

/// The text of a file of at most so many bytes.
///
/// # Errors
/// It cannot be read, is larger, or is not UTF-8.
pub fn read(path: &Path, most: u64) -> std::io::Result<String> {
    let mut text = String::new();
    let count = fs::File::open(path)?.take(most + 1).read_to_string(&mut text)?;
    match count as u64 > most {
        true => Err(std::io::Error::other(format!("it has more than {most} bytes"))),
        false => Ok(text),
    }
}

/// Writes a file of the project, whole or not at all, with the permissions of the one it replaces.
///
/// # Errors
/// It cannot be written; what was there is then as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut builder = tempfile::Builder::new();
    // A new file gets what the umask leaves, as from any editor.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    put(path, bytes, &mut builder, path.metadata().ok().map(|about| about.permissions())).map_err(|e| failed(path, e))
}

/// Writes a file that somebody asked for, whole or not at all, so that nobody ever reads half of one. A device or a pipe
/// is written to as it is.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), Error> {
    let written = match path.exists() && !path.is_file() {
        true => fs::write(path, text),
        false => put(path, text.as_bytes(), &mut tempfile::Builder::new(), None),
    };
    written.map_err(|e| failed(path, e))
}

/// Keeps bytes in a file of the cache, whole or not at all, with the folders above it. Nobody but the user reads it.
///
/// # Errors
/// It cannot be written; what was there is then as it was.
pub fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(folder_of(path))?;
    put(path, bytes, &mut tempfile::Builder::new(), None)
}

/// Writes a file beside its place and moves it there. It is its owner's alone, unless somebody says otherwise.
fn put(
    path: &Path,
    bytes: &[u8],
    builder: &mut tempfile::Builder<'_, '_>,
    permissions: Option<fs::Permissions>,
) -> std::io::Result<()> {
    let mut file = builder.prefix(".scanall-").tempfile_in(folder_of(path))?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.persist(path).map(drop).map_err(|e| e.error)
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn failed(path: &Path, e: std::io::Error) -> Error {
    Error::usage(format!("cannot write `{}`", path.display())).because(e)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    #[test]
    fn links_stay_inside() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        fs::create_dir(&root).unwrap();
        fs::write(folder.path().join("outside"), "").unwrap();
        fs::write(root.join("inside"), "").unwrap();
        symlink("../outside", root.join("out")).unwrap();
        symlink("inside", root.join("in")).unwrap();
        symlink("nowhere", root.join("dangling")).unwrap();
        let of = |name: &str| resolve(&root.join(name), Some(&root));
        assert!(of("in").unwrap().ends_with("inside") && of("new").is_ok());
        for bad in ["out", "dangling", "../outside", "../new", "no/folder"] {
            assert!(of(bad).is_err(), "{bad}");
        }
        assert!(resolve(&root.join("out"), None).is_ok() && resolve(&root, None).is_err());
    }

    #[test]
    fn a_file_keeps_its_permissions_and_has_a_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        replace(&path, b"one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(
            (read(&path, 3).unwrap().as_str(), path.metadata().unwrap().permissions().mode() & 0o777),
            ("two", 0o640)
        );
        assert!(read(&path, 2).is_err());
    }

    #[test]
    fn what_is_asked_for_is_written_whole_and_is_the_users_alone() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["report", "report"].map(|name| folder.path().join(name)) {
            write(&path, "text").unwrap();
            assert_eq!((fs::read(&path).unwrap(), path.metadata().unwrap().mode() & 0o777), (b"text".to_vec(), 0o600));
        }
        write(Path::new("/dev/null"), "text").unwrap();
        assert!(!Path::new("/dev/null").is_file());
        let refused = write(&folder.path().join("no/report"), "text").unwrap_err();
        assert!(refused.to_string().starts_with("cannot write `"), "{refused}");
        keep(&folder.path().join("a/b/kept"), b"bytes").unwrap();
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "{left:?}");
    }
}
