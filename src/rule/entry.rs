//! Defines [`Entry`]: a rule as a pack says it, and makes a [`SecretRule`] of it.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::check::Check;
use crate::error::Error;
use crate::finding::{Confidence, Severity};
use crate::rule::Rule;
use crate::rule::built::{Built, KnownPlace};
use crate::rule::details::{Details, DetailsOf, Need};
use crate::rule::secret::{MinChars, SecretRule, compile};
use crate::rule::verify::Verify;
use crate::rule::{idiom, literal};
use crate::text;

/// A rule as a pack says it; `rules/README.md` documents each key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
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
    max_chars_per_token: f32,
    #[serde(default)]
    stop_words: Vec<String>,
    #[serde(default)]
    weigh: bool,
    #[serde(default)]
    hidden: bool,
    check: Option<Check>,
    #[serde(default)]
    needs: Vec<Need>,
    verify: Option<Verify>,
    #[serde(default)]
    help: String,
    rotate: Option<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    not_paths: Vec<String>,
    #[serde(default)]
    not_lines: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
    #[serde(default)]
    counter_examples: Vec<String>,
    #[serde(default)]
    confirmed: Vec<String>,
}

impl Entry {
    /// Checks the entry, finds its keywords and makes the rule of it; `origin` names the pack in errors.
    ///
    /// # Errors
    /// A pattern is not valid or has no keyword.
    pub(super) fn build(mut self, provider: &str, origin: &str) -> Result<SecretRule, Error> {
        let refuse = |what: String| Error::usage(format!("rule `{}` in `{origin}`: {what}", self.id));
        for pattern in self.paths.iter().chain(&self.not_paths) {
            compile(pattern).map_err(|e| refuse("a path pattern is not valid".to_owned()).because(e))?;
        }
        for pattern in &self.not_lines {
            compile(pattern).map_err(|e| refuse("a pattern of `not_lines` is not valid".to_owned()).because(e))?;
        }
        self.regex = idiom::expand(&self.regex).map_err(&refuse)?;
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
        let near = |rule: &String| self.needs.iter().any(|need| need.rule == *rule);
        if let Some(rule) = self.verify.iter().flat_map(Verify::needs).find(|rule| !near(rule)) {
            return Err(refuse(format!("verify sends `{{need:{rule}}}`, which is not among its `needs`")));
        }
        let details = Details {
            check: self.check.take(),
            needs: std::mem::take(&mut self.needs),
            verify: self.verify.take(),
            is_silenced: false,
        };
        Ok(Self { keywords, ..self }.rule(provider, DetailsOf::Read(details), None))
    }

    /// The entry of a rule of the binary, without its details.
    pub(super) fn of(built: &Built) -> Self {
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
            max_chars_per_token: built.max_chars_per_token,
            stop_words: texts(built.stop_words),
            weigh: built.weigh,
            hidden: built.hidden,
            check: None,
            needs: Vec::new(),
            verify: None,
            help: built.help.to_owned(),
            rotate: built.rotate.map(str::to_owned),
            paths: texts(built.paths),
            not_paths: texts(built.not_paths),
            not_lines: texts(built.not_lines),
            examples: texts(built.examples),
            counter_examples: texts(built.counter_examples),
            confirmed: texts(built.confirmed),
        }
    }

    /// A rule that another tool's file says, as far as ours say the same.
    pub(super) fn foreign(id: String, title: Option<String>, regex: String) -> Self {
        Self {
            id,
            title,
            severity: None,
            confidence: None,
            regex,
            keywords: Vec::new(),
            min_entropy: 0.0,
            min_chars: MinChars::default(),
            max_chars_per_token: 0.0,
            stop_words: Vec::new(),
            weigh: false,
            hidden: false,
            check: None,
            needs: Vec::new(),
            verify: None,
            help: String::new(),
            rotate: None,
            paths: Vec::new(),
            not_paths: Vec::new(),
            not_lines: Vec::new(),
            examples: Vec::new(),
            counter_examples: Vec::new(),
            confirmed: Vec::new(),
        }
    }

    /// The rule of an entry that was checked and has its keywords.
    pub(super) fn rule(self, provider: &str, details: DetailsOf, places: Option<&'static [KnownPlace]>) -> SecretRule {
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
            max_chars_per_token: self.max_chars_per_token,
            weigh: self.weigh,
            hidden: self.hidden,
            details,
            confirmed: self.confirmed,
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
            not_lines: self.not_lines,
            line_filter: OnceLock::new(),
            places,
            allow: Vec::new(),
            search: None,
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
