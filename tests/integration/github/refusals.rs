//! Each thing that GitHub refuses comes with one sentence that says what it means, and one that says what to change.

use std::io::Write as _;

use base64::Engine as _;
use serde_json::{Value, json};

use super::http::Answer;
use super::server::{Scenario, Trouble, What};
use super::{Checkout, rules, run_of};

const SARIFS: &str = "/code-scanning/sarifs";

#[test]
fn refusals_say_what_to_change() {
    for (status, message, meaning, change) in [
        (401, "Bad credentials", "the token is wrong, has expired or was revoked", "set GITHUB_TOKEN"),
        (413, "Payload too large", "larger than the server takes", "split it"),
        (403, "Resource not accessible by integration", "may not do this", "security-events: write"),
        (403, "Resource not accessible by personal access token", "personal access token may not", "security_events"),
        (
            403,
            "Resource protected by organization SAML enforcement. You must grant your OAuth token access",
            "single sign-on",
            "Configure SSO",
        ),
        (403, "Repository was archived so is read-only.", "is archived", "unarchive"),
        (
            403,
            "Code Security must be enabled for this repository to use code scanning.",
            "code scanning is off",
            "switch on Code Security",
        ),
        (
            403,
            "Advanced Security must be enabled for this repository to use code scanning.",
            "code scanning is off",
            "switch on Code Security",
        ),
        (
            403,
            "Code scanning is not enabled for this repository. Please enable code scanning in the repository settings.",
            "code scanning is off",
            "switch on Code Security",
        ),
        (404, "Not Found", "there is no such repository for this token", "--repository"),
        (404, "commit not found", "does not know the commit", "push it first"),
        (422, "ref 'refs/heads/main' not found in this repository", "does not know the reference", "--ref"),
        (301, "Moved Permanently", "the repository has moved", "--repository"),
        (307, "Temporary Redirect", "the repository has moved", "--repository"),
    ] {
        let refusal = Answer::refusal(status, message).with("Location", "http://127.0.0.1:1/steal");
        let trouble = vec![Trouble::at("POST", SARIFS, What::Answer(refusal))];
        let checkout = Checkout::of(Scenario { trouble, ..Scenario::default() });
        checkout.sarif("x.sarif", "x", &["a/"]);
        let run = checkout.run(&["upload", "x.sarif"]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{message}: {}", run.stderr);
        assert!(run.stderr.contains(meaning) && run.stderr.contains(change), "{message}: {}", run.stderr);
        assert!(run.stderr.contains("cannot upload `x.sarif` to acme/shop"), "{}", run.stderr);
        assert_eq!(checkout.server.asked(), [format!("POST {SARIFS}")], "a refusal is final");
    }
}

#[test]
fn failures_of_reading_say_what_to_change() {
    for (error, change) in [
        ("rejecting SARIF, as there are more runs than allowed (21 > 20)", "several files"),
        ("could not convert rules: invalid security severity value, is not a number: HIGH", "and no words such as"),
        ("locationFromSarifResult: expected at least one location", "physicalLocation"),
        ("locationFromSarifResult: expected artifact location", "own words"),
        ("an invalid URI was provided as a SARIF location", "%20"),
        ("SARIF URI scheme \"git\" did not match the checkout URI scheme \"file\"", "relative to the root"),
        ("rejecting delivery as the repository has too many logical alerts", "GitHub's support"),
        (
            "CodeQL analyses from advanced configurations cannot be processed when the default setup is enabled",
            "advanced setup",
        ),
        ("A delivery cannot contain multiple runs with the same category", "automationDetails.id"),
        ("something \u{1b}[31mnew", "own words"),
    ] {
        let states = vec![json!({ "processing_status": "failed", "errors": [error] })];
        let checkout = Checkout::of(Scenario { states, ..Scenario::default() });
        checkout.sarif("x.sarif", "x", &["a/"]);
        let run = checkout.run(&["upload", "x.sarif"]);
        assert_eq!((run.code, run.stderr.contains(change)), (2, true), "{error}: {}", run.stderr);
        let start: String = error.chars().take_while(|c| *c != '\u{1b}').collect();
        assert!(run.stderr.contains(&start), "GitHub's own words are there: {}", run.stderr);
    }
}

/// Whether the server takes a log as it is, and reads it without trouble.
fn is_taken(log: &Value) -> bool {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(log.to_string().as_bytes()).unwrap();
    let sarif = base64::engine::general_purpose::STANDARD.encode(gzip.finish().unwrap());
    let body = json!({ "commit_sha": "0".repeat(40), "ref": "refs/heads/main", "sarif": sarif });
    rules::take(&body).is_ok_and(|taken| taken.errors.is_empty())
}

#[test]
fn what_the_strict_server_refuses_is_repaired() {
    let place = |uri: Value| {
        let mut run = run_of("x", "a/");
        run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = uri;
        run
    };
    let mut severity = run_of("x", "a/");
    severity["tool"]["driver"]["rules"][0]["properties"]["security-severity"] = "HIGH".into();
    let mut nowhere = run_of("x", "a/");
    nowhere["results"][0]["locations"] = json!([]);
    let mut invalid = run_of("x", "a/");
    invalid["results"] = json!({});
    let log = |runs: Value| json!({ "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": runs });
    assert!(is_taken(&log(json!([run_of("x", "a/")]))), "it refuses only what is wrong");
    for (runs, results) in [
        (json!([place("git:a".into())]), 1),
        (json!([place("a b".into())]), 1),
        (json!([severity]), 1),
        (json!([nowhere]), 1),
        (json!([invalid]), 1),
        (json!([run_of("x", "a/1"), run_of("x", "a/2")]), 1),
        ((0..21).map(|n| run_of("x", &format!("{n}/"))).collect(), 21),
    ] {
        let log = log(runs);
        assert!(!is_taken(&log), "{log}");
        let checkout = Checkout::of(Scenario::default());
        checkout.sandbox.write("r/x.sarif", log.to_string());
        let run = checkout.run(&["upload", "x.sarif"]);
        assert_eq!((run.code, run.stderr.contains("repaired: ")), (0, true), "{log}: {}", run.stderr);
        let uploads = &checkout.server.memory().uploads;
        let runs = uploads.iter().flat_map(|(log, _)| log["runs"].as_array().unwrap());
        assert_eq!(runs.map(|run| run["results"].as_array().unwrap().len()).sum::<usize>(), results, "{log}");
    }
}

#[test]
fn a_fork_is_told_from_a_missing_permission() {
    for (from, actor, meaning) in [
        ("stranger/shop", "stranger", "the token of a pull request from a fork or of Dependabot may only read"),
        ("acme/shop", "dependabot[bot]", "the token of a pull request from a fork or of Dependabot may only read"),
        ("acme/shop", "somebody", "the token of the workflow may not do this"),
    ] {
        let trouble = vec![Trouble::refusal("POST", SARIFS, 403, "Resource not accessible by integration")];
        let mut checkout = Checkout::of(Scenario { trouble, ..Scenario::default() });
        checkout.pull_request(7, from);
        checkout.set("GITHUB_ACTOR", Some(actor));
        let run = checkout.scan(&["-o", "sarif=out.sarif", "-o", "json=out.json"]);
        assert_eq!((run.code, run.stderr.contains(meaning)), (2, true), "{from}: {}", run.stderr);
        // Nothing of the run is lost.
        assert!(run.stdout.contains("secret/github-pat"), "{}", run.stdout);
        assert_eq!(checkout.sandbox.json("r/out.json")["total"], 1);
        assert_eq!(checkout.sandbox.json("r/out.sarif")["version"], "2.1.0");
    }
}

#[test]
fn a_server_that_quotes_the_token_does_not_have_it_shown() {
    let quote = format!("Bad credentials: {}", super::server::TOKEN);
    let trouble = vec![Trouble::refusal("POST", SARIFS, 401, &quote)];
    let checkout = Checkout::of(Scenario { trouble, ..Scenario::default() });
    checkout.sarif("x.sarif", "x", &["a/"]);
    let run = checkout.run(&["upload", "x.sarif"]);
    assert!(run.stderr.contains("Bad credentials: [token]"), "{}", run.stderr);
}
