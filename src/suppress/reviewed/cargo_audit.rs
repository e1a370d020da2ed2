//! `audit.toml` of cargo-audit, in the folder `.cargo` of a project
//! (<https://github.com/rustsec/rustsec/blob/main/cargo-audit/audit.toml.example>).

use super::{Entry, Format, ignore_list};

/// `.cargo/audit.toml`.
pub(super) const FORMAT: Format = Format {
    name: "a configuration of cargo-audit",
    wants: |path| path == ".cargo/audit.toml" || path.ends_with("/.cargo/audit.toml"),
    is_below: true,
    read,
};

fn read(text: &str) -> Result<Vec<Entry>, String> {
    let reason = || "cargo-audit ignores it".to_owned();
    let entry = |(line, id)| Entry { line, ids: vec![id], reason: reason(), ..Entry::default() };
    Ok(ignore_list::read(text)?.into_iter().map(entry).collect())
}
