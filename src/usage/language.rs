//! Defines [`Language`]: how source code imports packages, read from `rules/imports.toml`.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use regex::Regex;
use regex::bytes;
use serde::Deserialize;

use super::pattern::Pattern;
use super::steps::Steps;
use crate::ecosystem::Ecosystem;
use crate::finding::RepoPath;

/// Stands for the name of a module in patterns.
pub(super) const MODULE: &str = "<module>";

/// Stands for the name of a function or a type in patterns.
pub(super) const SYMBOL: &str = "<symbol>";

/// Everything that is known of imports.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Rules {
    /// Folders that hold source code.
    pub(super) source_folders: Vec<String>,
    /// Names of folders of other people's projects that are names of modules, too, below one of those.
    pub(super) modules_too: Vec<String>,
    /// Every language, or group of them.
    #[serde(rename = "language")]
    pub(super) languages: Vec<Language>,
    /// By ecosystem and package, the modules it has, between spaces; none where nothing imports it, or nobody knows.
    pub(super) modules: BTreeMap<String, BTreeMap<String, String>>,
    /// By ecosystem, packages that work without being imported: something else starts or loads them.
    pub(super) loaded: BTreeMap<String, Vec<String>>,
}

/// The languages that import packages of some ecosystems.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Language {
    /// Their names in OSV, or the types of their package URLs.
    pub(super) ecosystems: Vec<String>,
    /// Extensions of its files, or names of those without one.
    files: Vec<String>,
    /// Extensions of other files that may mention packages, but need not.
    #[serde(default)]
    also: Vec<String>,
    /// Whether the name of a package tells what is imported, so that a miss is one.
    pub(super) reliable: bool,
    /// The beginnings of lines that are no code.
    #[serde(default)]
    skip: Option<String>,
    /// The ways to write a name.
    #[serde(rename = "form")]
    pub(super) forms: Vec<Form>,
    /// How code names what a package has; `None` where no advisories do.
    #[serde(default)]
    pub(super) symbol: Option<SymbolRules>,
    /// The name of the lock that says which namespaces each package has, as Composer's does.
    #[serde(default)]
    pub(super) namespaces: Option<String>,
    /// How manifests give packages other names.
    #[serde(default, rename = "rename")]
    pub(super) renames: Vec<Rename>,
    #[serde(skip)]
    skipped: OnceLock<Option<bytes::Regex>>,
}

/// A way to write the names of packages, and where they stand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Form {
    /// How a module is named after its package: expressions and what stands in their place (`- -> _`), one after another
    /// between commas.
    names: Vec<String>,
    /// The same for names that it may have: where one is found, a miss of the others is none.
    #[serde(default)]
    doubtful: Vec<String>,
    /// What stands around a name.
    patterns: Vec<String>,
    /// What stands around the same name where it is given to something else: a file with that leaves open what it means.
    #[serde(default)]
    shadows: Vec<String>,
    /// Case does not count.
    #[serde(default)]
    pub(super) ignore_case: bool,
    /// A name begins with a capital letter.
    #[serde(default)]
    pub(super) capital: bool,
    /// What may stand in the place of the last dot of a name.
    #[serde(default)]
    pub(super) joint: Option<String>,
    #[serde(skip)]
    compiled: OnceLock<Vec<Pattern>>,
    #[serde(skip)]
    shadowing: OnceLock<Vec<Pattern>>,
    #[serde(skip)]
    steps: OnceLock<Vec<(Steps, bool)>>,
}

/// How code names functions and types.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SymbolRules {
    /// What stands between the parts of a name.
    pub(super) separator: String,
    /// What the name of a type looks like. What belongs to something else is a function.
    owner: String,
    /// What a name looks like that other packages can use.
    public: String,
    /// What stands around the name of a function.
    function: String,
    /// What stands around the name of a method.
    method: String,
    #[serde(skip)]
    compiled: OnceLock<Option<Symbols>>,
}

/// [`SymbolRules`] as they are used.
pub(super) struct Symbols {
    pub(super) owner: Regex,
    pub(super) public: Regex,
    pub(super) function: Pattern,
    pub(super) method: Pattern,
}

/// How a manifest gives a package another name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rename {
    /// The name of the manifest.
    pub(super) file: String,
    /// An expression with the groups `alias` and `name`.
    pub(super) pattern: String,
}

/// What is known; read once.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    // A test holds the file, and every pattern in it, to be valid.
    toml::from_str(include_str!("../../rules/imports.toml")).unwrap_or_default()
});

impl Language {
    /// Whether it imports packages of an ecosystem.
    pub(super) fn is_of(&self, ecosystem: Ecosystem) -> bool {
        self.ecosystems.iter().any(|name| name == ecosystem.osv_or_purl())
    }

    /// Whether a file is source code of it.
    pub(super) fn is_source(&self, path: &RepoPath) -> bool {
        is_among(&self.files, path)
    }

    /// Whether a file may mention packages.
    pub(super) fn wants(&self, path: &RepoPath) -> bool {
        self.is_source(path) || is_among(&self.also, path)
    }

    /// Whether a line that begins so is no code.
    pub(super) fn is_skipped(&self, line: &[u8]) -> bool {
        let expression = |text: &String| bytes::RegexBuilder::new(text).unicode(false).build().ok();
        let skipped = self.skipped.get_or_init(|| self.skip.as_ref().and_then(expression));
        skipped.as_ref().is_some_and(|skipped| skipped.is_match(line))
    }
}

impl Form {
    /// What stands around a name.
    pub(super) fn patterns(&self) -> &[Pattern] {
        self.compiled.get_or_init(|| compile(&self.patterns))
    }

    /// What stands around the same name where it is given to something else.
    pub(super) fn shadows(&self) -> &[Pattern] {
        self.shadowing.get_or_init(|| compile(&self.shadows))
    }

    /// The names of modules that a name of a package becomes, and whether each is sure.
    pub(super) fn rewritten(&self, name: &str) -> Vec<(String, bool)> {
        let read = |list: &[String], is_sure: bool| -> Vec<(Steps, bool)> {
            list.iter().filter_map(|steps| Some((Steps::new(steps).ok()?, is_sure))).collect()
        };
        let steps = self.steps.get_or_init(|| [read(&self.names, true), read(&self.doubtful, false)].concat());
        steps.iter().map(|(steps, is_sure)| (steps.apply(name), *is_sure)).collect()
    }
}

impl SymbolRules {
    /// The patterns; `None` where one is not valid, which a test rules out.
    pub(super) fn compiled(&self) -> Option<&Symbols> {
        let compile = || {
            Some(Symbols {
                owner: Regex::new(&self.owner).ok()?,
                public: Regex::new(&self.public).ok()?,
                function: Pattern::new(&self.function, SYMBOL).ok()?,
                method: Pattern::new(&self.method, SYMBOL).ok()?,
            })
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

fn compile(patterns: &[String]) -> Vec<Pattern> {
    patterns.iter().filter_map(|pattern| Pattern::new(pattern, MODULE).ok()).collect()
}

/// Whether the extension of a file, or its name, is in a list.
fn is_among(list: &[String], path: &RepoPath) -> bool {
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    let kind = name.rsplit_once('.').map_or(name, |(_, extension)| extension);
    list.iter().any(|one| one == kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_can_be_used() {
        let rules: Rules = toml::from_str(include_str!("../../rules/imports.toml")).unwrap();
        let mut known: Vec<&str> = Ecosystem::all().map(Ecosystem::osv_or_purl).collect();
        known.sort_unstable();
        let mut named: Vec<&String> = rules.languages.iter().flat_map(|language| &language.ecosystems).collect();
        named.sort_unstable();
        assert!(named.windows(2).all(|pair| pair[0] != pair[1]), "one language for each ecosystem");
        let tables = rules.modules.keys().chain(rules.loaded.keys());
        for name in tables {
            assert!(named.contains(&name), "{name} has no language");
        }
        for name in named {
            assert!(known.contains(&name.as_str()), "{name} is no ecosystem");
        }
        for language in &rules.languages {
            assert!(!language.files.is_empty() && !language.forms.is_empty());
            if let Some(skip) = &language.skip {
                assert!(skip.starts_with('^'), "{skip}");
                bytes::RegexBuilder::new(skip).unicode(false).build().unwrap();
            }
            for form in &language.forms {
                form.patterns.iter().for_each(|pattern| drop(Pattern::new(pattern, MODULE).unwrap()));
                assert_eq!(form.patterns().len(), form.patterns.len());
                assert_eq!(form.shadows().len(), form.shadows.len());
                for steps in form.names.iter().chain(&form.doubtful) {
                    assert!(Steps::new(steps).is_ok(), "{steps}");
                }
            }
            assert!(language.symbol.iter().all(|symbol| symbol.compiled().is_some()), "{:?}", language.ecosystems);
            for rename in &language.renames {
                let pattern = Regex::new(&rename.pattern).unwrap();
                let groups: Vec<&str> = pattern.capture_names().flatten().collect();
                assert!(groups.contains(&"alias") && groups.contains(&"name"), "{}", rename.pattern);
            }
        }
    }

    #[test]
    fn names_in_tables_are_those_that_are_looked_up() {
        for (ecosystem, table) in &RULES.modules {
            let ecosystem = Ecosystem::all().find(|known| known.osv_or_purl() == ecosystem).unwrap();
            for (name, modules) in table {
                assert_eq!(ecosystem.normalized(name), name.as_str());
                assert!(name.matches('*').count() <= 1 && modules.len() < 300, "{name}");
            }
        }
    }
}
