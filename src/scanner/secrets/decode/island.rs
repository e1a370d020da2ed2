//! Finds the places of a run from which it may be encoded text, wherever that begins in it: what stands before a code is
//! often glued to it by a character that both may have.

use super::code::{BASE32, BASE64, Code, HEX, NONE};

/// So many characters are told apart at once.
const WINDOW: usize = 64;
/// What begins in so many characters of a window is told by the window alone.
const STEP: usize = 40;
/// So many characters of base32 are worth decoding: 16 bytes.
const SHORTEST_BASE32: u32 = 26;
/// A code that is glued to a word begins at most so far behind what looks like its start.
const GLUED: usize = 16;

/// Calls `each` for every place from which a run may say something, and takes from it where that ended.
pub(super) fn islands(run: &[u8], mut each: impl FnMut(Code, usize) -> usize) {
    let mut done = [[0; 4]; 3];
    for from in (0..run.len()).step_by(STEP) {
        let classes = Classes::new(&run[from..]);
        if from == 0 && classes.mask(UPPER).trailing_ones() >= SHORTEST_BASE32 {
            each(Code::Base32, 0);
        }
        for (kind, (code, starts)) in
            [(Code::Base64, classes.base64()), (Code::WideBase64, classes.wide()), (Code::Hex, classes.hex())]
                .into_iter()
                .enumerate()
        {
            let mut starts = starts & ((1 << STEP) - 1);
            while starts != 0 {
                let at = from + starts.trailing_zeros() as usize;
                starts &= starts - 1;
                // What begins between the characters of another island is another text.
                let done = &mut done[kind][at % if code == Code::Hex { 2 } else { 4 }];
                if at < *done {
                    continue;
                }
                // In UTF-16 the group before may hold two bytes of the text.
                let start = if code == Code::WideBase64 && at >= 4 { at - 4 } else { at };
                *done = each(code, start).max(at + GLUED);
                if code == Code::Base64
                    && let Some(glued) = behind_glue(run, at)
                {
                    *done = each(code, glued).max(*done);
                }
            }
        }
    }
}

/// Where a code begins that is glued to what stands before.
fn behind_glue(run: &[u8], start: usize) -> Option<usize> {
    let near = start..run.len().min(start + GLUED);
    near.rev()
        .find(|at| (at + 1 - start).is_multiple_of(4) && matches!(run[*at], b'/' | b'_' | b'-' | b'+'))
        .map(|at| at + 1)
}

/// The classes of the characters of a window.
struct Classes {
    each: [u8; WINDOW],
    /// So many of them there are.
    length: usize,
}

impl Classes {
    fn new(run: &[u8]) -> Self {
        let mut each = [0; WINDOW];
        for (class, byte) in each.iter_mut().zip(run) {
            *class = CLASSES[usize::from(*byte)];
        }
        Self { each, length: run.len().min(WINDOW) }
    }

    /// One bit for each character, set for those of a class. Each product moves eight flags into one byte.
    fn mask(&self, class: u32) -> u64 {
        let flags = |eight: &[u8; 8]| u64::from_le_bytes(*eight) >> class & 0x0101_0101_0101_0101;
        let byte = |eight| flags(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        let eights = self.each[..self.length.next_multiple_of(8)].as_chunks().0;
        eights.iter().zip(0..).fold(0, |all, (eight, at)| all | byte(eight) << (8 * at))
    }

    /// Where four groups of four begin that may be twelve printable bytes.
    fn base64(&self) -> u64 {
        let groups = self.mask(FIRST) & self.mask(SECOND) >> 1 & self.mask(THIRD) >> 2;
        let pairs = groups & groups >> 4;
        pairs & pairs >> 8
    }

    /// Where three of six groups in a row begin and end with zeros.
    fn wide(&self) -> u64 {
        let zero = self.mask(ZERO);
        let groups = zero & zero >> 3;
        groups & groups >> 8 & groups >> 16
    }

    /// Where twelve pairs of digits begin that may be printable bytes.
    fn hex(&self) -> u64 {
        let digits = self.mask(DIGIT);
        let high = self.mask(HIGH) & digits >> 1;
        let two = high & high >> 2;
        let four = two & two >> 4;
        four & four >> 8 & four >> 16
    }
}

// The bits of a class.
const FIRST: u32 = 0;
const SECOND: u32 = 1;
const THIRD: u32 = 2;
const ZERO: u32 = 3;
const DIGIT: u32 = 4;
const HIGH: u32 = 5;
const UPPER: u32 = 6;

/// What each character may be: the first, second or third of four whose bytes have no high bit and are no control
/// characters but those of white space, six zeros, a hexadecimal digit, the first of two, a character of base32.
const CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (six, four) = (BASE64[byte], HEX[byte]);
        let code = six != NONE;
        let hex = four != NONE;
        table[byte] = ((code && (matches!(six, 2 | 3 | 8..=31))) as u8) << FIRST
            | ((code && six & 8 == 0) as u8) << SECOND
            | ((code && six & 2 == 0) as u8) << THIRD
            | ((code && six == 0) as u8) << ZERO
            | (hex as u8) << DIGIT
            | ((hex && matches!(four, 0 | 2..=7)) as u8) << HIGH
            | ((BASE32[byte] != NONE) as u8) << UPPER;
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    fn found(run: &str) -> Vec<(Code, usize)> {
        let mut all = Vec::new();
        islands(run.as_bytes(), |code, start| {
            all.push((code, start));
            run.len()
        });
        all
    }

    #[test]
    fn wherever_a_code_begins() {
        let code = "c29tZSB0ZXh0IGluIGhlcmU";
        for prefix in ["", "k", "ke", "key", "key_", "a/long/path/of/words/", "ZZZZZZZZZ"] {
            let run = format!("{prefix}{code}");
            let starts = found(&run);
            assert!(starts.contains(&(Code::Base64, prefix.len())) || prefix == "ZZZZZZZZZ", "{run}: {starts:?}");
            assert!(starts.iter().any(|(code, at)| *code == Code::Base64 && at % 4 == prefix.len() % 4), "{run}");
        }
    }

    #[test]
    fn names_and_hashes_say_nothing() {
        for run in [
            "some_long_identifier_of_a_function",
            "src/scanner/secrets/decode",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        ] {
            assert_eq!(found(run), [], "{run}");
        }
    }
}
