//! Checks personal access tokens of Azure DevOps, in the form of 52 characters and in the newer one.
//!
//! The layout is that of `SEC101_102_AdoPat.cs` in security-utilities: 32 bytes in base32, four of which are a CRC-32
//! of the others, xored with a number that tells tokens of users from those of applications.

use super::super::alphabet::BASE32;
use super::super::verdict::Verdict;

/// The length in characters.
const LENGTH: usize = 52;
/// Where the bytes of the checksum are, the least significant one first.
const SUM: [usize; 4] = [22, 8, 7, 2];
/// What the checksum is xored with.
const KINDS: [(u32, &str); 2] = [(0xE0B9_692D, "user"), (0x1019_F92E, "application")];

/// The verdict on a token.
pub(crate) fn verdict(token: &[u8]) -> Verdict {
    if token.len() != LENGTH {
        return super::verdict(token);
    }
    let bytes = BASE32.decode(&token.to_ascii_uppercase()).unwrap_or_default();
    let right = checksum(&bytes).zip(stored(&bytes));
    match right.and_then(|(right, stored)| KINDS.iter().find(|(mask, _)| right ^ mask == stored)) {
        Some((_, kind)) => Verdict::confirmed(format!("its checksum is right for the token of one {kind}")),
        None => Verdict::refuted("its checksum is wrong"),
    }
}

/// The CRC-32 of the bytes that are no checksum.
fn checksum(bytes: &[u8]) -> Option<u32> {
    let checked: Vec<u8> =
        bytes.iter().enumerate().filter(|(at, _)| !SUM.contains(at)).map(|(_, byte)| *byte).collect();
    (checked.len() == 28).then(|| libdeflater::crc32(&checked))
}

fn stored(bytes: &[u8]) -> Option<u32> {
    SUM.iter().rev().try_fold(0, |sum, at| Some(sum << 8 | u32::from(*bytes.get(*at)?)))
}

/// A genuine token of a user for the examples of rules, in the form of 52 characters.
pub(crate) fn make(random: &mut dyn FnMut() -> u8) -> String {
    let mut bytes: Vec<u8> = (0..32).map(|_| random()).collect();
    let (mask, _) = KINDS[0];
    let sum = checksum(&bytes).unwrap_or_default() ^ mask;
    for (at, byte) in SUM.into_iter().zip(sum.to_le_bytes()) {
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
    }
    BASE32.encode(&bytes).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn a_token_of_52_characters_is_checked() {
        let mut next = 7u8;
        let token = make(&mut || {
            next = next.wrapping_mul(5).wrapping_add(113);
            next
        });
        assert_eq!(token.len(), LENGTH);
        assert_eq!(verdict(token.as_bytes()).outcome, Outcome::Confirmed);
        let other = format!("{}{}", if token.starts_with('a') { 'b' } else { 'a' }, &token[1..]);
        assert_eq!(verdict(other.as_bytes()).outcome, Outcome::Refuted);
        assert_eq!(verdict(&[b'1'; LENGTH]).outcome, Outcome::Refuted);
        assert_eq!(verdict(b"short").outcome, Outcome::Unknown);
        // The places are those that the source lists: bytes 0-1, 3-6, 9-21 and 23-31 are checked.
        let checked: Vec<usize> = (0..32).filter(|at| !SUM.contains(at)).collect();
        let listed = [0..2, 3..7, 9..22, 23..32].into_iter().flatten().collect::<Vec<usize>>();
        assert_eq!(checked, listed);
    }
}
