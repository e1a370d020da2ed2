//! Defines [`RelativePath`]: which file of the repository is meant, as a URI.

use crate::uri;
use std::fmt;

/// A file in the repository, held as the relative URI (RFC 3986) that SARIF wants.
///
/// GitHub counts it from the root of the repository, does not follow symbolic links (resolve them first) and
/// refuses a whole file over a URI with a foreign scheme, which therefore cannot be built.
///
/// ```
/// use scanall_sarif::RelativePath;
/// let path = RelativePath::new("./docs/ünï code.md")?;
/// assert_eq!(path.as_uri(), "docs/%C3%BCn%C3%AF%20code.md");
/// # Ok::<(), scanall_sarif::PathError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelativePath {
    uri: String,
}

/// Why a path does not name a file in the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// Nothing is left of it.
    #[error("the path names no file")]
    Empty,
    /// It starts with a slash.
    #[error("the path is absolute")]
    Absolute,
    /// Its `..` parts lead out of the root.
    #[error("the path leads out of the repository")]
    Outside,
}

impl RelativePath {
    /// Makes a URI of a path relative to the root of the repository, with `/` between its parts.
    ///
    /// The path is bytes, not yet percent-encoded, in whatever encoding git has it. Empty and `.` parts vanish,
    /// `..` removes the part before it. A backslash is an ordinary character: replace it first on Windows.
    pub fn new(path: impl AsRef<[u8]>) -> Result<Self, PathError> {
        let path = path.as_ref();
        if path.starts_with(b"/") {
            return Err(PathError::Absolute);
        }
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in path.split(|byte| *byte == b'/') {
            match part {
                b"" | b"." => {}
                b".." => drop(parts.pop().ok_or(PathError::Outside)?),
                part => parts.push(part),
            }
        }
        let mut uri = String::with_capacity(path.len());
        for part in parts {
            if !uri.is_empty() {
                uri.push('/');
            }
            uri::push_segment(&mut uri, part);
        }
        if uri.is_empty() { Err(PathError::Empty) } else { Ok(Self { uri }) }
    }

    /// The percent-encoded relative URI.
    pub fn as_uri(&self) -> &str {
        &self.uri
    }
}

impl fmt::Debug for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.uri, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_become_relative_uris() {
        for (given, expected) in [
            ("src/main.rs", "src/main.rs"),
            ("./a//b/", "a/b"),
            ("a/../b", "b"),
            ("a b/c%20d", "a%20b/c%2520d"),
            ("app/[id]/@scope/x+y.tsx", "app/%5Bid%5D/@scope/x+y.tsx"),
            ("git:x#y?z", "git%3Ax%23y%3Fz"),
            ("日本", "%E6%97%A5%E6%9C%AC"),
            ("a\\b\n", "a%5Cb%0A"),
            ("...", "..."),
        ] {
            assert_eq!(RelativePath::new(given).unwrap().as_uri(), expected);
        }
        assert_eq!(RelativePath::new(b"caf\xe9").unwrap().as_uri(), "caf%E9");
    }

    #[test]
    fn paths_that_name_no_file_are_refused() {
        for (given, expected) in [
            ("", PathError::Empty),
            (".", PathError::Empty),
            ("a/..", PathError::Empty),
            ("/etc/passwd", PathError::Absolute),
            ("../x", PathError::Outside),
            ("a/../../x", PathError::Outside),
        ] {
            assert_eq!(RelativePath::new(given), Err(expected));
        }
    }

    proptest! {
        #[test]
        fn no_path_leaves_the_repository(path in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(path) = RelativePath::new(path) {
                let uri = path.as_uri();
                prop_assert!(uri.split('/').all(|part| !part.is_empty() && part != "." && part != ".."));
                let is_allowed = |b: u8| b.is_ascii_graphic() && !b"\\:<>\"{}|^`?#[]".contains(&b);
                prop_assert!(uri.bytes().all(is_allowed), "{}", uri);
            }
        }
    }
}
