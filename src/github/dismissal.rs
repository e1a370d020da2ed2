//! Keeps the dismissals of GitHub's alerts the same as the `[[ignore]]`s of the configuration.
//!
//! GitHub knows no suppressions in SARIF: a suppressed result would be an open alert, and one that is left out is
//! called fixed. So where dismissals are kept in step, ignored findings are uploaded as plain results and their alerts
//! dismissed, with the reason; elsewhere they are left out. Only on the default branch: a dismissal holds for every
//! branch, so a branch must not make one.

use reqwest::Method;
use serde_json::{Value, json};

use super::alert::{Alert, Alerts};
use super::{Client, Destination, Failure};
use crate::finding::Finding;
use crate::report::Report;
use crate::suppress::{Place, Suppression};

/// How a comment of ours begins, by which we know our dismissals from those of people.
const PREFIX: &str = "scanall: ";
/// GitHub takes no longer comment, in characters.
const MOST_CHARS: usize = 280;
/// So many alerts are changed in one run, far below what GitHub allows in an hour; the next run does the rest.
const MOST_CHANGES: usize = 200;

/// GitHub's reasons, and the words in a reason of ours that mean them; the last one is for all others.
static REASONS: [(&str, &[&str]); 3] = [
    ("false positive", &["false positive", "false-positive", "no secret", "not a secret", "not real"]),
    ("used in tests", &["test", "tests", "testing", "fixture", "fixtures", "example", "sample"]),
    ("won't fix", &[]),
];

/// What was changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Alerts that were dismissed.
    pub dismissed: usize,
    /// Alerts that were opened again.
    pub reopened: usize,
    /// Alerts that the next run is to change.
    pub left: usize,
}

/// Whether what is uploaded is the default branch.
///
/// # Errors
/// The server refused, or could not be asked.
pub async fn is_default_branch(client: &Client<'_>, to: &Destination) -> Result<bool, Failure> {
    let repository = client.ask(Method::GET, &format!("/repos/{}", to.repository), None).await?.body;
    let branch = repository["default_branch"].as_str();
    Ok(branch.is_some_and(|branch| to.reference == format!("refs/heads/{branch}")))
}

/// Whether a finding is accepted in a way that its alert is dismissed: by an `[[ignore]]`. What is accepted on its own
/// line was accepted before it came here, and is left out.
pub fn is_dismissible(why: &Suppression) -> bool {
    matches!(why.place, Place::Config(_))
}

/// Dismisses the open alerts of ignored findings, and opens those again that we dismissed and that nobody ignores any
/// more. What people dismissed stays as it is.
///
/// # Errors
/// The server refused, or could not be asked; what was changed before that stays.
pub async fn sync(client: &Client<'_>, to: &Destination, report: &Report, alerts: &Alerts) -> Result<Changes, Failure> {
    let mut changes = Changes::default();
    for (alert, body) in plan(report, alerts) {
        if changes.dismissed + changes.reopened == MOST_CHANGES {
            changes.left += 1;
            continue;
        }
        let path = format!("/repos/{}/code-scanning/alerts/{}", to.repository, alert.number);
        client.ask(Method::PATCH, &path, Some(&body)).await?;
        match body["state"].as_str() {
            Some("open") => changes.reopened += 1,
            _ => changes.dismissed += 1,
        }
    }
    Ok(changes)
}

/// The alerts to change, each once, and what to say of them.
fn plan<'a>(report: &Report, alerts: &'a Alerts) -> Vec<(&'a Alert, Value)> {
    let mut ignored: Vec<u64> = Vec::new();
    let mut plan: Vec<(&Alert, Value)> = Vec::new();
    for (finding, why) in report.suppressed.iter().filter(|(_, why)| is_dismissible(why)) {
        let Some(alert) = alerts.of(finding).filter(|alert| !ignored.contains(&alert.number)) else { continue };
        ignored.push(alert.number);
        if alert.state == "open" {
            let dismissal = json!({ "state": "dismissed", "dismissed_reason": reason(&why.reason), "dismissed_comment": comment(why) });
            plan.push((alert, dismissal));
        }
    }
    // An ignored finding may share its alert with an open one, which then stays dismissed.
    let ours = |finding: &Finding| {
        let alert = alerts.of(finding).filter(|alert| alert.state == "dismissed")?;
        (!ignored.contains(&alert.number) && alert.comment.as_deref()?.starts_with(PREFIX)).then_some(alert)
    };
    for alert in report.findings.iter().filter_map(ours) {
        if !plan.iter().any(|(planned, _)| planned.number == alert.number) {
            plan.push((alert, json!({ "state": "open" })));
        }
    }
    plan
}

/// GitHub's reason that is nearest to ours.
fn reason(words: &str) -> &'static str {
    let words = words.to_lowercase();
    let has = |wanted: &str| {
        words.match_indices(wanted).any(|(at, _)| {
            let before = words[..at].chars().next_back();
            let behind = words[at + wanted.len()..].chars().next();
            ![before, behind].into_iter().flatten().any(char::is_alphanumeric)
        })
    };
    let fits = |(_, wanted): &&(&str, &[&str])| wanted.is_empty() || wanted.iter().any(|word| has(word));
    REASONS.iter().find(fits).map_or("won't fix", |(reason, _)| reason)
}

/// Says who dismissed it and why, within GitHub's bound.
fn comment(why: &Suppression) -> String {
    let place = match &why.place {
        Place::Config(number) => format!("[[ignore]] {number}"),
        other => other.words(),
    };
    let expires = why.expires.map_or_else(String::new, |day| format!(" until {day}"));
    let text = format!("{PREFIX}accepted by {place}{expires}: {}", crate::text::printable(&why.reason));
    match text.char_indices().nth(MOST_CHARS) {
        Some(_) => text.chars().take(MOST_CHARS - 1).chain(['…']).collect(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_those_of_github() {
        for (words, expected) in [
            ("a false positive of the new rule", "false positive"),
            ("Fixture of the parser", "used in tests"),
            ("only in tests", "used in tests"),
            ("we never ask for the local offset", "won't fix"),
            ("the latest release is attested", "won't fix"),
            ("", "won't fix"),
        ] {
            assert_eq!(reason(words), expected, "{words}");
        }
    }

    #[test]
    fn a_comment_names_us_and_keeps_to_the_bound() {
        let why = |reason: &str| Suppression {
            place: Place::Config(3),
            reason: reason.to_owned(),
            expires: None,
            is_unaffected: false,
        };
        assert_eq!(comment(&why("of a test")), "scanall: accepted by [[ignore]] 3: of a test");
        let long = comment(&why(&"\u{fc}".repeat(400)));
        assert_eq!((long.chars().count(), long.ends_with('…')), (280, true));
    }
}
