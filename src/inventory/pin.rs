//! Finds where a file writes the version of a package, so that it can be changed there.

use super::reading::Draft;
use super::source::Source;
use crate::finding::Span;

/// Longer lines are not looked at, in bytes: no person writes them.
const MAX_LINE: usize = 1_000;

/// An element with a package has no more lines, the first one included.
const MAX_LINES: u32 = 12;

/// Where the version of a package stands in the line that names it or, in XML, in the same element; `None` where it does
/// not stand there exactly once.
pub(super) fn of(source: &Source, draft: &Draft) -> Option<Span> {
    if draft.version.is_empty() || draft.location.is_some() || !draft.hashes.is_empty() {
        return None;
    }
    let is_markup = source.text.starts_with('<');
    let last = draft.line.saturating_add(if is_markup { MAX_LINES } else { 1 });
    let mut found = None;
    for number in draft.line..last {
        let line = source.line(number);
        if line.len() > MAX_LINE || (number > draft.line && line.trim_start().starts_with("</")) {
            break;
        }
        for (at, _) in alone(line, &draft.version) {
            if found.replace((number, line, at)).is_some() {
                return None;
            }
        }
    }
    let (number, line, at) = found?;
    let column = |bytes: usize| u32::try_from(line.get(..bytes)?.chars().count()).ok()?.checked_add(1);
    let (start_column, end_column) = (column(at)?, column(at + draft.version.len())?);
    Some(Span { start_line: number, start_column, end_line: number, end_column })
}

/// Where a version stands in a line, as a word of its own and in no comment.
fn alone<'a>(line: &'a str, version: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let belongs = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '+' | '_' | '*');
    line.match_indices(version).filter(move |(at, _)| {
        let (before, behind) = (&line[..*at], &line[at + version.len()..]);
        let is_comment = before.starts_with('#') || before.contains(" #") || before.contains("<!--");
        // A tag of git is a version behind a `v`.
        let before = before.strip_suffix('v').unwrap_or(before);
        !is_comment && !before.ends_with(belongs) && !behind.starts_with(belongs)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ecosystem::Ecosystem;
    use crate::finding::RepoPath;

    /// The line and columns of a version of what is named in the first line.
    fn pin(text: &str, version: &str) -> Option<(u32, u32, u32)> {
        let source = Source::new(RepoPath::new("file"), text.to_owned());
        let span = of(&source, &Draft::new(Ecosystem::Npm, "name", version, 1))?;
        Some((span.start_line, span.start_column, span.end_column))
    }

    #[test]
    fn versions_that_stand_alone() {
        assert_eq!(pin("django==3.2.0  # old", "3.2.0"), Some((1, 9, 14)));
        assert_eq!(pin("- uses: a/b@v1.2.3", "1.2.3"), Some((1, 14, 19)));
        assert_eq!(pin("- uses: a/b@v1.2.3", "v1.2.3"), Some((1, 13, 19)));
        assert_eq!(pin("é = \"1.0\"\nx = \"1.0\"", "1.0"), Some((1, 6, 9)));
        assert_eq!(
            pin("<dependency>\n<artifactId>a</artifactId>\n<version>2.14.1</version>\n", "2.14.1"),
            Some((3, 10, 16))
        );
        assert_eq!(pin("<dependency>\n</dependency>\n<dependency><version>1</version>", "1"), None);
        assert_eq!(pin("<a>1</a>\n<b>1</b>", "1"), None);
        assert_eq!(pin("django==3.2.0  # not 3.2.0", "3.2.0"), Some((1, 9, 14)));
        // The comment tells of which version the commit is.
        assert_eq!(pin("- uses: a/b@7a13ff2c # v1.2.3", "1.2.3"), None);
        assert_eq!(pin("django==3.2.01", "3.2.0"), None);
        assert_eq!(pin("a-1.0 == 1.0-b", "1.0"), None);
        assert_eq!(pin("1.0 and 1.0", "1.0"), None);
        assert_eq!(pin("django==3.2.*", "3.2"), None);
        assert_eq!(pin("x", ""), None);
    }

    proptest! {
        #[test]
        fn any_text(line in ".{0,40}", version in ".{1,6}") {
            for (at, found) in alone(&line, &version) {
                prop_assert_eq!(&line[at..at + version.len()], found);
            }
        }
    }
}
