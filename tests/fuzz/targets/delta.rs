//! A delta is applied as a naive reading of gitformat-pack(5) applies it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scanall::history::buffer::Buffer;
use scanall::history::pack::delta;

fuzz_target!(|data: &[u8]| {
    // The first two bytes say how long the base is, and whether the sizes are to be those that fit.
    let [first, second, rest @ ..] = data else { return };
    let (base, body) = rest.split_at(usize::from(*first).min(rest.len()));
    let mut delta = body.to_vec();
    if second & 1 == 1 {
        let length = naive(base, body).map_or(usize::from(second >> 1), |text| text.len());
        delta = [&number(base.len())[..], &number(length), body].concat();
    }
    let (mut out, mut segments) = (Buffer::default(), Vec::new());
    let Some(sizes) = delta::sizes(&delta) else { return };
    // What callers refuse before they apply anything.
    if sizes.object > 1 << 20 {
        return;
    }
    let applied = delta::apply(base, &delta, &mut out, &mut segments);
    let expected = naive(base, &delta[sizes.start..]);
    let expected = expected.filter(|text| sizes.base == base.len() && sizes.object == text.len());
    assert_eq!(applied.ok().map(|()| out.to_vec()), expected);
    if expected.is_some() {
        let mut at = 0;
        for segment in &segments {
            assert!(segment.start == at && segment.end > at, "the segments are the text, in order");
            at = segment.end;
            if let Some(from) = segment.base {
                assert_eq!(out[segment.start..segment.end], base[from..from + (segment.end - segment.start)]);
            }
        }
        assert_eq!(at, out.len());
    }
});

/// What the instructions of a delta make; `None` when they cannot be followed.
fn naive(base: &[u8], instructions: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let mut bytes = instructions.iter().copied();
    while let Some(command) = bytes.next() {
        if command == 0 {
            return None;
        }
        if command < 0x80 {
            for _ in 0..command {
                text.push(bytes.next()?);
            }
            continue;
        }
        let mut parts = [0u8; 7];
        for (bit, part) in parts.iter_mut().enumerate() {
            if command & (1 << bit) != 0 {
                *part = bytes.next()?;
            }
        }
        let offset = u32::from_le_bytes([parts[0], parts[1], parts[2], parts[3]]) as usize;
        let length = match u32::from_le_bytes([parts[4], parts[5], parts[6], 0]) as usize {
            0 => 0x10000,
            length => length,
        };
        text.extend_from_slice(base.get(offset..offset + length)?);
        // A delta of some kilobytes can ask for gigabytes.
        if text.len() > 1 << 20 {
            return None;
        }
    }
    Some(text)
}

/// A number as deltas write it: seven bits a byte, the lowest first.
fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 127 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
