//! Checks bot tokens of Discord.

use jiff::Timestamp;

use super::alphabet::any_base64;
use super::jwt::date;
use super::verdict::Verdict;

/// The first millisecond of 2015, with which the IDs of Discord begin.
/// <https://discord.com/developers/docs/reference#snowflakes>
const DISCORD: i64 = 1_420_070_400_000;

/// A bot token of Discord: the ID of the bot as text in base64, the rest is random or signed.
pub(crate) fn verdict(token: &[u8], now: Timestamp) -> Verdict {
    let head = token.split(|byte| *byte == b'.').next().unwrap_or_default();
    let id = any_base64(head).and_then(|id| String::from_utf8(id).ok()).unwrap_or_default();
    let made = id
        .parse::<i64>()
        .ok()
        .filter(|_| (17..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit()));
    match made.and_then(|number| Timestamp::from_millisecond((number >> 22) + DISCORD).ok()) {
        Some(made) if made <= now => {
            Verdict::confirmed(format!("it is of the bot {id}, made on {}", date(made))).with("account", id)
        }
        Some(_) => Verdict::refuted("its bot is of the future"),
        None => Verdict::refuted("it names no bot"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::alphabet::BASE64;
    use crate::check::verdict::Outcome;

    #[test]
    fn names_the_bot() {
        let now = Timestamp::from_second(1_767_225_600).unwrap();
        let said = |id: &str| verdict(format!("{}.abc.def", BASE64.encode(id.as_bytes())).as_bytes(), now);
        // The ID of the documentation, with the time that it gives for it.
        let known = said("175928847299117063");
        assert_eq!(known.reason, "it is of the bot 175928847299117063, made on 2016-04-30");
        assert_eq!(known.outcome, Outcome::Confirmed);
        for wrong in ["9175928847299117063", "17592884", "1759288472991170a3", "", "99999999999999999999"] {
            assert_eq!(said(wrong).outcome, Outcome::Refuted, "{wrong}");
        }
    }
}
