//! Checks tokens of Atlassian: of its cloud with a checksum, of its Data Center products with a structure.

use super::alphabet::any_base64;
use super::sum;
use super::verdict::Verdict;

/// The verdict on a token. In an address, the `=` before a checksum is written as `%3D`.
pub(crate) fn verdict(token: &[u8]) -> Verdict {
    if !token.starts_with(b"AT") {
        return data_center(token);
    }
    let escape = token.windows(3).position(|window| window == b"%3D");
    match escape.and_then(|at| Some((token.get(..at)?, token.get(at + 3..)?))) {
        Some((head, sum)) => sum::verdict(sum::ATLASSIAN, &[head, b"=", sum].concat()),
        None => sum::verdict(sum::ATLASSIAN, token),
    }
}

/// A personal access token of Jira, Confluence or Bitbucket Data Center: a number, a colon and 20 bytes, in base64.
fn data_center(token: &[u8]) -> Verdict {
    let code = token.strip_prefix(b"BBDC-").unwrap_or(token);
    let bytes = any_base64(code).unwrap_or_default();
    let (number, rest) = bytes.split_at(bytes.iter().position(|byte| *byte == b':').unwrap_or_default());
    match number.len() >= 9 && number.iter().all(u8::is_ascii_digit) && rest.len() == 21 {
        true => Verdict::confirmed("it holds a number and 20 bytes"),
        false => Verdict::refuted("it does not hold a number and 20 bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::alphabet::{BASE64, HEX_UPPER};
    use crate::check::verdict::Outcome;

    #[test]
    fn an_escaped_token_counts() {
        let head = format!("ATATT3{}=", "xY_".repeat(60));
        let sum = sum::Digest::Crc32.text(head.as_bytes(), &HEX_UPPER, 8).unwrap();
        let token = head + &sum;
        assert_eq!(verdict(token.as_bytes()).outcome, Outcome::Confirmed);
        assert_eq!(verdict(token.replace('=', "%3D").as_bytes()).outcome, Outcome::Confirmed);
        assert_eq!(verdict(token.replace('Y', "y").as_bytes()).outcome, Outcome::Refuted);
    }

    #[test]
    fn a_token_of_a_data_center_holds_a_number() {
        let said = |text: &[u8]| verdict(format!("BBDC-{}", BASE64.encode(text)).as_bytes()).outcome;
        assert_eq!(said(&[b"123456789012:", &[200; 20][..]].concat()), Outcome::Confirmed);
        assert_eq!(said(&[b"123456789012:", &[200; 19][..]].concat()), Outcome::Refuted);
        assert_eq!(said(b"12345678901x:aaaaaaaaaaaaaaaaaaaa"), Outcome::Refuted);
        assert_eq!(verdict(b"").outcome, Outcome::Refuted);
    }
}
