//! What is sent, for which version of which repository, and what becomes of it.

use serde_json::{Value, json};

use super::server::{Scenario, TOKEN};
use super::{Checkout, run_of};
use crate::environment::{Run, token};

fn categories(log: &Value) -> Vec<&str> {
    log["runs"].as_array().unwrap().iter().map(|run| run["automationDetails"]["id"].as_str().unwrap()).collect()
}

#[test]
fn a_scan_is_uploaded_as_github_asks_for_it() {
    let checkout = Checkout::of(Scenario::default());
    let run = checkout.run(&["scan", "--only", "secrets,licenses", "--no-cache", "--upload", "-o", "json=report.json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("uploaded the report: 1 result in 2 runs for refs/heads/main"), "{}", run.stderr);
    assert!(run.stdout.contains("secret/github-pat"), "{}", run.stdout);
    let memory = checkout.server.memory();
    let (log, parameters) = &memory.uploads[0];
    assert_eq!(memory.uploads.len(), 1);
    assert_eq!(categories(log), ["scanall/secrets/", "scanall/licenses/"], "what is clean is uploaded empty");
    assert_eq!(log["runs"][1]["results"], json!([]));
    let head = checkout.sandbox.git("r", &["rev-parse", "HEAD"]);
    assert_eq!((&parameters["commit_sha"], &parameters["ref"]), (&json!(head), &json!("refs/heads/main")));
    assert_eq!((&parameters["tool_name"], &parameters["checkout_uri"]), (&json!("scanall"), &Value::Null));
    let started: jiff::Timestamp = parameters["started_at"].as_str().unwrap().parse().unwrap();
    assert!((jiff::Timestamp::now().as_second() - started.as_second()).abs() < 60);
    assert!(!log.to_string().contains(&token("upload")), "secrets stay here");
}

#[test]
fn showing_secrets_here_does_not_upload_them() {
    let checkout = Checkout::of(Scenario::default());
    let run = checkout.scan(&["--show-secrets"]);
    assert!(run.stdout.contains(&token("upload")), "{}", run.stdout);
    assert!(!checkout.server.memory().uploads[0].0.to_string().contains(&token("upload")));
}

#[test]
fn files_of_other_tools_are_uploaded_one_by_one() {
    let checkout = Checkout::of(Scenario::default());
    checkout.sarif("one.sarif", "one", &["a/", "b/"]);
    checkout.sarif("two.sarif", "two", &["a/"]);
    let run = checkout.run(&["upload", "one.sarif", "two.sarif", "--validate"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout, "https://github.com/acme/shop/security/code-scanning?query=branch%3Amain+is%3Aopen\n");
    assert!(run.stderr.contains("uploaded one.sarif: 2 results in 2 runs"), "{}", run.stderr);
    let memory = checkout.server.memory();
    let tools: Vec<&Value> = memory.uploads.iter().map(|(_, parameters)| &parameters["tool_name"]).collect();
    assert_eq!(tools, ["one", "two"]);
    assert!(memory.uploads.iter().all(|(_, parameters)| parameters["validate"] == true));
}

#[cfg(unix)]
#[test]
fn absolute_places_are_told_by_where_the_checkout_is() {
    let checkout = Checkout::of(Scenario::default());
    let mut log: Value =
        serde_json::from_slice(&std::fs::read(checkout.sarif("x.sarif", "x", &["a/"])).unwrap()).unwrap();
    let root = checkout.sandbox.path("r").canonicalize().unwrap();
    let place = &mut log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    *place = format!("file://{}/Cargo.lock", root.display()).into();
    checkout.sandbox.write("r/x.sarif", log.to_string());
    assert_eq!(checkout.run(&["upload", "x.sarif"]).code, 0);
    let memory = checkout.server.memory();
    assert_eq!(memory.uploads[0].1["checkout_uri"], format!("file://{}/", root.display()));
}

#[test]
fn what_is_incomplete_is_left_out_and_told() {
    let checkout = Checkout::of(Scenario::default());
    // No lockfile that can be read: dependencies and licenses are not known completely.
    checkout.sandbox.write("r/Cargo.lock", "nonsense");
    let run = checkout.run(&["scan", "--only", "secrets,dependencies", "--no-cache", "--upload"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert_eq!(categories(&checkout.server.memory().uploads[0].0), ["scanall/secrets/"]);

    let mut broken = run_of("x", "broken/");
    broken["invocations"] = json!([{ "executionSuccessful": false }]);
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    let log = json!({ "$schema": schema, "version": "2.1.0", "runs": [run_of("x", "fine/"), broken] });
    checkout.sandbox.write("r/x.sarif", log.to_string());
    let run = checkout.run(&["upload", "x.sarif"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("not uploaded: x.sarif: the run of x in broken is incomplete"), "{}", run.stderr);
    assert_eq!(categories(&checkout.server.memory().uploads[1].0), ["fine/"]);
}

#[test]
fn a_part_is_uploaded_for_a_pull_request_and_not_for_a_branch() {
    let checkout = Checkout::of(Scenario::default());
    let head = checkout.commit("second");
    for part in ["a", "--history=HEAD~1..HEAD"] {
        let run = checkout.scan(&[part, "-o", "json=out.json"]);
        assert_eq!((run.code, run.stderr.contains("GitHub would call fixed")), (2, true), "{}", run.stderr);
        assert_eq!(checkout.sandbox.json("r/out.json")["total"], 1, "it is reported all the same");
        assert_eq!(checkout.server.asked(), Vec::<String>::new());
    }
    for part in ["a", "--history=HEAD~1..HEAD"] {
        let run = checkout.scan(&[part, "--ref", "refs/pull/7/head", "--commit", &head]);
        assert_eq!(run.code, 1, "{}", run.stderr);
    }
    assert_eq!(checkout.server.memory().uploads.len(), 2);
}

#[test]
fn nothing_to_upload_is_no_request() {
    let checkout = Checkout::of(Scenario::default());
    checkout.sandbox.write("r/x.sarif", "\u{feff}{\"version\": \"2.1.0\", \"runs\": []}");
    let run = checkout.run(&["upload", "x.sarif"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("x.sarif has no run to upload"), "{}", run.stderr);
    assert_eq!(checkout.server.asked(), Vec::<String>::new());
}

#[test]
fn what_cannot_be_read_is_refused_before_anything_is_sent() {
    let checkout = Checkout::of(Scenario::default());
    checkout.sarif("fine.sarif", "x", &["a/"]);
    checkout.sandbox.write("r/text.sarif", "no\u{1b}[31m json");
    for (files, said) in
        [(vec!["fine.sarif", "text.sarif"], "is no JSON"), (vec!["absent.sarif"], "cannot read `absent.sarif`")]
    {
        let run = checkout.run(&[vec!["upload"], files].concat());
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.contains(said)), (2, "", true), "{}", run.stderr);
    }
    assert_eq!(checkout.server.asked(), Vec::<String>::new());
}

#[test]
fn thirty_thousand_results_in_25_categories_and_40_megabytes_are_taken_worst_first() {
    let checkout = Checkout::of(Scenario::default());
    let words = "words that a tool says of each of its findings, again and again. ".repeat(20);
    let levels = ["note", "warning", "error"];
    let (mut total, mut bytes) = (0, 0);
    let mut files = Vec::new();
    for category in 0..25 {
        let count = if category == 7 { 27_600 } else { 100 };
        let mut run = run_of("x", &format!("category-{category}/"));
        let first = run["results"][0].clone();
        let result = |n: usize| {
            let mut result = first.clone();
            result["level"] = levels[n * 7919 % 3].into();
            result["message"]["text"] = format!("Finding {n}. {words}").into();
            result["locations"][0]["physicalLocation"]["region"]["startLine"] = (n + 1).into();
            result
        };
        run["results"] = (0..count).map(result).collect();
        let text = json!({ "version": "2.1.0", "runs": [run] }).to_string();
        (total, bytes) = (total + count, bytes + text.len());
        files.push(format!("{category}.sarif"));
        checkout.sandbox.write(&format!("r/{category}.sarif"), text);
    }
    assert!(total >= 30_000 && bytes > 40_000_000, "{total} results in {bytes} bytes");
    let args: Vec<&str> = std::iter::once("upload").chain(files.iter().map(String::as_str)).collect();
    let run = checkout.run(&args);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let memory = checkout.server.memory();
    let runs: Vec<&Value> = memory.uploads.iter().flat_map(|(log, _)| log["runs"].as_array().unwrap()).collect();
    assert_eq!((memory.uploads.len(), runs.len()), (2, 25));
    let of = |run: &Value, level: &str| {
        run["results"].as_array().unwrap().iter().filter(|result| result["level"] == level).count()
    };
    let crowded = runs.iter().find(|run| run["automationDetails"]["id"] == "category-7/").unwrap();
    assert_eq!(crowded["results"].as_array().unwrap().len(), 25_000);
    assert_eq!((of(crowded, "error"), of(crowded, "warning"), of(crowded, "note")), (9200, 9200, 6600));
    assert_eq!(crowded["results"][0]["level"], "error", "the worst come first");
    assert!(run.stderr.contains("2600 results") || run.stderr.contains("2,600 results"), "{}", run.stderr);
}

#[test]
fn the_destination_is_that_of_the_event() {
    let mut checkout = Checkout::of(Scenario::default());
    checkout.sarif("x.sarif", "x", &["a/"]);
    let head = checkout.sandbox.git("r", &["rev-parse", "HEAD"]);
    let uploaded = |checkout: &Checkout, args: &[&str]| {
        let run = checkout.run(&[&["upload", "x.sarif"], args].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let (_, parameters) = checkout.server.memory().uploads.last().unwrap().clone();
        let text = |name: &str| parameters[name].as_str().unwrap().to_owned();
        (text("ref"), text("commit_sha"))
    };
    checkout.pull_request(7, "acme/shop");
    assert_eq!(uploaded(&checkout, &[]), ("refs/pull/7/merge".to_owned(), head.clone()));
    // Whoever checks out the head instead of the merge.
    checkout.set("GITHUB_SHA", Some(&"1".repeat(40)));
    assert_eq!(uploaded(&checkout, &[]), ("refs/pull/7/head".to_owned(), head.clone()));
    let asked = uploaded(&checkout, &["--ref", "refs/heads/other", "--commit", &"2".repeat(40)]);
    assert_eq!(asked, ("refs/heads/other".to_owned(), "2".repeat(40)));

    // A stranger's head must not become the default branch.
    checkout.set("GITHUB_EVENT_NAME", Some("pull_request_target"));
    checkout.set("GITHUB_REF", Some("refs/heads/main"));
    let run = checkout.run(&["upload", "x.sarif"]);
    assert_eq!((run.code, run.stderr.contains("HEAD is not what the event")), (2, true), "{}", run.stderr);
}

#[test]
fn without_actions_git_says_where_it_belongs_or_somebody_has_to() {
    let mut checkout = Checkout::of(Scenario::default());
    checkout.sarif("x.sarif", "x", &["a/"]);
    for name in ["GITHUB_ACTIONS", "GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_REF", "GITHUB_EVENT_NAME"] {
        checkout.set(name, None);
    }
    let refused = |checkout: &Checkout, said: &str| {
        let run = checkout.run(&["upload", "x.sarif"]);
        assert_eq!((run.code, run.stderr.contains(said)), (2, true), "{said}: {}", run.stderr);
    };
    refused(&checkout, "nobody says which repository");
    checkout.sandbox.git("r", &["remote", "add", "origin", "https://evil.example/acme/shop.git"]);
    refused(&checkout, "the remote `origin` is at evil.example, but the server is github.com");
    checkout.sandbox.git("r", &["remote", "set-url", "origin", "git@github.com:acme/shop.git"]);
    let run = checkout.run(&["upload", "x.sarif"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(checkout.server.memory().uploads[0].1["ref"], "refs/heads/main");

    checkout.sandbox.git("r", &["checkout", "-q", "--detach"]);
    refused(&checkout, "nobody says which reference");
    assert!(
        checkout.run(&["upload", "x.sarif", "--ref", "main"]).stderr.contains("no reference that code scanning knows")
    );
    checkout.set("GITHUB_TOKEN", None);
    refused(&checkout, "there is no token for GitHub");
    checkout.set("GH_TOKEN", Some(TOKEN));
    assert_eq!(checkout.run(&["upload", "x.sarif", "--ref", "refs/heads/main"]).code, 0);
}

#[test]
fn a_state_that_stays_pending_is_left_to_github() {
    let states = vec![json!({ "processing_status": "pending" }); 9];
    let checkout = Checkout::of(Scenario { states, ..Scenario::default() });
    let run = checkout.scan(&[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("GitHub is still reading it and goes on without us"), "{}", run.stderr);
    let polls = checkout.server.asked().iter().filter(|asked| asked.starts_with("GET")).count();
    assert_eq!(polls, 5, "as often as is said, and no alerts are asked for");
}

#[test]
fn an_upload_can_be_empty_handed_about_its_fate() {
    let pending = json!({ "processing_status": "pending" });
    let checkout = Checkout::of(Scenario { states: vec![pending.clone(), pending], ..Scenario::default() });
    let run = checkout.scan(&["--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(report["findings"][0]["alert"].is_string(), "after two times pending it is there");
}

#[test]
fn an_upload_and_offline_exclude_each_other() {
    let checkout = Checkout::of(Scenario::default());
    for args in [["--offline", "-q"], ["--staged", "-q"]] {
        let run = checkout.scan(&args);
        assert_eq!((run.code, run.stderr.contains("cannot be used with")), (2, true), "{}", run.stderr);
    }
    let run = Run::of(&mut checkout.command(&["scan", "--ref", "refs/heads/main"]));
    assert_eq!((run.code, run.stderr.contains("add --upload")), (2, true), "{}", run.stderr);
}
