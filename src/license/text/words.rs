//! Defines [`split`]: a text as the words that count when licenses are compared.
//!
//! What counts is what the [SPDX matching guidelines](https://spdx.github.io/spdx-spec/v2.3/license-matching-guidelines-and-templates/)
//! say: not case, space, punctuation, bullets or copyright notices. Words that are the same by those guidelines get one
//! number in the vocabulary of the [`super::store`].

/// Where a word was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The hash of what it says, in lower case.
    pub(super) hash: u64,
    /// Its bytes in the text.
    pub(super) start: u32,
    /// The byte behind its last one.
    pub(super) end: u32,
    /// It is part of a copyright notice, which may be anywhere and does not count.
    pub(super) light: bool,
}

/// Characters that templates are marked up with; a text that has them loses nothing, they are no letters.
pub(super) const MARKS: [char; 4] = ['\u{e000}', '\u{e001}', '\u{e002}', '\u{e003}'];

/// The longest line that can be a copyright notice as a whole, in bytes; a license on a single line is longer.
const MAX_NOTICE: usize = 240;
/// The most bytes of one word; a longer run of letters is no word, and is cut.
const MAX_WORD: usize = 64;

/// The words of a text, in order. Texts of more than 4 GiB end there.
pub(super) fn split(text: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(text.len() / 6);
    let mut start = 0;
    while start < text.len() && u32::try_from(text.len()).is_ok() {
        let end = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at);
        let line = &text[start..end];
        let begin = start + line.len() - behind_bullet(line).len();
        let before = words.len();
        words_of(text, begin, end, &mut words);
        if is_notice(line) {
            words[before..].iter_mut().for_each(|word| word.light = true);
        } else {
            rejoin(text, start, before, &mut words);
        }
        start = end + 1;
    }
    words
}

/// Makes one word of two when the line that begins at `line` goes on with the second half of a word: `fur-` and `nished`.
fn rejoin(text: &str, line: usize, second: usize, words: &mut Vec<Word>) {
    let (Some(one), Some(other)) = (second.checked_sub(1).map(|at| words[at]), words.get(second).copied()) else {
        return;
    };
    let broken = text[one.end as usize..line].strip_prefix('-').is_some_and(|rest| rest.trim().is_empty());
    let half = &text[other.start as usize..other.end as usize];
    if broken && half.bytes().all(|b| b.is_ascii_lowercase()) {
        words[second - 1] = Word { hash: half.bytes().fold(one.hash, step), end: other.end, ..one };
        words.remove(second);
    }
}

/// The hash of a word that is in lower case.
pub(super) fn hash(word: &str) -> u64 {
    word.bytes().fold(SEED, step)
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a.
fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

/// The hash of a mark of templates.
pub(super) fn hash_of_mark(mark: char) -> u64 {
    hash(mark.encode_utf8(&mut [0; 4]))
}

fn push(words: &mut Vec<Word>, hash: u64, start: usize, end: usize) {
    // The caller checks that positions fit.
    words.push(Word { hash, start: start as u32, end: end as u32, light: false });
}

fn words_of(text: &str, start: usize, end: usize, words: &mut Vec<Word>) {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < end {
        let byte = bytes[at];
        if byte.is_ascii_alphanumeric() {
            at = word(text, at, end, words);
        } else if byte == b'<' {
            at = behind_tag(bytes, at, end).unwrap_or(at + 1);
        } else if byte == b'&' {
            at = ampersand(bytes, at, end, words);
        } else if byte == b'(' {
            at = behind_enumeration(bytes, at, end).unwrap_or(at + 1);
        } else if byte < 0x80 {
            at += 1;
        } else {
            let Some(c) = text[at..end].chars().next() else { return };
            match c {
                _ if MARKS.contains(&c) => push(words, hash_of_mark(c), at, at + c.len_utf8()),
                _ if c.is_alphanumeric() => {
                    at = word(text, at, end, words);
                    continue;
                }
                _ => {}
            }
            at += c.len_utf8();
        }
    }
}

/// Reads the word that begins at `at`, and says where it ends. Hyphens and apostrophes in it are dropped, so that
/// `sub-license` is `sublicense`; numbers keep their dots.
fn word(text: &str, at: usize, end: usize, words: &mut Vec<Word>) -> usize {
    let (mut hash, mut last, mut next) = (SEED, at, at);
    let bytes = text.as_bytes();
    while next < end {
        let byte = bytes[next];
        if byte.is_ascii_alphanumeric() {
            hash = step(hash, byte.to_ascii_lowercase());
            next += 1;
            last = next;
            if next - at > MAX_WORD {
                break;
            }
            continue;
        }
        if byte >= 0x80 {
            let Some(c) = text[next..end].chars().next() else { break };
            if is_ideograph(c) {
                if last == at {
                    hash = c.encode_utf8(&mut [0; 4]).bytes().fold(hash, step);
                    last = next + c.len_utf8();
                }
                break;
            }
            if c.is_alphanumeric() && next - at < MAX_WORD {
                let mut buffer = [0; 4];
                hash = c.to_lowercase().fold(hash, |hash, c| c.encode_utf8(&mut buffer).bytes().fold(hash, step));
                next += c.len_utf8();
                last = next;
                continue;
            }
            if !matches!(c, '\u{2019}' | '\u{2010}' | '\u{2011}' | '\u{ad}') {
                break;
            }
            next += c.len_utf8();
        } else if matches!(byte, b'\'' | b'-') || (byte == b'.' && bytes[next - 1].is_ascii_digit()) {
            next += 1;
        } else {
            break;
        }
        // One of them joins what is directly behind it, and nothing else.
        let joins = bytes.get(next).is_some_and(|&b| match byte {
            b'.' => b.is_ascii_digit(),
            _ => b.is_ascii_alphanumeric(),
        });
        if !joins || next >= end {
            break;
        }
        if byte == b'.' {
            hash = step(hash, b'.');
        }
    }
    push(words, hash, at, last);
    last.max(at + 1)
}

/// Scripts that put no space between words: every character counts as one.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}')
}

/// The place behind a tag of HTML, or an address or placeholder in angle brackets.
fn behind_tag(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    let first = bytes.get(at + 1)?;
    if !(first.is_ascii_alphabetic() || matches!(first, b'/' | b'!')) {
        return None;
    }
    let until = end.min(at + 200);
    let close = memchr::memchr2(b'>', b'<', bytes.get(at + 1..until)?)? + at + 1;
    (bytes[close] == b'>').then_some(close + 1)
}

/// `&` is "and", unless it begins an entity of HTML.
fn ampersand(bytes: &[u8], at: usize, end: usize, words: &mut Vec<Word>) -> usize {
    let rest = &bytes[at + 1..end.min(at + 9)];
    let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    if name >= 2 && rest.get(name) == Some(&b';') {
        return at + name + 2;
    }
    push(words, hash("and"), at, at + 1);
    at + 1
}

/// The place behind `(a)`, `(iv)` or `(12)`, which are bullets wherever they are.
fn behind_enumeration(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    let inside = bytes.get(at + 1..end.min(at + 6))?;
    let length = inside.iter().position(|b| *b == b')')?;
    is_ordinal(&inside[..length]).then_some(at + length + 2)
}

/// A number of up to three digits, dotted or not, one letter, or a small roman number.
fn is_ordinal(text: &[u8]) -> bool {
    match text {
        [] => false,
        [one] => one.is_ascii_alphanumeric(),
        _ if text.len() <= 4 && text.iter().all(|b| matches!(b.to_ascii_lowercase(), b'i' | b'v' | b'x')) => true,
        _ => {
            text.len() <= 8
                && text.split(|b| *b == b'.').all(|n| (1..=3).contains(&n.len()) && n.iter().all(u8::is_ascii_digit))
        }
    }
}

/// A line without the marks of a comment and the bullet that it begins with.
fn behind_bullet(line: &str) -> &str {
    let trimmed = line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '*' | '#' | '/' | ';' | '-' | '%' | '!' | '|' | '>' | '.' | '•' | '·' | '"')
    });
    let bytes = trimmed.as_bytes();
    let length = bytes.iter().take(10).take_while(|b| b.is_ascii_alphanumeric() || **b == b'.').count();
    let (mark, closed) = match bytes.get(length) {
        Some(b')' | b':') => (&bytes[..length], length + 1),
        _ => (bytes[..length].strip_suffix(b".").unwrap_or(&bytes[..length]), length),
    };
    // A number alone may be a wrapped `Version 2`.
    let marked = closed > mark.len() || mark.contains(&b'.');
    let spaced = bytes.get(closed).is_none_or(u8::is_ascii_whitespace);
    if marked && spaced && is_ordinal(mark) { &trimmed[closed..] } else { line }
}

/// A line such as `Copyright (c) 1999 Somebody`.
fn is_notice(line: &str) -> bool {
    if line.len() > MAX_NOTICE {
        return false;
    }
    let lower = line.trim_start().as_bytes();
    let head = &lower[..lower.len().min(48)];
    let word = contains(head, b"copyright") || contains(head, "©".as_bytes());
    let sign = contains(lower, b"(c)") || contains(lower, "©".as_bytes());
    let begins = lower.iter().position(u8::is_ascii_alphabetic).and_then(|at| lower.get(at..at + 2));
    (word && (sign || has_year(lower))) || (begins.is_some_and(|b| b.eq_ignore_ascii_case(b"c)")) && has_year(lower))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

fn has_year(line: &[u8]) -> bool {
    line.windows(4).any(|w| (w.starts_with(b"19") || w.starts_with(b"20")) && w[2..].iter().all(u8::is_ascii_digit))
        || contains(line, b"<year>")
        || contains(line, b"[year]")
        || contains(line, b"yyyy")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) {
        let hashes = |text: &str| split(text).iter().map(|word| word.hash).collect::<Vec<_>>();
        assert_eq!(hashes(one), hashes(other), "{one:?} and {other:?}");
    }

    #[test]
    fn what_does_not_count_is_dropped() {
        same("the Software, AS IS", " * THE \u{201c}software\u{201d}\n// as-is".replace("as-is", "as is").as_str());
        same("sub-license non\u{2011}infringement licensor's", "sublicense noninfringement licensors");
        same("1. Keep it\n  b) and\n * (iv) this", "keep it\nand this");
        same("to whom it is fur-\n # nished", "to whom it is furnished");
        same("research & design &quot;x&quot; <b>bold</b>", "research and design x bold");
    }

    #[test]
    fn what_counts_is_kept() {
        assert_eq!(split("Version\n2.0 of the License").len(), 4);
        assert_eq!(split("above copyright notice and this").len(), 5);
        assert_eq!(split("许可证 text").len(), 4);
    }

    #[test]
    fn copyright_notices_are_told() {
        let light = |text: &str| split(text).iter().all(|word| word.light);
        assert!(light("# Copyright (c) 2001 Somebody\n(c) 1999-2004 Others") && light("\u{a9} 2020 X"));
        assert!(!light("copyright notice and this") && !light("(c) You keep it"));
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "x \u{2013} Überraschung!";
        let words = split(text);
        assert_eq!(&text[words[1].start as usize..words[1].end as usize], "Überraschung");
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_words_in_order_at_boundaries(text in "\\PC{0,80}([\\n'.&<(-]\\PC{0,9}){0,9}") {
            let mut last = 0;
            for word in split(&text) {
                let (start, end) = (word.start as usize, word.end as usize);
                proptest::prop_assert!(last <= start && start < end && text.get(start..end).is_some());
                last = end;
            }
        }
    }
}
