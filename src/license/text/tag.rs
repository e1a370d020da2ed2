//! Defines [`tags`]: what `SPDX-License-Identifier:` lines say.

use std::borrow::Cow;

use super::{Found, Kind, cut};
use crate::license::expression::Expression;

const MARK: &str = "SPDX-License-Identifier:";
/// The longest line behind the mark that is read, in bytes.
const MAX_EXPRESSION: usize = 500;
/// The longest text that may be nothing but an expression, in bytes.
const MAX_BARE: usize = 120;

/// The licenses that tags name, each of an expression at the place of the whole; so are those of a text that is nothing
/// but an expression.
pub(super) fn tags(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(text.as_bytes(), MARK) {
        let rest = &text[at + MARK.len()..];
        let line = rest.lines().next().unwrap_or_default();
        let line = cut(line, MAX_EXPRESSION);
        let said = line.trim_end_matches(|c: char| c.is_whitespace() || "*/-#>}%\"'`,;".contains(c)).trim_start();
        let start = at + MARK.len() + (line.len() - line.trim_start().len());
        read(said, start, at, &mut found);
    }
    let bare = text.trim();
    if found.is_empty() && bare.len() <= MAX_BARE && !bare.contains('\n') {
        let start = text.len() - text.trim_start().len();
        read(bare, start, start, &mut found);
    }
    found
}

/// `from` is where the range begins, `start` where what is said does.
fn read(said: &str, start: usize, from: usize, found: &mut Vec<Found>) {
    let Ok(expression) = Expression::parse(said) else { return };
    if !expression.terms().all(|term| term.is_known()) {
        return;
    }
    let range = from..start + said.len();
    let mut add = |id: &str, kind| {
        found.push(Found { id: Cow::Owned(id.to_owned()), also: &[], kind, confidence: 1.0, bytes: range.clone() });
    };
    for term in expression.terms() {
        add(term.id(), Kind::Tag);
        if let Some(exception) = term.exception() {
            add(exception, Kind::Exception);
        }
    }
}
