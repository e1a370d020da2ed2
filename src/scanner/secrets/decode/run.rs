//! Defines [`Alphabet`]: the characters of an encoding, where its runs are, and what they say.

use std::ops::Range;

/// So many decoded bytes are looked at to tell text from anything else.
const SAMPLE: usize = 48;

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Base64 in the standard and the URL-safe alphabet (RFC 4648, sections 4 and 5), and hexadecimal, whose digits are
    /// among its characters.
    Base64,
    /// Percent-encoding (RFC 3986, section 2.1).
    Percent,
}

impl Alphabet {
    pub(super) const ALL: [Self; 2] = [Self::Base64, Self::Percent];

    fn table(self) -> &'static [bool; 256] {
        const BASE64: [bool; 256] = table(b"+/-_");
        const PERCENT: [bool; 256] = table(b"%-._~:/?#[]@!$&()*+,;=");
        match self {
            Self::Base64 => &BASE64,
            Self::Percent => &PERCENT,
        }
    }

    /// The shortest run that is worth decoding: 16 bytes of a secret in base64; a percent sign needs two digits.
    fn shortest(self) -> usize {
        match self {
            Self::Base64 => 22,
            Self::Percent => 8,
        }
    }

    /// Longer runs are not decoded, in bytes: long lines of code are one run of the alphabet of percent-encoding.
    fn longest(self) -> usize {
        match self {
            Self::Base64 => 1 << 20,
            Self::Percent => 4 << 10,
        }
    }

    /// Calls `each`, in order and once, for every run that touches one of the regions and may say something. Regions
    /// are in order and do not overlap.
    pub(super) fn runs(
        self,
        text: &[u8],
        regions: impl IntoIterator<Item = Range<usize>>,
        mut each: impl FnMut(Range<usize>),
    ) {
        let mut done = 0;
        for region in regions {
            let mut at = region.start.max(done);
            while at < region.end {
                if self.holds(text, at) {
                    let run = self.around(text, done, at);
                    if self.matters(text, &run) {
                        each(run.clone());
                    }
                    done = run.end;
                    at = run.end;
                } else {
                    at = self.next(text, at, region.end);
                }
            }
        }
    }

    fn holds(self, text: &[u8], at: usize) -> bool {
        self.table()[usize::from(text[at])]
    }

    /// The run around a place in it; where it begins does not matter once it is too long, nor beyond `from`.
    fn around(self, text: &[u8], from: usize, at: usize) -> Range<usize> {
        let least = from.max(at.saturating_sub(self.longest() + 1));
        let start = (least..at).rev().take_while(|place| self.holds(text, *place)).last().unwrap_or(at);
        let end = (at..text.len()).find(|place| !self.holds(text, *place)).unwrap_or(text.len());
        start..end
    }

    fn matters(self, text: &[u8], run: &Range<usize>) -> bool {
        (self.shortest()..=self.longest()).contains(&run.len())
            && (self == Self::Base64 || text[run.clone()].contains(&b'%'))
    }

    /// From a place in no run, a place at or before the next run that matters and lies inside of the region or reaches
    /// its end. A run of n characters covers every n-th place, and one that is percent-encoded holds the sign.
    fn next(self, text: &[u8], at: usize, end: usize) -> usize {
        let leap = at + self.shortest();
        if leap >= end {
            return at + 1;
        }
        match self {
            Self::Base64 => {
                (at + 1..=leap).rev().take_while(|place| self.holds(text, *place)).last().unwrap_or(leap + 1)
            }
            Self::Percent => match memchr::memchr(b'%', &text[at..end]) {
                Some(sign) => {
                    (at + 1..=at + sign).rev().take_while(|place| self.holds(text, *place)).last().unwrap_or(at + 1)
                }
                // Whatever is left of the region is in no run but, perhaps, one that reaches its end.
                None => (at + 1..end).rev().take_while(|place| self.holds(text, *place)).last().unwrap_or(end),
            },
        }
    }

    /// What a run says; `None` when that is no text.
    pub(super) fn decode(self, run: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Base64 if run.len().is_multiple_of(2) && run.iter().all(u8::is_ascii_hexdigit) => hex(run),
            Self::Base64 => base64(run),
            Self::Percent => percent(run),
        }
    }
}

/// Letters, digits and more.
const fn table(more: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut at = 0;
    while at < more.len() {
        table[more[at] as usize] = true;
        at += 1;
    }
    table
}

/// Whether bytes look like text: nine in ten are printable.
fn is_text(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let printable = sample.iter().filter(|b| matches!(b, b' '..=b'~' | b'\t' | b'\r' | b'\n')).count();
    !sample.is_empty() && printable * 10 >= sample.len() * 9
}

fn hex(run: &[u8]) -> Option<Vec<u8>> {
    let pairs = |run: &[u8]| run.chunks_exact(2).map(pair).collect::<Option<Vec<u8>>>();
    pairs(&run[..run.len().min(2 * SAMPLE)]).filter(|start| is_text(start))?;
    pairs(run)
}

fn pair(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? << 4 | digit(digits[1])?).ok()
}

/// Base64 without its padding, which is not in the run; up to three characters that make no whole byte are left over.
fn base64(run: &[u8]) -> Option<Vec<u8>> {
    // Four characters make three bytes.
    let start = sextets(&run[..run.len().min(SAMPLE / 3 * 4)]);
    if !is_text(&start) {
        return None;
    }
    Some(sextets(run))
}

fn sextets(run: &[u8]) -> Vec<u8> {
    let value = |byte: u8| -> u32 {
        u32::from(match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            _ => 63,
        })
    };
    let mut out = Vec::with_capacity(run.len() / 4 * 3 + 2);
    for group in run.chunks(4) {
        let word = group.iter().fold(0, |word, byte| word << 6 | value(*byte)) << (6 * (4 - group.len()));
        let bytes = word.to_be_bytes();
        out.extend_from_slice(&bytes[1..group.len().max(1)]);
    }
    out
}

/// `None` when nothing in the run is encoded.
fn percent(run: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(run.len());
    let (mut at, mut any) = (0, false);
    while at < run.len() {
        match (run[at], run.get(at + 1..at + 3).and_then(pair)) {
            (b'%', Some(byte)) => {
                out.push(byte);
                any = true;
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    any.then_some(out).filter(|text| is_text(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The runs found by leaping are those found by looking at every place.
        #[test]
        fn leaping_misses_nothing(text in "[A-Za-z0-9+/ %.\n]{0,200}", cuts in proptest::collection::vec(0usize..200, 0..6)) {
            let text = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.sort_unstable();
            let regions: Vec<_> = cuts.chunks_exact(2).map(|pair| pair[0]..pair[1]).collect();
            for alphabet in Alphabet::ALL {
                let mut leapt = Vec::new();
                alphabet.runs(text, regions.clone(), |run| leapt.push(run));
                let mut walked: Vec<Range<usize>> = Vec::new();
                let mut start = None;
                for at in 0..=text.len() {
                    match (start, at < text.len() && alphabet.holds(text, at)) {
                        (None, true) => start = Some(at),
                        (Some(from), false) => {
                            let touched = regions.iter().any(|r| !r.is_empty() && from < r.end && at > r.start);
                            walked.extend(Some(from..at).filter(|run| touched && alphabet.matters(text, run)));
                            start = None;
                        }
                        _ => {}
                    }
                }
                prop_assert_eq!(leapt, walked);
            }
        }

        #[test]
        fn nothing_panics(run in proptest::collection::vec(any::<u8>(), 0..300)) {
            for alphabet in Alphabet::ALL {
                alphabet.runs(&run, std::iter::once(0..run.len()), |range| drop(alphabet.decode(&run[range])));
            }
        }
    }
}
