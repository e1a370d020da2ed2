//! Defines [`Location`]: a place in the repository, and the parts it is made of.

use std::fmt;

/// A place in the repository, now or in its history.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file.
    pub path: RepoPath,
    /// The text in it; `None` when the finding is about the file as a whole.
    pub span: Option<Span>,
    /// The commit whose version of the file is meant; `None` for the working tree.
    pub commit: Option<CommitRef>,
}

impl Location {
    /// A place in the working tree.
    pub fn here(path: RepoPath, span: Option<Span>) -> Self {
        Self { path, span, commit: None }
    }
}

/// `src/main.rs:12`, with ` @` and the commit where it is in the history. What git or a tool calls the file is not
/// escaped.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        if let Some(span) = self.span {
            write!(f, ":{}", span.start_line)?;
        }
        match &self.commit {
            Some(commit) => write!(f, " @{}", commit.short()),
            None => Ok(()),
        }
    }
}

/// A path relative to the root of the scanned tree: `/` between parts, no `.`, `..` or empty part, never absolute.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(String);

impl RepoPath {
    /// Makes a path of bytes as git or the file system gives them: backslashes and bytes that are not UTF-8 are
    /// kept visible (`\u{FFFD}`), leading slashes and `.` parts are dropped, `..` removes its parent or vanishes
    /// at the root, so that the result never points outside.
    pub fn new(path: impl AsRef<[u8]>) -> Self {
        let text = String::from_utf8_lossy(path.as_ref());
        let mut parts: Vec<&str> = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        Self(parts.join("/"))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a folder itself, or lies in it.
    pub fn is_inside(&self, folder: &Self) -> bool {
        let rest = self.0.strip_prefix(&folder.0);
        folder.0.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A range of text: lines and columns count from 1, columns count Unicode code points, the end column is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First line.
    pub start_line: u32,
    /// Column of the first character.
    pub start_column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last character.
    pub end_column: u32,
}

impl Span {
    /// A whole line of `length` code points.
    pub fn line(line: u32, length: usize) -> Self {
        let end_column = u32::try_from(length).unwrap_or(u32::MAX - 1).max(1) + 1;
        Self { start_line: line, start_column: 1, end_line: line, end_column }
    }

    /// The span of a byte range of `text`. Bytes that are not UTF-8 count as one column each.
    ///
    /// A range beyond the text is cut at its end.
    pub fn of(text: &[u8], range: std::ops::Range<usize>) -> Self {
        let start = range.start.min(text.len());
        let end = range.end.clamp(start, text.len());
        let (start_line, line_start) = line_at(text, start, 1, 0);
        let (end_line, end_line_start) = line_at(text, end, start_line, line_start);
        Self {
            start_line,
            start_column: columns(&text[line_start..start]) + 1,
            end_line,
            end_column: columns(&text[end_line_start..end]) + 1,
        }
    }
}

/// The line number and line start of `position`, counting on from a known line start before it.
fn line_at(text: &[u8], position: usize, line: u32, line_start: usize) -> (u32, usize) {
    let before = &text[line_start..position];
    let newlines = before.iter().filter(|b| **b == b'\n').count();
    let start = before.iter().rposition(|b| *b == b'\n').map_or(line_start, |at| line_start + at + 1);
    (line.saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX)), start)
}

fn columns(text: &[u8]) -> u32 {
    let count: usize = text.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum();
    u32::try_from(count).unwrap_or(u32::MAX - 1)
}

/// A commit, as far as a reader wants to know it. Names and addresses of people are left out on purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitRef {
    /// The full object id in hex.
    pub id: String,
    /// The author date in ISO 8601 with its offset; empty when the commit has none that can be read.
    pub date: String,
}

impl CommitRef {
    /// Whether a word can be the id of a commit, whole or shortened: 7 to 64 digits in hex.
    pub fn is_id(word: &str) -> bool {
        (7..=64).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// The first ten digits of the id, for people.
    pub fn short(&self) -> &str {
        self.id.get(..10).unwrap_or(&self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for (given, kept) in [("./a//b", "a/b"), ("/etc/x", "etc/x"), ("a/../../b", "b"), ("..", ""), ("a\\b", "a\\b")]
        {
            assert_eq!(RepoPath::new(given).as_str(), kept);
        }
        assert_eq!(RepoPath::new(b"a\xff".as_slice()).as_str(), "a\u{FFFD}");
    }

    #[test]
    fn spans_count_code_points() {
        let text = "eins\nzw\u{f6}lf drei\nvier".as_bytes();
        let start = text.windows(4).position(|w| w == b"drei").unwrap();
        let span = Span::of(text, start..start + 4);
        assert_eq!((span.start_line, span.start_column, span.end_line, span.end_column), (2, 7, 2, 11));
        let all = Span::of(text, 0..999);
        assert_eq!((all.end_line, all.end_column), (3, 5));
    }
}
