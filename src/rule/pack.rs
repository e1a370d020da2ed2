//! Reads packs of secret rules from TOML, the embedded ones and the user's.
//!
//! `rules/README.md` documents the format.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use crate::error::Error;
use crate::rule::details::DetailsOf;
use crate::rule::entry::Entry;
use crate::rule::import::{self, Format, Home, Imported};
use crate::rule::secret::SecretRule;

/// The rules of the binary.
pub fn embedded() -> Vec<Arc<SecretRule>> {
    crate::embedded::SECRETS
        .iter()
        .map(|built| {
            let details = DetailsOf::written(built.details);
            Arc::new(Entry::of(built).rule(built.provider, details, Some(built.places)))
        })
        .collect()
}

/// The rules of a user's pack: a file, or every file of a folder that ends in `.toml`, `.yaml` or `.yml`, in the order of
/// their names.
///
/// # Errors
/// A file that cannot be read, is no pack, or holds a pattern that is not valid.
pub fn load(path: &Path) -> Result<Vec<Arc<SecretRule>>, Error> {
    Ok(import(&Home { file: path, root: Path::new("."), bound: false })?.rules)
}

/// What a user's pack says, which may be in the format of another tool: a file, or every file of a folder as
/// [`load`] takes them.
///
/// # Errors
/// A file that cannot be read, is no pack, or holds what is not valid.
pub fn import(home: &Home<'_>) -> Result<Imported, Error> {
    let path = home.file;
    let files = if path.is_dir() { files_of(path)? } else { vec![path.to_owned()] };
    if files.is_empty() {
        return Err(Error::usage(format!("no rule pack in `{}`", path.display()))
            .hint("a pack is a file with the ending .toml, .yaml or .yml; rules/README.md of scanall documents it"));
    }
    let mut all = Imported::default();
    for file in files {
        let source = std::fs::read_to_string(&file)
            .map_err(|e| Error::usage(format!("cannot read the rule pack `{}`", file.display())).because(e))?;
        match Format::of(&source) {
            Format::Pack => all.rules.extend(read(&source, &file.display().to_string())?),
            format => all.add(import::load(&Home { file: &file, ..*home }, format, &file.display().to_string())?),
        }
    }
    Ok(all)
}

/// Takes the way to ask providers out of rules that came with what is scanned: it would send secrets where whoever wrote
/// it likes.
pub fn silenced(rules: Vec<Arc<SecretRule>>) -> Vec<Arc<SecretRule>> {
    let silence = |mut rule: SecretRule| {
        rule.details.silence();
        Arc::new(rule)
    };
    rules.into_iter().filter_map(Arc::into_inner).map(silence).collect()
}

/// Joins rule lists: a later rule with the id of an earlier one takes its place.
pub fn merge(lists: impl IntoIterator<Item = Vec<Arc<SecretRule>>>) -> Vec<Arc<SecretRule>> {
    let mut by_id = BTreeMap::new();
    for rule in lists.into_iter().flatten() {
        by_id.insert(rule.rule.id.clone(), rule);
    }
    by_id.into_values().collect()
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = std::fs::read_dir(folder)
        .map_err(|e| Error::usage(format!("cannot read the folder `{}`", folder.display())).because(e))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| ["toml", "yaml", "yml"].iter().any(|known| e == *known)))
        .collect();
    files.sort();
    Ok(files)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    #[serde(default)]
    provider: String,
    rule: Vec<Entry>,
}

/// Reads one pack; `origin` names it in errors.
///
/// # Errors
/// The source is no pack, or a pattern is not valid or has no keyword.
pub fn read(source: &str, origin: &str) -> Result<Vec<Arc<SecretRule>>, Error> {
    let pack: PackFile = crate::config::parse_toml(source, origin)?;
    let provider = pack.provider;
    pack.rule.into_iter().map(|entry| entry.build(&provider, origin).map(Arc::new)).collect()
}
