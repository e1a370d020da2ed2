//! Defines [`Keywords`]: finds a few hundred short words in a text, whatever their case, and tells by what follows them
//! whether they matter.
//!
//! Nearly every place of a text is ruled out by one look into a table: the hash of three bytes picks a row, the fourth
//! byte a bit of it. The looks do not depend on each other, so a processor overlaps them, which an automaton with its
//! chain of states does not allow. The places that are left are written down without a branch, since one that is wrongly
//! foretold costs as much as ten looks, and are ruled out in the same way by what all words of the row have in common;
//! what is then still left is compared.

use std::ops::Range;

/// Bits of a hash: the table of 32 KiB stays in the first-level cache.
const BITS: u32 = 13;
/// Sets the bit that tells upper from lower case in ASCII letters; other bytes may collide, which a comparison finds.
const FOLD: u64 = 0x2020_2020_2020_2020;
/// Places that one load of eight bytes serves.
const STEP: usize = 5;
/// Places that are looked at before those that are left are compared; their numbers are bytes.
const BLOCK: usize = 48 * STEP;

/// The words.
pub(super) struct Keywords {
    words: Vec<Word>,
    /// For each hash of three bytes, the fourth bytes that may follow, modulo 32.
    fourths: Box<[u32; 1 << BITS]>,
    /// For each hash, its words.
    rows: Vec<Row>,
    members: Vec<Member>,
    longest: usize,
}

struct Word {
    text: Vec<u8>,
    /// What must follow: for each byte the ASCII characters that it can be, a bit each.
    next: Vec<u128>,
}

/// The words that have a hash.
struct Row {
    /// The fifth bytes that they may have, modulo 32, and above them the sixth.
    further: u64,
    /// Which bits of the first eight bytes are the same in all of them, folded, and what they are.
    mask: u64,
    same: u64,
    /// Where they are in `members`.
    from: u16,
    to: u16,
}

/// A word of a row.
#[derive(Clone, Copy, PartialEq)]
struct Member {
    /// Its first eight bytes, folded, and which of them there are.
    start: u64,
    mask: u64,
    word: u16,
}

impl Keywords {
    /// Takes at most 65,535 words of two bytes or more, lower case, and what must follow them: for each byte the ASCII
    /// characters that it can be, a bit each.
    pub(super) fn new(words: Vec<(String, Vec<u128>)>) -> Self {
        let words: Vec<Word> = words.into_iter().map(|(word, next)| Word { text: word.into_bytes(), next }).collect();
        let mut fourths = Box::new([0; 1 << BITS]);
        let mut rows: Vec<Row> =
            (0..1 << BITS).map(|_| Row { further: 0, mask: u64::MAX, same: 0, from: 0, to: 0 }).collect();
        let mut members = vec![Vec::new(); 1 << BITS];
        for (word, number) in words.iter().zip(0u16..) {
            let member = word.member(number);
            let bits = |place| word.at(place).iter().fold(0, |bits, byte| bits | 1 << (byte & 31));
            let (fourth, fifth, sixth): (u32, u64, u64) = (bits(3) as u32, bits(4), bits(5));
            let (mask, same) = word.common();
            for third in word.at(2) {
                let hash = hash(u32::from_le_bytes([word.text[0], word.text[1], third, 0]) | FOLD as u32);
                let (row, members): (&mut Row, &mut Vec<Member>) = (&mut rows[hash], &mut members[hash]);
                fourths[hash] |= fourth;
                row.further |= fifth | sixth << 32;
                if members.is_empty() {
                    row.same = same;
                }
                row.mask &= mask & !(row.same ^ same);
                if members.last() != Some(&member) {
                    members.push(member);
                }
            }
        }
        let mut end = 0;
        for (row, members) in rows.iter_mut().zip(&members) {
            row.same &= row.mask;
            row.from = end;
            end = end.saturating_add(u16::try_from(members.len()).unwrap_or(u16::MAX));
            row.to = end;
        }
        let longest = words.iter().map(Word::length).max().unwrap_or(0);
        Self { longest, fourths, rows, members: members.concat(), words }
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
        // A word in the last byte of the range would be too long for it; loads of eight bytes may look beyond the range,
        // and near the end of the text there are none.
        let last = end.saturating_sub(1);
        let mut at = range.start;
        let mut places = [0; u8::MAX as usize + 1];
        while at < last.min(text.len().saturating_sub(7)) {
            let block = at;
            let mut left = 0;
            while at < last.min(block + BLOCK) {
                let Some(eight) = text.get(at..).and_then(|rest| rest.first_chunk()) else { break };
                let eight = u64::from_le_bytes(*eight) | FOLD;
                for place in 0..STEP {
                    places[left] = (at + place - block) as u8;
                    left += usize::from(self.may_begin((eight >> (8 * place)) as u32));
                }
                at += STEP;
            }
            let mut sure = 0;
            for index in 0..left {
                places[sure] = places[index];
                sure += usize::from(self.may_go_on(first_eight(&text[block + usize::from(places[index])..])));
            }
            for place in &places[..sure] {
                self.compare(text, block + usize::from(*place), end, &mut hit);
            }
        }
        for at in at..last {
            self.compare(text, at, end, &mut hit);
        }
    }

    /// Whether a word may begin with four folded bytes.
    #[inline(always)]
    fn may_begin(&self, four: u32) -> bool {
        self.fourths[hash(four)] >> (four >> 24 & 31) & 1 != 0
    }

    /// Whether a word that may begin with the first four of eight folded bytes may go on with the others.
    #[inline(always)]
    fn may_go_on(&self, eight: u64) -> bool {
        let Row { further, mask, same, .. } = self.rows[hash(eight as u32)];
        (eight & mask == same) & ((further >> (eight >> 32 & 31)) & (further >> 32 >> (eight >> 40 & 31)) & 1 != 0)
    }

    fn compare(&self, text: &[u8], at: usize, end: usize, hit: &mut impl FnMut(usize, u16)) {
        let Some(rest) = text.get(at..end) else { return };
        let eight = first_eight(rest);
        let row = &self.rows[hash(eight as u32)];
        for member in &self.members[usize::from(row.from)..usize::from(row.to)] {
            if eight & member.mask == member.start && self.words[usize::from(member.word)].begins(rest) {
                hit(at, member.word);
            }
        }
    }
}

/// The first eight bytes, folded; zeros behind the end are folded, too.
#[inline(always)]
fn first_eight(text: &[u8]) -> u64 {
    let mut eight = [0; 8];
    match text.first_chunk() {
        Some(first) => eight = *first,
        None => eight[..text.len()].copy_from_slice(text),
    }
    u64::from_le_bytes(eight) | FOLD
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

    /// The bits of the first eight bytes that are the same wherever it stands, folded, and what they are.
    fn common(&self) -> (u64, u64) {
        let (mut mask, mut same) = ([0; 8], [0; 8]);
        for (place, (mask, same)) in mask.iter_mut().zip(&mut same).enumerate() {
            let (ones, zeros) =
                self.at(place).iter().fold((!0, !0), |(ones, zeros), byte| (ones & byte, zeros & !byte));
            (*mask, *same) = (ones | zeros, ones);
        }
        (u64::from_le_bytes(mask), u64::from_le_bytes(same))
    }

    fn member(&self, word: u16) -> Member {
        let (mut start, mut mask) = ([0; 8], [0; 8]);
        for (at, byte) in self.text.iter().take(8).enumerate() {
            start[at] = byte | FOLD as u8;
            mask[at] = 0xff;
        }
        Member { start: u64::from_le_bytes(start), mask: u64::from_le_bytes(mask), word }
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
