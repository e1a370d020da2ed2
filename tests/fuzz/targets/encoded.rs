//! An encoded credential is found whatever stands around it, at the place where it stands, and an edited text gives what
//! the whole text gives.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scanall::history::pack::delta::Segment;
use scanall::rule::pack;
use scanall::scanner::secrets::decode;
use scanall::scanner::secrets::matcher::Matcher;

const CANARY: &str = "CANARY_16_BASE_SIXTYFOUR";
const FORMS: [&str; 7] = [
    "Q0FOQVJZXzE2X0JBU0VfU0lYVFlGT1VS",
    "43414e4152595f31365f424153455f5349585459464f5552",
    "%43ANARY%5f16%5FBASE%5fSIXTYFOUR",
    "INAU4QKSLFPTCNS7IJAVGRK7KNEVQVCZIZHVKUQ",
    r"CANARY\u005f16\x5fBASE\u{5f}SIXTYFOUR",
    "CANARY&lowbar;16&#95;BASE&#x5f;SIXTYFOUR",
    "QwBBAE4AQQBSAFkAXwAxADYAXwBCAEEAUwBFAF8AUwBJAFgAVABZAEYATwBVAFIA",
];

static MATCHER: LazyLock<Matcher> = LazyLock::new(|| {
    let rules = "[[rule]]\nid = 'canary'\nregex = 'CANARY_[0-9]{2}_[A-Z_]+'\n";
    Matcher::new(pack::read(rules, "fuzz").expect("the rule is valid")).expect("the rule is valid")
});

fuzz_target!(|data: &[u8]| {
    let [form, cut, cuts @ .., _] = data else { return };
    let (text, at) = planted(usize::from(*form), usize::from(*cut), cuts);
    let found = decode::whole(&MATCHER, &text);
    for one in &found.found {
        assert!(one.run.start < one.run.end && one.run.end <= text.len());
        assert!(one.secret.starts_with(b"CANARY_") && one.secret.len() <= text.len());
    }
    if let Some(at) = at {
        let secret = |one: &decode::Encoded| one.run.contains(&at) && &*one.secret == CANARY.as_bytes();
        assert!(found.found.iter().any(secret), "the planted one is found in {:?}", String::from_utf8_lossy(&text));
    }
    let (edited, segments) = edit(&text, data);
    let carried = decode::edited(&MATCHER, &edited, &segments, &found);
    assert_eq!(carried.found, decode::whole(&MATCHER, &edited).found);
});

/// The bytes with an encoded credential in them, between characters of no run, and where that begins.
fn planted(form: usize, cut: usize, bytes: &[u8]) -> (Vec<u8>, Option<usize>) {
    let Some(form) = FORMS.get(form % 9) else { return (bytes.to_vec(), None) };
    let (before, behind) = bytes.split_at(cut.min(bytes.len()));
    // Lines of code that touch may be one code that was wrapped.
    let text = [before, b"\n;\n", form.as_bytes(), b"\n;\n", behind].concat();
    (text, Some(before.len() + 3))
}

/// A text made of pieces of another and of new bytes, as some bytes say.
fn edit(base: &[u8], script: &[u8]) -> (Vec<u8>, Vec<Segment>) {
    let (mut text, mut segments): (Vec<u8>, Vec<Segment>) = Default::default();
    for step in script.chunks_exact(3).take(12) {
        let place = |byte: u8| usize::from(byte) * (base.len() + 1) / 256;
        let (from, to) = (place(step[0]).min(place(step[1])), place(step[0]).max(place(step[1])));
        if from < to {
            segments.push(Segment { start: text.len(), end: text.len() + to - from, base: Some(from) });
            text.extend_from_slice(&base[from..to]);
        }
        if step[2] & 1 == 1 {
            segments.push(Segment { start: text.len(), end: text.len() + 1, base: None });
            text.push(step[2]);
        }
    }
    (text, segments)
}
