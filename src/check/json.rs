//! Checks tokens that are a JSON object in base64, with or without a prefix.

use serde_json::{Map, Value};

use super::alphabet::any_base64;
use super::verdict::Verdict;

/// The verdict on a token: what begins with `eyJ`, which is `{"`, must be a whole object.
pub(crate) fn verdict(token: &[u8]) -> Verdict {
    let start = token.windows(3).position(|window| window == b"eyJ").unwrap_or(token.len());
    let text = token.get(start..).and_then(any_base64).unwrap_or_default();
    match serde_json::from_slice::<Map<String, Value>>(&text) {
        Ok(facts) if facts.len() > 1 => Verdict::confirmed(format!("it holds {} facts about itself", facts.len())),
        Ok(_) => Verdict::unknown("it says hardly anything about itself"),
        Err(_) => Verdict::refuted("it holds no JSON object"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::alphabet::{BASE64, BASE64URL};
    use crate::check::verdict::Outcome;

    #[test]
    fn an_object_is_whole() {
        let said = |text: &str| verdict(format!("ops_{text}").as_bytes()).outcome;
        let object = br#"{"signInAddress":"my.1password.com","email":"a@b?>.invalid"}"#;
        assert_eq!(said(&BASE64.encode(object)), Outcome::Confirmed);
        assert_eq!(said(&BASE64URL.encode(object)), Outcome::Confirmed);
        assert_eq!(said(&BASE64URL.encode(&object[..40])), Outcome::Refuted);
        assert_eq!(said(&BASE64URL.encode(br#"{"a":1}"#)), Outcome::Unknown);
        assert_eq!(said("eyJ"), Outcome::Refuted);
        assert_eq!(said(""), Outcome::Refuted);
    }
}
