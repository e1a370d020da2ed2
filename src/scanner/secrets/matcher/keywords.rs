//! Defines [`Keywords`]: finds a few hundred short words in a text, whatever their case.
//!
//! Nearly every place of a text is ruled out by one look into a table of hashed three-byte beginnings. The looks do
//! not depend on each other, so a processor overlaps them, which an automaton with its chain of states does not allow.

use std::ops::Range;

/// Bits of a hash: the table of 8 KiB stays in the first-level cache.
const BITS: u32 = 13;
/// Sets the bit that tells upper from lower case in ASCII letters; other bytes may collide, which the comparison finds.
const FOLD: u32 = 0x2020_2020;

/// The words.
pub(super) struct Keywords {
    words: Vec<Vec<u8>>,
    /// For each hash, one more than the number of its bucket; 0 for most.
    table: Vec<u8>,
    /// The words of each bucket, sorted; the last bucket takes what does not fit the others.
    buckets: Vec<Vec<(u16, Start)>>,
    longest: usize,
}

/// The first eight bytes of a word, folded.
struct Start {
    bytes: u64,
    mask: u64,
}

impl Keywords {
    /// Takes words of two bytes or more, lower case.
    pub(super) fn new(words: &[String]) -> Self {
        let words: Vec<Vec<u8>> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        let mut keywords = Self {
            table: vec![0; 1 << BITS],
            buckets: Vec::new(),
            longest: words.iter().map(Vec::len).max().unwrap_or(0),
            words,
        };
        for number in 0..keywords.words.len() {
            let word = &keywords.words[number];
            let pair = [word.first().copied().unwrap_or(0), word.get(1).copied().unwrap_or(0)];
            // A word of two bytes may be followed by anything, also by the end, which reads as 0.
            let thirds: Vec<u8> = word.get(2).map_or_else(|| (0..=255).collect(), |third| vec![*third]);
            let start = Start::of(word);
            for third in thirds {
                keywords.add(hash(u32::from_le_bytes([pair[0], pair[1], third, 0])), number, start);
            }
        }
        keywords
    }

    /// The length of the longest word in bytes.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// The length of a word in bytes.
    pub(super) fn length(&self, word: u16) -> usize {
        self.words[usize::from(word)].len()
    }

    /// Calls `hit` with place and number of every word that lies wholly inside `range`, sorted by both.
    pub(super) fn find(&self, text: &[u8], range: Range<usize>, mut hit: impl FnMut(usize, u16)) {
        let end = range.end.min(text.len());
        let window = &text[range.start.min(end)..(end + 2).min(text.len())];
        let mut quick = 0;
        for (at, four) in window.windows(4).enumerate() {
            if self.table[hash(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))] != 0 {
                self.compare(text, range.start + at, end, &mut hit);
            }
            quick = at + 1;
        }
        for at in range.start + quick..end.saturating_sub(1) {
            self.compare(text, at, end, &mut hit);
        }
    }

    #[inline(never)]
    fn compare(&self, text: &[u8], at: usize, end: usize, hit: &mut impl FnMut(usize, u16)) {
        let rest = &text[at..];
        let mut eight = [0; 8];
        match rest.first_chunk() {
            Some(first) => eight = *first,
            None => eight[..rest.len()].copy_from_slice(rest),
        }
        let bytes = u64::from_le_bytes(eight) | FOLD64;
        let bucket = self.table[hash(bytes as u32)];
        if bucket == 0 {
            return;
        }
        for (number, start) in &self.buckets[usize::from(bucket) - 1] {
            if bytes & start.mask == start.bytes {
                let word = &self.words[usize::from(*number)];
                let found = rest.get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word));
                if found && at + word.len() <= end {
                    hit(at, *number);
                }
            }
        }
    }

    fn add(&mut self, hash: usize, number: usize, start: Start) {
        let Ok(number) = u16::try_from(number) else { return };
        if self.table[hash] == 0 {
            if self.buckets.len() < 255 {
                self.buckets.push(Vec::new());
            }
            self.table[hash] = u8::try_from(self.buckets.len()).unwrap_or(u8::MAX);
        }
        let bucket = &mut self.buckets[usize::from(self.table[hash]) - 1];
        if bucket.last().is_none_or(|(last, _)| *last != number) {
            bucket.push((number, start));
        }
    }
}

const FOLD64: u64 = 0x2020_2020_2020_2020;

impl Start {
    fn of(word: &[u8]) -> Self {
        let (mut bytes, mut mask) = ([0; 8], [0; 8]);
        for (at, byte) in word.iter().take(8).enumerate() {
            bytes[at] = byte | 0x20;
            mask[at] = 0xff;
        }
        Self { bytes: u64::from_le_bytes(bytes), mask: u64::from_le_bytes(mask) }
    }
}

impl Clone for Start {
    fn clone(&self) -> Self {
        *self
    }
}

impl Copy for Start {}

/// The hash of the first three of four bytes.
#[inline(always)]
fn hash(four: u32) -> usize {
    (((four | FOLD) << 8).wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::Keywords;

    #[test]
    fn finds_all_and_only() {
        let words = ["ab", "abc", "key", "akia", "api_key", "token-is-long"].map(String::from);
        let keywords = Keywords::new(&words);
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
