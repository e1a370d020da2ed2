//! Tells what a bill of materials can say of a license: one of SPDX's list, an expression of such, or a name.

use spdx::Expression;

/// What is said of a license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// One of the SPDX list, by its id.
    Id(&'a str),
    /// An SPDX expression.
    Expression(&'a str),
    /// Something that SPDX has no word for.
    Name(&'a str),
}

/// What a text says; it is kept as it is written. A reference (`LicenseRef-…`) means something in its own document only,
/// so it is a name in another.
pub(super) fn said(text: &str) -> Said<'_> {
    if spdx::license_id(text).is_some_and(|license| license.name == text) {
        return Said::Id(text);
    }
    match Expression::parse(text) {
        Ok(_) if !text.contains("Ref-") => Said::Expression(text),
        _ => Said::Name(text),
    }
}
