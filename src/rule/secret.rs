//! Defines [`SecretRule`]: a pattern for one kind of credential, and what a match must have to count.

use std::sync::{Arc, OnceLock};

use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::finding::{Confidence, Severity};
use crate::rule::Rule;
use crate::rule::allow::Allow;
use crate::rule::built::KnownPlace;
use crate::rule::details::{Details, DetailsOf};
use crate::rule::search::Search;
use crate::text::{self, tokens};

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
    /// Lower-case ASCII literals, one of which is in every match, whatever its case; never empty. Where there is a
    /// `search` they need only be in the text, may be any text, and may be none.
    pub keywords: Vec<String>,
    /// The least Shannon entropy of the secret, in bits a byte; 0 when anything goes.
    pub min_entropy: f32,
    /// How many characters of a class the secret must have at least.
    pub min_chars: MinChars,
    /// The most characters that a token of the vocabulary may stand for on average, so that words are no secret; 0 when
    /// anything goes. Random characters are under 2, English is above 3.
    pub max_chars_per_token: f32,
    /// Whether the confidence is weighed by what the secret and its surroundings look like.
    pub weigh: bool,
    /// Whether matches are no findings of their own, only what other rules need.
    pub hidden: bool,
    /// What is asked of matches only, and read when it is first asked for.
    pub details: DetailsOf,
    /// Lower-case texts that show a placeholder when they are in the secret, whatever its case.
    pub stop_words: Vec<String>,
    /// Texts that must be found, with the secret between `«` and `»`; templates are not yet expanded.
    pub examples: Vec<String>,
    /// Texts in which the rule must find nothing.
    pub counter_examples: Vec<String>,
    /// Texts like the examples whose secret the check confirms.
    pub confirmed: Vec<String>,
    /// The display name of the provider; empty in a user's pack without one.
    pub provider: String,
    /// Where its keywords are in its matches, when that is known without reading the pattern.
    pub places: Option<&'static [KnownPlace]>,
    /// Patterns of paths, one of which must fit; empty when any path will do.
    pub paths: Vec<String>,
    /// Patterns of paths none of which may fit.
    pub not_paths: Vec<String>,
    /// What a team has accepted of its findings.
    pub allow: Vec<Arc<Allow>>,
    /// How it searches, where it was written for another tool; `None` for ours.
    pub search: Option<Box<Search>>,
    pub(super) path_filter: OnceLock<(Vec<Regex>, Vec<Regex>)>,
    /// Patterns of lines none of which may fit.
    pub not_lines: Vec<String>,
    pub(super) line_filter: OnceLock<Vec<Regex>>,
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
        if self.max_chars_per_token > 0.0 && tokens::chars_per_token(secret) > self.max_chars_per_token {
            return false;
        }
        let lower = secret.to_ascii_lowercase();
        if is_typed(&lower) {
            return false;
        }
        let holds = |word: &str| lower.windows(word.len()).any(|window| window == word.as_bytes());
        !PLACEHOLDERS.iter().any(|word| holds(word)) && !self.stop_words.iter().any(|word| holds(word))
    }

    /// The id as its pack says it.
    pub fn id(&self) -> &str {
        self.rule.id.strip_prefix("secret/").unwrap_or(&self.rule.id)
    }

    /// Whether it goes by what a value is called and not by a form that somebody gave it.
    pub fn is_guess(&self) -> bool {
        self.weigh && self.confidence == Confidence::Low
    }

    /// What is asked of matches.
    pub fn details(&self) -> &Details {
        self.details.get()
    }

    /// Whether the rule applies to a path; a rule without path filters applies to everything.
    pub fn applies_to(&self, path: &str) -> bool {
        if self.paths.is_empty() && self.not_paths.is_empty() {
            return true;
        }
        let (only, not) = self.path_filter.get_or_init(|| (compile_all(&self.paths), compile_all(&self.not_paths)));
        (only.is_empty() || only.iter().any(|p| p.is_match(path.as_bytes())))
            && !not.iter().any(|p| p.is_match(path.as_bytes()))
    }

    /// Whether the rule applies to a line; a rule without filters of lines applies to every one.
    pub fn applies_to_line(&self, line: &[u8]) -> bool {
        !self.line_filter.get_or_init(|| compile_all(&self.not_lines)).iter().any(|p| p.is_match(line))
    }
}

/// Patterns that were found to be valid when their rule was read.
fn compile_all(patterns: &[String]) -> Vec<Regex> {
    patterns.iter().filter_map(|pattern| compile(pattern).ok()).collect()
}

/// Whether a part of it was typed and not drawn: a row of the alphabet, or the same character over and over. Zero bytes
/// are many `A`s in base64, and may be a part of a token.
fn is_typed(lower: &[u8]) -> bool {
    const ROW: usize = 12;
    const SAME: usize = 13;
    let (mut row, mut same) = (1, 1);
    for pair in lower.windows(2) {
        row = if pair[0].is_ascii_lowercase() && pair[1] == pair[0] + 1 { row + 1 } else { 1 };
        same = if pair[0] == pair[1] && pair[0] != b'a' { same + 1 } else { 1 };
        if row >= ROW || same >= SAME {
            return true;
        }
    }
    false
}

/// Compiles a pattern for bytes; classes are ASCII unless the pattern needs Unicode.
///
/// # Errors
/// The pattern is not valid, or needs more than 10 MB.
pub fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(false).build().or_else(|_| RegexBuilder::new(pattern).build())
}
