//! Checks tokens of PyPI, which are macaroons.
//!
//! The format is version 2 of libmacaroons (<https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt>); what
//! PyPI puts into it is in `warehouse/macaroons` of <https://github.com/pypi/warehouse>. The key of the signature is the
//! server's, so the structure is all there is to check.

use jiff::Timestamp;
use serde_json::Value;

use super::alphabet::BASE64URL;
use super::jwt::{date, expiry};
use super::verdict::Verdict;

const VERSION: u8 = 2;
const END: u8 = 0;
const LOCATION: u8 = 1;
const IDENTIFIER: u8 = 2;
const SIGNATURE: u8 = 6;
/// The length of a signature (HMAC-SHA-256), in bytes.
const SIGNED: usize = 32;

/// The longest name of a site (RFC 1035, section 2.3.4).
const LONGEST: usize = 253;

/// What a macaroon holds: where it is valid, and its caveats.
struct Macaroon<'a> {
    location: &'a [u8],
    caveats: Vec<&'a [u8]>,
}

/// The verdict on a token of PyPI.
pub(crate) fn pypi(token: &[u8], now: Timestamp) -> Verdict {
    let bytes = token.strip_prefix(b"pypi-").and_then(|rest| BASE64URL.decode(rest)).unwrap_or_default();
    let Some(macaroon) = read(&bytes) else { return Verdict::refuted("it is no whole macaroon") };
    let site = String::from_utf8_lossy(macaroon.location).into_owned();
    let ends = macaroon.caveats.iter().filter_map(|caveat| until(caveat)).min();
    let verdict = match ends {
        Some(end) if end <= now => Verdict::refuted(format!("expired on {}", date(end))),
        Some(end) => Verdict::confirmed(format!("it is a macaroon of {site} that expires on {}", date(end))),
        None => Verdict::confirmed(format!("it is a macaroon of {site}")),
    };
    match ends {
        Some(end) => verdict.with("expires", end.to_string()),
        None => verdict,
    }
}

/// When a caveat ends the token: `[0, until, from]`, in seconds since 1970.
fn until(caveat: &[u8]) -> Option<Timestamp> {
    match serde_json::from_slice(caveat).ok()? {
        Value::Array(parts) if parts.first() == Some(&Value::from(0)) => expiry(parts.get(1)?),
        _ => None,
    }
}

/// Reads a macaroon to its last byte: a header, caveats, the signature. `None` where it is anything else.
fn read(bytes: &[u8]) -> Option<Macaroon<'_>> {
    let mut rest = bytes.strip_prefix(&[VERSION])?;
    let location = field(&mut rest, LOCATION)?;
    let is_site = location.iter().all(|byte| byte.is_ascii_alphanumeric() || b".-:/".contains(byte));
    if !(1..=LONGEST).contains(&location.len()) || !is_site {
        return None;
    }
    field(&mut rest, IDENTIFIER)?;
    rest = rest.strip_prefix(&[END])?;
    let mut caveats = Vec::new();
    while let Some(caveat) = field(&mut rest, IDENTIFIER) {
        rest = rest.strip_prefix(&[END])?;
        caveats.push(caveat);
    }
    rest = rest.strip_prefix(&[END])?;
    let signature = field(&mut rest, SIGNATURE)?;
    (signature.len() == SIGNED && rest.is_empty()).then_some(Macaroon { location, caveats })
}

/// Takes a field of a type: the type, a length of seven bits a byte, and so many bytes. Leaves `rest` where it was when
/// there is none.
fn field<'a>(rest: &mut &'a [u8], kind: u8) -> Option<&'a [u8]> {
    let mut from = rest.strip_prefix(&[kind])?;
    let mut length = 0usize;
    for shift in [0, 7, 14] {
        let (byte, behind) = from.split_first()?;
        from = behind;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let (value, behind) = from.split_at_checked(length)?;
            *rest = behind;
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::check::verdict::Outcome;

    fn token(caveats: &[&str], signature: usize) -> String {
        let mut bytes = b"\x02\x01\x08pypi.org\x02\x02id\0".to_vec();
        for caveat in caveats {
            bytes.extend([2, caveat.len() as u8]);
            bytes.extend(caveat.as_bytes());
            bytes.push(0);
        }
        bytes.extend([0, 6, signature as u8]);
        bytes.extend(vec![9; signature]);
        format!("pypi-{}", BASE64URL.encode(&bytes))
    }

    #[test]
    fn reads_the_whole_macaroon() {
        let said = |token: &str| {
            let verdict = pypi(token.as_bytes(), "2026-01-01T00:00:00Z".parse().unwrap());
            (verdict.outcome, verdict.reason)
        };
        let whole = token(&[r#"{"version": 1, "permissions": "user"}"#, "[3,\"u\"]"], 32);
        assert!(whole.starts_with("pypi-AgEIcHlwaS5vcmc"));
        assert_eq!(said(&whole), (Outcome::Confirmed, "it is a macaroon of pypi.org".to_owned()));
        assert_eq!(said(&token(&["[0,1614816000,1614815000]"], 32)).1, "expired on 2021-03-04");
        assert_eq!(
            said(&token(&["[0,4102444800,0]"], 32)).1,
            "it is a macaroon of pypi.org that expires on 2100-01-01"
        );
        for wrong in [&token(&[], 31), &whole[..whole.len() - 4], "pypi-", "other"] {
            assert_eq!(said(wrong).0, Outcome::Refuted);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_get_a_verdict(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            read(&bytes);
            read(&[b"\x02\x01\x01a\x02\x00\x00", &bytes[..]].concat());
        }
    }
}
