//! Defines [`SecretRule`] and reads packs of them from TOML, the embedded ones and the user's.
//!
//! `rules/README.md` documents the format.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::error::Error;
use crate::finding::{Confidence, Severity};
use crate::rule::Rule;
use crate::rule::built::{Built, KnownPlace};
use crate::rule::literal;
use crate::text;

/// A pattern for one kind of credential.
#[derive(Debug)]
pub struct SecretRule {
    /// What outputs say about it; the id is `secret/` and the id in the pack.
    pub rule: Arc<Rule>,
    /// What to do about a finding, without the page where to do it.
    pub remedy: String,
    /// The severity of every finding.
    pub severity: Severity,
    /// The confidence of a finding before any check.
    pub confidence: Confidence,
    /// The pattern, in the syntax of the `regex` crate; the group `secret` is the credential, without one the match.
    pub pattern: String,
    /// Lower-case ASCII literals, one of which is in every match, whatever its case; never empty.
    pub keywords: Vec<String>,
    /// The least Shannon entropy of the secret, in bits a byte; 0 when anything goes.
    pub min_entropy: f32,
    /// How many characters of a class the secret must have at least.
    pub min_chars: MinChars,
    /// Lower-case texts that show a placeholder when they are in the secret, whatever its case.
    pub stop_words: Vec<String>,
    /// Texts that must be found, with the secret between `«` and `»`; templates are not yet expanded.
    pub examples: Vec<String>,
    /// Texts in which the rule must find nothing.
    pub counter_examples: Vec<String>,
    /// The display name of the provider; empty in a user's pack without one.
    pub provider: String,
    /// Where its keywords are in its matches, when that is known without reading the pattern.
    pub places: Option<&'static [KnownPlace]>,
    paths: Vec<String>,
    not_paths: Vec<String>,
    path_filter: OnceLock<(Vec<Regex>, Vec<Regex>)>,
}

/// How many characters of a class a secret must have at least.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct MinChars {
    /// `0` to `9`.
    pub digit: usize,
    /// `a` to `z` in both cases.
    pub letter: usize,
    /// `A` to `Z`.
    pub upper: usize,
    /// `a` to `z`.
    pub lower: usize,
}

/// What shows in any rule that a secret is a placeholder.
const PLACEHOLDERS: [&str; 4] = ["example", "xxxxxxxx", "00000000000", "1234567890"];

impl SecretRule {
    /// Whether a match can be a real secret: random enough, of the right characters, and no placeholder.
    pub fn accepts(&self, secret: &[u8]) -> bool {
        let count = |class: fn(&u8) -> bool| secret.iter().filter(|byte| class(byte)).count();
        let least = &self.min_chars;
        if count(u8::is_ascii_digit) < least.digit
            || count(u8::is_ascii_alphabetic) < least.letter
            || count(u8::is_ascii_uppercase) < least.upper
            || count(u8::is_ascii_lowercase) < least.lower
            || (self.min_entropy > 0.0 && text::entropy(secret) < self.min_entropy)
        {
            return false;
        }
        let lower = secret.to_ascii_lowercase();
        let holds = |word: &str| lower.windows(word.len()).any(|window| window == word.as_bytes());
        !PLACEHOLDERS.iter().any(|word| holds(word)) && !self.stop_words.iter().any(|word| holds(word))
    }

    /// Whether the rule applies to a path; a rule without path filters applies to everything.
    pub fn applies_to(&self, path: &str) -> bool {
        if self.paths.is_empty() && self.not_paths.is_empty() {
            return true;
        }
        let compile = |patterns: &[String]| patterns.iter().filter_map(|p| compile(p).ok()).collect::<Vec<_>>();
        let (only, not) = self.path_filter.get_or_init(|| (compile(&self.paths), compile(&self.not_paths)));
        (only.is_empty() || only.iter().any(|p| p.is_match(path.as_bytes())))
            && !not.iter().any(|p| p.is_match(path.as_bytes()))
    }
}

/// Compiles a pattern for bytes; classes are ASCII unless the pattern needs Unicode.
///
/// # Errors
/// The pattern is not valid, or needs more than 10 MB.
pub fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(false).build().or_else(|_| RegexBuilder::new(pattern).build())
}

/// The rules of the binary.
pub fn embedded() -> Vec<Arc<SecretRule>> {
    crate::embedded::SECRETS
        .iter()
        .map(|built| Arc::new(RuleEntry::of(built).rule(built.provider, Some(built.places))))
        .collect()
}

/// The rules of a user's pack: a file, or every `.toml` file of a folder, in the order of their names.
///
/// # Errors
/// A file that cannot be read, is no pack, or holds a pattern that is not valid.
pub fn load(path: &Path) -> Result<Vec<Arc<SecretRule>>, Error> {
    let files = if path.is_dir() { toml_files(path)? } else { vec![path.to_owned()] };
    if files.is_empty() {
        return Err(Error::usage(format!("no rule pack in `{}`", path.display()))
            .hint("a pack is a file with the ending .toml; rules/README.md of scanall documents it"));
    }
    let mut rules = Vec::new();
    for file in files {
        let source = std::fs::read_to_string(&file)
            .map_err(|e| Error::usage(format!("cannot read the rule pack `{}`", file.display())).because(e))?;
        rules.extend(read(&source, &file.display().to_string())?);
    }
    Ok(rules)
}

/// Joins rule lists: a later rule with the id of an earlier one takes its place.
pub fn merge(lists: impl IntoIterator<Item = Vec<Arc<SecretRule>>>) -> Vec<Arc<SecretRule>> {
    let mut by_id = BTreeMap::new();
    for rule in lists.into_iter().flatten() {
        by_id.insert(rule.rule.id.clone(), rule);
    }
    by_id.into_values().collect()
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = std::fs::read_dir(folder)
        .map_err(|e| Error::usage(format!("cannot read the folder `{}`", folder.display())).because(e))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    Ok(files)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    #[serde(default)]
    provider: String,
    rule: Vec<RuleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: String,
    title: Option<String>,
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    regex: String,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    min_entropy: f32,
    #[serde(default)]
    min_chars: MinChars,
    #[serde(default)]
    stop_words: Vec<String>,
    #[serde(default)]
    help: String,
    rotate: Option<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    not_paths: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
    #[serde(default)]
    counter_examples: Vec<String>,
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

impl RuleEntry {
    fn build(self, provider: &str, origin: &str) -> Result<SecretRule, Error> {
        let refuse = |what: String| Error::usage(format!("rule `{}` in `{origin}`: {what}", self.id));
        for pattern in self.paths.iter().chain(&self.not_paths) {
            compile(pattern).map_err(|e| refuse("a path pattern is not valid".to_owned()).because(e))?;
        }
        let derived =
            literal::required(&self.regex).map_err(|e| refuse("the pattern is not valid".to_owned()).because(e))?;
        let keywords: Vec<String> = match self.keywords.is_empty() {
            false => self.keywords.iter().map(|k| k.to_ascii_lowercase()).collect(),
            true => derived,
        };
        if keywords.is_empty() || keywords.iter().any(|k| k.len() < 2 || !k.is_ascii()) {
            return Err(refuse("it has no keyword".to_owned())
                .hint("give `keywords`: ASCII texts of two or more characters, one of which is in every match"));
        }
        Ok(Self { keywords, ..self }.rule(provider, None))
    }

    /// The entry of a rule of the binary.
    fn of(built: &Built) -> Self {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Self {
            id: built.id.to_owned(),
            title: built.title.map(str::to_owned),
            severity: built.severity,
            confidence: built.confidence,
            regex: built.pattern.to_owned(),
            keywords: texts(built.keywords),
            min_entropy: built.min_entropy,
            min_chars: built.min_chars,
            stop_words: texts(built.stop_words),
            help: built.help.to_owned(),
            rotate: built.rotate.map(str::to_owned),
            paths: texts(built.paths),
            not_paths: texts(built.not_paths),
            examples: texts(built.examples),
            counter_examples: texts(built.counter_examples),
        }
    }

    /// The rule of an entry that was checked and has its keywords.
    fn rule(self, provider: &str, places: Option<&'static [KnownPlace]>) -> SecretRule {
        let title = self.title.unwrap_or_else(|| self.id.replace(['-', '_'], " "));
        let remedy = match self.help.trim() {
            "" => "Revoke the credential, then remove it from the code.".to_owned(),
            help => help.to_owned(),
        };
        let help = match &self.rotate {
            Some(page) => format!("{remedy} See {page}"),
            None => remedy.clone(),
        };
        let noun = lower_first(&title);
        SecretRule {
            rule: Arc::new(Rule {
                id: format!("secret/{}", self.id),
                description: format!(
                    "{} {noun} in a repository can be used by everybody who can read it, now or later.",
                    article(&noun)
                ),
                title,
                help,
                url: self.rotate,
                cwe: vec![798],
            }),
            remedy,
            severity: self.severity.unwrap_or(Severity::High),
            confidence: self.confidence.unwrap_or(Confidence::Medium),
            pattern: self.regex,
            keywords: self.keywords,
            min_entropy: self.min_entropy,
            min_chars: self.min_chars,
            stop_words: self
                .stop_words
                .iter()
                .map(|word| word.to_ascii_lowercase())
                .filter(|word| !word.is_empty())
                .collect(),
            examples: self.examples,
            counter_examples: self.counter_examples,
            provider: provider.to_owned(),
            paths: self.paths,
            not_paths: self.not_paths,
            path_filter: OnceLock::new(),
            places,
        }
    }
}

/// Lowers the first letter unless the word is an acronym or a name with inner capitals.
fn lower_first(title: &str) -> String {
    let first = title.split(' ').next().unwrap_or_default();
    match ["Private", "Generic", "Password", "Encrypted", "Unencrypted"].contains(&first) {
        true => text::lower_first(title),
        false => title.to_owned(),
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(|c: char| "aeioAEIO".contains(c)) { "An" } else { "A" }
}
