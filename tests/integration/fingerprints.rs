//! The fingerprint of a secret stays the same wherever and however the secret is written, and notices every change of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::environment::{Run, Sandbox, places, token};

/// The fingerprints of all findings, once each, sorted.
fn fingerprints(sandbox: &Sandbox) -> Vec<String> {
    let (report, _) = sandbox.report("r", &["--only", "secrets"]);
    let findings = report["findings"].as_array().unwrap();
    let mut all: Vec<String> = findings.iter().map(|it| it["fingerprint"].as_str().unwrap().to_owned()).collect();
    all.sort();
    all.dedup();
    all
}

fn commit(sandbox: &Sandbox, message: &str) {
    sandbox.git("r", &["add", "-A"]);
    sandbox.git("r", &["commit", "-qm", message]);
}

/// A repository in `r` with one commit, whose file `a.env` has a token.
fn repository(secret: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "-b", "main", "r"]);
    sandbox.write("r/readme.md", "Nothing here.\n");
    commit(&sandbox, "zero");
    sandbox.git("r", &["checkout", "-qb", "topic"]);
    sandbox.write("r/a.env", format!("A={secret}\n"));
    commit(&sandbox, "one");
    sandbox
}

/// What it is called, and how it is done.
type Move<'a> = (&'a str, &'a dyn Fn(&Sandbox));

#[test]
fn a_secret_stays_the_same_secret() {
    let secret = token("stays");
    let one = fingerprints(&repository(&secret));
    assert_eq!(one.len(), 1);
    let moves: [Move<'_>; 7] = [
        ("another line", &|sandbox| {
            sandbox.write("r/a.env", format!("\n\nB=1\nexport A='{secret}'\n"));
            commit(sandbox, "two");
        }),
        ("renamed", &|sandbox| {
            sandbox.git("r", &["mv", "a.env", "b.env"]);
            commit(sandbox, "two");
        }),
        ("moved into a folder and another format", &|sandbox| {
            sandbox.git("r", &["rm", "-q", "a.env"]);
            sandbox.write("r/deep/down/c.json", format!("{{\n  \"a\": \"{secret}\"\n}}\n"));
            commit(sandbox, "two");
        }),
        ("squashed", &|sandbox| {
            sandbox.write("r/d.txt", "x");
            commit(sandbox, "two");
            sandbox.git("r", &["checkout", "-q", "main"]);
            sandbox.git("r", &["merge", "-q", "--squash", "topic"]);
            commit(sandbox, "squashed");
            sandbox.git("r", &["branch", "-qD", "topic"]);
            sandbox.git("r", &["reflog", "expire", "--expire=now", "--all"]);
            sandbox.git("r", &["gc", "-q", "--prune=now"]);
        }),
        ("only in the history", &|sandbox| {
            sandbox.git("r", &["rm", "-q", "a.env"]);
            commit(sandbox, "two");
        }),
        ("as UTF-16", &|sandbox| {
            let utf16: Vec<u8> = format!("\u{feff}A={secret}\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
            sandbox.write("r/a.env", utf16);
            commit(sandbox, "two");
        }),
        ("encoded", &|sandbox| {
            sandbox.write("r/a.env", format!("A={}\n", STANDARD.encode(format!("token = \"{secret}\" and no more"))));
            commit(sandbox, "two");
        }),
    ];
    for (how, make) in moves {
        let sandbox = repository(&secret);
        make(&sandbox);
        assert_eq!(fingerprints(&sandbox), one, "{how}");
    }
}

#[test]
fn one_character_makes_another_secret() {
    let secret = token("changes");
    let one = fingerprints(&repository(&secret));
    for at in [4, 20, secret.len() - 1] {
        let mut changed = secret.clone().into_bytes();
        changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
        let other = fingerprints(&repository(&String::from_utf8(changed).unwrap()));
        assert!(other.len() == 1 && other != one, "{at}");
    }
}

#[test]
fn a_report_without_values_has_the_same_fingerprints() {
    let sandbox = repository(&token("told"));
    let fingerprint = |args: &[&str]| -> Value { sandbox.report("r", args).0["findings"][0]["fingerprint"].clone() };
    assert_eq!(fingerprint(&["--only", "secrets"]), fingerprint(&["--only", "secrets", "--show-secrets"]));
}

#[test]
fn what_is_accepted_stays_accepted_through_a_squash_and_a_rename() {
    let sandbox = repository(&token("known"));
    let create = Run::of(sandbox.command().args(["baseline", "create", "r", "--offline"]));
    assert_eq!(create.code, 0, "{}", create.stderr);
    sandbox.git("r", &["mv", "a.env", "renamed.env"]);
    commit(&sandbox, "two");
    sandbox.git("r", &["checkout", "-q", "main"]);
    sandbox.git("r", &["merge", "-q", "--squash", "topic"]);
    commit(&sandbox, "squashed");
    sandbox.git("r", &["branch", "-qD", "topic"]);
    let open = || places(&sandbox.report("r", &["--only", "secrets"]).0);
    assert!(open().is_empty(), "{:?}", open());
    sandbox.write("r/renamed.env", format!("A={}\n", token("changed")));
    assert_eq!(open(), ["secret/github-pat renamed.env:1"]);
}
