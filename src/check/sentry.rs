//! Checks organisation tokens of Sentry.

use serde_json::Value;

use super::alphabet::any_base64;
use super::verdict::Verdict;

/// An organisation token of Sentry: `sntrys_`, a JSON object in base64 that says whose it is, and 32 random bytes.
/// <https://github.com/getsentry/rfcs/blob/main/text/0091-ci-upload-tokens.md>
pub(crate) fn verdict(token: &[u8]) -> Verdict {
    let Some(rest) = token.strip_prefix(b"sntrys_") else {
        return Verdict::unknown("tokens of this form say nothing of themselves");
    };
    let mut parts = rest.rsplitn(2, |byte| *byte == b'_');
    let (secret, facts) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let facts = any_base64(facts).and_then(|text| serde_json::from_slice::<Value>(&text).ok()).unwrap_or_default();
    let text = |name: &str| facts.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_whole = facts.get("iat").is_some_and(Value::is_number) && !text("org").is_empty();
    match is_whole && any_base64(secret).is_some_and(|secret| secret.len() == 32) {
        true => Verdict::confirmed("it says whose it is").with("account", text("org")).with("server", text("url")),
        false => Verdict::refuted("it does not say whose it is"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::alphabet::BASE64;
    use crate::check::verdict::Outcome;

    #[test]
    fn names_the_organisation() {
        let said = |facts: &str, secret: usize| {
            let code = |bytes: &[u8]| BASE64.encode(bytes);
            verdict(format!("sntrys_{}_{}", code(facts.as_bytes()), code(&vec![8; secret])).as_bytes())
        };
        let facts =
            r#"{"iat":1684154626.86,"url":"https://acme.sentry.io","region_url":"https://us.sentry.io","org":"acme"}"#;
        assert_eq!((said(facts, 32).outcome, &*said(facts, 32).facts["account"]), (Outcome::Confirmed, "acme"));
        assert_eq!(said(facts, 31).outcome, Outcome::Refuted);
        assert_eq!(said("{}", 32).outcome, Outcome::Refuted);
        assert_eq!(verdict(b"sntrys_").outcome, Outcome::Refuted);
        assert_eq!(verdict(b"sntryu_00").outcome, Outcome::Unknown);
    }
}
