//! Finds the runs of a text: its longest pieces of characters of base64, hexadecimal digits among them.

use std::ops::Range;

use super::base64;

/// Longer runs are not decoded, in bytes.
const LONGEST: usize = 1 << 20;

/// Calls `each`, in order and once, for every run of [`base64::SHORTEST`] to [`LONGEST`] bytes that touches one of the
/// regions, which are in order and do not overlap.
pub(super) fn runs(text: &[u8], regions: impl IntoIterator<Item = Range<usize>>, mut each: impl FnMut(Range<usize>)) {
    let mut done = 0;
    for region in regions {
        let mut at = region.start.max(done);
        while at < region.end
            && let Some(place) = base64::next(text, at, region.end)
        {
            let run = with_start(text, done, place);
            if (base64::SHORTEST..=LONGEST).contains(&run.len()) {
                each(run.clone());
            }
            done = run.end;
            at = run.end;
        }
    }
}

/// A run with what is before a place in it; where it begins does not matter once it is too long, nor beyond `from`.
fn with_start(text: &[u8], from: usize, run: Range<usize>) -> Range<usize> {
    let least = from.max(run.start.saturating_sub(LONGEST + 1));
    let before = text[least..run.start].iter().rev().take_while(|byte| base64::holds(**byte)).count();
    run.start - before..run.end
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
            let mut leapt = Vec::new();
            runs(text, regions.clone(), |run| leapt.push(run));
            let mut walked: Vec<Range<usize>> = Vec::new();
            let mut start = None;
            for at in 0..=text.len() {
                match (start, at < text.len() && base64::holds(text[at])) {
                    (None, true) => start = Some(at),
                    (Some(from), false) => {
                        let touched = regions.iter().any(|r| !r.is_empty() && from < r.end && at > r.start);
                        walked.extend(Some(from..at).filter(|run| touched && run.len() >= base64::SHORTEST));
                        start = None;
                    }
                    _ => {}
                }
            }
            prop_assert_eq!(leapt, walked);
        }
    }
}
