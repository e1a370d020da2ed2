//! Finds credentials in encoded runs of a text: base64 in both alphabets, hexadecimal, percent-encoding, and any of
//! these in each other.
//!
//! A run is a longest piece of characters of one alphabet. What is found in it depends on its bytes alone, so that a
//! history reader may carry the answer over when the run and the byte on each side of it were copied.

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

/// Every match in the encoded runs of a text, sorted by place, then rule.
pub fn whole(matcher: &Matcher, text: &[u8]) -> Vec<Encoded> {
    let mut found = Vec::new();
    search(matcher, text, std::slice::from_ref(&(0..text.len())), &mut found);
    tidy(&mut found);
    found
}

/// Does what [`whole`] does, for a text whose `segments` tell what was copied from the text in which `base` was found.
pub fn edited(matcher: &Matcher, text: &[u8], segments: &[Segment], base: &[Encoded]) -> Vec<Encoded> {
    let (mut found, mut changes): (Vec<Encoded>, Vec<Range<usize>>) = Default::default();
    for &Segment { start, end, base: copied } in segments.iter().filter(|segment| segment.start < segment.end) {
        let Some(from) = copied else {
            changes.push(start..end);
            continue;
        };
        // Runs that touch an end of the copy may go on in its neighbour.
        changes.push(start..start + 1);
        changes.extend(Some(end - 1..end).filter(|last| last.start > start));
        let inside = base.iter().filter(|e| e.run.start > from && e.run.end < from + (end - start));
        found.extend(inside.map(|e| {
            let at = e.run.start - from + start;
            Encoded { run: at..at + e.run.len(), ..e.clone() }
        }));
    }
    search(matcher, text, &changes, &mut found);
    tidy(&mut found);
    found
}

fn tidy(found: &mut Vec<Encoded>) {
    found.sort_by(|a, b| (a.run.start, a.run.end, a.rule, &a.secret).cmp(&(b.run.start, b.run.end, b.rule, &b.secret)));
    found.dedup();
}

/// Searches the runs that touch one of the regions.
fn search(matcher: &Matcher, text: &[u8], regions: &[Range<usize>], found: &mut Vec<Encoded>) {
    for alphabet in Alphabet::ALL {
        alphabet.runs(text, regions.iter().cloned(), |run| {
            let Some(decoded) = alphabet.decode(&text[run.clone()]) else { return };
            in_decoded(matcher, &decoded, 1, &mut |rule, secret| {
                // What stands there in clear is found without decoding.
                if !contains(&text[run.clone()], secret) {
                    found.push(Encoded { run: run.clone(), rule, secret: secret.into() });
                }
            });
        });
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
        let found = whole(&matcher(), text.as_bytes());
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
            prop_assert_eq!(edited(&matcher, &text, &segments, &known), whole(&matcher, &text));
        }
    }
}
