//! Checks tokens of Slack.

use super::alphabet::any_base64;
use super::verdict::Verdict;

/// A token of Slack. Those of apps' configurations hold numbers and a hexadecimal signature in base64; of the others
/// the parts can only be wrong. <https://docs.slack.dev/authentication/tokens/>
pub(crate) fn verdict(token: &[u8]) -> Verdict {
    let mut parts: Vec<&[u8]> = token.split(|byte| *byte == b'-').collect();
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    if token.starts_with(b"xoxe") {
        let text = parts.pop().and_then(any_base64).unwrap_or_default();
        let inner: Vec<&[u8]> = text.split(|byte| *byte == b'-').collect();
        return match inner.split_last() {
            Some((hex, numbers)) if numbers.len() > 1 && numbers.iter().all(|part| is_number(part)) && is_hex(hex) => {
                Verdict::confirmed("its parts are those of a configuration token")
            }
            _ => Verdict::refuted("its parts are not those of a configuration token"),
        };
    }
    // The IDs of a team, a user or a bot: none is one digit again and again.
    let is_made_up = |part: &&[u8]| part.len() > 5 && is_number(part) && part.iter().all(|byte| *byte == part[0]);
    match parts.iter().any(is_made_up) {
        true => Verdict::refuted("its numbers are made up"),
        false => Verdict::unknown("tokens of this form carry no checksum"),
    }
}

fn is_hex(part: &[u8]) -> bool {
    part.len() >= 32 && part.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::alphabet::BASE64;
    use crate::check::verdict::Outcome;

    #[test]
    fn knows_configuration_tokens() {
        let said = |prefix: &str, text: &str| verdict(format!("{prefix}{}", BASE64.encode(text.as_bytes())).as_bytes());
        let text = format!("2-2-12345-67890-13579-{}", "5e".repeat(32));
        assert_eq!(said("xoxe.xoxp-1-", &text).outcome, Outcome::Confirmed);
        assert_eq!(said("xoxe-1-", &text).outcome, Outcome::Confirmed);
        assert_eq!(said("xoxe-1-", "random text").outcome, Outcome::Refuted);
        assert_eq!(verdict(b"xoxb-111111111111-2222-x").outcome, Outcome::Refuted);
        assert_eq!(verdict(b"xoxb-1597534862-2222-x").outcome, Outcome::Unknown);
    }
}
