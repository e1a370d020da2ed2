//! Defines [`Hit`]: what is kept of a match once the text around it is gone.

use std::ops::Range;

use super::found::Found;
use crate::finding::{Excerpt, Marker, Secret, Span};

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
}

impl Hit {
    /// Keeps what matters of one text; the excerpt of each hit masks the secrets of all.
    pub(super) fn all(found: &Found<'_>) -> Vec<Self> {
        let text = found.text;
        let clear = found.matches.iter().map(|m| (m.rule, &text[m.secret.clone()], m.secret.clone(), false));
        let encoded = found.encoded.iter().map(|e| (e.rule, &*e.secret, e.run.clone(), true));
        let hits: Vec<(usize, &[u8], Range<usize>, bool)> = clear.chain(encoded).collect();
        let masked: Vec<Range<usize>> = hits.iter().map(|hit| hit.2.clone()).collect();
        hits.into_iter()
            .map(|(rule, secret, place, encoded)| Self {
                rule,
                secret: Secret::new(secret),
                span: found.way.is_empty().then(|| Span::of(text, place.clone())),
                excerpt: Excerpt::redacting(text, &place, &masked),
                marker: Marker::around(text, place.clone()),
                way: found.way.to_owned(),
                encoded,
            })
            .collect()
    }
}
