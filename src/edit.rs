//! Reads and changes single files of the project, such as its configuration: bounded, inside of the repository, and
//! whole or not at all.

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
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let name = path.file_name().ok_or_else(|| refuse("is no name of a file"))?;
            folder.canonicalize().map_err(failed)?.join(name)
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

/// Writes a file beside its place and moves it there, with the permissions of the one it replaces.
///
/// # Errors
/// It cannot be written; what was there is then as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |e: std::io::Error| Error::usage(format!("cannot write `{}`", path.display())).because(e);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // A new file gets what the umask leaves, as from any editor.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.prefix(".scanall-").tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    if let Ok(about) = path.metadata() {
        file.as_file().set_permissions(about.permissions()).map_err(failed)?;
    }
    file.persist(path).map(drop).map_err(|e| failed(e.error))
}

/// Keeps bytes in a file of the cache, whole or not at all, with the folders above it. Nobody but the user reads it.
///
/// # Errors
/// It cannot be written; what was there is then as it was.
pub fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().ok_or(std::io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    // A temporary file is its owner's alone, and stays so under its new name.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map(drop).map_err(|e| e.error)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

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
}
