//! One comment on a pull request, that is ours and stays one.

use serde_json::Value;

use super::Checkout;
use super::http::Answer;
use super::server::{Scenario, Trouble, What, comment};

const MARKER: &str = "<!-- scanall -->";
const BOT: &str = "github-actions[bot]";

fn checkout(scenario: Scenario) -> Checkout {
    let mut checkout = Checkout::of(scenario);
    checkout.pull_request(7, "acme/shop");
    checkout
}

/// Writes a real report, with findings or without.
fn report(checkout: &Checkout, with_findings: bool) {
    let config = if with_findings { "" } else { "[[ignore]]\nrule = \"*\"\nreason = \"a test\"\n" };
    checkout.sandbox.write("r/.scanall.toml", config);
    let run = checkout.run(&["--only", "secrets", "--offline", "--no-cache", "-o", "markdown=report.md"]);
    assert_eq!(run.code, i32::from(with_findings), "{}", run.stderr);
}

fn say(checkout: &Checkout, args: &[&str]) -> String {
    let run = checkout.run(&[&["comment", "--markdown", "report.md"], args].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

fn bodies(checkout: &Checkout) -> Vec<String> {
    let memory = checkout.server.memory();
    memory.comments.iter().map(|comment| comment["body"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn there_is_one_comment_from_the_first_finding_to_the_last() {
    let checkout = checkout(Scenario::default());
    report(&checkout, false);
    assert_eq!(say(&checkout, &[]), "no comment: the report is clean\n");
    report(&checkout, true);
    assert_eq!(say(&checkout, &[]), "commented: https://github.com/acme/shop/pull/7#issuecomment-1000\n");
    assert_eq!(say(&checkout, &[]), "updated the comment: https://github.com/acme/shop/pull/7#issuecomment-1000\n");
    let bodies_now = bodies(&checkout);
    assert_eq!(bodies_now.len(), 1);
    assert!(
        bodies_now[0].starts_with(&format!("{MARKER}\n## scanall\n")) && bodies_now[0].contains("secret/github-pat")
    );

    report(&checkout, false);
    assert!(say(&checkout, &["--when-clean", "keep"]).starts_with("updated"));
    assert!(bodies(&checkout)[0].contains("clean") && !bodies(&checkout)[0].contains("secret/github-pat"));
    assert_eq!(say(&checkout, &["--when-clean=close"]), "closed the comment: the report is clean\n");
    assert_eq!(bodies(&checkout), Vec::<String>::new());
}

#[test]
fn comments_of_others_are_left_alone() {
    let marked = format!("{MARKER}\nold");
    let mut comments: Vec<Value> = (0..130).map(|id| comment(id, "somebody", "words")).collect();
    comments.push(comment(130, "somebody", &marked));
    comments.push(comment(131, BOT, &format!("> {marked}")));
    comments.push(comment(132, BOT, &marked));
    comments.push(comment(133, BOT, &marked));
    let checkout = checkout(Scenario { comments, ..Scenario::default() });
    report(&checkout, true);
    assert!(say(&checkout, &[]).ends_with("issuecomment-132\n"));
    let bodies = bodies(&checkout);
    assert!(bodies[132].contains("secret/github-pat"));
    assert_eq!((&bodies[130], &bodies[133], bodies.len()), (&marked, &marked, 134));
}

#[test]
fn the_login_is_that_of_the_token() {
    // Apps call themselves differently in the two interfaces.
    for (login, author) in [("somebody", "somebody"), ("shop", "shop[bot]"), ("shop[bot]", "shop[bot]")] {
        let comments = vec![comment(1, "other[bot]", MARKER), comment(2, author, MARKER), comment(3, "shop", "x")];
        let checkout = checkout(Scenario { comments, login, ..Scenario::default() });
        report(&checkout, true);
        let _ = checkout.run(&["comment", "--markdown", "report.md"]);
        let changed: Vec<String> =
            checkout.server.asked().into_iter().filter(|asked| asked.starts_with("PATCH")).collect();
        assert_eq!(changed, ["PATCH /issues/comments/2"], "{login}");
    }
}

#[test]
fn a_long_report_is_cut_and_says_so() {
    let checkout = checkout(Scenario::default());
    checkout.sandbox.write("r/report.md", "| \u{1F600} a line | of a table |\n".repeat(5_000));
    assert!(say(&checkout, &[]).starts_with("commented"));
    assert!(bodies(&checkout)[0].ends_with("too long for a comment.\n"));
}

#[test]
fn the_report_may_come_through_a_pipe() {
    use std::io::Write as _;
    let checkout = checkout(Scenario::default());
    let mut command = checkout.command(&["comment", "--markdown", "-"]);
    let mut child = command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"piped").unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(bodies(&checkout), [format!("{MARKER}\npiped\n")]);
}

#[test]
fn a_fork_gets_a_notice_and_no_failure() {
    for (from, method) in [("stranger/shop", "POST"), ("stranger/shop", "GET"), ("acme/shop", "POST")] {
        let trouble = vec![Trouble::refusal(method, "/issues", 403, "Resource not accessible by integration")];
        let mut checkout = checkout(Scenario { trouble, ..Scenario::default() });
        checkout.pull_request(7, from);
        report(&checkout, true);
        let run = checkout.run(&["comment", "--markdown", "report.md"]);
        if from == "acme/shop" {
            // Here the workflow can be given the right.
            assert_eq!((run.code, run.stderr.contains("pull-requests: write")), (2, true), "{}", run.stderr);
        } else {
            assert_eq!((run.code, run.stderr.as_str()), (0, ""));
            assert!(run.stdout.starts_with("::notice title=scanall::this token may not comment"), "{}", run.stdout);
        }
    }
}

#[test]
fn nonsense_of_a_server_makes_no_second_comment() {
    for (method, path, body) in [
        ("GET", "/issues", "{}"),
        ("GET", "/issues", "[[], 7, {\"body\": 7}, {\"user\": []}]"),
        ("POST", "/graphql", "[]"),
        ("POST", "/graphql", "{\"data\": []}"),
        ("POST", "/graphql", "{\"errors\": [{\"message\": \"\u{1b}[31m\"}]}"),
        ("POST", "/graphql", "null"),
    ] {
        let comments = vec![comment(1, BOT, MARKER)];
        let answer = Answer { status: 200, headers: Vec::new(), body: body.to_owned() };
        let trouble = vec![Trouble::at(method, path, What::Answer(answer))];
        let checkout = checkout(Scenario { comments, trouble, ..Scenario::default() });
        checkout.sandbox.write("r/report.md", "words");
        let run = checkout.run(&["comment", "--markdown", "report.md"]);
        // A list without our comment is one without our comment.
        let is_fine = body.starts_with("[[");
        assert_eq!(run.code, if is_fine { 0 } else { 2 }, "{body}: {}{}", run.stdout, run.stderr);
        assert!(!run.stderr.contains("internal error"), "{}", run.stderr);
    }
}

#[test]
fn the_pull_request_is_that_of_the_event_or_the_reference_or_the_flag() {
    let mut checkout = checkout(Scenario::default());
    checkout.sandbox.write("r/report.md", "words");
    for event in ["{\"issue\": {\"number\": 7, \"pull_request\": {}}}", "nonsense", "[]"] {
        let path = checkout.sandbox.write("event.json", event);
        checkout.set("GITHUB_EVENT_PATH", path.to_str());
        assert!(!say(&checkout, &[]).is_empty(), "{event}");
    }
    checkout.set("GITHUB_EVENT_PATH", None);
    checkout.set("GITHUB_REF", Some("refs/heads/main"));
    let run = checkout.run(&["comment", "--markdown", "report.md"]);
    assert_eq!((run.code, run.stderr.contains("nobody says which pull request")), (2, true), "{}", run.stderr);
    assert!(say(&checkout, &["--pull-request", "7"]).starts_with("updated"));
    assert_eq!(bodies(&checkout).len(), 1);
}
