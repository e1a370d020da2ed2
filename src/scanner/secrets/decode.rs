//! Finds credentials in encoded parts of a text: base64 in both alphabets, also of UTF-16 and wrapped over lines, base32,
//! hexadecimal, percent-encoding, escapes of string literals, character references of HTML, and any of these in each
//! other.
//!
//! What is found in a run of characters, a block of wrapped lines or a line with escapes depends on bytes near it alone
//! ([`Encoded::reach`]), so that a history reader may carry the answer over when those bytes were copied.

mod base64;
mod code;
mod entity;
mod escape;
mod island;
mod line;
mod run;
mod search;
mod wrap;

use std::collections::HashMap;
use std::ops::Range;

use super::matcher::Matcher;
use crate::history::pack::delta::Segment;
use search::Search;

/// A match in an encoded part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The characters that encode the credential.
    pub run: Range<usize>,
    /// Index into [`Matcher::rules`].
    pub rule: usize,
    /// The credential, decoded.
    pub secret: Box<[u8]>,
    /// The bytes that the match depends on, beside one on each side of them.
    reach: Range<usize>,
}

/// What is known of the encoded parts of a text.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    /// Every match, sorted by place, then rule, without those that are a part of a longer one.
    pub found: Vec<Encoded>,
    /// Those as well: whether a match is a part of another depends on more bytes than the match does.
    all: Vec<Encoded>,
    /// Whether anything may be escaped.
    escaped: bool,
    /// Whether any code may be wrapped.
    wrapped: bool,
    /// So many bytes were decoded.
    decoded: usize,
}

/// Searches the encoded parts of a text.
pub fn whole(matcher: &Matcher, text: &[u8]) -> Runs {
    let mut runs = Runs::default();
    runs.search_runs(matcher, text, std::iter::once(0..text.len()));
    if runs.wrapped {
        runs.search_blocks(matcher, text, std::iter::once(0..text.len()));
    }
    runs.search_lines(matcher, text, std::iter::once(0..text.len()));
    runs.sorted()
}

/// Does what [`whole`] does, for a text whose `segments` tell what was copied from the text that `base` is known of.
pub fn edited(matcher: &Matcher, text: &[u8], segments: &[Segment], base: &Runs) -> Runs {
    let changes = || changes(segments, text.len());
    let mut runs = Runs { escaped: base.escaped, wrapped: base.wrapped, ..Runs::default() };
    if !base.all.is_empty() {
        for Segment { start, end, base: from } in segments {
            let Some(from) = from.filter(|_| is_long(end - start)) else { continue };
            let inside = base.all.iter().filter(|e| e.reach.start > from && e.reach.end < from + (end - start));
            runs.all.extend(inside.map(|e| {
                let moved = |place: &Range<usize>| place.start - from + start..place.end - from + start;
                Encoded { run: moved(&e.run), reach: moved(&e.reach), ..e.clone() }
            }));
        }
    }
    runs.search_runs(matcher, text, changes());
    runs.wrapped |= changes().any(|change| wrap::is_behind_line(text, change.start));
    if runs.wrapped {
        let near =
            |change: Range<usize>| change.start.saturating_sub(wrap::NEAR)..text.len().min(change.end + wrap::NEAR);
        runs.search_blocks(matcher, text, joined(changes().map(near)));
    }
    runs.escaped |= changes().any(|change| line::is_escaped(text, &change));
    if runs.escaped {
        runs.search_lines(matcher, text, joined(changes().map(|change| line::around(text, &change))));
    }
    runs.sorted()
}

/// A copy of so many bytes is not searched.
fn is_long(copy: usize) -> bool {
    copy >= 64
}

/// Where anything may be that is in no single long copy: what is between the copies, with one byte of them on each side.
fn changes(segments: &[Segment], end: usize) -> impl Iterator<Item = Range<usize>> {
    let copies = segments.iter().filter(|segment| segment.base.is_some() && is_long(segment.end - segment.start));
    let ends = copies.map(|copy| (copy.start + 1, copy.end - 1)).chain(std::iter::once((end, end)));
    ends.scan(0, |from, (start, next)| Some(std::mem::replace(from, next)..start))
}

/// Regions in order of their starts without what an earlier one has.
fn joined(regions: impl Iterator<Item = Range<usize>>) -> impl Iterator<Item = Range<usize>> {
    regions.scan(0, |done, region| {
        let start = region.start.max(*done);
        *done = region.end.max(*done);
        Some(start..*done)
    })
}

impl Runs {
    /// Searches the runs that touch one of the regions.
    fn search_runs(&mut self, matcher: &Matcher, text: &[u8], regions: impl Iterator<Item = Range<usize>>) {
        run::runs(text, regions, |run| {
            self.wrapped |= wrap::is_wrapped(text, &run);
            let mut search = Search::new(matcher, run.len());
            search.run(&text[run.clone()], 1, &mut |place, rule, secret| {
                self.add(run.start + place.start..run.start + place.end, &run, rule, secret);
            });
            self.decoded += search.decoded;
        });
    }

    /// Searches the blocks that have a run which touches one of the regions.
    fn search_blocks(&mut self, matcher: &Matcher, text: &[u8], regions: impl Iterator<Item = Range<usize>>) {
        let mut done = 0;
        run::runs(text, regions, |run| {
            if run.start < done || !wrap::is_wrapped(text, &run) {
                return;
            }
            let (block, end) = wrap::block(text, &run);
            done = end;
            let Some(block) = block else { return };
            let mut search = Search::new(matcher, block.reach.len());
            search.block(text, &block, 1, &mut |place, rule, secret| self.add(place, &block.reach, rule, secret));
            self.decoded += search.decoded;
        });
    }

    /// Searches the lines with an escape that begins in one of the regions.
    fn search_lines(&mut self, matcher: &Matcher, text: &[u8], regions: impl Iterator<Item = Range<usize>>) {
        for region in regions {
            line::pieces(text, region, |escape, piece| {
                self.escaped = true;
                let mut search = Search::new(matcher, piece.place.len());
                search.escaped(&text[piece.place.clone()], escape, 1, &mut |place, rule, secret| {
                    let place = piece.place.start + place.start..piece.place.start + place.end;
                    self.add(place, &piece.reach, rule, secret);
                });
                self.decoded += search.decoded;
            });
        }
    }

    fn add(&mut self, run: Range<usize>, reach: &Range<usize>, rule: usize, secret: &[u8]) {
        self.all.push(Encoded { run, rule, secret: secret.into(), reach: reach.clone() });
    }

    /// Keeps of what was found in several ways what depends on the fewest bytes, and leaves out parts of others.
    fn sorted(mut self) -> Self {
        let order = |e: &Encoded| (e.run.start, usize::MAX - e.run.end, e.rule);
        let reach = |e: &Encoded| (e.reach.len(), e.reach.start);
        self.all.sort_by(|a, b| (order(a), &a.secret, reach(a)).cmp(&(order(b), &b.secret, reach(b))));
        self.all.dedup_by(|next, kept| order(next) == order(kept) && next.secret == kept.secret);
        // Of each rule the match that ends last of those that begin before.
        let mut longest: HashMap<usize, &Encoded> = HashMap::new();
        for one in &self.all {
            let is_part = longest.get(&one.rule).is_some_and(|e| one.is_part_of(e));
            if !is_part {
                self.found.push(one.clone());
                if longest.get(&one.rule).is_none_or(|e| e.run.end < one.run.end) {
                    longest.insert(one.rule, one);
                }
            }
        }
        self
    }
}

impl Encoded {
    /// The end of a line, or what stands before a code, may cut a credential off where another way to read it does not.
    fn is_part_of(&self, other: &Self) -> bool {
        self.run.end <= other.run.end
            && self.secret.len() < other.secret.len()
            && memchr::memmem::find(&other.secret, &self.secret).is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;
    use crate::rule::pack;

    const CANARY: &str = "CANARY_16_BASE_SIXTYFOUR";

    fn matcher() -> Matcher {
        let rules = pack::read("[[rule]]\nid = 'canary'\nregex = 'CANARY_[0-9]{2}_[A-Z_]+'\n", "test").unwrap();
        Matcher::new(rules.iter().map(Arc::clone).collect()).unwrap()
    }

    fn secrets(text: &str) -> Vec<String> {
        let found = whole(&matcher(), text.as_bytes()).found;
        found.iter().map(|e| String::from_utf8_lossy(&e.secret).into_owned()).collect()
    }

    /// Every character of the canary in one form.
    fn each(form: impl Fn(u32) -> String) -> String {
        CANARY.chars().map(|char| form(char.into())).collect()
    }

    fn wide_base64(units: impl Iterator<Item = Vec<u8>>) -> String {
        STANDARD.encode(units.flatten().collect::<Vec<u8>>())
    }

    /// Base64 in lines of so many characters.
    fn wrapped(text: &str, width: usize, between: &str) -> String {
        let code = STANDARD.encode(text);
        let lines: Vec<&str> = code.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
        lines.join(between)
    }

    #[test]
    fn every_encoding() {
        for text in [
            "x=Q0FOQVJZXzE2X0JBU0VfU0lYVFlGT1VS",
            "x: \"dj1DQU5BUllfMTZfQkFTRV9TSVhUWUZPVVI=\"",
            "43414e4152595f31365f424153455f5349585459464f5552",
            "43414E4152595F31365F424153455F5349585459464F5552",
            "url=%43ANARY%5f16%5FBASE%5fSIXTYFOUR&y",
            "x=ZGoxRFFVNUJVbGxmTVRaZlFrRlRSVjlUU1ZoVVdVWlBWVkk9",
            "INAU4QKSLFPTCNS7IJAVGRK7KNEVQVCZIZHVKUQ=",
            "a CANARY&lowbar;16_BASE&#95;SIXTYFOUR, b",
            "{\"x\":\"CANARY\\u005f16\\u005fBASE_SIXTYFOUR\"}",
            "CANARY%u005f16_BASE_SIXTYFOUR",
            "$'CANARY\\13716_BASE_SIXTYFOUR'",
        ] {
            assert_eq!(secrets(text), [CANARY], "{text}");
        }
    }

    #[test]
    fn every_character_escaped() {
        for text in [
            each(|char| format!("\\u{char:04x}")),
            each(|char| format!("\\u{{{char:x}}}")),
            each(|char| format!("\\U{char:08X}")),
            each(|char| format!("\\x{char:02x}")),
            each(|char| format!("\\{char:03o}")),
            each(|char| format!("\\\\u{char:04x}")),
            each(|char| format!("%{char:02X}")),
            each(|char| format!("%u{char:04X}")),
            each(|char| format!("%25{char:02X}")),
            each(|char| format!("&#{char};")),
            each(|char| format!("&#x{char:X};")),
            each(|char| format!("&amp;#{char};")),
        ] {
            assert_eq!(secrets(&format!("x = \"{text}\";")), [CANARY], "{text}");
        }
    }

    #[test]
    fn wherever_base64_begins_and_ends() {
        for code in [STANDARD.encode(CANARY), URL_SAFE_NO_PAD.encode(format!("v={CANARY} "))] {
            for text in [
                "{}",
                "data:text/plain;base64,{}",
                "key_{}",
                "Basic/{}",
                "api-{}",
                "a_long_name_of_a_key+{}",
                "{}\\u003d",
                "_{}_",
            ] {
                assert_eq!(secrets(&text.replace("{}", &code)), [CANARY], "{text}");
            }
        }
        assert_eq!(secrets(&STANDARD.encode(CANARY).replace('U', r"\u0055")), [CANARY]);
    }

    #[test]
    fn wide_text_in_base64() {
        let text = format!("$x = '{CANARY}'");
        for code in [
            wide_base64(text.encode_utf16().map(|unit| unit.to_le_bytes().to_vec())),
            wide_base64(text.encode_utf16().map(|unit| unit.to_be_bytes().to_vec())),
            wide_base64(format!("\u{feff}{text}").encode_utf16().map(|unit| unit.to_le_bytes().to_vec())),
            wide_base64(text.chars().map(|char| u32::from(char).to_le_bytes().to_vec())),
            wide_base64(text.chars().map(|char| u32::from(char).to_be_bytes().to_vec())),
        ] {
            assert_eq!(secrets(&format!("powershell -EncodedCommand {code}")), [CANARY], "{code}");
        }
    }

    #[test]
    fn over_the_ends_of_lines() {
        for lead in 0..90 {
            let text = format!("{} {CANARY} {}", "a".repeat(lead), "b ".repeat(40));
            for (width, between) in [(76, "\r\n"), (64, "\n    "), (64, "\"\n    \""), (60, "\\\n"), (64, r"\n")] {
                let text = format!("x: \"{}\"\n", wrapped(&text, width, between));
                assert_eq!(secrets(&text), [CANARY], "{text}");
            }
        }
    }

    /// The place is that of the characters that encode the credential, and no others.
    #[test]
    fn where_it_stands() {
        let base64 = STANDARD.encode(format!("abc{CANARY}def"));
        let twice = STANDARD.encode(format!("abcabc{}", STANDARD.encode(CANARY)));
        for (text, place) in [
            (format!("x={base64}"), 6..38),
            (format!("x={twice}"), 10..53),
            (format!("%20a%20{CANARY}%20").replace('_', "%5F"), 7..37),
            (format!("a&amp;{}z", CANARY.replace('_', "&lowbar;")), 6..51),
            (format!("a\n\\\"k\\\":\\\"{}\\\"", CANARY.replace('_', r"\u005f")), 10..49),
        ] {
            let found = whole(&matcher(), text.as_bytes()).found;
            let places: Vec<_> = found.iter().map(|e| e.run.clone()).collect();
            assert_eq!(places, [place], "{text}");
        }
    }

    #[test]
    fn what_is_not_encoded_is_left_alone() {
        for text in [
            CANARY,
            "some_long_identifier_of_a_function_in_code",
            "100%43",
            "",
            "%",
            "CANARY_16_BASE_SIXTYFOUR and %41",
            r#"{\"a\":\"CANARY_16_BASE_SIXTYFOUR\"}"#,
        ] {
            assert_eq!(secrets(text), [""; 0], "{text}");
        }
    }

    /// Encodings in each other are bounded in depth and in bytes, and a text twice as long is twice the work.
    #[test]
    fn work_is_bounded() {
        let nested = |rounds| (0..rounds).fold(CANARY.repeat(400), |text, _| STANDARD.encode(text));
        let percent = |rounds| (0..rounds).fold("%41".repeat(200), |text: String, _| text.replace('%', "%25"));
        let dense =
            ["JJJJ/", "%41 &#65; ", r"\u0041%25", "4141414141414141", "IIII", "AAAA", "AGkA", r"\\\\", "I_", r#"\":"#];
        let mut texts = vec![nested(9), percent(50)];
        texts.extend(dense.map(|piece| piece.repeat(3_000)));
        texts.push(wrapped(&nested(3), 64, "\n"));
        texts.push(wrapped(&"AAAA%41".repeat(60_000), 64, "\n"));
        for text in texts {
            let (one, two) =
                (whole(&matcher(), text.as_bytes()), whole(&matcher(), format!("{text}\n\n{text}").as_bytes()));
            let start = &text[..20];
            assert!(one.decoded <= 16 * text.len(), "{} of {}: {start}", one.decoded, text.len());
            assert!(two.decoded <= 3 * one.decoded + 4096, "{} and {}: {start}", one.decoded, two.decoded);
        }
    }

    #[test]
    fn as_deep_as_is_read() {
        let nested = |rounds| (0..rounds).fold(CANARY.to_owned(), |text, _| STANDARD.encode(text));
        assert_eq!(secrets(&nested(5)), [CANARY]);
        assert_eq!(secrets(&nested(6)), [""; 0]);
    }

    fn piece() -> impl Strategy<Value = String> {
        let block = |between: &'static str| {
            (0usize..50).prop_map(move |lead| {
                wrapped(&format!("{}{CANARY}{}", "a ".repeat(lead), " b".repeat(40)), 64, between)
            })
        };
        prop_oneof![
            12 => prop::sample::select(vec![
                "x=Q0FOQVJZXzE2X0JBU0VfU0lYVFlGT1VS", " ", "\n", "QUJD", "%43ANARY_16_X", "/", "4341", "\\", "\"", "\\u0043ANARY_16_Y",
                "dj1DQU5BUllfMTZfQkFTRV9TSVhUWUZPVVI=", "43414e4152595f31365f424153455f5349585459464f5552", "\\n", "u0043",
                "CANARY&lowbar;16_Z", "&", "#67;ANARY_16_", "CANARY_16_Z", "\\\"k\\\":", "INAU4QKSLFPTCNS7IJAVGRK7KNEVQVCZIZHVKUQ", ",",
                "QwBBAE4AQQBSAFkAXwAxADYAXwBBAEIAQwA=",
            ]).prop_map(str::to_owned),
            2 => block("\n"),
            1 => block("\n  "),
            1 => block("\\n"),
            2 => Just("some words that say nothing at all ".repeat(10)),
            1 => Just("a line\n".repeat(40)),
            1 => Just("a,long line ".repeat(800)),
        ]
    }

    proptest! {
        /// Carrying over an edit gives what reading the whole text gives.
        #[test]
        fn carrying_is_reading(
            pieces in proptest::collection::vec(piece(), 0..12),
            cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop_oneof![Just(String::new()), "[A-Za-z0-9= %\\\\&;\n]{0,9}".boxed(), piece().boxed()]), 0..5),
            near in any::<bool>(),
        ) {
            let (matcher, base) = (matcher(), pieces.concat().into_bytes());
            let (mut text, mut segments): (Vec<u8>, Vec<Segment>) = Default::default();
            let mut last = 0;
            for (one, other, literal) in cuts {
                let (a, b) = (one.index(base.len() + 1), other.index(base.len() + 1));
                // A version goes on where it was left off, or a little behind.
                let copy = if near { (last + a % 3).min(base.len())..base.len().min(last + b) } else { a.min(b)..a.max(b) };
                let copy = copy.start..copy.end.max(copy.start);
                last = copy.end;
                if !copy.is_empty() {
                    segments.push(Segment { start: text.len(), end: text.len() + copy.len(), base: Some(copy.start) });
                    text.extend_from_slice(&base[copy]);
                }
                if !literal.is_empty() {
                    segments.push(Segment { start: text.len(), end: text.len() + literal.len(), base: None });
                    text.extend_from_slice(literal.as_bytes());
                }
            }
            let known = whole(&matcher, &base);
            let (carried, read) = (edited(&matcher, &text, &segments, &known), whole(&matcher, &text));
            prop_assert_eq!(&carried.found, &read.found);
            // And what is known of it serves for the next edit.
            prop_assert!(carried.escaped >= read.escaped && carried.wrapped >= read.wrapped);
        }

        #[test]
        fn nothing_panics(text in proptest::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"%\\&;u0041AIiJ\n\"x{}#".to_vec())], 0..600)) {
            for one in whole(&matcher(), &text).found {
                prop_assert!(one.run.start < one.run.end && one.run.end <= text.len());
            }
        }
    }
}
