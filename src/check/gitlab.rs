//! Checks tokens of GitLab.

use jiff::Timestamp;

use super::verdict::Verdict;
use super::{jwt, sum};

/// The verdict on a token: routable ones have a checksum behind the last dot, job tokens may be JSON Web Tokens.
pub(crate) fn verdict(token: &[u8], now: Timestamp) -> Verdict {
    if let Some(token) = token.strip_prefix(b"glcbt-").filter(|token| token.starts_with(b"eyJ")) {
        return jwt::verdict(token, now);
    }
    // Two digits for the length of the payload and seven for the checksum.
    match token.rsplit(|byte| *byte == b'.').next() {
        Some(last) if last.len() == 9 => sum::verdict(sum::GITLAB, token),
        _ => Verdict::unknown("this form has no checksum"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::alphabet::BASE36;
    use crate::check::verdict::Outcome;

    #[test]
    fn only_routable_tokens_have_a_checksum() {
        let head = format!("glpat-{}.01.1f", "aB3".repeat(17));
        let sum = sum::Digest::Crc32.text(head.as_bytes(), &BASE36, 7).unwrap();
        let said = |token: &str| verdict(token.as_bytes(), Timestamp::UNIX_EPOCH).outcome;
        assert_eq!(said(&format!("{head}{sum}")), Outcome::Confirmed);
        assert_eq!(said(&format!("{head}0000000")), Outcome::Refuted);
        assert_eq!(said(&format!("glpat-{}", "a".repeat(20))), Outcome::Unknown);
        assert_eq!(said("glcbt-eyJ.eyJ.x"), Outcome::Refuted);
    }
}
