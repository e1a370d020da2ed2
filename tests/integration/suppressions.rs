//! Accepted findings are kept apart with their reasons; acceptances that accept nothing are told.

use crate::environment::{Sandbox, places, token};

fn sandbox_with(text: &str, config: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("r/x.txt", text);
    sandbox.write("r/.scanall.toml", config);
    sandbox
}

#[test]
fn an_inline_marker_needs_to_be_on_the_line() {
    let (one, two) = (token("one"), token("two"));
    let sandbox = sandbox_with(&format!("{one} # scanall:ignore of a test\n{two}\n"), "");
    let (report, _) = sandbox.report("r", &["--only", "secrets"]);
    assert_eq!(places(&report), ["secret/github-pat x.txt:2"]);
    assert_eq!(report["suppressed"][0]["reason"], "of a test");
    assert_eq!(report["suppressed"][0]["by"], "inline");
}

#[test]
fn a_marker_that_names_rules_covers_those() {
    for (named, open) in [("secret/github-pat", 0), ("secret/other, secret/github-pat", 0), ("secret/other", 1)] {
        let sandbox = sandbox_with(&format!("{} // scanall:ignore[{named}]\n", token("named")), "");
        assert_eq!(places(&sandbox.report("r", &["--only", "secrets"]).0).len(), open, "{named}");
    }
}

#[test]
fn a_marker_accepts_its_place_and_no_other() {
    let sandbox = sandbox_with(&format!("{} # scanall:ignore\n", token("copy")), "");
    sandbox.write("r/y.txt", token("copy"));
    assert_eq!(places(&sandbox.report("r", &["--only", "secrets"]).0).len(), 1);
}

#[test]
fn each_selector_selects() {
    let secret = token("selected");
    let fingerprint = {
        let (report, _) = sandbox_with(&secret, "").report("r", &["--only", "secrets"]);
        report["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    for (selector, open) in [
        (format!("fingerprint = \"{fingerprint}\""), 0),
        ("fingerprint = \"0123456789abcdef0123456789abcdef\"".to_owned(), 1),
        ("rule = \"secret/github-*\"".to_owned(), 0),
        ("rule = \"secret/gitlab-*\"".to_owned(), 1),
        ("path = \"*.txt\"".to_owned(), 0),
        ("path = \"docs/**\"".to_owned(), 1),
        ("rule = \"secret/github-pat\"\npath = \"docs/**\"".to_owned(), 1),
    ] {
        let sandbox = sandbox_with(&secret, &format!("[[ignore]]\n{selector}\nreason = \"a test\"\n"));
        let (report, _) = sandbox.report("r", &["--only", "secrets"]);
        assert_eq!(places(&report).len(), open, "{selector}");
        assert_eq!(report["unused_suppressions"].as_array().unwrap().len(), open, "{selector}");
    }
}

#[test]
fn packages_and_advisories_are_selected_by_any_of_their_names() {
    for selector in [
        "package = \"smallvec\"",
        "package = \"pkg:cargo/smallvec@0.6.10\"",
        "advisory = \"CVE-2021-25900\"",
        "advisory = \"RUSTSEC-2021-0003\"",
    ] {
        let sandbox = Sandbox::with_app();
        sandbox.write("app/.scanall.toml", format!("[[ignore]]\n{selector}\nreason = \"a test\"\n"));
        let (report, _) = sandbox.report("app", &["--only", "dependencies"]);
        assert_eq!(places(&report), ["advisory/RUSTSEC-2020-0071 Cargo.lock:36"], "{selector}");
    }
}

#[test]
fn what_expired_no_longer_accepts_and_is_told() {
    let ignore =
        |day: &str| format!("[[ignore]]\nrule = \"secret/github-pat\"\nreason = \"a test\"\nexpires = {day}\n");
    let (report, code) = sandbox_with(&token("old"), &ignore("2020-01-31")).report("r", &["--only", "secrets"]);
    assert_eq!((places(&report).len(), code), (1, 1));
    assert_eq!(report["unused_suppressions"][0]["expired"], "2020-01-31");
    let (report, code) = sandbox_with(&token("old"), &ignore("2999-01-31")).report("r", &["--only", "secrets"]);
    assert_eq!((places(&report).len(), code), (0, 0));
    assert_eq!(report["suppressed"][0]["expires"], "2999-01-31");
}

#[test]
fn a_fingerprint_survives_moves_and_notices_changes() {
    let fingerprint = |text: &str, file: &str| {
        let sandbox = Sandbox::new();
        sandbox.write(&format!("r/{file}"), text);
        let (report, _) = sandbox.report("r", &["--only", "secrets"]);
        report["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let (one, two) = (token("stays"), token("changes"));
    assert_eq!(fingerprint(&one, "a.txt"), fingerprint(&format!("\n\n  x {one}"), "deep/b.txt"));
    assert_ne!(fingerprint(&one, "a.txt"), fingerprint(&two, "a.txt"));
}

#[test]
fn lists_about_advisories_are_read_by_whoever_looks_for_them() {
    let sandbox = sandbox_with(&token("listed"), "");
    sandbox.write("r/Cargo.lock", "version = 4\n");
    sandbox.write("r/sub/osv-scanner.toml", "[[");
    for (layer, is_read) in [("secrets", false), ("dependencies", true)] {
        let (report, _) = sandbox.report("r", &["--only", layer]);
        assert_eq!(report["layers"].to_string().contains("sub/osv-scanner.toml"), is_read, "{layer}");
    }
}
