//! Defines [`Hit`]: what is kept of a match once the text around it is gone.

use std::ops::Range;

use super::allowed::{Outcome, Verdict};
use super::found::Found;
use super::matcher::Matcher;
use crate::finding::{Excerpt, Marker, RepoPath, Secret, Span};

/// What is kept of a match once the text around it is gone.
#[derive(Clone)]
pub(super) struct Hit {
    pub(super) rule: usize,
    pub(super) secret: Secret,
    /// Where it stands in the file; `None` for what is inside of an archive.
    pub(super) span: Option<Span>,
    pub(super) excerpt: Excerpt,
    pub(super) marker: Option<Marker>,
    /// The way to it in an archive; empty outside of one.
    pub(super) way: String,
    /// It stands there encoded.
    pub(super) encoded: bool,
    /// What allowlists and filters say of it.
    pub(super) verdict: Verdict,
}

impl Hit {
    /// Keeps what matters of one text; the excerpt of each hit masks the secrets of all.
    pub(super) fn all(matcher: &Matcher, found: &Found<'_>) -> Vec<Self> {
        let text = found.text;
        let clear = found.matches.iter().map(|m| (m.rule, &text[m.secret.clone()], m.secret.clone(), Some(&m.whole)));
        let encoded = found.encoded.iter().map(|e| (e.rule, &*e.secret, e.run.clone(), None));
        let hits: Vec<(usize, &[u8], Range<usize>, Option<&Range<usize>>)> = clear.chain(encoded).collect();
        let masked: Vec<Range<usize>> = hits.iter().map(|hit| hit.2.clone()).collect();
        hits.into_iter()
            .map(|(rule, secret, place, whole)| Self {
                verdict: match whole {
                    Some(whole) => Verdict::of(matcher, rule, text, whole, &place),
                    None => Verdict::of(matcher, rule, secret, &(0..secret.len()), &(0..secret.len())),
                },
                rule,
                secret: Secret::new(secret),
                span: found.way.is_empty().then(|| Span::of(text, place.clone())),
                excerpt: Excerpt::redacting(text, &place, &masked),
                marker: Marker::find(&line_around(text, place.start)),
                way: found.way.to_owned(),
                encoded: whole.is_none(),
            })
            .collect()
    }

    /// What is kept of a file that a rule finds by its path.
    pub(super) fn of_path(rule: usize, path: &RepoPath) -> Self {
        Self {
            rule,
            secret: Secret::new(path.as_str().as_bytes()),
            span: None,
            excerpt: Excerpt::plain(""),
            marker: None,
            way: String::new(),
            encoded: false,
            verdict: Verdict::default(),
        }
    }

    /// Whether it counts at a place; where it was accepted there, it has a marker that says why.
    pub(super) fn settle(&mut self, path: &str, commit: Option<&str>) -> bool {
        match self.verdict.at(path, commit) {
            Outcome::Keep => true,
            Outcome::Drop => false,
            Outcome::Accept(reason) => {
                self.marker.get_or_insert(Marker { rules: Vec::new(), reason });
                true
            }
        }
    }
}

/// The line that holds a position, at most 4 KiB on each side of it.
fn line_around(bytes: &[u8], at: usize) -> String {
    const REACH: usize = 4096;
    let from = at.saturating_sub(REACH);
    let to = at.saturating_add(REACH).min(bytes.len());
    let start = bytes[from..at].iter().rposition(|b| *b == b'\n').map_or(from, |n| from + n + 1);
    let end = bytes[at..to].iter().position(|b| *b == b'\n').map_or(to, |n| at + n);
    String::from_utf8_lossy(&bytes[start..end]).into_owned()
}
