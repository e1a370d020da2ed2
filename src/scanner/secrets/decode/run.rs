//! Defines [`Alphabet`]: the characters of an encoding and where its runs are.

use std::ops::Range;

use super::base64;
use super::codec;

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

    /// The shortest run that is worth decoding: 16 bytes of a secret in base64; a percent sign needs two digits.
    fn shortest(self) -> usize {
        match self {
            Self::Base64 => base64::SHORTEST,
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
    pub(super) fn runs(self, text: &[u8], regions: impl IntoIterator<Item = Range<usize>>, mut each: impl FnMut(Range<usize>)) {
        let mut done = 0;
        for region in regions {
            let mut at = region.start.max(done);
            while let Some(place) = self.next(text, at, region.end) {
                let run = self.around(text, done, place);
                if self.matters(text, &run) {
                    each(run.clone());
                }
                done = run.end;
                at = run.end;
            }
        }
    }

    fn holds(self, text: &[u8], at: usize) -> bool {
        match self {
            Self::Base64 => base64::holds(text[at]),
            Self::Percent => PERCENT[usize::from(text[at])],
        }
    }

    /// The run around a place in it; where it begins does not matter once it is too long, nor beyond `from`.
    fn around(self, text: &[u8], from: usize, at: usize) -> Range<usize> {
        let least = from.max(at.saturating_sub(self.longest() + 1));
        let start = (least..at).rev().take_while(|place| self.holds(text, *place)).last().unwrap_or(at);
        let end = match self {
            Self::Base64 => base64::end(text, at),
            Self::Percent => (at..text.len()).find(|place| !self.holds(text, *place)).unwrap_or(text.len()),
        };
        start..end
    }

    fn matters(self, text: &[u8], run: &Range<usize>) -> bool {
        (self.shortest()..=self.longest()).contains(&run.len())
            && (self == Self::Base64 || codec::has_percent(&text[run.clone()]))
    }

    /// A place in the next run that may matter and touches the rest of a region; of the runs before it none does.
    fn next(self, text: &[u8], at: usize, end: usize) -> Option<usize> {
        if at >= end {
            return None;
        }
        match self {
            Self::Base64 => base64::next(text, at, end),
            // Runs of this alphabet are long, and one that begins or ends in the region may have its sign elsewhere.
            Self::Percent if self.holds(text, at) => Some(at),
            Self::Percent => match memchr::memchr(b'%', &text[at..end]) {
                Some(sign) => Some(at + sign),
                None => Some(end - 1).filter(|last| self.holds(text, *last)),
            },
        }
    }

    /// What a run says; `None` when that is no text.
    pub(super) fn decode(self, run: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Base64 if run.len().is_multiple_of(2) && run.iter().all(u8::is_ascii_hexdigit) => codec::hex(run),
            Self::Base64 => codec::base64(run),
            Self::Percent => codec::percent(run),
        }
    }
}

/// Letters, digits and what else a URL may have.
const PERCENT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let more = b"%-._~:/?#[]@!$&()*+,;=";
    let mut at = 0;
    while at < more.len() {
        table[more[at] as usize] = true;
        at += 1;
    }
    table
};

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
