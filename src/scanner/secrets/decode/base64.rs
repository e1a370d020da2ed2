//! Finds long runs of the characters of base64, 64 at a time.

use std::ops::Range;

/// A run of fewer characters is not looked at: 22 of them are 16 bytes.
pub(super) const SHORTEST: usize = 22;
/// Fewer bytes are looked at one by one.
const SMALL: usize = 16;
/// So many bytes are told apart at once.
const BLOCK: usize = 64;

/// Whether a byte is in one of the alphabets of RFC 4648, sections 4 and 5; padding is not.
#[inline(always)]
pub(super) fn holds(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    // The slash is right before the digits.
    let digit = byte.wrapping_sub(b'/') < 11;
    letter | digit | (byte == b'+') | (byte == b'-') | (byte == b'_')
}

/// The end of the run that a place is in.
pub(super) fn end(text: &[u8], mut at: usize) -> usize {
    loop {
        let run = flags(text, at).trailing_ones() as usize;
        at += run;
        if run < BLOCK {
            return at;
        }
    }
}

/// The start of the first long run that begins in a region, or the start of the region if a long run reaches it, and the
/// end of that run.
pub(super) fn next(text: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    let run = |at: usize| at..self::end(text, at);
    let behind = |at: usize| text[at..].iter().take(SHORTEST).take_while(|byte| holds(**byte)).count();
    // One look tells of a small region that there is no long run near it.
    if end - start <= BLOCK - 2 * SHORTEST && starts(flags(text, start.saturating_sub(SHORTEST)).into()) == 0 {
        return None;
    }
    let mut at = start;
    if at > 0 && holds(text[at - 1]) {
        let behind = behind(at);
        let before = || text[..at].iter().rev().take(SHORTEST).take_while(|byte| holds(**byte)).count();
        if behind > 0 && before() + behind >= SHORTEST {
            return Some(run(start));
        }
        at += behind;
    }
    while at < end && end - at < SMALL {
        match behind(at) {
            SHORTEST => return Some(run(at)),
            run => at += run + 1,
        }
    }
    if at >= end {
        return None;
    }
    let mut here = flags(text, at);
    while at < end {
        let next = flags(text, at + BLOCK);
        let bits = u128::from(here) | u128::from(next) << BLOCK;
        let starts = starts(bits);
        if starts != 0 {
            let first = starts.trailing_zeros();
            let start = at + first as usize;
            let ones = (bits >> first).trailing_ones();
            // A run that reaches the end of the bits may go on behind it.
            let ends = first + ones < u128::BITS;
            return (start < end).then(|| if ends { start..start + ones as usize } else { run(start) });
        }
        at += BLOCK;
        here = next;
    }
    None
}

/// Where in the first half of the bits a long run of ones begins.
fn starts(bits: u128) -> u64 {
    let (mut starts, mut length) = (bits, 1);
    while length < SHORTEST {
        let step = length.min(SHORTEST - length);
        starts &= starts >> step;
        length += step;
    }
    starts as u64
}

/// One bit for each byte from a place on, the first one lowest; none behind the end.
fn flags(text: &[u8], at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    rest.first_chunk().map_or_else(
        || rest.iter().zip(0..).take(BLOCK).fold(0, |flags, (byte, at)| flags | u64::from(holds(*byte)) << at),
        gather,
    )
}

/// The loop becomes vector instructions, and each product moves eight flags into one byte.
#[inline(always)]
fn gather(block: &[u8; BLOCK]) -> u64 {
    let mut flags = [0u8; BLOCK];
    for (flag, byte) in flags.iter_mut().zip(block) {
        *flag = u8::from(holds(*byte));
    }
    let byte = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    flags.as_chunks().0.iter().zip(0..).fold(0, |all, (eight, at)| all | byte(eight) << (8 * at))
}
