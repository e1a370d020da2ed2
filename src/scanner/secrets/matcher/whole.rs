//! Finds the matches of rules that were written for other tools: from left to right through a whole text.
//!
//! One pass over the text tells which keywords are in it; only rules that have one there, and whose pattern has a literal
//! there, are searched for. Texts that are made from others by edits are searched again as a whole.

use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use regex::bytes::Regex;

use super::Match;
use super::longest::Longest;
use crate::error::Error;
use crate::rule::allow::Covers;
use crate::rule::search::{Search, SecretPart, Spans, finding_of};
use crate::rule::secret::SecretRule;

/// No more matches of a rule in one text are told.
const MOST: usize = 100_000;

/// The rules that are searched for in whole texts.
#[derive(Default)]
pub(super) struct Whole {
    rules: Vec<Gated>,
    /// Finds the keywords and literals of all; `None` when no rule has any.
    words: Option<AhoCorasick>,
    /// How many words there are.
    count: usize,
}

/// A rule, and what must be in a text for it to be searched for.
struct Gated {
    rule: usize,
    /// One of these words; none when there are none.
    keywords: Vec<usize>,
    /// And one of these; none when there are none.
    literals: Vec<usize>,
    longest: Option<Longest>,
}

impl Whole {
    /// Takes those of the rules that look into whole texts.
    ///
    /// # Errors
    /// They have too many keywords.
    pub(super) fn new(rules: &[Arc<SecretRule>]) -> Result<Self, Error> {
        let mut words: Vec<String> = Vec::new();
        let mut numbered = std::collections::HashMap::new();
        let mut numbers = |list: &[String]| -> Vec<usize> {
            let mut number = |word: &String| {
                *numbered.entry(word.clone()).or_insert_with(|| {
                    words.push(word.clone());
                    words.len() - 1
                })
            };
            list.iter().map(&mut number).collect()
        };
        let mut gated = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            let Some(search) = rule.search.as_deref().filter(|search| !search.is_about_paths()) else { continue };
            let longest = (search.spans == Spans::Longest).then(|| Longest::new(&rule.pattern)).flatten();
            let (keywords, literals) = (numbers(&search.keywords), numbers(&search.literals));
            gated.push(Gated { rule: index, keywords, literals, longest });
        }
        let count = words.len();
        let built = (count > 0).then(|| {
            AhoCorasickBuilder::new().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(&words)
        });
        let words = built.transpose().map_err(|e| Error::usage("there are too many keywords").because(e))?;
        Ok(Self { rules: gated, words, count })
    }

    /// Every match in a text, sorted by place, then rule.
    pub(super) fn search(&self, text: &[u8], rules: &[Arc<SecretRule>]) -> Vec<Match> {
        if self.rules.is_empty() {
            return Vec::new();
        }
        let seen = self.words_in(text);
        let holds = |words: &[usize]| words.is_empty() || words.iter().any(|word| seen.get(*word) == Some(&true));
        let mut found = Vec::new();
        for gated in self.rules.iter().filter(|gated| holds(&gated.keywords) && holds(&gated.literals)) {
            let rule = &rules[gated.rule];
            let Some(search) = rule.search.as_deref() else { continue };
            let Some(regex) = &search.regex else { continue };
            let ranges = match search.secret {
                SecretPart::Trimmed(group) => trimmed(regex, group, text),
                SecretPart::Captured(group) => captured(regex, group, text),
                SecretPart::Token => token(regex, text),
                SecretPart::Groups => groups(gated.longest.as_ref(), search, regex, text),
            };
            found.extend(ranges.into_iter().filter_map(|(whole, secret)| {
                let is_one = !secret.is_empty() && counts(rule, search, text, &whole, &secret);
                is_one.then_some(Match { rule: gated.rule, whole, secret })
            }));
        }
        drop_less_specific(&mut found, text, rules);
        found.sort_by_key(|m| (m.secret.start, m.rule, m.secret.end));
        found
    }

    /// For each word whether it is in the text.
    fn words_in(&self, text: &[u8]) -> Vec<bool> {
        let mut seen = vec![false; self.count];
        let mut left = self.count;
        let matches = self.words.iter().flat_map(|words| words.find_overlapping_iter(text));
        for word in matches {
            let word = &mut seen[word.pattern().as_usize()];
            left -= usize::from(!*word);
            *word = true;
            if left == 0 {
                break;
            }
        }
        seen
    }
}

/// Whether a match counts, as far as its text can tell.
fn counts(rule: &SecretRule, search: &Search, text: &[u8], whole: &Range<usize>, secret: &Range<usize>) -> bool {
    let finding = finding_of(text, whole, secret, (rule.id(), &rule.rule.description));
    search.accepts(&finding) && !rule.allow.iter().any(|allow| allow.covers(&finding) == Covers::Yes)
}

/// A match and the secret in it.
type Ranges = (Range<usize>, Range<usize>);

/// As gitleaks: what is matched loses the line ends around it and is matched again, on its own.
fn trimmed(regex: &Regex, group: usize, text: &[u8]) -> Vec<Ranges> {
    let one = |found: regex::bytes::Match<'_>| {
        let lead = found.as_bytes().iter().take_while(|byte| **byte == b'\n').count();
        let body = &found.as_bytes()[lead..];
        let tail = body.iter().rev().take_while(|byte| **byte == b'\n').count();
        let start = found.start() + lead;
        let whole = start..start + body.len() - tail;
        let captures = regex.captures(&text[whole.clone()]);
        let part = captures.as_ref().and_then(|captures| numbered_or_first(captures, group));
        let secret = part.map_or(whole.clone(), |part| start + part.start()..start + part.end());
        (whole, secret)
    };
    regex.find_iter(text).take(MOST).filter(|found| !found.is_empty()).map(one).collect()
}

/// As betterleaks 2: a group of the match where it stands.
fn captured(regex: &Regex, group: usize, text: &[u8]) -> Vec<Ranges> {
    let one = |captures: regex::bytes::Captures<'_>| {
        let whole = captures.get(0)?;
        let part = numbered_or_first(&captures, group);
        Some((whole.range(), part.unwrap_or(whole).range()))
    };
    regex.captures_iter(text).take(MOST).filter_map(one).collect()
}

/// The group of a number, or for 0 the first that is not empty.
fn numbered_or_first<'t>(captures: &regex::bytes::Captures<'t>, group: usize) -> Option<regex::bytes::Match<'t>> {
    match group {
        0 => captures.iter().skip(1).flatten().find(|part| !part.is_empty()),
        group => captures.get(group).filter(|part| !part.is_empty()),
    }
}

/// As Kingfisher: the group `TOKEN`, or else the first. The end of the text is also in front of its last line end.
fn token(regex: &Regex, text: &[u8]) -> Vec<Ranges> {
    let one = |captures: regex::bytes::Captures<'_>| {
        let whole = captures.get(0)?;
        let part = captures.name("TOKEN").or_else(|| captures.get(1)).unwrap_or(whole);
        Some((whole.range(), part.range()))
    };
    let mut found: Vec<Ranges> = regex.captures_iter(text).take(MOST).filter_map(one).collect();
    if regex.as_str().contains('$')
        && let Some(body) = text.strip_suffix(b"\n")
    {
        let is_apart =
            |range: &Ranges| found.iter().all(|other| range.0.end <= other.0.start || other.0.end <= range.0.start);
        let more: Vec<Ranges> = regex.captures_iter(body).take(MOST).filter_map(one).collect();
        let more: Vec<Ranges> = more.into_iter().rev().take(1).filter(is_apart).collect();
        found.extend(more);
    }
    found
}

/// As Nosey Parker: from the first group to the last.
fn groups(longest: Option<&Longest>, search: &Search, regex: &Regex, text: &[u8]) -> Vec<Ranges> {
    let spans = match longest {
        Some(longest) => longest.spans(regex, text, MOST),
        None => regex.find_iter(text).take(MOST).map(|found| found.range()).collect(),
    };
    let one = |span: Range<usize>| {
        let captures = search.ending.as_ref()?.captures(&text[span.clone()])?;
        let whole = captures.get(0)?.range();
        let parts = || captures.iter().skip(1).flatten().filter(|part| !part.is_empty());
        let start = parts().map(|part| part.start()).min().unwrap_or(whole.start);
        let end = parts().map(|part| part.end()).max().unwrap_or(whole.end);
        Some((span.start + whole.start..span.start + whole.end, span.start + start..span.start + end))
    };
    spans.into_iter().filter_map(one).collect()
}

/// Takes out what a more specific rule finds on the same line, with more around it or the same.
fn drop_less_specific(found: &mut Vec<Match>, text: &[u8], rules: &[Arc<SecretRule>]) {
    let rank = |m: &Match| rules[m.rule].search.as_ref().and_then(|search| search.specificity);
    let ranks: Vec<Option<i64>> = found.iter().map(rank).collect();
    let highest = ranks.iter().flatten().max().copied();
    // Nearly always all are equal.
    if ranks.iter().flatten().all(|rank| Some(*rank) == highest) {
        return;
    }
    let line = |m: &Match| memchr::memchr_iter(b'\n', &text[..m.whole.start.min(text.len())]).count();
    let mut lines: std::collections::HashMap<usize, Vec<usize>> = std::collections::HashMap::new();
    for (index, m) in found.iter().enumerate() {
        lines.entry(line(m)).or_default().push(index);
    }
    let secret = |index: usize| &text[found[index].secret.clone()];
    let mut keep = vec![true; found.len()];
    for together in lines.values() {
        for (&one, &other) in together.iter().flat_map(|one| together.iter().map(move |other| (one, other))) {
            if found[one].rule != found[other].rule
                && ranks[one].zip(ranks[other]).is_some_and(|(one, other)| other > one)
                && memchr::memmem::find(secret(other), secret(one)).is_some()
            {
                keep[one] = false;
            }
        }
    }
    let mut keep = keep.into_iter();
    found.retain(|_| keep.next().unwrap_or(true));
}
