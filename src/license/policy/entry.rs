//! Reads one entry of a list: an id, an id with an exception, or a category.

use crate::error::Error;
use crate::license::category::Category;
use crate::license::expression::{Expression, Term};
use crate::license::{id, normalize};
use crate::text;

/// What an entry names.
#[derive(Debug)]
pub(super) enum Entry {
    /// A license as its term is written. Without `-only` or `-or-later`, both are meant.
    License(String),
    Category(Category),
}

/// Reads an entry.
///
/// # Errors
/// It is neither an SPDX license nor a category.
pub(super) fn read(entry: &str) -> Result<Entry, Error> {
    let refuse = || Error::usage(format!("`{entry}` under [licenses] is neither an SPDX license nor a category"));
    if let Some(name) = entry.strip_prefix("category:") {
        let near = || text::nearest(name, Category::ALL.map(Category::name)).unwrap_or("copyleft-strong");
        return Category::named(name)
            .map(Entry::Category)
            .ok_or_else(|| refuse().hint(format!("did you mean `category:{}`?", near())));
    }
    if let Some(term) = term(entry) {
        return Ok(Entry::License(term.to_string()));
    }
    let meant = normalize(entry).expression;
    match meant.terms().next().filter(|term| term.is_listed()) {
        Some(term) => Err(refuse().hint(format!("did you mean `{term}`?"))),
        None => Err(match text::nearest(entry, id::licenses()) {
            Some(near) => refuse().hint(format!("did you mean `{near}`?")),
            None => refuse().hint("the ids are listed at https://spdx.org/licenses"),
        }),
    }
}

/// The one known term that a text is, in the case of the list; also a family such as `BSD`.
fn term(entry: &str) -> Option<Term> {
    let expression = Expression::parse(entry).ok()?;
    let mut terms = expression.terms();
    let term = terms.next()?;
    let family = normalize::members(term.id()).is_some();
    let same = term.to_string() == entry || term.id().ends_with("-or-later");
    (terms.next().is_none() && (term.is_known() || family) && same).then(|| term.clone())
}
