//! Defines [`Search`]: how a rule that was written for another tool searches, which is not how ours do.
//!
//! Our rules are tried where a keyword stands and look at a few KiB around it. The rules of other tools mean what a
//! search through the whole text finds, from left to right: their keywords may be anywhere in the text, and their
//! patterns may reach as far as they like.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

use crate::rule::allow::Target;
use crate::rule::expression::{Answer, Expression, Finding};

/// What a compiled pattern of another tool may take, in bytes: the limit of Nosey Parker.
pub(super) const SIZE: usize = 16 << 20;

/// How a rule that was written for another tool searches.
#[derive(Clone, Debug)]
pub struct Search {
    /// The pattern; `None` for a rule that is about paths alone.
    pub(crate) regex: Option<Regex>,
    /// Texts in lower case, one of which must be somewhere in the text in any case; empty when there need be none.
    pub(crate) keywords: Vec<String>,
    /// Texts in lower case, one of which is in every match of the pattern; empty when that is not known.
    pub(crate) literals: Vec<String>,
    /// Which matches count where several overlap.
    pub(crate) spans: Spans,
    /// The pattern of a match that ends where the text does, for [`Spans::Longest`].
    pub(crate) ending: Option<Regex>,
    /// Which part of a match is the secret.
    pub(crate) secret: SecretPart,
    /// The Shannon entropy that the secret must exceed, in bits a byte; `None` when anything goes.
    pub(crate) over_entropy: Option<f64>,
    /// Expressions of betterleaks; a match for which one holds does not count.
    pub(crate) filters: Vec<Expression>,
    /// Of two rules that find one secret on one line, the one with more of this counts; `None` for tools without it.
    pub(crate) specificity: Option<i64>,
    /// How many characters of a class the secret must have at least.
    pub(crate) requirements: Requirements,
}

/// Which matches count where several overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spans {
    /// The leftmost, and of those the one that the pattern prefers; the next begins behind it.
    Leftmost,
    /// All that lie in no longer one, as Nosey Parker does.
    Longest,
}

/// Which part of a match is the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretPart {
    /// Of the match without line ends around it, matched again on its own: the group of this number, or for 0 the first
    /// group that is not empty, or without groups all of it (gitleaks, betterleaks 1).
    Trimmed(usize),
    /// The group of this number, or for 0 the first that is not empty, or without groups all of the match (betterleaks 2).
    Captured(usize),
    /// The group `TOKEN`, or else the first, or without groups all of the match (Kingfisher).
    Token,
    /// From the first group to the last, or without groups all of the match (Nosey Parker).
    Groups,
}

/// What characters Kingfisher asks for in a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The least number of digits.
    pub(crate) digits: usize,
    /// The least number of `A` to `Z`.
    pub(crate) upper: usize,
    /// The least number of `a` to `z`.
    pub(crate) lower: usize,
    /// The least number of the characters in `special`.
    pub(crate) specials: usize,
    /// What is a special character.
    pub(crate) special: String,
    /// Texts in lower case that a secret must not contain in any case.
    pub(crate) without: Vec<String>,
}

/// Compiles a pattern in the syntax of the `regex` crate; `unicode` tells whether it is about characters or bytes.
///
/// # Errors
/// It is not valid, or needs more than 16 MiB.
pub(crate) fn compile(pattern: &str, unicode: bool) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(unicode).size_limit(SIZE).build()
}

impl Search {
    /// A search for a pattern, as gitleaks does it.
    pub(crate) fn new(regex: Option<Regex>, secret: SecretPart) -> Self {
        Self {
            regex,
            keywords: Vec::new(),
            literals: Vec::new(),
            spans: Spans::Leftmost,
            ending: None,
            secret,
            over_entropy: None,
            filters: Vec::new(),
            specificity: None,
            requirements: Requirements::default(),
        }
    }

    /// Whether the rule finds files by their paths and looks into none.
    pub fn is_about_paths(&self) -> bool {
        self.regex.is_none()
    }

    /// Whether what can be said of a match without its path speaks for it.
    pub(crate) fn accepts(&self, finding: &Finding<'_>) -> bool {
        self.over_entropy.is_none_or(|least| entropy(finding.secret) > least)
            && self.requirements.are_met(finding.secret)
            && !self.filters.iter().any(|filter| filter.eval(finding, None) == Answer::Yes)
    }

    /// The filters that need a path or a commit to tell whether a match counts.
    pub(crate) fn open_filters(&self, finding: &Finding<'_>) -> impl Iterator<Item = &Expression> {
        self.filters.iter().filter(|filter| filter.eval(finding, None) == Answer::Unknown)
    }
}

impl Requirements {
    fn are_met(&self, secret: &[u8]) -> bool {
        let count = |class: &dyn Fn(&u8) -> bool| secret.iter().filter(|byte| class(byte)).count();
        let lower = secret.to_ascii_lowercase();
        count(&u8::is_ascii_digit) >= self.digits
            && count(&u8::is_ascii_uppercase) >= self.upper
            && count(&u8::is_ascii_lowercase) >= self.lower
            && count(&|byte| self.special.as_bytes().contains(byte)) >= self.specials
            && !self.without.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
    }
}

/// Shannon entropy in bits a byte, with the precision in which other tools compare it; 0 for an empty text.
pub(crate) fn entropy(text: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    text.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let length = text.len() as f64;
    counts.iter().filter(|n| **n > 0).map(|n| f64::from(*n) / length).map(|p| -p * p.log2()).sum()
}

/// What is said of a match in a text, for allowlists and filters; a range beyond the text is cut.
pub(crate) fn finding_of<'a>(
    text: &'a [u8],
    whole: &Range<usize>,
    secret: &Range<usize>,
    rule: (&'a str, &'a str),
) -> Finding<'a> {
    let end = whole.end.min(text.len());
    let start = whole.start.min(end);
    let (from, to) = Target::line(text, &(start..end));
    let secret = secret.start.min(text.len())..secret.end.min(text.len());
    Finding {
        secret: text.get(secret).unwrap_or_default(),
        matched: &text[start..end],
        line: &text[from..to],
        text,
        at: start..end,
        rule: rule.0,
        description: rule.1,
    }
}
