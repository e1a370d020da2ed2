//! The list of words that accept findings: scanall's, and those of other tools.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::bytes::Regex;

/// A word that accepts findings, in any case. A space in it stands for any white space or a hyphen, or nothing.
#[derive(Debug)]
pub(super) struct Word {
    /// How it is written.
    pub(super) text: &'static str,
    /// It is scanall's: it covers findings of every kind, and names rules in brackets.
    pub(super) is_own: bool,
    /// Where the findings are that it covers, as seen from it.
    pub(super) lines: &'static [Line],
    /// It covers the credentials there when it names no check.
    pub(super) bare: bool,
    /// The tool's checks for hard-coded credentials: it covers the credentials there when it names one of them.
    pub(super) checks: &'static [&'static str],
    /// The tools whose findings about code it covers.
    pub(super) tools: &'static [&'static str],
}

/// A line, as seen from a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The one that it is on.
    Same,
    /// The one behind.
    Next,
    /// The one before. On a neighbour of its own line, a word that is also about its own must stand alone.
    Previous,
}

use Line::{Next, Previous, Same};

const WORD: Word = Word { text: "", is_own: false, lines: &[Same], bare: true, checks: &[], tools: &[] };

/// Bandit's checks for hard-coded passwords, by id and name, and gosec's.
/// <https://bandit.readthedocs.io/en/latest/plugins/>, <https://github.com/securego/gosec#available-rules>
const NOSEC: [&str; 7] = [
    "B105",
    "B106",
    "B107",
    "G101",
    "hardcoded_password_string",
    "hardcoded_password_funcarg",
    "hardcoded_password_default",
];

/// Every word; the first of several that cover a finding tells the reason.
pub(super) static WORDS: [Word; 14] = [
    Word { text: super::Marker::WORD, is_own: true, ..WORD },
    Word { text: "scanall:ignore-next-line", is_own: true, lines: &[Next], ..WORD },
    // https://github.com/gitleaks/gitleaks#gitleaksallow
    Word { text: "gitleaks:allow", ..WORD },
    Word { text: "betterleaks:allow", ..WORD },
    // https://github.com/trufflesecurity/trufflehog: on the line of the secret.
    Word { text: "trufflehog:ignore", ..WORD },
    // https://github.com/mongodb/kingfisher: on the line, or on its own around a string of several lines.
    Word { text: "kingfisher:ignore", lines: &[Same, Next, Previous], ..WORD },
    Word { text: "kingfisher:allow", lines: &[Same, Next, Previous], ..WORD },
    // https://github.com/Yelp/detect-secrets#inline-allowlisting; ripsecrets has the first, too.
    Word { text: "pragma: allowlist secret", ..WORD },
    Word { text: "pragma: allowlist nextline secret", lines: &[Next], ..WORD },
    Word { text: "pragma: whitelist secret", ..WORD },
    // https://bandit.readthedocs.io/en/latest/config.html#exclusions and https://github.com/securego/gosec#annotating-code:
    // alone it turns off every check of the line, that for passwords among them.
    Word { text: "nosec", checks: &NOSEC, tools: &["bandit", "gosec"], ..WORD },
    // https://golangci-lint.run/docs/linters/false-positives/: without names it is about style as well.
    Word { text: "nolint", bare: false, checks: &["gosec"], tools: &["gosec"], ..WORD },
    // https://docs.astral.sh/ruff/rules/#flake8-bandit-s: without names it is about style as well.
    Word { text: "noqa", bare: false, checks: &["S105", "S106", "S107"], ..WORD },
    // https://semgrep.dev/docs/ignoring-files-folders-code: about code; Semgrep has it on the line before, too.
    Word { text: "nosemgrep", lines: &[Same, Next], bare: false, tools: &["semgrep", "opengrep"], ..WORD },
];

impl Word {
    /// Where it stands in the list.
    pub(super) fn position(&self) -> usize {
        WORDS.iter().position(|word| word.text == self.text).unwrap_or(WORDS.len())
    }

    /// What is before it and behind it in a text; `None` when it is not there as a word of its own.
    pub(super) fn find<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        text.char_indices().find_map(|(at, _)| {
            let (before, rest) = text.split_at(at);
            let behind = self.strip(rest)?;
            let stands_alone = !before.ends_with(is_part) && !behind.starts_with(is_part);
            stands_alone.then_some((before, behind))
        })
    }

    /// What is behind it at the beginning of a text; `None` when the text begins with something else.
    fn strip<'a>(&self, text: &'a str) -> Option<&'a str> {
        let mut parts = self.text.split(' ');
        let mut rest = strip(text, parts.next()?)?;
        for part in parts {
            let start = rest.trim_start_matches([' ', '\t']);
            rest = strip(start.strip_prefix('-').unwrap_or(start), part)?;
        }
        Some(rest)
    }

    /// The rules named behind it, and what comes behind those.
    pub(super) fn names<'a>(&self, behind: &'a str) -> (Vec<String>, &'a str) {
        if self.is_own {
            return match behind.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                Some((rules, reason)) => (rules.split(',').map(|rule| rule.trim().to_owned()).collect(), reason),
                None => (Vec::new(), behind),
            };
        }
        if self.checks.is_empty() && self.tools.is_empty() {
            return (Vec::new(), behind);
        }
        // `nosec B105, B106`, `nosec: B105`, `nolint:gosec,lll`, `noqa:E501,S105`, `nosemgrep: a.b.c`
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
        let mut names = Vec::new();
        let colon = behind.trim_start().strip_prefix([':', '=']);
        let (mut rest, mut listed) = (colon.unwrap_or(behind), colon.is_some());
        loop {
            let start = rest.trim_start();
            let name = &start[..start.find(|c| !is_part(c)).unwrap_or(start.len())];
            if name.trim_matches(['-', '/']).is_empty() || !(listed || is_code(name)) {
                return (names, rest);
            }
            names.push(name.to_owned());
            rest = &start[name.len()..];
            let comma = rest.trim_start().strip_prefix(',');
            (rest, listed) = (comma.unwrap_or(rest), comma.is_some());
        }
    }
}

/// What is behind a prefix in any case.
fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Whether some of the words may be in a text: a quick look that saves a slow one.
pub(super) fn may_be_in(text: &[u8]) -> bool {
    static BEGINNINGS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let beginnings: Vec<&str> = WORDS.iter().filter_map(|word| word.text.split(' ').next()).collect();
        Regex::new(&format!("(?i-u){}", beginnings.join("|"))).ok()
    });
    BEGINNINGS.as_ref().is_none_or(|beginnings| beginnings.is_match(text))
}

/// Whether a word is the id or the name of a check, and no word of a sentence.
fn is_code(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let is_id = digits.len() < word.len() && digits.len() > 1 && digits.bytes().all(|b| b.is_ascii_digit());
    is_id || word.contains('_')
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Word {}

impl PartialOrd for Word {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Word {
    fn cmp(&self, other: &Self) -> Ordering {
        self.position().cmp(&other.position())
    }
}
