//! Finds credentials in encoded runs of a text: base64 in both alphabets, hexadecimal, percent-encoding, and any of
//! these in each other.
//!
//! A run is a longest piece of characters of one alphabet. What is found in it depends on its bytes alone, so that a
//! history reader may carry the answer over when the run and the byte on each side of it were copied.

mod base64;
mod codec;
mod run;

use std::ops::Range;

use super::matcher::Matcher;
use crate::history::pack::delta::Segment;
use run::Alphabet;

/// Encodings within encodings are read this deep.
const MAX_DEPTH: usize = 3;

/// A match in an encoded run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The run in the text.
    pub run: Range<usize>,
    /// Index into [`Matcher::rules`].
    pub rule: usize,
    /// The credential, decoded.
    pub secret: Box<[u8]>,
}

/// What is known of the encoded runs of a text.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    /// Every match, sorted by place, then rule.
    pub found: Vec<Encoded>,
    /// Whether anything may be percent-encoded.
    percent: bool,
}

/// Searches the encoded runs of a text.
pub fn whole(matcher: &Matcher, text: &[u8]) -> Runs {
    let mut runs = Runs { found: Vec::new(), percent: codec::has_percent(text) };
    runs.search(matcher, text, &|| std::iter::once(0..text.len()));
    runs
}

/// Does what [`whole`] does, for a text whose `segments` tell what was copied from the text that `base` is known of.
pub fn edited(matcher: &Matcher, text: &[u8], segments: &[Segment], base: &Runs) -> Runs {
    let changes = || changes(segments, text.len());
    // What is new may be one character of three.
    let near = |change: Range<usize>| &text[change.start.saturating_sub(2)..text.len().min(change.end + 2)];
    let mut runs =
        Runs { found: Vec::new(), percent: base.percent || changes().any(|change| codec::has_percent(near(change))) };
    if !base.found.is_empty() {
        for Segment { start, end, base: from } in segments {
            let Some(from) = from.filter(|_| is_long(end - start)) else { continue };
            let inside = base.found.iter().filter(|e| e.run.start > from && e.run.end < from + (end - start));
            runs.found.extend(inside.map(|e| {
                let at = e.run.start - from + start;
                Encoded { run: at..at + e.run.len(), ..e.clone() }
            }));
        }
    }
    runs.search(matcher, text, &changes);
    runs
}

/// A copy of so many bytes is not searched.
fn is_long(copy: usize) -> bool {
    copy >= 64
}

/// Where runs may be that are in no single long copy: what is between the copies, with one byte of them on each side.
fn changes(segments: &[Segment], end: usize) -> impl Iterator<Item = Range<usize>> {
    let copies = segments.iter().filter(|segment| segment.base.is_some() && is_long(segment.end - segment.start));
    let ends = copies.map(|copy| (copy.start + 1, copy.end - 1)).chain(std::iter::once((end, end)));
    ends.scan(0, |from, (start, next)| Some(std::mem::replace(from, next)..start))
}

impl Runs {
    /// Searches the runs that touch one of the regions.
    fn search<R: Iterator<Item = Range<usize>>>(&mut self, matcher: &Matcher, text: &[u8], regions: &dyn Fn() -> R) {
        for alphabet in Alphabet::ALL {
            if alphabet == Alphabet::Percent && !self.percent {
                continue;
            }
            alphabet.runs(text, regions(), |run| {
                let Some(decoded) = alphabet.decode(&text[run.clone()]) else { return };
                in_decoded(matcher, &decoded, 1, &mut |rule, secret| {
                    // What stands there in clear is found without decoding.
                    if !contains(&text[run.clone()], secret) {
                        self.found.push(Encoded { run: run.clone(), rule, secret: secret.into() });
                    }
                });
            });
        }
        let place = |e: &Encoded| (e.run.start, e.run.end, e.rule);
        self.found.sort_by(|a, b| (place(a), &a.secret).cmp(&(place(b), &b.secret)));
        self.found.dedup();
    }
}

fn in_decoded(matcher: &Matcher, text: &[u8], depth: usize, found: &mut dyn FnMut(usize, &[u8])) {
    for one in matcher.scan(text) {
        found(one.rule, &text[one.secret]);
    }
    if depth == MAX_DEPTH {
        return;
    }
    for alphabet in Alphabet::ALL {
        alphabet.runs(text, std::iter::once(0..text.len()), |run| {
            if let Some(decoded) = alphabet.decode(&text[run]) {
                in_decoded(matcher, &decoded, depth + 1, found);
            }
        });
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::rule::pack;

    fn matcher() -> Matcher {
        let rules = pack::read("[[rule]]\nid = 'canary'\nregex = 'CANARY_[0-9]{2}_[A-Z_]+'\n", "test").unwrap();
        Matcher::new(rules.iter().map(Arc::clone).collect()).unwrap()
    }

    fn secrets(text: &str) -> Vec<String> {
        let found = whole(&matcher(), text.as_bytes()).found;
        found.iter().map(|e| String::from_utf8_lossy(&e.secret).into_owned()).collect()
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
        ] {
            assert_eq!(secrets(text), ["CANARY_16_BASE_SIXTYFOUR"], "{text}");
        }
    }

    #[test]
    fn what_is_not_encoded_is_left_alone() {
        for text in ["CANARY_16_BASE_SIXTYFOUR", "some_long_identifier_of_a_function_in_code", "100%43", ""] {
            assert_eq!(secrets(text), [""; 0], "{text}");
        }
    }

    proptest! {
        /// Carrying over an edit gives what reading the whole text gives.
        #[test]
        fn carrying_is_reading(
            pieces in proptest::collection::vec(prop_oneof![
                Just("x=Q0FOQVJZXzE2X0JBU0VfU0lYVFlGT1VS"), Just(" "), Just("\n"), Just("QUJD"), Just("%43ANARY_16_X"),
                Just("dj1DQU5BUllfMTZfQkFTRV9TSVhUWUZPVVI="), Just("/"), Just("4341"),
            ], 0..12),
            cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[A-Za-z0-9= %\n]{0,9}"), 0..5),
        ) {
            let (matcher, base) = (matcher(), pieces.concat().into_bytes());
            let (mut text, mut segments) = (Vec::new(), Vec::new());
            for (one, other, literal) in cuts {
                let (a, b) = (one.index(base.len() + 1), other.index(base.len() + 1));
                let copy = a.min(b)..a.max(b);
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
            prop_assert_eq!(edited(&matcher, &text, &segments, &known).found, whole(&matcher, &text).found);
        }
    }
}
