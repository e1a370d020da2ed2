//! What is found in encoded text, where, with how much work, and that carrying it over an edit changes nothing.

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
        (0usize..50)
            .prop_map(move |lead| wrapped(&format!("{}{CANARY}{}", "a ".repeat(lead), " b".repeat(40)), 64, between))
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
