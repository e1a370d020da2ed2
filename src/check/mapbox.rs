//! Checks access tokens of Mapbox.

use jiff::Timestamp;
use serde_json::Value;

use super::alphabet::BASE64URL;
use super::jwt::{date, expiry, object};
use super::verdict::Verdict;

/// A token of Mapbox: its kind, a JSON object in base64 with the user, and a signature.
/// <https://docs.mapbox.com/api/accounts/tokens/>
pub(crate) fn verdict(token: &[u8], now: Timestamp) -> Verdict {
    let parts: Vec<&[u8]> = token.split(|byte| *byte == b'.').collect();
    let [_, payload, signature] = parts[..] else { return Verdict::refuted("it has not the three parts of a token") };
    let facts = object(payload).unwrap_or_default();
    let user = facts.get("u").and_then(Value::as_str).unwrap_or_default();
    let is_signed = BASE64URL.decode(signature).is_some_and(|bytes| bytes.len() == 16);
    match facts.get("exp").and_then(expiry) {
        Some(expiry) if expiry <= now => Verdict::refuted(format!("expired on {}", date(expiry))),
        _ if user.is_empty() || !is_signed => Verdict::refuted("it does not say whose it is"),
        _ => Verdict::confirmed("it says whose it is").with("account", user),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::verdict::Outcome;

    #[test]
    fn names_the_user() {
        let now = Timestamp::from_second(1_767_225_600).unwrap();
        let said = |facts: &str, signature: usize| {
            let code = |bytes: &[u8]| BASE64URL.encode(bytes);
            verdict(format!("sk.{}.{}", code(facts.as_bytes()), code(&vec![8; signature])).as_bytes(), now)
        };
        assert_eq!(said(r#"{"u":"acme","a":"x"}"#, 16).facts["account"], "acme");
        assert_eq!(said(r#"{"u":"acme","a":"x"}"#, 16).outcome, Outcome::Confirmed);
        assert_eq!(said(r#"{"u":"acme","exp":1614816000}"#, 16).reason, "expired on 2021-03-04");
        assert_eq!(said(r#"{"u":"acme"}"#, 15).outcome, Outcome::Refuted);
        assert_eq!(said("{}", 16).outcome, Outcome::Refuted);
        assert_eq!(verdict(b"sk.", now).outcome, Outcome::Refuted);
    }
}
