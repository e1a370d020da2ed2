//! Reads the account out of the access key IDs of AWS.
//!
//! IDs made since 2019 hold the number of the account in their first ten digits behind the prefix
//! (<https://awsteele.com/blog/2020/09/26/aws-access-key-format.html>). There is no checksum.

use super::alphabet::BASE32;
use super::verdict::Verdict;

/// The largest number of an account: they have twelve decimal digits.
const LARGEST: u64 = 999_999_999_999;

/// The verdict on an access key ID. What is read out of it confirms nothing, since nearly every ID holds some number.
pub(crate) fn verdict(id: &[u8]) -> Verdict {
    let Some(bytes) = id.get(4..).filter(|digits| digits.len() == 16).and_then(|digits| BASE32.decode(digits)) else {
        return Verdict::refuted("it is no access key ID");
    };
    let number = bytes.iter().take(6).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    // The highest bit is set in those that hold a number, the lowest seven belong to the rest.
    match (number >> 47, (number & 0x7fff_ffff_ffff) >> 7) {
        (0, _) => Verdict::unknown("keys of its age do not say whose they are"),
        (_, account) if account > LARGEST => Verdict::refuted("its account number has more than twelve digits"),
        (_, account) => Verdict::unknown(format!("account {account:012}")).with("account", format!("{account:012}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn reads_the_account() {
        // The example of the article, in two pieces.
        let said = |rest: &str| verdict(format!("ASIA{rest}").as_bytes());
        let verdict = said(&["QNZGKIQY", "56JQ7WML"].concat());
        assert_eq!((verdict.outcome, &*verdict.facts["account"]), (Outcome::Unknown, "029608264753"));
        assert_eq!(verdict.reason, "account 029608264753");
        assert_eq!(said(&"I2".repeat(8)).facts.len(), 0);
        assert_eq!(said(&"7".repeat(16)).outcome, Outcome::Refuted);
        assert_eq!(said(&"1".repeat(16)).outcome, Outcome::Refuted);
        assert_eq!(said("QNZ").outcome, Outcome::Refuted);
    }
}
