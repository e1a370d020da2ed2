//! Defines [`Matcher`]: finds the matches of every rule in a text, by keyword first.
//!
//! What a match is depends on nothing but the bytes around a keyword, so that a history reader may carry it over
//! when those bytes were copied: for every occurrence of a keyword, a rule is run in a window around it, reaching
//! as far on both sides as the rule's longest match (at most [`MAX_REACH`]), and every match in the window that
//! holds the occurrence counts. Where two matches of one rule overlap, the earlier, then the longer one stays.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};
use regex_automata::Input;
use regex_automata::meta::Regex;
use regex_automata::util::{captures::Captures, syntax};

use crate::error::Error;
use crate::rule::pack::SecretRule;

/// How far a match may reach from its keyword, in bytes.
pub const MAX_REACH: usize = 16 * 1024;

/// One match of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Index into [`Matcher::rules`].
    pub rule: usize,
    /// The whole match.
    pub whole: Range<usize>,
    /// The credential in it.
    pub secret: Range<usize>,
}

/// Every rule, ready to search.
pub struct Matcher {
    rules: Vec<Arc<SecretRule>>,
    keywords: AhoCorasick,
    /// For each keyword of the automaton, the rules that have it.
    rules_of: Vec<Vec<usize>>,
    compiled: Vec<OnceLock<Option<Compiled>>>,
}

struct Compiled {
    regex: Regex,
    secret_group: usize,
    reach: usize,
}

impl Matcher {
    /// Makes a matcher of rules; their patterns are compiled when a keyword first occurs.
    ///
    /// # Errors
    /// The keywords need more memory than an automaton may have.
    pub fn new(rules: Vec<Arc<SecretRule>>) -> Result<Self, Error> {
        let mut words: Vec<&str> = rules.iter().flat_map(|r| r.keywords.iter().map(String::as_str)).collect();
        words.sort_unstable();
        words.dedup();
        let rules_of = words
            .iter()
            .map(|word| (0..rules.len()).filter(|i| rules[*i].keywords.iter().any(|k| k == word)).collect())
            .collect();
        let keywords = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&words)
            .map_err(|e| Error::usage("the rules have too many keywords").because(e))?;
        let compiled = rules.iter().map(|_| OnceLock::new()).collect();
        Ok(Self { rules, keywords, rules_of, compiled })
    }

    /// The rules, in the order that [`Match::rule`] counts.
    pub fn rules(&self) -> &[Arc<SecretRule>] {
        &self.rules
    }

    /// Every match in the text, sorted by place, then rule.
    pub fn scan(&self, text: &[u8]) -> Vec<Match> {
        let mut matches = Vec::new();
        for hit in self.keywords.find_overlapping_iter(text) {
            for &rule in &self.rules_of[hit.pattern().as_usize()] {
                self.confirm(text, rule, hit.range(), &mut matches);
            }
        }
        reduce(&mut matches);
        matches
    }

    fn confirm(&self, text: &[u8], index: usize, hit: Range<usize>, out: &mut Vec<Match>) {
        let rule = &self.rules[index];
        let Some(compiled) = self.compiled[index].get_or_init(|| Compiled::new(rule)) else { return };
        let mut start = hit.start.saturating_sub(compiled.reach);
        let end = hit.end.saturating_add(compiled.reach).min(text.len());
        let mut groups = compiled.regex.create_captures();
        while start <= hit.start {
            compiled.regex.search_captures(&Input::new(text).range(start..end), &mut groups);
            let Some(found) = Found::of(&groups, compiled.secret_group) else { return };
            if found.whole.start > hit.start {
                return;
            }
            start = found.whole.end.max(start + 1);
            if found.whole.end >= hit.end && rule.accepts(&text[found.secret.clone()]) {
                out.push(Match { rule: index, whole: found.whole, secret: found.secret });
            }
        }
    }
}

struct Found {
    whole: Range<usize>,
    secret: Range<usize>,
}

impl Found {
    fn of(groups: &Captures, secret_group: usize) -> Option<Self> {
        let whole = groups.get_match()?.range();
        let secret = groups.get_group(secret_group).map_or_else(|| whole.clone(), |span| span.range());
        Some(Self { whole, secret })
    }
}

impl Compiled {
    /// `None` when the pattern needs too much memory, which loading a pack has ruled out.
    fn new(rule: &SecretRule) -> Option<Self> {
        let build = |unicode: bool| {
            Regex::builder()
                .syntax(syntax::Config::new().unicode(unicode).utf8(false))
                .configure(Regex::config().nfa_size_limit(Some(10 << 20)).utf8_empty(false))
                .build(&rule.pattern)
        };
        let regex = build(false).or_else(|_| build(true)).ok()?;
        let names = regex.group_info().to_index(regex_automata::PatternID::ZERO, "secret");
        let reach = longest(&rule.pattern).unwrap_or(MAX_REACH).min(MAX_REACH);
        Some(Self { regex, secret_group: names.unwrap_or(0), reach })
    }
}

/// The length of the longest match; `None` without a bound.
fn longest(pattern: &str) -> Option<usize> {
    let parse = |unicode| regex_syntax::ParserBuilder::new().utf8(false).unicode(unicode).build().parse(pattern);
    parse(false).or_else(|_| parse(true)).ok()?.properties().maximum_len()
}

/// Sorts matches and drops, among overlapping ones of a rule, all but the earliest and longest.
fn reduce(matches: &mut Vec<Match>) {
    matches.sort_by_key(|m| (m.rule, m.whole.start, usize::MAX - m.whole.end));
    matches.dedup_by(|next, kept| next.rule == kept.rule && next.whole.start < kept.whole.end);
    matches.sort_by_key(|m| (m.secret.start, m.rule, m.secret.end));
}
