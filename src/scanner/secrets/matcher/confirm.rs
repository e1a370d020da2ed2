//! Tries one rule at one occurrence of a keyword.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::meta::Regex;
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::{Anchored, Input};

use super::anchor::{self, Place};
use crate::rule::secret::SecretRule;
use crate::scanner::secrets::weigh::value::Value;

/// What the states of one pattern may take, in bytes; most need a small part of it.
const CACHE: usize = 512 << 10;
/// What a compiled pattern may take, in bytes.
const NFA: usize = 10 << 20;

/// A rule that is tried where a keyword occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Trigger {
    pub(super) rule: u32,
    pub(super) place: Place,
}

/// A compiled rule.
pub(super) struct Compiled {
    /// Says quickly whether and how far a match goes.
    dfa: DFA,
    /// The bytes that a match may begin with.
    first: Box<[bool; 256]>,
    /// Says where the secret is; costs more to make than the first, and most rules never need it.
    groups: OnceLock<Option<Groups>>,
}

struct Groups {
    regex: Regex,
    secret: usize,
}

/// What a thread keeps between searches.
#[derive(Default)]
pub struct Scratch {
    caches: Vec<Option<Cache>>,
    /// Keywords that were found in what changed, with their places.
    pub(super) fresh: Vec<(usize, u16)>,
}

/// A match before it is numbered.
pub(super) struct Found {
    pub(super) whole: Range<usize>,
    pub(super) secret: Range<usize>,
}

impl Compiled {
    /// `None` when the pattern needs too much memory, which loading a pack has ruled out.
    pub(super) fn new(rule: &SecretRule) -> Option<Self> {
        let pattern = anchor::pattern(rule)?;
        let nfa = thompson::Config::new().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(Some(NFA));
        let nfa = thompson::Compiler::new().configure(nfa).build_from_hir(&pattern).ok()?;
        let config = DFA::config().cache_capacity(CACHE).skip_cache_capacity_check(true).unicode_word_boundary(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        let first = anchor::first(&pattern).unwrap_or_else(|| Box::new([true; 256]));
        Some(Self { dfa, first, groups: OnceLock::new() })
    }

    /// `None` as for [`new`](Self::new).
    fn groups(&self, rule: &SecretRule) -> Option<&Groups> {
        let make = || {
            let config = Regex::config().nfa_size_limit(Some(NFA)).utf8_empty(false);
            let regex = Regex::builder().configure(config).build_from_hir(&anchor::pattern(rule)?).ok()?;
            let secret = regex.group_info().to_index(regex_automata::PatternID::ZERO, "secret").unwrap_or(0);
            Some(Groups { regex, secret })
        };
        self.groups.get_or_init(make).as_ref()
    }

    /// The match that counts for a keyword at `hit`. Widens `touched` to the bytes that the answer depends on; -1 and
    /// the length of the text stand for its two ends.
    pub(super) fn confirm(
        &self,
        text: &[u8],
        hit: &Range<usize>,
        trigger: &Trigger,
        rule: &SecretRule,
        scratch: &mut Scratch,
        touched: &mut Range<isize>,
    ) -> Option<Found> {
        let place = &trigger.place;
        // The byte before a match tells whether a word begins there.
        touched.start = touched.start.min(hit.start as isize - place.most as isize - 1).max(-1);
        let last = hit.start.checked_sub(place.least)?;
        let end = hit.end.saturating_add(place.behind).min(text.len());
        let cache = scratch.cache(trigger.rule, &self.dfa);
        for start in hit.start.saturating_sub(place.most)..=last {
            // No start is behind the keyword, which is among the bytes that the answer depends on.
            if !text.get(start).is_some_and(|byte| self.first[usize::from(*byte)]) {
                continue;
            }
            let Some(match_end) = self.match_from(text, start..end, rule, cache, touched) else { continue };
            if match_end < hit.end {
                continue;
            }
            let whole = start..match_end;
            let secret = self.secret(text, &whole, rule)?;
            return counts(rule, &text[secret.clone()]).then_some(Found { whole, secret });
        }
        None
    }

    /// Where the preferred match from the start of a range ends.
    fn match_from(
        &self,
        text: &[u8],
        range: Range<usize>,
        rule: &SecretRule,
        cache: &mut Cache,
        touched: &mut Range<isize>,
    ) -> Option<usize> {
        let input = Input::new(text).range(range.clone()).anchored(Anchored::Yes);
        let answer = self.walk(text, &input, cache, touched);
        answer.unwrap_or_else(|GaveUp| {
            touched.end = touched.end.max(range.end as isize + 1);
            self.groups(rule)?.regex.search_half(&input).map(|half| half.offset())
        })
    }

    /// The same by the automaton, byte by byte, so that it is known how far it looked.
    fn walk(
        &self,
        text: &[u8],
        input: &Input<'_>,
        cache: &mut Cache,
        touched: &mut Range<isize>,
    ) -> Result<Option<usize>, GaveUp> {
        let mut state = self.dfa.start_state_forward(cache, input).map_err(|_| GaveUp)?;
        let mut found = None;
        let mut at = input.start();
        // Matches are told one byte late, so the byte behind the range is looked at, too.
        while let Some(byte) = text.get(at).filter(|_| at <= input.end()) {
            state = self.dfa.next_state(cache, state, *byte).map_err(|_| GaveUp)?;
            if state.is_tagged() {
                if state.is_match() {
                    found = Some(at);
                } else if state.is_dead() {
                    touched.end = touched.end.max(at as isize + 1);
                    return Ok(found);
                } else if state.is_quit() {
                    return Err(GaveUp);
                }
            }
            at += 1;
        }
        touched.end = touched.end.max(at as isize);
        if at == text.len() && at <= input.end() {
            touched.end = touched.end.max(at as isize + 1);
            state = self.dfa.next_eoi_state(cache, state).map_err(|_| GaveUp)?;
            if state.is_match() {
                found = Some(at);
            }
        }
        Ok(found)
    }

    /// A named group of a match.
    pub(super) fn group(
        &self,
        text: &[u8],
        whole: &Range<usize>,
        rule: &SecretRule,
        name: &str,
    ) -> Option<Range<usize>> {
        let regex = &self.groups(rule)?.regex;
        let index = regex.group_info().to_index(regex_automata::PatternID::ZERO, name)?;
        let mut groups = regex.create_captures();
        regex.search_captures(&Input::new(text).range(whole.clone()).anchored(Anchored::Yes), &mut groups);
        groups.get_group(index).map(|span| span.range())
    }

    /// The credential in a match.
    fn secret(&self, text: &[u8], whole: &Range<usize>, rule: &SecretRule) -> Option<Range<usize>> {
        let Groups { regex, secret } = self.groups(rule)?;
        if *secret == 0 {
            return Some(whole.clone());
        }
        let mut groups = regex.create_captures();
        regex.search_captures(&Input::new(text).range(whole.clone()).anchored(Anchored::Yes), &mut groups);
        groups.get_match()?;
        Some(groups.get_group(*secret).map_or_else(|| whole.clone(), |span| span.range()))
    }
}

/// Whether the secret of a match can be one.
pub(super) fn counts(rule: &SecretRule, secret: &[u8]) -> bool {
    rule.accepts(secret) && (!rule.weigh || Value::of(secret).is_plausible())
}

/// The automaton cannot answer: its memory is full, or a word boundary is next to a character beyond ASCII.
struct GaveUp;

impl Scratch {
    fn cache(&mut self, rule: u32, dfa: &DFA) -> &mut Cache {
        let index = rule as usize;
        if self.caches.len() <= index {
            self.caches.resize_with(index + 1, || None);
        }
        self.caches[index].get_or_insert_with(|| dfa.create_cache())
    }
}
