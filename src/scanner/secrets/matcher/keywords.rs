//! Defines [`Keywords`]: finds a few hundred short words in a text, whatever their case, and tells by what follows them
//! whether they matter.
//!
//! Nearly every place of a text is ruled out by one look into a table: the hash of three bytes picks a row, the fourth
//! byte a bit of it. The looks do not depend on each other, so a processor overlaps them, which an automaton with its
//! chain of states does not allow.

use std::ops::Range;

/// Bits of a hash: the table of 32 KiB stays in the first-level cache.
const BITS: u32 = 13;
/// Sets the bit that tells upper from lower case in ASCII letters; other bytes may collide, which a comparison finds.
const FOLD: u64 = 0x2020_2020_2020_2020;
/// Places that one load of eight bytes serves.
const STEP: usize = 5;

/// The words.
pub(super) struct Keywords {
    words: Vec<Word>,
    /// For each hash of three bytes, the fourth bytes that may follow, modulo 32.
    table: Box<[u32; 1 << BITS]>,
    /// For each hash, where its words begin in `members`, and behind the last.
    rows: Vec<u16>,
    members: Vec<u16>,
    longest: usize,
}

struct Word {
    text: Vec<u8>,
    /// What must follow: for each byte the ASCII characters that it can be, a bit each.
    next: Vec<u128>,
    /// The first eight bytes, folded, and which of them there are.
    start: u64,
    mask: u64,
}

impl Keywords {
    /// Takes at most 65,535 words of two bytes or more, lower case, and what must follow them: for each byte the ASCII
    /// characters that it can be, a bit each.
    pub(super) fn new(words: Vec<(String, Vec<u128>)>) -> Self {
        let words: Vec<Word> = words.into_iter().map(|(word, next)| Word::new(word.as_bytes(), next)).collect();
        let mut table = Box::new([0; 1 << BITS]);
        let mut rows = vec![Vec::new(); 1 << BITS];
        for (word, number) in words.iter().zip(0u16..) {
            let fourths = word.at(3).iter().fold(0, |bits, fourth| bits | 1 << (fourth & 31));
            for third in word.at(2) {
                let row = hash(u32::from_le_bytes([word.text[0], word.text[1], third, 0]) | FOLD as u32);
                table[row] |= fourths;
                if rows[row].last() != Some(&number) {
                    rows[row].push(number);
                }
            }
        }
        let ends = rows.iter().scan(0u16, |end, row| {
            *end = end.saturating_add(u16::try_from(row.len()).unwrap_or(u16::MAX));
            Some(*end)
        });
        Self {
            longest: words.iter().map(Word::length).max().unwrap_or(0),
            table,
            rows: std::iter::once(0).chain(ends).collect(),
            members: rows.concat(),
            words,
        }
    }

    /// The length of the longest word with what must follow, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// The length of a word with what must follow, in bytes.
    pub(super) fn length(&self, word: u16) -> usize {
        self.words[usize::from(word)].length()
    }

    /// The word itself.
    pub(super) fn word(&self, word: u16) -> &[u8] {
        &self.words[usize::from(word)].text
    }

    /// Calls `hit` with place and number of every word that lies wholly inside `range`, with what must follow, sorted by
    /// both.
    pub(super) fn find(&self, text: &[u8], range: Range<usize>, mut hit: impl FnMut(usize, u16)) {
        let end = range.end.min(text.len());
        let mut at = range.start;
        // A word in the last byte of the range would be too long for it; the loads may look beyond the range.
        while at + 1 < end {
            let Some(eight) = text.get(at..).and_then(|rest| rest.first_chunk()) else { break };
            let eight = u64::from_le_bytes(*eight) | FOLD;
            let begins = |place: u32| u32::from(self.may_begin((eight >> (8 * place)) as u32)) << place;
            let mut places = begins(0) | begins(1) | begins(2) | begins(3) | begins(4);
            while places != 0 {
                self.compare(text, at + places.trailing_zeros() as usize, end, &mut hit);
                places &= places - 1;
            }
            at += STEP;
        }
        for at in at..end.saturating_sub(1) {
            self.compare(text, at, end, &mut hit);
        }
    }

    /// Whether a word may begin with four folded bytes.
    #[inline(always)]
    fn may_begin(&self, four: u32) -> bool {
        self.table[hash(four)] >> (four >> 24 & 31) & 1 != 0
    }

    fn compare(&self, text: &[u8], at: usize, end: usize, hit: &mut impl FnMut(usize, u16)) {
        let Some(rest) = text.get(at..end) else { return };
        let mut eight = [0; 8];
        match rest.first_chunk() {
            Some(first) => eight = *first,
            None => eight[..rest.len()].copy_from_slice(rest),
        }
        let eight = u64::from_le_bytes(eight) | FOLD;
        let row = hash(eight as u32);
        for number in &self.members[usize::from(self.rows[row])..usize::from(self.rows[row + 1])] {
            let word = &self.words[usize::from(*number)];
            if eight & word.mask == word.start && word.begins(rest) {
                hit(at, *number);
            }
        }
    }
}

impl Word {
    fn length(&self) -> usize {
        self.text.len() + self.next.len()
    }

    /// The bytes that may stand at a place, folded: that of the word, those that may follow it, or any, also behind the
    /// end, which reads as 0.
    fn at(&self, place: usize) -> Vec<u8> {
        let fold = |byte: u8| byte | FOLD as u8;
        match (self.text.get(place), self.next.get(place.saturating_sub(self.text.len()))) {
            (Some(byte), _) => vec![fold(*byte)],
            (None, Some(set)) => (0..128).filter(|byte| set >> byte & 1 != 0).map(fold).collect(),
            (None, None) => (0..=255).collect(),
        }
    }

    /// Whether a text begins with it and what must follow.
    fn begins(&self, text: &[u8]) -> bool {
        let Some((word, behind)) = text.split_at_checked(self.text.len()) else { return false };
        let may_be = |(set, byte): (&u128, &u8)| byte.is_ascii() && set >> byte & 1 != 0;
        behind.len() >= self.next.len()
            && self.next.iter().zip(behind).all(may_be)
            && word.eq_ignore_ascii_case(&self.text)
    }

    fn new(text: &[u8], next: Vec<u128>) -> Self {
        let (mut start, mut mask) = ([0; 8], [0; 8]);
        for (at, byte) in text.iter().take(8).enumerate() {
            start[at] = byte | 0x20;
            mask[at] = 0xff;
        }
        Self { text: text.to_vec(), next, start: u64::from_le_bytes(start), mask: u64::from_le_bytes(mask) }
    }
}

/// The hash of the first three of four folded bytes.
#[inline(always)]
fn hash(four: u32) -> usize {
    ((four << 8).wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::Keywords;

    #[test]
    fn looks_at_what_follows() {
        let keywords = Keywords::new(vec![("ab".to_owned(), vec![1 << b'x' | 1 << b'y', 1 << b'1'])]);
        let mut found = Vec::new();
        keywords.find(b"abx1 aby1 abx2 abX1 ab\xf81 abx", 0..31, |at, _| found.push(at));
        assert_eq!(found, [0, 5]);
    }

    #[test]
    fn finds_all_and_only() {
        let words = ["ab", "abc", "key", "akia", "api_key", "token-is-long"].map(String::from);
        let keywords = Keywords::new(words.iter().map(|word| (word.clone(), Vec::new())).collect());
        let text = b"AB abcAPI_KEY\x00aKIAToken-is-longApi\x7fkeyab";
        for from in 0..text.len() {
            for to in from..=text.len() {
                let mut found = Vec::new();
                keywords.find(text, from..to, |at, word| found.push((at, usize::from(word))));
                let mut expected = Vec::new();
                for at in from..to {
                    for (number, word) in words.iter().enumerate() {
                        let here = text.get(at..at + word.len()).filter(|_| at + word.len() <= to);
                        if here.is_some_and(|here| here.eq_ignore_ascii_case(word.as_bytes())) {
                            expected.push((at, number));
                        }
                    }
                }
                assert_eq!(found, expected, "{from}..{to}");
            }
        }
    }
}
