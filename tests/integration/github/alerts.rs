//! Findings learn where their alerts are, and dismissals follow the `[[ignore]]`s.

use serde_json::{Value, json};

use super::Checkout;
use super::server::{Scenario, Trouble};
use crate::environment::token;

const IGNORE: &str = "[[ignore]]\nrule = \"secret/github-pat\"\nreason = \"a fixture of the \u{fc}bung\"\n";

fn alert(number: usize, rule: &str, path: &str, line: usize) -> Value {
    json!({
        "number": number, "state": "open", "dismissed_comment": null, "rule": { "id": rule },
        "html_url": format!("https://github.com/acme/shop/security/code-scanning/{number}"),
        "tool": { "name": "scanall" },
        "most_recent_instance": {
            "ref": "refs/heads/main", "state": "open", "category": "other",
            "location": { "path": path, "start_line": line },
        },
    })
}

fn states(checkout: &Checkout) -> Vec<String> {
    checkout.server.memory().alerts.iter().map(|alert| alert["state"].as_str().unwrap().to_owned()).collect()
}

fn patches(checkout: &Checkout) -> usize {
    checkout.server.asked().iter().filter(|asked| asked.starts_with("PATCH")).count()
}

#[test]
fn findings_are_linked_to_their_alerts() {
    // So many others that the right one is on a later page; none of them is at the place.
    let others = (1..=250).map(|number| match number % 3 {
        0 => alert(number, "secret/other", "a/x y.txt", 2),
        1 => alert(number, "secret/github-pat", "a/other.txt", 2),
        _ => alert(number, "secret/github-pat", "a/x y.txt", 77),
    });
    let mut alerts: Vec<Value> = others.collect();
    alerts.push(alert(251, "secret/github-pat", "a/x y.txt", 2));
    let states = vec![json!({ "processing_status": "complete" })];
    let checkout = Checkout::of(Scenario { alerts, states, page: 40, ..Scenario::default() });
    // What is uploaded makes no alert of its own, since there is one at the place.
    let run = checkout.scan(&["-v", "-o", "json=out.json", "-o", "sarif=out.sarif"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = checkout.sandbox.json("r/out.json");
    let link = report["findings"][0]["alert"].as_str().unwrap();
    let listed = checkout.server.asked().iter().filter(|asked| asked.contains("/alerts")).count();
    assert_eq!(listed, 7, "251 alerts are 7 pages of 40");
    assert!(run.stdout.contains(&format!("alert {link}")), "{}", run.stdout);
    assert!(
        run.stderr.contains("1 of 1 finding linked to an alert: https://github.com/acme/shop/security"),
        "{}",
        run.stderr
    );
    assert!(link.ends_with("/code-scanning/251"), "{link}");
}

#[test]
fn what_people_see_of_an_upload() {
    let checkout = Checkout::of(Scenario::default());
    checkout.sandbox.write("r/.scanall.toml", IGNORE);
    checkout.sandbox.write("r/b.txt", "AWS = 1\n");
    let run = checkout.scan(&["--sync-dismissals"]);
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(" at [0-9a-f]{10}\\b", " at [commit]");
    settings.bind(|| insta::assert_snapshot!("upload", run.stderr));
    let trouble = vec![Trouble::refusal("POST", "/code-scanning", 403, "Resource not accessible by integration")];
    let mut checkout = Checkout::of(Scenario { trouble, ..Scenario::default() });
    checkout.pull_request(7, "stranger/shop");
    insta::assert_snapshot!("upload_of_a_fork", checkout.scan(&[]).stderr);
}

#[test]
fn a_list_of_alerts_that_is_refused_undoes_nothing() {
    let trouble = vec![Trouble::refusal("GET", "/code-scanning/alerts", 403, "Resource not accessible by integration")];
    let checkout = Checkout::of(Scenario { trouble, ..Scenario::default() });
    let run = checkout.scan(&["--format", "json"]);
    assert_eq!((run.code, run.stderr.contains("warning: cannot list alerts")), (1, true), "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["findings"][0].get("alert"), None);
}

#[test]
fn links_to_elsewhere_are_not_shown() {
    let mut evil = alert(1, "secret/github-pat", "a/x y.txt", 2);
    evil["html_url"] = "https://github.com.evil.example/x".into();
    let checkout = Checkout::of(Scenario { alerts: vec![evil], ..Scenario::default() });
    let run = checkout.scan(&["--format", "json"]);
    assert!(!run.stdout.contains("evil.example") && !run.stderr.contains("evil.example"), "{}", run.stdout);
}

#[test]
fn dismissals_follow_the_ignores() {
    let checkout = Checkout::of(Scenario::default());
    // Without the flag, an accepted finding is left out.
    checkout.sandbox.write("r/.scanall.toml", IGNORE);
    assert_eq!(checkout.scan(&[]).code, 0);
    assert_eq!(checkout.server.memory().uploads[0].0["runs"][0]["results"], json!([]));

    let run = checkout.scan(&["--sync-dismissals"]);
    assert_eq!(
        (run.code, run.stderr.contains("dismissed 1 alert, opened 0 alerts again")),
        (0, true),
        "{}",
        run.stderr
    );
    {
        let memory = checkout.server.memory();
        let result = &memory.uploads[1].0["runs"][0]["results"][0];
        assert_eq!((&result["ruleId"], result.get("suppressions")), (&json!("secret/github-pat"), None));
        let alert = &memory.alerts[0];
        assert_eq!((&alert["state"], &alert["dismissed_reason"]), (&json!("dismissed"), &json!("used in tests")));
        let comment = "scanall: accepted by [[ignore]] 1: a fixture of the \u{fc}bung";
        assert_eq!(alert["dismissed_comment"], comment);
    }
    // What is dismissed stays so without another word.
    assert_eq!(checkout.scan(&["--sync-dismissals"]).code, 0);
    assert_eq!(patches(&checkout), 1);

    // The ignore expires, and the alert is open again.
    checkout.sandbox.write("r/.scanall.toml", format!("{IGNORE}expires = 2020-01-31\n"));
    let run = checkout.scan(&["--sync-dismissals"]);
    assert_eq!(
        (run.code, run.stderr.contains("dismissed 0 alerts, opened 1 alert again")),
        (1, true),
        "{}",
        run.stderr
    );
    assert_eq!(states(&checkout), ["open"]);
}

#[test]
fn dismissals_of_people_stay() {
    let mut dismissed = alert(1, "secret/github-pat", "a/x y.txt", 2);
    dismissed["state"] = "dismissed".into();
    dismissed["dismissed_comment"] = "as scanall: says".into();
    let checkout = Checkout::of(Scenario { alerts: vec![dismissed], ..Scenario::default() });
    assert_eq!(checkout.scan(&["--sync-dismissals"]).code, 1);
    assert_eq!((states(&checkout), patches(&checkout)), (vec!["dismissed".to_owned()], 0));
}

#[test]
fn many_dismissals_are_spread_over_runs() {
    let checkout = Checkout::of(Scenario::default());
    checkout.sandbox.write("r/.scanall.toml", IGNORE);
    let lines: Vec<String> = (0..204).map(|number| token(&format!("many {number}"))).collect();
    checkout.sandbox.write("r/many.txt", lines.join("\n"));
    let run = checkout.scan(&["--sync-dismissals"]);
    assert!(run.stderr.contains("dismissed 200 alerts") && run.stderr.contains("5 alerts are left"), "{}", run.stderr);
    let run = checkout.scan(&["--sync-dismissals"]);
    assert!(run.stderr.contains("dismissed 5 alerts"), "{}", run.stderr);
    assert_eq!((patches(&checkout), states(&checkout)), (205, vec!["dismissed".to_owned(); 205]));
}

#[test]
fn only_the_default_branch_dismisses() {
    let mut checkout = Checkout::of(Scenario::default());
    checkout.sandbox.write("r/.scanall.toml", IGNORE);
    checkout.pull_request(7, "acme/shop");
    for reference in ["refs/pull/7/merge", "refs/heads/other", "refs/tags/main"] {
        let run = checkout.scan(&["--sync-dismissals", "--ref", reference]);
        assert_eq!((run.code, run.stderr.contains("on the default branch only")), (0, true), "{}", run.stderr);
    }
    let memory = checkout.server.memory();
    assert!(memory.uploads.iter().all(|(log, _)| log["runs"][0]["results"] == json!([])), "nothing new is shown open");
    assert!(memory.alerts.is_empty());
}

#[test]
fn what_is_accepted_on_its_line_is_left_out() {
    let checkout = Checkout::of(Scenario::default());
    checkout.sandbox.write("r/a/x y.txt", format!("{} # scanall:ignore of a test\n", token("upload")));
    assert_eq!(checkout.scan(&["--sync-dismissals", "--history", "none"]).code, 0);
    assert_eq!(checkout.server.memory().uploads[0].0["runs"][0]["results"], json!([]));
    assert_eq!(patches(&checkout), 0);
}

#[test]
fn a_refused_dismissal_breaks_the_upload_and_loses_nothing() {
    let trouble =
        vec![Trouble::refusal("PATCH", "/code-scanning/alerts", 403, "Resource not accessible by integration")];
    let checkout = Checkout::of(Scenario { trouble, ..Scenario::default() });
    checkout.sandbox.write("r/.scanall.toml", IGNORE);
    let run = checkout.scan(&["--sync-dismissals", "-o", "json=out.json"]);
    assert_eq!((run.code, run.stderr.contains("cannot dismiss alerts")), (2, true), "{}", run.stderr);
    assert_eq!(checkout.sandbox.json("r/out.json")["suppressed"].as_array().unwrap().len(), 1);
}
