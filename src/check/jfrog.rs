//! Checks reference tokens and API keys of JFrog.

use jiff::Timestamp;

use super::alphabet::BASE64;
use super::base58;
use super::jwt::date;
use super::verdict::Verdict;

/// A reference token of JFrog: `reftkn`, a version, when it expires, and 27 random characters, all of it in base64.
pub(crate) fn verdict(token: &[u8], now: Timestamp) -> Verdict {
    if token.starts_with(b"AKCp") {
        return api_key(token);
    }
    let text = BASE64.decode(token).unwrap_or_default();
    let parts: Vec<&[u8]> = text.split(|byte| *byte == b':').collect();
    let [b"reftkn", version, expires, random] = parts[..] else {
        return Verdict::refuted("it is no reference token");
    };
    let is_number = |part: &[u8], length| part.len() == length && part.iter().all(u8::is_ascii_digit);
    if !is_number(version, 2) || !is_number(expires, 10) || !random.iter().all(u8::is_ascii_alphanumeric) {
        return Verdict::refuted("it is no reference token");
    }
    let expires = String::from_utf8_lossy(expires).parse().unwrap_or_default();
    match Timestamp::from_second(expires) {
        Ok(time) if expires > 0 && time <= now => Verdict::refuted(format!("expired on {}", date(time))),
        Ok(time) if expires > 0 => {
            Verdict::confirmed(format!("it is a reference token that expires on {}", date(time)))
                .with("expires", time.to_string())
        }
        _ => Verdict::confirmed("it is a reference token that never expires"),
    }
}

/// An API key of JFrog: a number in base58, whose digits leave out four characters.
fn api_key(key: &[u8]) -> Verdict {
    match base58::decode(key) {
        Some(bytes) if bytes.len() == 54 => Verdict::unknown("it is written in base58, as API keys are"),
        _ => Verdict::refuted("it is not written in base58"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn reads_the_expiry() {
        let now = Timestamp::from_second(1_767_225_600).unwrap();
        let said = |text: &str| {
            let verdict = verdict(BASE64.encode(text.as_bytes()).as_bytes(), now);
            (verdict.outcome, verdict.reason)
        };
        let random = "a1B".repeat(9);
        assert_eq!(said(&format!("reftkn:01:1614816000:{random}")).1, "expired on 2021-03-04");
        assert_eq!(said(&format!("reftkn:01:4102444800:{random}")).0, Outcome::Confirmed);
        assert_eq!(said(&format!("reftkn:01:0000000000:{random}")).1, "it is a reference token that never expires");
        for wrong in ["reftkn:1:0000000000:a", "reftkn:01:000000000:a", "reftkn:01:0000000000:a b", "other", ""] {
            assert_eq!(said(wrong).0, Outcome::Refuted);
        }
    }

    #[test]
    fn keys_are_in_base58() {
        let key = |rest: &str| format!("AKCp{}", rest.repeat(23));
        assert_eq!(verdict(key("8xZ").as_bytes(), Timestamp::UNIX_EPOCH).outcome, Outcome::Unknown);
        assert_eq!(verdict(key("8x0").as_bytes(), Timestamp::UNIX_EPOCH).outcome, Outcome::Refuted);
        assert_eq!(verdict(b"AKCp8", Timestamp::UNIX_EPOCH).outcome, Outcome::Refuted);
    }
}
