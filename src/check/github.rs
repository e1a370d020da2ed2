//! Checks tokens of GitHub.

use jiff::Timestamp;

use super::verdict::{Outcome, Verdict};
use super::{jwt, sum};

/// The verdict on a token: all have a checksum, but installation tokens of `ghs_`, a number, `_` and a JSON Web Token.
pub(crate) fn verdict(token: &[u8], now: Timestamp) -> Verdict {
    let Some(rest) = token.strip_prefix(b"ghs_") else { return sum::verdict(sum::GITHUB, token) };
    let inner = rest.splitn(2, |byte| *byte == b'_').nth(1).filter(|inner| inner.starts_with(b"eyJ"));
    match inner {
        Some(inner) => jwt::verdict(inner, now),
        None => match sum::verdict(sum::GITHUB, token) {
            // Published installation tokens of the first year do not have it.
            wrong if wrong.outcome == Outcome::Refuted => {
                Verdict::unknown("its checksum is wrong, which some tokens' is")
            }
            other => other,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::alphabet::{BASE32, BASE62, BASE64URL};

    fn said(token: &str) -> Outcome {
        verdict(token.as_bytes(), "2026-01-01T00:00:00Z".parse().unwrap()).outcome
    }

    #[test]
    fn every_kind_has_its_check() {
        for (kind, length) in [("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30), ("ghr_", 70)] {
            let body = &"b7Kq".repeat(20)[..length];
            let sum = sum::Digest::Crc32.text(body.as_bytes(), &BASE62, 6).unwrap();
            assert_eq!(said(&format!("{kind}{body}{sum}")), Outcome::Confirmed);
            let wrong = if kind == "ghs_" { Outcome::Unknown } else { Outcome::Refuted };
            assert_eq!(said(&format!("{kind}{body}zzzzzz")), wrong);
        }
        let head = format!("github_pat_{}_{}", "A1".repeat(11), "b2C".repeat(15).get(..43).unwrap());
        let sum = sum::Digest::Sha256.text(head.as_bytes(), &BASE32, 8).unwrap();
        assert_eq!(said(&format!("{head}{sum}Zz9yX8w7")), Outcome::Confirmed);
        assert_eq!(said(&format!("{head}{}Zz9yX8w7", "A".repeat(8))), Outcome::Refuted);
    }

    #[test]
    fn an_installation_token_may_hold_a_jwt() {
        let part = |text: &str| BASE64URL.encode(text.as_bytes());
        let token = |expiry: &str| {
            let claims = part(&format!("{{\"exp\":{expiry}}}"));
            format!("ghs_123_{}.{claims}.{}", part(r#"{"alg":"RS256"}"#), BASE64URL.encode(&[1; 256]))
        };
        assert_eq!(said(&token("4102444800")), Outcome::Confirmed);
        assert_eq!(said(&token("1614816000")), Outcome::Refuted);
    }
}
