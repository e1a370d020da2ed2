//! Secrets.

use super::*;
use crate::finding::{CommitRef, Fingerprint, History};

#[test]
fn one_value_is_one_credential_wherever_it_is() {
    let all =
        dedupe(vec![secret("scanall", "aws-key", 3, Some("hunter2")), secret("gitleaks", "key", 8, Some("hunter2"))]);
    assert_eq!((all.len(), all[0].related.len(), all[0].sources.len()), (1, 1, 2));
    assert_eq!(all[0].rule.id, "secret/scanall/aws-key");
    assert_eq!(joined(&[secret("scanall", "aws-key", 3, Some("a")), secret("gitleaks", "key", 3, Some("b"))]).len(), 2);
}

#[test]
fn a_report_without_a_value_means_what_is_known_there() {
    let known = secret("scanall", "aws-key", 3, Some("hunter2"));
    assert_eq!(joined(&[known.clone(), secret("trivy", "some-secret", 3, None)]).len(), 1);
    assert_eq!(joined(&[known.clone(), secret("trivy", "some-secret", 4, None)]).len(), 2);
    let mut hashed = secret("detect-secrets", "Secret Keyword", 3, None);
    hashed.secret = Some(Secret::told("…", Fingerprint::of(&[b"hash"])));
    let all = dedupe(vec![known.clone(), hashed.clone()]);
    assert!(all.len() == 1 && all[0].secret == known.secret);
    // The same hash is the same credential in another file, too.
    let mut elsewhere = hashed.clone();
    elsewhere.location.path = RepoPath::new("other.env");
    let all = dedupe(vec![elsewhere, known, hashed]);
    assert_eq!((all.len(), all[0].related.len()), (1, 1));
}

#[test]
fn with_two_credentials_on_a_line_the_provider_decides() {
    let github = secret("scanall", "github-pat", 3, Some("a"));
    let stripe = secret("scanall", "stripe-key", 3, Some("b"));
    let clear = secret("trivy", "stripe-secret-token", 3, None);
    let vague = secret("checkov", "high-entropy-string", 3, None);
    let all = joined(&[github.clone(), stripe.clone(), clear]);
    assert_eq!(all, [vec!["scanall github-pat"], vec!["scanall stripe-key", "trivy stripe-secret-token"]]);
    assert_eq!(joined(&[github, stripe, vague]).len(), 3);
}

#[test]
fn two_reports_without_a_value_are_one_when_they_can_mean_nothing_else() {
    let one = secret("trivy", "stripe-key", 3, None);
    let other = secret("checkov", "base64-string", 3, None);
    assert_eq!(joined(&[one.clone(), other.clone()]).len(), 1);
    // Two of one tool are two secrets, and what could be either is neither.
    let second = secret("trivy", "github-pat", 3, None);
    assert_eq!(joined(&[one.clone(), second.clone()]).len(), 2);
    assert_eq!(joined(&[one.clone(), second.clone(), other]).len(), 3);
    let clear = secret("checkov", "stripe-token", 3, None);
    assert_eq!(joined(&[one, second, clear]).len(), 2);
}

#[test]
fn a_tool_that_sees_two_secrets_where_one_is_known_keeps_one() {
    let known = secret("scanall", "aws-secret-key", 3, Some("a"));
    let clear = secret("trivy", "aws-access-key-id", 3, None);
    let other = secret("trivy", "slack-token", 3, None);
    assert_eq!(
        joined(&[other, known, clear]),
        [vec!["scanall aws-secret-key", "trivy aws-access-key-id"], vec!["trivy slack-token"]]
    );
}

#[test]
fn a_tool_that_calls_a_known_credential_a_text_of_high_entropy_means_it() {
    let known = secret("gitleaks", "github-pat", 3, Some("a"));
    let clear = secret("detect-secrets", "GitHub Token", 3, None);
    let vague = secret("detect-secrets", "Base64 High Entropy String", 3, None);
    assert_eq!(joined(&[vague.clone(), known, clear.clone()]).len(), 1);
    assert_eq!(joined(&[vague, clear]).len(), 2, "of itself it may be another one");
}

#[test]
fn a_commit_is_a_place_of_its_own() {
    let commit = |id: &str| Some(CommitRef { id: id.to_owned(), date: String::new() });
    let mut known = secret("scanall", "aws-key", 3, Some("hunter2"));
    let mut told = secret("gitleaks", "generic", 3, None);
    told.location.commit = commit("4b20d1b82e");
    assert_eq!(joined(&[known.clone(), told.clone()]).len(), 2);
    let mut introduced = known.location.clone();
    introduced.commit = commit("4b20d1b82e4b20d1b82e4b20d1b82e4b20d1b82e");
    known.history = Some(History { introduced, head: None, removed: None, commits: 1, paths: 1 });
    assert_eq!(joined(&[known, told]).len(), 1);
}
