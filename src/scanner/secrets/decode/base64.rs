//! Finds long runs of the characters of base64, 64 at a time.

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

/// The start of the first long run that begins in a region, or the start of the region if a long run reaches it.
pub(super) fn next(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let behind = |at: usize| text[at..].iter().take(SHORTEST).take_while(|byte| holds(**byte)).count();
    let mut at = start;
    if at > 0 && holds(text[at - 1]) {
        let before = text[..at].iter().rev().take(SHORTEST).take_while(|byte| holds(**byte)).count();
        let behind = behind(at);
        if behind > 0 && before + behind >= SHORTEST {
            return Some(start);
        }
        at += behind;
    }
    while at < end && end - at < SMALL {
        match behind(at) {
            SHORTEST => return Some(at),
            run => at += run + 1,
        }
    }
    if at >= end {
        return None;
    }
    let mut here = flags(text, at);
    while at < end {
        let next = flags(text, at + BLOCK);
        let starts = starts(u128::from(here) | u128::from(next) << BLOCK);
        if starts != 0 {
            return Some(at + starts.trailing_zeros() as usize).filter(|start| *start < end);
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
