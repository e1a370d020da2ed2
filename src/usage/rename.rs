//! Finds the other names that manifests give packages: `clock = { package = "time" }`.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::language::Language;
use crate::inventory::decode::text_of;
use crate::target::Target;
use crate::target::worktree::File;

/// No more names are kept of one package.
const MAX_ALIASES: usize = 100;

/// The other names, by the name of the package.
pub(super) type Aliases = BTreeMap<String, Vec<String>>;

/// What the manifests of a language among the files of the target say. One that cannot be read says nothing.
pub(super) fn all(target: &Target, files: &[File], language: &Language) -> Aliases {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let patterns: Vec<(&str, Regex)> = language
        .renames
        .iter()
        .filter_map(|rename| Some((rename.file.as_str(), Regex::new(&rename.pattern).ok()?)))
        .collect();
    for file in files {
        let name = file.path.as_str().rsplit('/').next().unwrap_or_default();
        let fitting: Vec<&Regex> = patterns.iter().filter(|(of, _)| *of == name).map(|(_, pattern)| pattern).collect();
        let Some(bytes) = (!fitting.is_empty()).then(|| target.read(file).ok()).flatten() else { continue };
        let (text, _) = text_of(bytes);
        for captures in fitting.iter().flat_map(|pattern| pattern.captures_iter(&text)) {
            if let (Some(name), Some(alias)) = (captures.name("name"), captures.name("alias")) {
                let known = found.entry(name.as_str().to_owned()).or_default();
                if known.len() < MAX_ALIASES {
                    known.insert(alias.as_str().to_owned());
                }
            }
        }
    }
    found.into_iter().map(|(name, aliases)| (name, aliases.into_iter().collect())).collect()
}
