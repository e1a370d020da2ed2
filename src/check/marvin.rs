//! Computes Marvin32, the keyed checksum in the keys of Azure.
//!
//! The algorithm is that of SymCrypt's `marvin32.c` and of microsoft/security-utilities (`Marvin.cs`).

/// The 32-bit checksum: both halves of the 64-bit one, xored.
pub(crate) fn hash32(bytes: &[u8], seed: u64) -> u32 {
    let (low, high) = hash(bytes, seed);
    low ^ high
}

/// The 64-bit checksum, as its lower and its upper half.
fn hash(bytes: &[u8], seed: u64) -> (u32, u32) {
    let mut state = (seed as u32, (seed >> 32) as u32);
    let (words, rest) = bytes.as_chunks::<4>();
    for word in words {
        state.0 = state.0.wrapping_add(u32::from_le_bytes(*word));
        mix(&mut state);
    }
    // The last bytes, a bit behind them, and zeros.
    let last = rest.iter().rev().fold(0x80, |word: u32, byte| word << 8 | u32::from(*byte));
    state.0 = state.0.wrapping_add(last);
    mix(&mut state);
    mix(&mut state);
    state
}

fn mix((low, high): &mut (u32, u32)) {
    *high ^= *low;
    *low = low.rotate_left(20).wrapping_add(*high);
    *high = high.rotate_left(9) ^ *low;
    *low = low.rotate_left(27).wrapping_add(*high);
    *high = high.rotate_left(19);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_what_its_authors_give() {
        // SymCrypt's self-test, and the vectors of security-utilities (MarvinTests.cs, MarvinShared.cs).
        for (seed, text, checksum) in [
            (0xd53c_d9ce_cd08_93b7, "abc".as_bytes(), 0x22c7_4339_4927_69bf),
            (0x0ddd_deee_efff_f000, b"abcdefghijklmnopqrstuvwxyz", 0xa128_eb7e_7260_aca2),
            (0x804f_b61a_001b_dbcc, b"", 0x10a9_d5d3_996f_d65d),
            (0x804f_b61a_001b_dbcc, b"\xaf", 0x6820_1f91_960e_bf91),
            (0x804f_b61a_001b_dbcc, b"\xe7\x0f", 0x64b5_8163_1f6a_b378),
            (0x804f_b61a_001b_dbcc, b"\x37\xf4\x95", 0xe1f2_dfa6_e513_1408),
            (0x804f_b61a_001b_dbcc, b"\x86\x42\xdc\x59", 0x3628_9d96_54fb_49f6),
            (0x804f_b61a_001b_dbcc, b"\xab\x42\x7e\xa8\xd1\x0f\xc7", 0xe203_987d_ba25_2fb3),
        ] {
            let (low, high) = hash(text, seed);
            assert_eq!(u64::from(high) << 32 | u64::from(low), checksum, "{text:?}");
            assert_eq!(hash32(text, seed), low ^ high);
        }
    }
}
