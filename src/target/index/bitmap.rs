//! Reads the compressed bitmaps of a split index (EWAH, as git's technical documentation of bitmaps describes it).

/// A bitmap names no entry beyond this.
const MAX_BITS: usize = 1 << 28;

/// The set bits, ascending, and how many bytes the bitmap took; `None` when it is damaged.
pub(super) fn read(data: &[u8]) -> Option<(Vec<usize>, usize)> {
    let be32 = |at: usize| Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?) as usize);
    let (bits, count) = (be32(0)?, be32(4)?);
    let end = count.checked_mul(8)?.checked_add(8)?;
    let words = data.get(8..end)?.chunks_exact(8).map(|eight| eight.try_into().map_or(0, u64::from_be_bytes));
    if bits > MAX_BITS || data.len() < end + 4 {
        return None;
    }
    let (mut words, mut at, mut set) = (words, 0usize, Vec::new());
    while let Some(marker) = words.next() {
        // A bit, how many words of it there are, and how many words as they are come then.
        let (bit, same, literal) = (marker & 1, (marker >> 1 & 0xffff_ffff) as usize, marker >> 33);
        let until = at.checked_add(same.checked_mul(64)?)?;
        if bit == 1 {
            set.extend(at..until.min(bits));
        }
        at = until;
        for _ in 0..literal {
            let word = words.next()?;
            set.extend((0..64).filter(|bit| word >> bit & 1 == 1).map(|bit| at + bit).filter(|at| *at < bits));
            at = at.checked_add(64)?;
        }
    }
    Some((set, end + 4))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn runs_and_words() {
        // One word of ones, then one word as it is.
        let words: [u64; 2] = [1 | 1 << 1 | 1 << 33, 0b101];
        let mut data = [0, 0, 0, 68, 0, 0, 0, 2].to_vec();
        words.iter().for_each(|word| data.extend(word.to_be_bytes()));
        data.extend([0; 4]);
        let expected: Vec<usize> = (0..65).chain([66]).collect();
        assert_eq!(read(&data), Some((expected, 28)));
        assert!((0..data.len()).all(|length| read(&data[..length]).is_none()));
    }
}
