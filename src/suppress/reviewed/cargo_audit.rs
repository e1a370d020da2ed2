//! `audit.toml` of cargo-audit, in the folder `.cargo` of a project
//! (<https://github.com/rustsec/rustsec/blob/main/cargo-audit/audit.toml.example>).

use serde::Deserialize;
use toml::Spanned;

use super::{Entry, Format, line_of};

/// `.cargo/audit.toml`.
pub(super) const FORMAT: Format = Format {
    name: "a configuration of cargo-audit",
    wants: |path| path == ".cargo/audit.toml" || path.ends_with("/.cargo/audit.toml"),
    is_below: true,
    read,
};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    advisories: Advisories,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Advisories {
    ignore: Vec<Spanned<String>>,
}

fn read(text: &str) -> Result<Vec<Entry>, String> {
    let document: Document = toml::from_str(text).map_err(|e| e.message().to_owned())?;
    let entry = |id: &Spanned<String>| Entry {
        line: line_of(text, id.span().start),
        ids: vec![id.get_ref().clone()],
        reason: "cargo-audit ignores it".to_owned(),
        ..Entry::default()
    };
    Ok(document.advisories.ignore.iter().map(entry).collect())
}
