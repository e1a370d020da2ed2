//! Finds the matches that lie in no longer one, as Nosey Parker does with Vectorscan: of each beginning the longest, and
//! none that ends no later than one that begins earlier.

use std::ops::Range;

use regex::bytes::Regex;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind};

/// What the states of a pattern may take, in bytes.
const CACHE: usize = 2 << 20;

/// Tells where the longest match ends.
pub(super) struct Longest {
    dfa: DFA,
    /// Whether the pattern may ask for the end of the text, which is also in front of a last line end.
    asks_for_end: bool,
}

impl Longest {
    /// `None` when the pattern needs too much memory.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let config = DFA::config().match_kind(MatchKind::All).cache_capacity(CACHE).skip_cache_capacity_check(true);
        let syntax = syntax::Config::new().unicode(false).utf8(false);
        let nfa = thompson::Config::new().utf8(false).nfa_size_limit(Some(CACHE));
        let dfa = DFA::builder().configure(config).syntax(syntax).thompson(nfa).build(pattern).ok()?;
        Some(Self { dfa, asks_for_end: pattern.contains('$') })
    }

    /// The matches in a text, at most so many; where finding them would take too long, fewer of those that overlap.
    pub(super) fn spans(&self, regex: &Regex, text: &[u8], most: usize) -> Vec<Range<usize>> {
        let mut cache = self.dfa.create_cache();
        let mut spans = self.in_text(regex, text, most, &mut cache);
        if self.asks_for_end
            && let Some(body) = text.strip_suffix(b"\n")
        {
            spans.extend(self.in_text(regex, body, most, &mut cache));
            spans.sort_by_key(|span| (span.start, usize::MAX - span.end));
            let mut end = 0;
            spans.retain(|span| {
                let is_longer = span.end > end;
                end = end.max(span.end);
                is_longer
            });
        }
        spans
    }

    fn in_text(&self, regex: &Regex, text: &[u8], most: usize, cache: &mut Cache) -> Vec<Range<usize>> {
        let mut spans: Vec<Range<usize>> = Vec::new();
        // Every beginning of a long match is tried, which is quadratic in the worst of cases.
        let mut effort = text.len().saturating_mul(16).saturating_add(1 << 20);
        let (mut at, mut end) = (0, 0);
        while spans.len() < most
            && let Some(found) = regex.find_at(text, at).filter(|found| !found.is_empty())
        {
            let input = Input::new(text).range(found.start()..).anchored(Anchored::Yes);
            let longest = self.dfa.try_search_fwd(cache, &input).ok().flatten();
            let span = found.start()..longest.map_or(found.end(), |half| half.offset());
            if span.end > end {
                end = span.end;
                spans.push(span.clone());
            }
            effort = effort.saturating_sub(span.len());
            at = if effort == 0 { span.end } else { span.start + 1 };
            if at > text.len() {
                break;
            }
        }
        spans
    }
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "what is found is a list of places")]
mod tests {
    use super::*;

    #[test]
    fn spans_in_no_longer_one() {
        for (pattern, text, found) in [
            ("[0-9]{3}", "x12345", &[1..4, 2..5, 3..6][..]),
            ("key=[a-z]{2,6}?", "key=aaaabbbb", &[0..10]),
            ("a+", "baaab", &[1..4]),
            ("ab$", "ab\n", &[0..2]),
            ("ab|abc", "abc", &[0..3]),
        ] {
            let regex = regex::bytes::RegexBuilder::new(pattern).unicode(false).build().unwrap();
            assert_eq!(Longest::new(pattern).unwrap().spans(&regex, text.as_bytes(), 99), found, "{pattern}");
        }
        let regex = Regex::new("[a-z]+1").unwrap();
        let text = "a".repeat(200_000) + "1";
        assert_eq!(Longest::new("[a-z]+1").unwrap().spans(&regex, text.as_bytes(), 99), [0..text.len()]);
    }
}
