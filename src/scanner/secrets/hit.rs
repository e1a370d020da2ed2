//! Turns matches into what is kept of them once the text is gone, and that into findings.

use std::sync::Arc;

use super::Sighting;
use super::matcher::Match;
use crate::finding::{Excerpt, Finding, Kind, Marker, Secret, Source, Span};
use crate::rule::pack::SecretRule;
use crate::text;

/// What is kept of a match once the text is gone.
#[derive(Clone)]
pub(super) struct Hit {
    pub(super) rule: usize,
    pub(super) secret: Secret,
    pub(super) span: Span,
    pub(super) excerpt: Excerpt,
    pub(super) marker: Option<Marker>,
}

impl Hit {
    /// Keeps what matters of the matches of one text; the excerpt of each masks the secrets of all.
    pub(super) fn all(bytes: &[u8], matches: &[Match]) -> Vec<Self> {
        let secrets: Vec<_> = matches.iter().map(|m| m.secret.clone()).collect();
        matches
            .iter()
            .map(|m| Self {
                rule: m.rule,
                secret: Secret::new(&bytes[m.secret.clone()]),
                span: Span::of(bytes, m.secret.clone()),
                excerpt: Excerpt::redacting(bytes, &m.secret, &secrets),
                marker: Marker::find(&line_around(bytes, m.secret.start)),
            })
            .collect()
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

/// The finding of one credential, seen first at one place and then at others, in order.
pub(super) fn finding(rule: &SecretRule, secret: Secret, first: Sighting, others: Vec<Sighting>) -> Finding {
    // Where it still stands in files, each place needs its marker: one accepted copy does not accept the others.
    let in_files = |place: &&Sighting| place.location.commit.is_none();
    let accepted = others.iter().filter(in_files).all(|place| place.hit.marker.is_some());
    let mut related: Vec<_> = others.into_iter().map(|place| place.location).collect();
    related.dedup();
    let title = text::printable(&rule.rule.title);
    let message = match &first.location.commit {
        Some(commit) => format!("{title} in commit {} of the history", commit.short()),
        None => title,
    };
    Finding {
        rule: Arc::clone(&rule.rule),
        kind: Kind::Secret,
        severity: rule.severity,
        confidence: rule.confidence,
        message: match related.len() {
            0 => message,
            others => format!("{message}, and at {}", text::count(others, "other place")),
        },
        location: first.location,
        related,
        excerpt: Some(first.hit.excerpt),
        package: None,
        secret: Some(secret),
        remedy: Some(rule.rule.help.clone()),
        sources: vec![Source::own(&rule.rule.id)],
        line_hash: None,
        marker: first.hit.marker.filter(|_| accepted),
    }
}
