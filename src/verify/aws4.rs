//! Signs a request by AWS Signature Version 4, as [AWS
//! documents](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html) it.

use jiff::Timestamp;
use ring::hmac;
use sha2::{Digest, Sha256};

use crate::net::Inquiry;
use crate::rule::verify::sign::Aws4;
use crate::text::hex;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// What the ids of [temporary keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html) begin
/// with. AWS takes them with their session token alone.
const TEMPORARY: &str = "ASIA";

/// Adds the headers that sign a request by an id and its key at a time. Signed are the host, the time and the body; the
/// address must have no query.
///
/// # Errors
/// The id cannot stand in a header, or is that of a temporary key.
pub(super) fn sign(inquiry: &mut Inquiry, by: &Aws4, (id, key): (&str, &str), now: Timestamp) -> Result<(), String> {
    if id.starts_with(TEMPORARY) {
        return Err("a temporary key works with its session token alone".to_owned());
    }
    let at = now.to_zoned(jiff::tz::TimeZone::UTC);
    let (date, time) = (at.strftime("%Y%m%d").to_string(), at.strftime("%Y%m%dT%H%M%SZ").to_string());
    let scope = format!("{date}/{}/{}/aws4_request", by.region, by.service);
    let request = format!(
        "{}\n{}\n\nhost:{}\nx-amz-date:{time}\n\nhost;x-amz-date\n{}",
        inquiry.method(),
        inquiry.url().path(),
        inquiry.host(),
        hex(&Sha256::digest(inquiry.body()))
    );
    let text = format!("{ALGORITHM}\n{time}\n{scope}\n{}", hex(&Sha256::digest(&request)));
    let mut signing = format!("AWS4{key}").into_bytes();
    for part in [date.as_str(), &by.region, &by.service, "aws4_request"] {
        signing = mac(&signing, part);
    }
    let signature = hex(&mac(&signing, &text));
    inquiry.header("x-amz-date", &time)?;
    let credential = format!("Credential={id}/{scope}, SignedHeaders=host;x-amz-date, Signature={signature}");
    inquiry.header("authorization", &format!("{ALGORITHM} {credential}"))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::*;

    /// The example `get-vanilla` of AWS's own test suite of Signature Version 4.
    #[test]
    fn a_request_is_signed_as_aws_signs_it() {
        let mut inquiry = Inquiry::new(false, Url::parse("https://example.amazonaws.com/").unwrap());
        let by: Aws4 =
            toml::from_str("id = \"i\"\nkey = \"k\"\nregion = \"us-east-1\"\nservice = \"service\"\n").unwrap();
        let key = ["wJalrXUtnFEMI", "K7MDENG+bPxRfiCYEXAMPLEKEY"].join("/");
        let now = "2015-08-30T12:36:00Z".parse().unwrap();
        sign(&mut inquiry, &by, ("AKIDEXAMPLE", &key), now).unwrap();
        let signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
        let scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
        assert_eq!(
            inquiry.value("authorization"),
            Some(&*format!("{ALGORITHM} Credential={scope}, SignedHeaders=host;x-amz-date, Signature={signature}"))
        );
        assert_eq!(inquiry.value("x-amz-date"), Some("20150830T123600Z"));
    }
}
