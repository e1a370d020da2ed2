//! Defines [`Allow`]: an allowlist of gitleaks, which tells what a team has accepted.
//!
//! The format and what it means: <https://github.com/gitleaks/gitleaks#configuration>.

use std::collections::BTreeSet;
use std::ops::Range;

use regex::bytes::RegexSet;

use crate::rule::expression::Finding;

/// What a team has accepted.
#[derive(Clone, Debug)]
pub struct Allow {
    /// Why, in its author's words; may be empty.
    pub description: String,
    /// The file that says so.
    pub origin: String,
    /// Whether all that it names must hold, rather than any.
    pub(crate) all: bool,
    /// What the patterns are about.
    pub(crate) target: Target,
    /// Patterns of texts; `None` when it names none.
    pub(crate) regexes: Option<RegexSet>,
    /// Texts in lower case that a secret contains in any case.
    pub(crate) stop_words: Vec<String>,
    /// Patterns of paths; `None` when it names none.
    pub(crate) paths: Option<RegexSet>,
    /// Full object ids in lower-case hex.
    pub(crate) commits: BTreeSet<String>,
}

/// What the patterns of an allowlist are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// The credential.
    #[default]
    Secret,
    /// What the pattern of the rule matched.
    Match,
    /// The lines that the match is on. Behind the first line of a text they begin with the line end in front of them:
    /// so does gitleaks, where `^` therefore holds on the first line alone.
    Line,
}

/// What an allowlist says of a match before its path and commit are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers {
    /// It is accepted wherever it is.
    Yes,
    /// It is accepted nowhere.
    No,
    /// It depends on the path or the commit.
    There,
}

impl Target {
    /// Where the lines of a match begin and end.
    pub(crate) fn line(text: &[u8], at: &Range<usize>) -> (usize, usize) {
        let start = memchr::memrchr(b'\n', &text[..at.start]).unwrap_or(0);
        let end = memchr::memchr(b'\n', &text[at.end..]).map_or(text.len(), |more| at.end + more);
        (start, end)
    }
}

impl Allow {
    /// What it says of a match before its path and commit are known.
    pub(crate) fn covers(&self, finding: &Finding<'_>) -> Covers {
        let by_regex = self.regexes.as_ref().map(|regexes| {
            let target = match self.target {
                Target::Secret => finding.secret,
                Target::Match => finding.matched,
                Target::Line => finding.line,
            };
            !target.is_empty() && regexes.is_match(target)
        });
        let by_word = (!self.stop_words.is_empty()).then(|| {
            let lower = String::from_utf8_lossy(finding.secret).to_lowercase();
            self.stop_words.iter().any(|word| lower.contains(word))
        });
        let has_place = self.paths.is_some() || !self.commits.is_empty();
        let mut said = by_regex.into_iter().chain(by_word);
        match self.all {
            true if !said.all(|holds| holds) => Covers::No,
            false if said.any(|holds| holds) => Covers::Yes,
            _ if has_place => Covers::There,
            all => {
                if all {
                    Covers::Yes
                } else {
                    Covers::No
                }
            }
        }
    }

    /// Whether a match that it [covers](Self::covers) depending on the place is accepted at one; a file that is in no
    /// commit has none.
    pub(crate) fn covers_place(&self, path: &str, commit: Option<&str>) -> bool {
        let by_path = self.paths.as_ref().map(|paths| !path.is_empty() && paths.is_match(path.as_bytes()));
        let by_commit = (!self.commits.is_empty())
            .then(|| commit.is_some_and(|id| self.commits.contains(&id.to_ascii_lowercase())));
        let mut said = by_path.into_iter().chain(by_commit);
        if self.all { said.all(|holds| holds) } else { said.any(|holds| holds) }
    }

    /// Whether every file with a path is accepted as a whole.
    pub(crate) fn covers_file(&self, path: &str) -> bool {
        self.regexes.is_none() && self.stop_words.is_empty() && self.covers_place(path, None)
            || !self.all && self.covers_place(path, None)
    }

    /// Why it accepts, for people.
    pub fn reason(&self) -> String {
        match self.description.trim() {
            "" => format!("allowed in {}", self.origin),
            why => format!("allowed in {}: {why}", self.origin),
        }
    }
}
