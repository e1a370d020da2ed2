//! Defines [`Source`]: the text of a file of dependencies, its lines, and the files around it.

use crate::finding::{Location, RepoPath, Span};

/// Reads a file of the target by its path; `None` when there is none, or it cannot be read.
pub type Neighbours<'a> = dyn Fn(&RepoPath) -> Option<Vec<u8>> + 'a;

/// No more folders are taken for the members of a workspace.
const MAX_FOLDERS: usize = 10_000;

/// The text of a file of dependencies.
pub struct Source<'a> {
    /// Where the file is.
    pub path: RepoPath,
    /// All of its text, without a byte order mark.
    pub text: String,
    /// Where lines begin, in bytes.
    starts: Vec<usize>,
    /// How many characters each line has: files of one long line have many packages in it.
    widths: Vec<u32>,
    neighbours: Option<&'a Neighbours<'a>>,
    /// The paths of all files of the target.
    listing: &'a [RepoPath],
}

impl<'a> Source<'a> {
    /// A file with nothing around it.
    pub fn new(path: RepoPath, text: String) -> Self {
        let text = text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned);
        let starts: Vec<usize> =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        let width = |line: &str| u32::try_from(line.trim_end_matches('\r').chars().count()).unwrap_or(u32::MAX);
        let widths = text.split('\n').map(width).collect();
        Self { path, text, starts, widths, neighbours: None, listing: &[] }
    }

    /// The same with other files of the target around it.
    #[must_use]
    pub fn among(mut self, neighbours: &'a Neighbours<'a>) -> Self {
        self.neighbours = Some(neighbours);
        self
    }

    /// The same with the paths of all files of the target, sorted.
    #[must_use]
    pub fn listed(mut self, listing: &'a [RepoPath]) -> Self {
        self.listing = listing;
        self
    }

    /// The paths of all files of the target, sorted; none where nobody said.
    pub fn listing(&self) -> &'a [RepoPath] {
        self.listing
    }

    /// The files in the folder of this one and below, as [`Source::neighbour`] takes them, in order of path.
    pub fn beneath(&self) -> impl Iterator<Item = &'a str> {
        let folder = self.path.as_str().rfind('/').map_or("", |end| &self.path.as_str()[..=end]);
        let first = self.listing.partition_point(|path| path.as_str() < folder);
        let here = self.listing.get(first..).unwrap_or_default();
        here.iter().map_while(move |path| path.as_str().strip_prefix(folder))
    }

    /// The folders that hold a file of a name and that one of some patterns is about, as paths from the folder of this
    /// file. Patterns are those of workspaces: globs, and with a `!` in front globs that take folders out again. At most
    /// 10,000.
    pub fn folders(&self, patterns: &[String], name: &str) -> Vec<String> {
        let glob = |pattern: &str| {
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            globset::GlobBuilder::new(pattern).literal_separator(true).build().ok().map(|glob| glob.compile_matcher())
        };
        let globs: Vec<(bool, globset::GlobMatcher)> = patterns
            .iter()
            .filter_map(|pattern| match pattern.strip_prefix('!') {
                Some(pattern) => Some((false, glob(pattern)?)),
                None => Some((true, glob(pattern)?)),
            })
            .collect();
        let here = self.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
        let inside = |path: &RepoPath| -> Option<String> {
            let folder = path.as_str().strip_suffix(name)?.strip_suffix('/')?;
            let folder = if here.is_empty() { folder } else { folder.strip_prefix(here)?.strip_prefix('/')? };
            let last = globs.iter().rev().find(|(_, glob)| glob.is_match(folder));
            last.is_some_and(|(takes, _)| *takes).then(|| folder.to_owned())
        };
        self.listing.iter().filter_map(inside).take(MAX_FOLDERS).collect()
    }

    /// The text of another file, by its path from the folder of this one (`package.json`, `../Cargo.toml`); `None` when
    /// there is none in the target, or it is no text.
    pub fn neighbour(&self, relative: &str) -> Option<Source<'a>> {
        let read = self.neighbours?;
        let path = beside(&self.path, relative)?;
        let text = String::from_utf8(read(&path)?).ok()?;
        Some(Source { neighbours: self.neighbours, listing: self.listing, ..Source::new(path, text) })
    }

    /// The number of the line, counted from 1, in which a byte of the text is.
    pub fn line_at(&self, offset: usize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The number of the line in which a piece of the text begins. A piece is a slice of [`Source::text`], as parsers that
    /// borrow give it; `None` for any other text.
    pub fn line_of(&self, piece: &str) -> Option<u32> {
        let offset = (piece.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (offset + piece.len() <= self.text.len()).then(|| self.line_at(offset))
    }

    /// The text of a line by its number, without its end; empty beyond the last.
    pub fn line(&self, number: u32) -> &str {
        let index = (number as usize).saturating_sub(1);
        let Some(start) = self.starts.get(index) else { return "" };
        let end = self.starts.get(index + 1).map_or(self.text.len(), |next| next - 1);
        self.text.get(*start..end).unwrap_or_default().trim_end_matches('\r')
    }

    /// The place of a line in this file.
    pub fn location(&self, line: u32) -> Location {
        let width = self.widths.get((line as usize).saturating_sub(1)).copied().unwrap_or_default();
        Location::here(self.path.clone(), Some(Span::line(line, width as usize)))
    }
}

/// A path from the folder of another; `None` when it leads out of the target.
fn beside(path: &RepoPath, relative: &str) -> Option<RepoPath> {
    let mut parts: Vec<&str> = path.as_str().split('/').collect();
    parts.pop();
    for part in relative.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(RepoPath::new(parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_pieces() {
        let source = Source::new(RepoPath::new("a/b.txt"), "\u{feff}one\r\ntwo\n\nfour".to_owned());
        assert_eq!(
            (source.line(1), source.line(2), source.line(3), source.line(4), source.line(5)),
            ("one", "two", "", "four", "")
        );
        assert_eq!((source.line_at(0), source.line_at(5), source.line_at(9), source.line_at(99)), (1, 2, 3, 4));
        assert_eq!(source.line_of(&source.text[5..8]), Some(2));
        assert_eq!(source.line_of("two"), None);
    }

    #[test]
    fn paths_stay_inside() {
        let of = |relative: &str| beside(&RepoPath::new("a/b/lock"), relative).map(|path| path.as_str().to_owned());
        assert_eq!(of("../x.toml").as_deref(), Some("a/x.toml"));
        assert_eq!(of("./c/x").as_deref(), Some("a/b/c/x"));
        assert_eq!(of("../../../etc/passwd"), None);
    }
}
