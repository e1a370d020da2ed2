//! The list `advisories.ignore` of a TOML document, which cargo-audit and cargo-deny both have.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::line_of;

#[derive(Deserialize)]
struct Document<T> {
    #[serde(default = "Advisories::none")]
    advisories: Advisories<T>,
}

#[derive(Deserialize)]
struct Advisories<T> {
    #[serde(default = "Vec::new")]
    ignore: Vec<Spanned<T>>,
}

impl<T> Advisories<T> {
    fn none() -> Self {
        Self { ignore: Vec::new() }
    }
}

/// What the list names, each with its line, counted from 1; nothing where there is no list.
///
/// # Errors
/// It is no such document: a sentence.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<Vec<(usize, T)>, String> {
    let document: Document<T> = toml::from_str(text).map_err(|e| e.message().to_owned())?;
    let entries = document.advisories.ignore.into_iter();
    Ok(entries.map(|entry| (line_of(text, entry.span().start), entry.into_inner())).collect())
}
