//! Brings the findings of all scanners into one form, whoever reported them: spans that exist, excerpts and inline
//! markers from the file, no finding in an excluded path.

use std::collections::HashMap;

use scanall_sarif::{LineHash, LineHashes, line_hashes};

use crate::finding::{Excerpt, Finding, Kind, Location, Marker, RepoPath, Span};
use crate::target::Target;
use crate::target::worktree::File;

/// Completes findings and drops those in excluded paths; returns the rest and the number that was dropped.
pub fn normalize(
    findings: Vec<Finding>,
    target: &Target,
    is_excluded: impl Fn(&RepoPath) -> bool,
) -> (Vec<Finding>, usize) {
    let before = findings.len();
    let mut lines = Lines { target, files: HashMap::new() };
    let mut kept: Vec<Finding> = findings.into_iter().filter(|finding| !is_excluded(&finding.location.path)).collect();
    for finding in &mut kept {
        complete(finding, &mut lines);
    }
    let dropped = before - kept.len();
    (kept, dropped)
}

fn complete(finding: &mut Finding, lines: &mut Lines<'_>) {
    if finding.location.commit.is_some() {
        return;
    }
    // A package without a line is in the file as a whole.
    let Location { path, span, .. } = &mut finding.location;
    let Some(span) = span else { return };
    let Some((line, hash, marker)) = lines.of(path, span.start_line) else { return };
    finding.line_hash = hash;
    let width = u32::try_from(line.chars().count()).unwrap_or(u32::MAX - 1);
    // Some tools know the lines only, and say so with columns that do not make sense.
    if span.end_line == span.start_line && span.end_column <= span.start_column {
        *span = Span::line(span.start_line, width as usize);
    }
    // A secret of our own was judged with all of its places in view.
    if finding.secret.is_none() {
        finding.marker = finding.marker.take().or(marker);
    }
    // The line of a secret found by another tool is not shown: only our own scan knows what to mask in it.
    if finding.excerpt.is_none() && finding.kind != Kind::Secret {
        finding.excerpt = Some(Excerpt::plain(&line));
    }
}

/// The lines of the files that findings are in, each file read once.
struct Lines<'a> {
    target: &'a Target,
    files: HashMap<RepoPath, Option<Text>>,
}

struct Text {
    text: String,
    /// Where each line begins, in bytes.
    starts: Vec<usize>,
    hashes: LineHashes,
}

impl Lines<'_> {
    /// A line, counted from 1, its hash and what accepts findings there; `None` when the file or the line is not there.
    fn of(&mut self, path: &RepoPath, number: u32) -> Option<(String, Option<LineHash>, Option<Marker>)> {
        let file = self.files.entry(path.clone()).or_insert_with(|| {
            let bytes = self.target.read(&File::named(self.target, path)?).ok()?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let starts =
                std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
            Some(Text { text, starts, hashes: line_hashes(&bytes) })
        });
        let Text { text, starts, hashes } = file.as_ref()?;
        let start = *starts.get(number.checked_sub(1)? as usize)?;
        let line = text.get(start..)?.lines().next()?;
        Some((line.to_owned(), hashes.line(number), Marker::at(text.as_bytes(), start)))
    }
}
