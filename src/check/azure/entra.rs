//! Checks client secrets of Entra ID (Azure AD), which carry the begin of a Marvin32 checksum.
//!
//! The layout is that of `IsAzureAadClientAppIdentifiableSecret` in security-utilities: three characters, `8Q~`, 31
//! characters, and three digits of the checksum in an alphabet of its own. Those with `7Q~` carry none.

use super::super::alphabet::Alphabet;
use super::super::marvin::hash32;
use super::super::verdict::Verdict;
use super::seed;

const ALPHABET: Alphabet = Alphabet::of("entra", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~");

/// The length in characters.
const LENGTH: usize = 40;
/// How many digits the checksum has, and how many of them, from the first, a client secret has.
const DIGITS: usize = 6;
const KEPT: usize = 3;

/// The verdict on a client secret.
pub(crate) fn verdict(secret: &[u8]) -> Verdict {
    if secret.get(3..6) != Some(b"8Q~") {
        return Verdict::unknown("client secrets of this form carry no checksum");
    }
    match secret.split_at_checked(LENGTH - KEPT) {
        Some((head, sum)) if sum == checksum(head).as_bytes() => Verdict::confirmed("its checksum is right"),
        _ => Verdict::refuted("its checksum is wrong"),
    }
}

fn checksum(head: &[u8]) -> String {
    let sum = ALPHABET.number(u64::from(hash32(head, seed(b"AadPwd00"))), DIGITS);
    sum.chars().take(KEPT).collect()
}

/// A genuine client secret for the examples of rules.
pub(crate) fn make(random: &mut dyn FnMut() -> u8) -> String {
    let mut digits = |count| (0..count).map(|_| ALPHABET.digit(u64::from(random()) % 62)).collect::<String>();
    let head = format!("{}8Q~{}", digits(3), digits(31));
    let sum = checksum(head.as_bytes());
    head + &sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn the_checksum_is_the_documented_one() {
        // The example of security-utilities (SEC101_156) is made of one letter, so that it is no credential.
        let example = format!("zzz8Q~{}blP", "z".repeat(31));
        assert_eq!(verdict(example.as_bytes()).outcome, Outcome::Confirmed);
        assert_eq!(verdict(example.replace("blP", "blQ").as_bytes()).outcome, Outcome::Refuted);
        assert_eq!(verdict(&example.as_bytes()[..30]).outcome, Outcome::Refuted);
        assert_eq!(verdict(format!("yyy7Q~{}", "y".repeat(31)).as_bytes()).outcome, Outcome::Unknown);
        assert_eq!(verdict(make(&mut || 77).as_bytes()).outcome, Outcome::Confirmed);
    }
}
