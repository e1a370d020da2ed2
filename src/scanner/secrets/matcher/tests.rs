//! Holds the matcher to its definition, written down naively, and carrying to reading the whole.

use std::collections::HashMap;

use proptest::prelude::*;
use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};

use super::{MAX_BEFORE, Marks, Match, Matcher, Scratch, anchor, confirm};
use crate::history::pack::delta::Segment;
use crate::rule::pack;

const RULES: &str = r#"
[[rule]]
id = "prefix"
regex = '''\b(?P<secret>ab_[a-c]{4})\b'''
keywords = ["ab_"]
[[rule]]
id = "generic"
regex = '''(?i)[\w.-]{0,9}?(?:key|pass|token)[ \t\w.-]{0,6}["']{0,2}[:=]["' ]{0,3}(?P<secret>[a-z0-9_]{5,30})(?:["'\s]|$)'''
keywords = ["key", "pass", "token"]
[[rule]]
id = "before"
regex = '''[a-c0-1]{3}\.key'''
keywords = ["key"]
[[rule]]
id = "stretch"
regex = '''(?:^|\n)[a-c]+ ?pass'''
keywords = ["pass"]
[[rule]]
id = "anywhere"
regex = '''<[^<>]*>'''
keywords = ["token", "ab"]
[[rule]]
id = "block"
regex = '''-----BEGIN[\s\S]{3,}?-----END'''
keywords = ["-----begin"]
[[rule]]
id = "entropy"
regex = '''key=(?P<secret>\w{4,8})'''
keywords = ["key="]
min_entropy = 1.5
[[rule]]
id = "unicode"
regex = '''(?u:\bkey\b.\p{L})'''
keywords = ["key"]
"#;

fn matcher() -> Matcher {
    Matcher::new(pack::read(RULES, "test").unwrap()).unwrap()
}

/// The definition in the head of `matcher.rs`.
fn naive(matcher: &Matcher, text: &[u8]) -> Vec<Match> {
    let mut all: Vec<Match> = Vec::new();
    // What follows a keyword in one rule or another.
    let mut follows: HashMap<String, Vec<u128>> = HashMap::new();
    for anchor in matcher.rules().iter().flat_map(|rule| anchor::anchors(rule)) {
        follows.entry(anchor.word).and_modify(|next| anchor::either(next, &anchor.next)).or_insert(anchor.next);
    }
    for (index, rule) in matcher.rules().iter().enumerate() {
        let config = Regex::config().utf8_empty(false);
        let regex = Regex::builder().configure(config).build_from_hir(&anchor::pattern(rule).unwrap()).unwrap();
        let group = regex.group_info().to_index(regex_automata::PatternID::ZERO, "secret").unwrap_or(0);
        for anchor::Anchor { word, place, .. } in anchor::anchors(rule) {
            assert!(place.most <= MAX_BEFORE);
            let next = &follows[&word];
            for at in 0..text.len().saturating_sub(word.len() - 1) {
                if !text[at..at + word.len()].eq_ignore_ascii_case(word.as_bytes()) || at < place.least {
                    continue;
                }
                let behind = &text[at + word.len()..];
                let follows = |(set, byte): (&u128, &u8)| byte.is_ascii() && set >> byte & 1 != 0;
                if behind.len() < next.len() || !next.iter().zip(behind).all(follows) {
                    continue;
                }
                let end = (at + word.len() + place.behind).min(text.len());
                let mut groups = regex.create_captures();
                for start in at.saturating_sub(place.most)..=at - place.least {
                    regex.search_captures(&Input::new(text).range(start..end).anchored(Anchored::Yes), &mut groups);
                    let Some(whole) = groups.get_match().map(|m| m.range()).filter(|m| m.end >= at + word.len()) else {
                        continue;
                    };
                    let secret = groups.get_group(group).map_or(whole.clone(), |span| span.range());
                    if confirm::counts(rule, &text[secret.clone()]) {
                        all.push(Match { rule: index, whole, secret });
                    }
                    break;
                }
            }
        }
    }
    all.sort_by_key(|m| (m.rule, m.secret.start, usize::MAX - m.secret.end, m.whole.start));
    let mut kept: Vec<Match> = Vec::new();
    for next in all {
        if kept.last().is_none_or(|last| last.rule != next.rule || next.secret.start >= last.secret.end) {
            kept.push(next);
        }
    }
    kept.sort_by_key(|m| (m.secret.start, m.rule, m.secret.end));
    kept
}

/// Texts of the pieces that the rules are made of.
fn text(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "key",
        "KEY",
        "pass",
        "Token",
        "ab_",
        "ab",
        "abca",
        "a",
        "b",
        "c",
        "_",
        ".",
        " ",
        "\n",
        "=",
        ": ",
        "\"",
        "'",
        "0",
        "1",
        "<",
        ">",
        "-----BEGIN",
        "-----END",
        "x9zq7",
        "\u{e9}",
        "key=",
        ";",
        "k",
        "ey",
        "to",
        "ken",
        "pa",
        "ss",
    ]);
    prop::collection::vec(piece, 0..most).prop_map(|pieces| pieces.concat().into_bytes())
}

/// An edited text: pieces copied from the base, or inserted.
fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec((any::<bool>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), text(5)), 0..6)
}

type Edit = (bool, prop::sample::Index, prop::sample::Index, Vec<u8>);

fn edited(base: &[u8], edits: &[Edit]) -> (Vec<u8>, Vec<Segment>) {
    let (mut out, mut segments): (Vec<u8>, Vec<Segment>) = Default::default();
    for (copy, one, other, inserted) in edits {
        let start = out.len();
        let from = match copy {
            true => {
                let (a, b) = (one.index(base.len() + 1), other.index(base.len() + 1));
                out.extend_from_slice(&base[a.min(b)..a.max(b)]);
                Some(a.min(b))
            }
            false => {
                out.extend_from_slice(inserted);
                None
            }
        };
        if out.len() > start {
            segments.push(Segment { start, end: out.len(), base: from });
        }
    }
    (out, segments)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_definition(text in text(60)) {
        let matcher = matcher();
        prop_assert_eq!(matcher.scan(&text), naive(&matcher, &text));
    }

    #[test]
    fn carrying_agrees_with_reading_the_whole(base in text(80), rounds in prop::collection::vec(edits(), 1..4)) {
        let matcher = matcher();
        let (mut scratch, mut known) = (Scratch::default(), Marks::default());
        matcher.mark(&base, &mut scratch, &mut known);
        let mut text = base;
        for round in rounds {
            let (next, segments) = edited(&text, &round);
            let (mut carried, mut whole) = (Marks::default(), Marks::default());
            matcher.carry(&next, &segments, &known, &mut scratch, &mut carried);
            matcher.mark(&next, &mut Scratch::default(), &mut whole);
            prop_assert_eq!(carried.matches(), whole.matches());
            prop_assert_eq!(&carried.hits.iter().map(|hit| (hit.at, hit.keyword)).collect::<Vec<_>>(),
                &whole.hits.iter().map(|hit| (hit.at, hit.keyword)).collect::<Vec<_>>());
            (text, known) = (next, carried);
        }
    }
}

#[test]
fn no_rules_no_matches() {
    assert!(Matcher::new(Vec::new()).unwrap().scan(b"key=abc").is_empty());
}

/// The build script shares the code that tells places, and nothing else may know better.
#[test]
fn places_of_the_binary_are_those_of_the_patterns() {
    for rule in pack::embedded() {
        assert!(rule.places.is_some() && super::anchors_of(&rule) == super::anchor::anchors(&rule), "{}", rule.rule.id);
    }
}

/// A match without a keyword would be missed, and a keyword without a place makes a rule slow.
#[test]
fn every_match_of_the_embedded_rules_has_a_keyword_at_a_known_place() {
    let rules = pack::embedded();
    let uncertain: Vec<&str> = rules.iter().filter(|r| !anchor::is_certain(r)).map(|r| r.rule.id.as_str()).collect();
    assert!(uncertain.is_empty(), "{uncertain:#?}");
}
