//! `scanall explain` knows every rule and every finding.

use std::collections::HashMap;

use scanall::finding::{Fingerprint, Secret};

use crate::environment::{Run, Sandbox, token};

fn explain(sandbox: &Sandbox, args: &[&str]) -> Run {
    Run::of(sandbox.command().arg("explain").args(args).arg("--offline"))
}

#[test]
fn a_rule() {
    let sandbox = Sandbox::new();
    let run = explain(&sandbox, &["secret/github-pat"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("explain_rule", run.stdout);
    assert_eq!(explain(&sandbox, &["github-pat"]).stdout, run.stdout, "the kind may be left out");
}

#[test]
fn every_rule_has_a_page() {
    let sandbox = Sandbox::new();
    for id in ["license/gpl-3.0-only", "MIT", "license/undeclared", "advisory/RUSTSEC-2020-0071", "ghsa-wcg3-cvx6-7396"]
    {
        let run = explain(&sandbox, &[id]);
        assert!(run.code == 0 && run.stdout.contains("what it is"), "{id}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn the_policy_of_the_project_decides_about_a_license() {
    let sandbox = Sandbox::new();
    sandbox.write("r/.scanall.toml", "[licenses]\nallow = [\"GPL-3.0-only\"]\n");
    assert!(explain(&sandbox, &["GPL-3.0-only", "r"]).stdout.contains("It is allowed."));
    assert!(explain(&sandbox, &["MIT", "r"]).stdout.contains("is not on the list of allowed licenses"));
}

#[test]
fn rules_of_your_own_are_known_and_drive_no_terminal() {
    let sandbox = Sandbox::new();
    let pack = "[[rule]]\nid = \"acme-key\"\ntitle = \"Acme \\u001b[2J key\"\nregex = 'acme_[0-9a-f]{32}'\nhelp = \"Call Acme \\u202e.\"\n";
    sandbox.write("r/packs/acme.toml", pack);
    sandbox.write("r/.scanall.toml", "[secrets]\nrules = [\"packs\"]\n");
    let run = explain(&sandbox, &["secret/acme-key", "r"]);
    assert!(
        run.stdout.contains("Call Acme") && run.stdout.contains("acme_[0-9a-f]{32}"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn a_finding_of_the_history() {
    let sandbox = Sandbox::with_app();
    let (report, _) = sandbox.report("app", &["--only", "secrets"]);
    let aws = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == "secret/aws-access-key-id").unwrap();
    let run = explain(&sandbox, &[&aws["fingerprint"].as_str().unwrap()[..8], "app"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("explain_finding", run.stdout);
}

#[test]
fn a_dependency_and_an_accepted_finding() {
    let sandbox = Sandbox::with_app();
    let (report, _) = sandbox.report("app", &["--only", "dependencies,secrets"]);
    let time = report["findings"].as_array().unwrap().iter().find(|f| f["package"]["name"] == "time").unwrap();
    let run = explain(&sandbox, &[time["fingerprint"].as_str().unwrap(), "app"]);
    assert!(run.stdout.contains("clockwork > time") && run.stdout.contains("CVE-2020-26235"), "{}", run.stdout);
    let accepted = report["suppressed"][0]["finding"]["fingerprint"].as_str().unwrap();
    let run = explain(&sandbox, &[accepted, "app"]);
    assert!(run.stdout.contains("by [[ignore]] number 1: a key of the test mode"), "{}", run.stdout);
}

#[test]
fn what_is_unknown_gets_the_nearest_name() {
    let sandbox = Sandbox::new();
    for (id, hint) in [
        ("secret/github-pta", "did you mean `secret/github-pat`?"),
        ("gitlab-patt", "did you mean `gitlab-pat`?"),
        ("license/gpl-3.0-onyl", "did you mean `license/gpl-3.0-only`?"),
        ("RUSTSEC-1999-0001", "does not list it"),
        ("abcdef", "`scanall` shows the fingerprint"),
        ("\u{1b}[2J", "six or more digits"),
    ] {
        let run = explain(&sandbox, &[id]);
        assert!(run.code == 2 && run.stdout.is_empty() && run.stderr.contains(hint), "{id}: {}", run.stderr);
        assert!(!run.stderr.contains('\u{1b}'));
    }
}

#[test]
fn digits_that_fit_several_findings_are_not_enough() {
    // Of some thousand fingerprints, two begin with the same six digits.
    let mut seen = HashMap::new();
    let (digits, one, two) = (0..)
        .find_map(|number| {
            let token = token(&number.to_string());
            let digest = Secret::new(token.as_bytes()).digest();
            let fingerprint = Fingerprint::of(&[b"secret", b"secret/github-pat", &digest]);
            let digits = fingerprint.as_str()[..6].to_owned();
            let earlier = seen.insert(digits.clone(), token.clone())?;
            Some((digits, earlier, token))
        })
        .unwrap();
    let sandbox = Sandbox::new();
    sandbox.write("r/x.env", format!("A={one}\nB={two}\n"));
    let run = explain(&sandbox, &[&digits, "r"]);
    assert!(run.code == 2 && run.stderr.contains("begins the fingerprints of 2 findings"), "{}", run.stderr);
    assert_eq!(run.stderr.matches(&digits).count(), 3, "each is named: {}", run.stderr);
    sandbox.write("r/x.env", format!("A={one}\nB={one}\n"));
    assert_eq!(explain(&sandbox, &[&digits, "r"]).code, 0);
    assert_eq!(explain(&sandbox, &[&digits[..5], "r"]).code, 2, "fewer digits are no fingerprint");
}
