//! Checks tokens of Grafana.

use serde_json::Value;

use super::alphabet::any_base64;
use super::sum;
use super::verdict::Verdict;

/// The verdict on a token: `glsa_` with a checksum, or a JSON object in base64, which is of Grafana Cloud with `glc_` in
/// front, and an API key without.
pub(crate) fn verdict(token: &[u8]) -> Verdict {
    if token.starts_with(b"glsa_") {
        return sum::verdict(sum::GRAFANA, token);
    }
    let code = token.strip_prefix(b"glc_").unwrap_or(token);
    let facts = any_base64(code).and_then(|text| serde_json::from_slice::<Value>(&text).ok()).unwrap_or_default();
    let has = |name: &str| facts.get(name).is_some_and(|value| !value.is_null());
    let text = |name: &str| facts.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_whole = has("n") && has("k") && if code.len() == token.len() { has("id") } else { has("o") };
    match is_whole {
        true => Verdict::confirmed("it says whose it is").with("account", text("o")).with("name", text("n")),
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
        let said =
            |prefix: &str, facts: &str| verdict(format!("{prefix}{}", BASE64.encode(facts.as_bytes())).as_bytes());
        let cloud = said("glc_", r#"{"o":"1234","n":"ci","k":"x1","m":{"r":"eu"}}"#);
        assert_eq!((cloud.outcome, &*cloud.facts["account"]), (Outcome::Confirmed, "1234"));
        assert_eq!(said("", r#"{"k":"x1","n":"ci","id":1}"#).outcome, Outcome::Confirmed);
        assert_eq!(said("", r#"{"k":"x1","n":"ci"}"#).outcome, Outcome::Refuted);
        assert_eq!(said("glc_", "text").outcome, Outcome::Refuted);
        assert_eq!(verdict(format!("glsa_{}_00000000", "a".repeat(32)).as_bytes()).outcome, Outcome::Refuted);
    }
}
