//! Defines [`Event`]: what made a workflow run, as far as it matters here.

use std::fs::File;
use std::io::Read as _;

use serde_json::Value;

use crate::environment::GithubVariables;

/// No event is larger, in bytes.
const MAX_EVENT: u64 = 64 << 20;

/// What made a workflow run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The number of the pull request; `None` when it is about none.
    pub pull_request: Option<u64>,
    /// Whether the token may only read, as for pull requests from forks and of Dependabot; `None` when nobody says.
    pub is_foreign: Option<bool>,
}

impl Event {
    /// Reads the file of `GITHUB_EVENT_PATH`, and `GITHUB_REF` where that says nothing.
    pub fn of(variables: &GithubVariables) -> Self {
        let event = variables.event_path.as_ref().and_then(|path| {
            let mut text = Vec::new();
            File::open(path).ok()?.take(MAX_EVENT).read_to_end(&mut text).ok()?;
            serde_json::from_slice::<Value>(&text).ok()
        });
        let event = event.unwrap_or_default();
        let pull_request = &event["pull_request"];
        // A comment on a pull request comes as one on an issue.
        let issue = Some(&event["issue"]).filter(|issue| issue["pull_request"].is_object());
        let number = pull_request["number"].as_u64().or_else(|| issue?["number"].as_u64());
        let base = pull_request["base"]["repo"]["full_name"].as_str().or(variables.repository.as_deref());
        let is_fork = pull_request.is_object().then(|| {
            // The repository of a head is null when the fork was deleted.
            let head = pull_request["head"]["repo"]["full_name"].as_str();
            head.is_none() || !head.zip(base).is_some_and(|(head, base)| head.eq_ignore_ascii_case(base))
        });
        let is_dependabot = variables.actor.as_deref() == Some("dependabot[bot]");
        // The token of a `pull_request_target` is that of the base.
        let is_base = variables.event_name.as_deref() == Some("pull_request_target");
        Self {
            pull_request: number.or_else(|| variables.reference.as_deref().and_then(number_of)),
            is_foreign: match (is_base, is_dependabot) {
                (true, _) => Some(false),
                (false, true) => Some(true),
                (false, false) => is_fork,
            },
        }
    }
}

/// The number in `refs/pull/7/merge` and `refs/pull/7/head`.
pub fn number_of(reference: &str) -> Option<u64> {
    let (number, end) = reference.strip_prefix("refs/pull/")?.split_once('/')?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (is_number && ["merge", "head"].contains(&end)).then(|| number.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn only_references_of_pull_requests_have_a_number() {
        assert_eq!((number_of("refs/pull/7/merge"), number_of("refs/pull/7/head")), (Some(7), Some(7)));
        for reference in ["refs/heads/7", "refs/pull/7", "refs/pull/+7/head", "refs/pull/7/x", "refs/pull//head"] {
            assert_eq!(number_of(reference), None, "{reference}");
        }
    }
}
