//! Defines [`Told`]: the names that manifests and locks of the project itself give packages.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value;

use super::language::Language;
use crate::inventory::decode::text_of;
use crate::target::Target;
use crate::target::worktree::File;

/// No more names are kept of one package.
const MAX_NAMES: usize = 100;

/// Names, by the name of the package.
type Names = BTreeMap<String, BTreeSet<String>>;

/// The names that the project's own files give packages.
#[derive(Default)]
pub(super) struct Told {
    /// Those in the place of the package's own: `clock = { package = "time" }`.
    pub(super) aliases: Names,
    /// Those of modules, as code writes them.
    pub(super) modules: Names,
    /// Packages that have more to use than those modules.
    pub(super) open: BTreeSet<String>,
}

impl Told {
    /// Reads what the files of the target say of packages of a language. One that cannot be read says nothing.
    pub(super) fn read(target: &Target, files: &[File], language: &Language) -> Self {
        let mut told = Self::default();
        let patterns: Vec<(&str, Regex)> = language
            .renames
            .iter()
            .filter_map(|rename| Some((rename.file.as_str(), Regex::new(&rename.pattern).ok()?)))
            .collect();
        let text = |file: &File| target.read(file).ok().map(|bytes| text_of(bytes).0);
        for file in files {
            let name = file.path.as_str().rsplit('/').next().unwrap_or_default();
            let mut fitting = patterns.iter().filter(|(of, _)| *of == name).map(|(_, pattern)| pattern).peekable();
            if fitting.peek().is_some() {
                let text = text(file).unwrap_or_default();
                fitting.for_each(|pattern| renames(pattern, &text, &mut told.aliases));
            }
            if language.namespaces.as_deref() == Some(name) {
                told.namespaces(&text(file).unwrap_or_default());
            }
        }
        told
    }

    /// Takes what `composer.lock` says of how classes of each package are loaded
    /// (<https://getcomposer.org/doc/04-schema.md#autoload>).
    fn namespaces(&mut self, text: &str) {
        let lock: Value = serde_json::from_str(text).unwrap_or_default();
        let packages = ["packages", "packages-dev"].into_iter().filter_map(|list| lock.get(list)?.as_array()).flatten();
        for package in packages {
            let Some(name) = package.get("name").and_then(Value::as_str).map(str::to_ascii_lowercase) else { continue };
            let autoload = package.get("autoload");
            let has_list = |kind| autoload.and_then(|it| it.get(kind)?.as_array()).is_some_and(|list| !list.is_empty());
            // What Composer, Laravel or a shell load themselves is not in the code.
            let kind = package.get("type").and_then(Value::as_str).unwrap_or("library");
            let is_found = package.get("extra").is_some_and(|extra| extra.get("laravel").is_some());
            let is_run = package.get("bin").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
            let mut is_open = has_list("files") || has_list("classmap") || is_found || is_run || kind != "library";
            let tables = ["psr-4", "psr-0"].into_iter().filter_map(|kind| autoload?.get(kind)?.as_object());
            for namespace in tables.flat_map(|table| table.keys()) {
                match namespace.trim_matches('\\') {
                    // Classes without a namespace.
                    bare if bare.is_empty() || bare.ends_with('_') => is_open = true,
                    bare => add(&mut self.modules, &name, bare),
                }
            }
            if is_open {
                self.open.insert(name);
            }
        }
    }
}

fn renames(pattern: &Regex, text: &str, out: &mut Names) {
    for captures in pattern.captures_iter(text) {
        if let (Some(name), Some(alias)) = (captures.name("name"), captures.name("alias")) {
            add(out, name.as_str(), alias.as_str());
        }
    }
}

fn add(out: &mut Names, package: &str, name: &str) {
    let names = out.entry(package.to_owned()).or_default();
    if names.len() < MAX_NAMES {
        names.insert(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_of_a_lock() {
        let lock = r#"{"packages": [
            {"name": "Sand/Clock", "autoload": {"psr-4": {"Hour\\Glass\\": "src/", "": "lib/"}, "files": ["x.php"]}},
            {"name": "sand/old", "autoload": {"psr-0": {"Sand_": "src/"}, "psr-4": []}}, 7, {"autoload": null}
        ], "packages-dev": [{"name": "sand/none"}, {"name": "sand/new", "autoload": {"psr-4": {"Sand\\": ["a"]}, "classmap": []}},
            {"name": "sand/tool", "bin": ["tool"]}, {"name": "sand/plugin", "type": "composer-plugin", "bin": []}]}"#;
        let mut told = Told::default();
        told.namespaces(lock);
        told.namespaces("{\"packages\": 1");
        let found: Vec<String> = told.modules.iter().map(|(name, spaces)| format!("{name} {spaces:?}")).collect();
        assert_eq!(found, [r#"sand/clock {"Hour\\Glass"}"#, r#"sand/new {"Sand"}"#]);
        assert_eq!(told.open.into_iter().collect::<Vec<_>>(), ["sand/clock", "sand/old", "sand/plugin", "sand/tool"]);
    }
}
