//! Makes a [`Verified`] of what a provider answered.

use jiff::Timestamp;

use super::question::Question;
use crate::finding::Verified;
use crate::finding::verified::Status;
use crate::net::Answer;
use crate::rule::verify::condition::Heard;
use crate::scanner::secrets::matcher::Matcher;
use crate::text;

/// So many characters of a value are shown.
const VALUE: usize = 100;

/// What an answer means. Values that hold a part of the credential, or another one, are left out.
pub(super) fn judge(question: &Question, host: &str, answer: &Answer, matcher: &Matcher, now: Timestamp) -> Verified {
    let Some(verify) = question.verify() else { return Verified::unknown("its rule says no way to ask", now) };
    let body = String::from_utf8_lossy(&answer.body);
    let header = |name: &str| answer.header(name).map(str::to_owned);
    let json = serde_json::from_str(&body).ok();
    let heard = Heard { status: answer.status, header: &header, text: &body, json };
    let said = format!("{host} answered with status {}", answer.status);
    let is_dead = verify.dead.as_ref().is_some_and(|dead| dead.hold(&heard));
    let (status, reason) = match (verify.live.hold(&heard), is_dead) {
        (true, false) => (Status::Live, said),
        (false, true) => (Status::Dead, said),
        (true, true) => (Status::Unknown, format!("{said}, which means both to the rule")),
        (false, false) => (Status::Unknown, format!("{said}{}", guess(answer.status, verify.dead.is_some()))),
    };
    let mut identity = Vec::new();
    if status == Status::Live {
        for (name, source) in &verify.info {
            let value = source.text(&heard).map(|value| shown(&value)).unwrap_or_default();
            if !value.is_empty() && !question.is_in(&value) && matcher.scan(value.as_bytes()).is_empty() {
                identity.push((text::printable(name), value));
            }
        }
    }
    Verified { status, reason, identity, at: now }
}

/// What a status that the rule does not speak of may mean, as the end of a phrase.
fn guess(status: u16, can_be_dead: bool) -> &'static str {
    match status {
        401 | 403 if !can_be_dead => ", but another region or installation may take it",
        429 => ", since it limits the rate",
        300..=399 => ", a redirection, which is not followed",
        500..=599 => ", since it has a problem of its own",
        _ => ", which says nothing of it",
    }
}

/// A value on one line, printable, cut where it is long.
fn shown(value: &str) -> String {
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(VALUE).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    text::printable(&short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::pack;
    use crate::verify::question::tests::question;

    const ASK: &str = "hosts = [\"api.acme.test\"]\nget = \"https://api.acme.test/me\"\nheaders = { K = \"{secret}\" }";

    fn judged(status: u16, body: &str) -> Verified {
        let matcher = Matcher::new(pack::embedded()).unwrap();
        let answer = Answer::new(status, body.as_bytes());
        judge(&question(ASK, "hunter2-hunter2", None), "api.acme.test", &answer, &matcher, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn only_what_the_rule_says_is_live_or_dead() {
        for (status, body, expected, reason) in [
            (200, r#"{"me": "x"}"#, Status::Live, "status 200"),
            (200, r#"{"me": null}"#, Status::Unknown, "which says nothing of it"),
            (200, "<html>", Status::Unknown, "which says nothing of it"),
            (401, "", Status::Dead, "status 401"),
            (403, "", Status::Unknown, "which says nothing of it"),
            (429, "", Status::Unknown, "limits the rate"),
            (302, r#"{"me": "x"}"#, Status::Unknown, "not followed"),
            (503, "", Status::Unknown, "a problem of its own"),
        ] {
            let verified = judged(status, body);
            assert_eq!(verified.status, expected, "{status} {body}");
            assert!(verified.reason.contains(reason), "{}", verified.reason);
        }
    }

    #[test]
    fn whose_it_is_is_short_printable_and_no_secret() {
        let value = |body: &str| judged(200, body).identity.first().map(|(_, value)| value.clone());
        assert_eq!(value(r#"{"me": " a\n b\u001b[2J "}"#), Some("a b\\u{1b}[2J".to_owned()));
        assert_eq!(value(&format!("{{\"me\": \"{}\"}}", "x y ".repeat(99))).unwrap().chars().count(), 101);
        for leak in ["hunter2-hunter2", "my hunter2-h", "er2-hunt"] {
            assert_eq!(value(&format!("{{\"me\": \"{leak}\"}}")), None, "{leak}");
        }
        assert!(judged(401, r#"{"me": "x"}"#).identity.is_empty());
    }
}
