//! Checks JSON Web Tokens (RFC 7519): two JSON objects, a signature that fits the algorithm, and the time of expiry.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::alphabet::BASE64URL;
use super::verdict::Verdict;

/// How many bytes the signatures of an algorithm have (RFC 7518, section 3; RFC 8037); those of RSA depend on the key.
const SIGNATURES: &[(&str, std::ops::RangeInclusive<usize>)] = &[
    ("HS256", 32..=32),
    ("HS384", 48..=48),
    ("HS512", 64..=64),
    ("RS256", 64..=2048),
    ("RS384", 64..=2048),
    ("RS512", 64..=2048),
    ("PS256", 64..=2048),
    ("PS384", 64..=2048),
    ("PS512", 64..=2048),
    ("ES256", 64..=64),
    ("ES256K", 64..=64),
    ("ES384", 96..=96),
    ("ES512", 132..=132),
    ("EdDSA", 64..=114),
    ("Ed25519", 64..=64),
    ("Ed448", 114..=114),
];

/// The verdict on a token. One whose time has passed is refuted as a credential, well-formed as it is: it opens nothing
/// any more. So is one that nobody signed, and the sample that jwt.io shows.
pub(crate) fn verdict(token: &[u8], now: Timestamp) -> Verdict {
    // Where a service takes tokens of several forms, this is one of the others.
    if !token.starts_with(b"ey") {
        return Verdict::unknown("it is no JSON Web Token");
    }
    let parts: Vec<&[u8]> = token.split(|byte| *byte == b'.').collect();
    // A token of five parts is encrypted: RFC 7516, section 3.1.
    let [header, payload, signature] = parts[..] else {
        return match (parts.len(), parts.first().and_then(|header| object(header))) {
            (5, Some(_)) => Verdict::unknown("it is an encrypted token"),
            _ => Verdict::refuted("it has not the three parts of a token"),
        };
    };
    let Some(header) = object(header) else { return Verdict::refuted("its header is no JSON object") };
    let Some(payload) = object(payload) else { return Verdict::refuted("its payload is no JSON object") };
    let Some(algorithm) = header.get("alg").and_then(Value::as_str) else {
        return Verdict::refuted("its header names no algorithm");
    };
    let facts = |verdict: Verdict| {
        let text = |name| payload.get(name).and_then(Value::as_str).unwrap_or_default();
        let verdict = verdict.with("algorithm", algorithm).with("issuer", text("iss"));
        match payload.get("exp").and_then(expiry) {
            Some(expiry) => verdict.with("expires", expiry.to_string()),
            None => verdict,
        }
    };
    facts(judge(algorithm, signature, &payload, now))
}

/// Whether a text is in the form of a signed token: an object, another one, and something in base64.
pub(crate) fn is_one(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'.');
    let is_object = |part: Option<&[u8]>| part.is_some_and(|part| part.starts_with(b"eyJ") && object(part).is_some());
    is_object(parts.next()) && is_object(parts.next()) && parts.next().is_some() && parts.next().is_none()
}

fn judge(algorithm: &str, signature: &[u8], payload: &Map<String, Value>, now: Timestamp) -> Verdict {
    if algorithm.eq_ignore_ascii_case("none") {
        return Verdict::refuted("nobody signed it (alg none)");
    }
    let length = BASE64URL.decode(signature).map_or(0, |bytes| bytes.len());
    let known = SIGNATURES.iter().find(|(name, _)| *name == algorithm);
    if known.is_some_and(|(_, lengths)| !lengths.contains(&length)) {
        return Verdict::refuted("its signature is not as long as its algorithm's");
    }
    let is = |name: &str, value: &str| payload.get(name).and_then(Value::as_str) == Some(value);
    if is("sub", "1234567890") && is("name", "John Doe") {
        return Verdict::idle("it is the sample of jwt.io");
    }
    if !payload.is_empty() && !payload.keys().any(|claim| is_about_access(claim)) {
        return Verdict::idle("no claim of it says who may do what, and where");
    }
    match payload.get("exp").and_then(expiry) {
        Some(expiry) if expiry <= now => Verdict::refuted(format!("expired on {}", date(expiry))),
        _ if known.is_none() => Verdict::unknown("its algorithm is no registered one"),
        Some(expiry) => Verdict::confirmed(format!("it is a token that expires on {}", date(expiry))),
        None => Verdict::confirmed("it is a token that never expires"),
    }
}

/// Whether a claim is one of a token that opens something: a registered one (RFC 7519, section 4.1, and what OAuth and
/// OpenID Connect add), or one whose name speaks of somebody, of rights, or of a place.
fn is_about_access(claim: &str) -> bool {
    let words = crate::text::tokens::words(claim.as_bytes());
    claim.contains("://") || words.iter().any(|word| CLAIMS.split(' ').any(|claim| claim == word))
}

/// The claims, and the words in names of claims, that a token which opens something has.
const CLAIMS: &str = "iss sub aud exp nbf iat jti azp acr amr sid oid tid uid upn nonce cid scp id ids user username \
    name email mail login role roles scope scopes group groups permission permissions rights admin access client account \
    tenant org organization organisation project workspace team app application device session key token type typ ref \
    api repository server host issued expires expiry created";

/// The JSON object that a part holds; `None` for anything else.
pub(super) fn object(part: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(&BASE64URL.decode(part)?).ok()
}

/// A time in seconds since 1970, with or without a fraction; `None` beyond the year 9999 and for what is no number.
pub(super) fn expiry(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))?;
    Timestamp::from_second(seconds).ok()
}

/// The day of a time in UTC, as `2021-03-04`.
pub(super) fn date(time: Timestamp) -> String {
    time.to_string().chars().take_while(|letter| *letter != 'T').collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::check::verdict::Outcome;

    fn token(header: &str, payload: &str, signature: usize) -> String {
        let code = |text: &[u8]| BASE64URL.encode(text);
        format!("{}.{}.{}", code(header.as_bytes()), code(payload.as_bytes()), code(&vec![7; signature]))
    }

    fn said(token: &str) -> (Outcome, String) {
        let verdict = verdict(token.as_bytes(), "2026-01-01T00:00:00Z".parse().unwrap());
        (verdict.outcome, verdict.reason)
    }

    #[test]
    fn says_when_a_token_expires() {
        // The claims of RFC 7515, appendix A.1, with which the token expired in 2011.
        let claims = r#"{"iss":"joe", "exp":1300819380, "http://example.com/is_root":true}"#;
        let header = "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}";
        assert_eq!(said(&token(header, claims, 32)), (Outcome::Refuted, "expired on 2011-03-22".to_owned()));
        let later = claims.replace("1300819380", "4102444800.5");
        let verdict = verdict(token(header, &later, 32).as_bytes(), Timestamp::UNIX_EPOCH);
        assert_eq!(verdict.outcome, Outcome::Confirmed);
        assert_eq!(verdict.reason, "it is a token that expires on 2100-01-01");
        assert_eq!(verdict.facts["issuer"], "joe");
        assert_eq!(verdict.facts["expires"], "2100-01-01T00:00:00Z");
        assert_eq!(said(&token(header, "{}", 32)).1, "it is a token that never expires");
        assert_eq!(said(&token(header, r#"{"exp":1e300}"#, 32)).0, Outcome::Confirmed);
    }

    #[test]
    fn refutes_what_is_no_credential() {
        for (header, payload, signature, reason) in [
            (r#"{"a":1}"#, "{}", 32, "its header names no algorithm"),
            (r#"{"}"#, "{}", 32, "its header is no JSON object"),
            (r#"{"alg":"HS256"}"#, "text", 32, "its payload is no JSON object"),
            (r#"{"alg":"none"}"#, "{}", 0, "nobody signed it (alg none)"),
            (r#"{"alg":"HS256"}"#, "{}", 31, "its signature is not as long as its algorithm's"),
            (r#"{"alg":"HS256"}"#, r#"{"weight":0.8}"#, 32, "no claim of it says who may do what, and where"),
            (r#"{"alg":"EdDSA"}"#, r#"{"sub":"1234567890","name":"John Doe"}"#, 64, "it is the sample of jwt.io"),
        ] {
            assert_eq!(said(&token(header, payload, signature)), (Outcome::Refuted, reason.to_owned()));
        }
        assert_eq!(said("ey.b").0, Outcome::Refuted);
        assert_eq!(said("a.b").0, Outcome::Unknown);
        assert_eq!(said(&token(r#"{"alg":"house"}"#, "{}", 9)).0, Outcome::Unknown);
        assert_eq!(said(&format!("{}.YQ.YQ", token(r#"{"alg":"dir"}"#, "{}", 9))).1, "it is an encrypted token");
    }

    proptest! {
        #[test]
        fn any_bytes_get_a_verdict(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            verdict(&bytes, Timestamp::UNIX_EPOCH);
        }
    }
}
