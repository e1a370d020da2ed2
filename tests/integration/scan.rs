//! What is found, where, and with which exit code.

use serde_json::json;

use crate::environment::{Run, Sandbox, layer, places, token};

#[test]
fn every_native_layer_finds_something_in_the_application() {
    let (report, code) = Sandbox::with_app().report("app", &[]);
    assert_eq!(code, 1);
    assert_eq!(
        places(&report),
        [
            "secret/github-pat deploy/ci.yml:1",
            "secret/aws-access-key-id service/settings.py:1",
            "advisory/RUSTSEC-2021-0003 Cargo.lock:30",
            "advisory/RUSTSEC-2020-0071 Cargo.lock:36",
            "license/gpl-3.0-only Cargo.lock:15",
        ]
    );
    assert_eq!(report["suppressed"][0]["finding"]["rule"], "secret/stripe-test-key");
    assert_eq!(report["unused_suppressions"], json!([]));
}

#[test]
fn a_removed_secret_names_the_commit_that_brought_it() {
    let sandbox = Sandbox::with_app();
    let (report, _) = sandbox.report("app", &["--only", "secrets"]);
    let commit = sandbox.git("app", &["log", "--format=%H", "--grep=bucket"]);
    let place = &report["findings"][1]["location"];
    assert_eq!(
        (place["commit"].as_str(), place["date"].as_str()),
        (Some(commit.as_str()), Some("2026-03-02T12:00:00+01:00"))
    );
}

#[test]
fn without_history_the_removed_secret_is_gone() {
    let (report, _) = Sandbox::with_app().report("app", &["--only", "secrets", "--history", "none"]);
    assert_eq!(places(&report), ["secret/github-pat deploy/ci.yml:1"]);
}

#[test]
fn a_range_reads_what_it_added() {
    let sandbox = Sandbox::with_app();
    let rules = |range: &str| {
        let (report, _) = sandbox.report("app", &["--only", "secrets", "--history", range]);
        places(&report)
    };
    assert_eq!(rules("HEAD~1..HEAD"), ["secret/github-pat deploy/ci.yml:1"]);
    assert!(rules("HEAD~4..HEAD~2").contains(&"secret/aws-access-key-id service/settings.py:1".to_owned()));
    assert!(!rules("HEAD~3..HEAD").contains(&"secret/aws-access-key-id service/settings.py:1".to_owned()));
}

#[test]
fn the_threshold_decides_the_exit_code() {
    let sandbox = Sandbox::with_app();
    let code = |args: &[&str]| sandbox.report("app", args).1;
    assert_eq!(code(&["--only", "licenses"]), 0);
    assert_eq!(code(&["--only", "licenses", "--fail-on", "medium"]), 1);
    assert_eq!(code(&["--only", "dependencies", "--fail-on", "critical"]), 1);
    assert_eq!(code(&["--skip", "secrets,dependencies,licenses"]), 0);
}

#[test]
fn where_ci_is_set_missing_data_is_incomplete() {
    let sandbox = Sandbox::with_app();
    let run = |variables: &[(&str, &str)], more: &[&str]| {
        let mut command = sandbox.command();
        command.args(["app", "--offline", "--only", "dependencies"]).args(more).envs(variables.iter().copied());
        Run::of(&mut command).code
    };
    assert_eq!(run(&[], &[]), 1);
    assert_eq!(run(&[("CI", "false")], &[]), 1);
    assert_eq!(run(&[("CI", "true")], &[]), 3);
    assert_eq!(run(&[("CI", "true")], &["--completeness", "best-effort"]), 1);
    assert_eq!(run(&[], &["--completeness", "strict"]), 3);
}

#[test]
fn a_database_on_disk_is_complete() {
    let sandbox = Sandbox::with_app();
    let advisory = "```toml\n[advisory]\nid = \"RUSTSEC-2026-9999\"\npackage = \"clockwork\"\ndate = \"2026-01-01\"\n[versions]\npatched = [\">= 0.5\"]\n```\n# Hands run backwards\n\nThe clock lies.\n";
    sandbox.write("db/crates/clockwork/RUSTSEC-2026-9999.md", advisory);
    let (report, code) =
        sandbox.report("app", &["--only", "dependencies", "--advisory-db", "db", "--completeness", "strict"]);
    assert_eq!((places(&report), code), (vec!["advisory/RUSTSEC-2026-9999 Cargo.lock:6".to_owned()], 0));
    let package = &report["findings"][0]["package"];
    assert_eq!(package["purl"], "pkg:cargo/clockwork@0.4.2");
    assert_eq!(package["fixed"], json!(["0.5.0"]));
    assert_eq!(layer(&report, "dependencies")["gaps"], json!([]));
}

#[test]
fn a_committed_gitignore_hides_no_committed_file() {
    let sandbox = Sandbox::new();
    sandbox.write("r/.gitignore", "*.env\nlocal/\n");
    sandbox.write("r/a.env", format!("T={}\n", token("tracked")));
    sandbox.git("", &["init", "-q", "r"]);
    sandbox.git("r", &["add", "-f", "a.env", ".gitignore"]);
    sandbox.write("r/b.env", format!("T={}\n", token("ignored")));
    let (report, _) = sandbox.report("r", &["--only", "secrets", "--history", "none"]);
    assert_eq!(places(&report), ["secret/github-pat a.env:1"]);
}

#[test]
fn one_credential_is_one_finding_wherever_it_stands() {
    let sandbox = Sandbox::new();
    let secret = token("everywhere");
    sandbox.git("", &["init", "-q", "r"]);
    for (file, text) in [("b.txt", format!("x {secret}\n")), ("a.txt", format!("\n\ny {secret} z {secret}\n"))] {
        sandbox.write(&format!("r/{file}"), text);
        sandbox.git("r", &["add", "."]);
        sandbox.git("r", &["commit", "-qm", file]);
    }
    let (report, _) = sandbox.report("r", &["--only", "secrets"]);
    assert_eq!(places(&report), ["secret/github-pat a.txt:3"]);
    let related = report["findings"][0]["related"].as_array().unwrap();
    assert!(related.iter().any(|place| place["path"] == "b.txt" && place["commit"].is_null()));
    assert!(related.iter().any(|place| place["path"] == "a.txt" && place["start_column"] == 46));
}

#[test]
fn a_folder_of_a_repository_is_scanned_with_paths_from_its_root() {
    let (report, _) = Sandbox::with_app().report("app/deploy", &["--only", "secrets"]);
    assert_eq!(places(&report), ["secret/github-pat deploy/ci.yml:1"]);
    let (report, _) = Sandbox::with_app().report("app/deploy/ci.yml", &["--only", "secrets"]);
    assert_eq!(places(&report), ["secret/github-pat deploy/ci.yml:1"]);
}

/// What a user's rule finds, as pairs of the secret and what is said about its place.
fn canaries(sandbox: &Sandbox, path: &str) -> std::collections::BTreeMap<String, String> {
    sandbox.write("canary.toml", "[[rule]]\nid = \"canary\"\nregex = 'CANARY_[0-9]{2}_[A-Z_]+'\n");
    let (report, _) = sandbox.report(path, &["--only", "secrets", "--rules", "canary.toml", "--show-secrets"]);
    let ours = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == "secret/canary");
    ours.map(|f| (f["secret"].as_str().unwrap().to_owned(), f["message"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn a_secret_is_found_wherever_git_keeps_text() {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "-b", "main", "r"]);
    let commit = |message: &str| {
        sandbox.git("r", &["add", "."]);
        sandbox.git("r", &["commit", "-q", "--allow-empty", "-m", message]);
    };
    sandbox.write("r/f", "CANARY_01_REMOVED\n");
    commit("first");
    sandbox.write("r/f", "clean\n");
    commit("see CANARY_02_MESSAGE");
    sandbox.git("r", &["tag", "-a", "v1", "-m", "CANARY_03_TAG"]);
    sandbox.git("r", &["notes", "add", "-m", "CANARY_04_NOTE"]);
    sandbox.write("r/f", "CANARY_05_STASH\n");
    sandbox.git("r", &["stash", "-q"]);
    sandbox.write("blob", "CANARY_06_DANGLING\n");
    sandbox.git("r", &["hash-object", "-w", "../blob"]);
    sandbox.write("r/g", "CANARY_07_RESET\n");
    commit("to be reset");
    sandbox.git("r", &["reset", "-q", "--hard", "HEAD~1"]);
    let utf16: Vec<u8> = "CANARY_08_UTF\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write("r/utf16.txt", utf16);
    sandbox.write("r/nul.bin", b"x\0y CANARY_09_NUL z");
    sandbox.write("r/b64", "x=Q0FOQVJZXzEwX0JBU0VfU0lYVFlGT1VS\n");
    commit("files");
    sandbox.write("r/h", "CANARY_11_STAGED\n");
    sandbox.git("r", &["add", "h"]);
    sandbox.write("r/h", "clean\n");

    let found = canaries(&sandbox, "r");
    for (secret, place) in [
        ("CANARY_01_REMOVED", "in the history, added in"),
        ("CANARY_02_MESSAGE", "in the message or the people of a commit"),
        ("CANARY_03_TAG", "in an annotated tag"),
        ("CANARY_04_NOTE", "in a git note"),
        ("CANARY_05_STASH", "in the stash"),
        ("CANARY_06_DANGLING", "nothing leads to it"),
        ("CANARY_07_RESET", "only the reflog still knows"),
        ("CANARY_08_UTF", "canary"),
        ("CANARY_09_NUL", "canary"),
        ("CANARY_10_BASE_SIXTYFOUR", "encoded"),
        ("CANARY_11_STAGED", "in git's index"),
    ] {
        assert!(found.get(secret).is_some_and(|message| message.contains(place)), "{secret}: {found:#?}");
    }
    assert!(found["CANARY_01_REMOVED"].contains("removed in"), "{found:#?}");
}

#[test]
fn repositories_that_libgit2_does_not_know() {
    for option in ["--object-format=sha256", "--ref-format=reftable"] {
        let sandbox = Sandbox::new();
        if std::process::Command::new("git")
            .args(["init", "-q", option])
            .arg(sandbox.path("probe"))
            .status()
            .is_ok_and(|s| !s.success())
        {
            eprintln!("skipped: this git does not know {option}");
            continue;
        }
        sandbox.git("", &["init", "-q", "-b", "main", option, "r"]);
        for (text, message) in [("CANARY_01_REMOVED\n", "one"), ("clean\n", "two")] {
            sandbox.write("r/f", text);
            sandbox.git("r", &["add", "."]);
            sandbox.git("r", &["commit", "-qm", message]);
        }
        let found = canaries(&sandbox, "r");
        let message = &found["CANARY_01_REMOVED"];
        assert!(message.contains("in the history, added in") && message.contains("removed in"), "{option}: {message}");
    }
}

#[test]
fn searching_what_differs_finds_what_searching_everything_finds() {
    let sandbox = Sandbox::with_app();
    sandbox.git("app", &["gc", "-q", "--aggressive"]);
    let report = |more: &[&str]| {
        let args: Vec<&str> = ["--only", "secrets", "--history", "full"].iter().chain(more).copied().collect();
        let (mut report, _) = sandbox.report("app", &args);
        report["layers"] = json!(null);
        report["seconds"] = json!(null);
        report
    };
    assert_eq!(report(&[]), report(&["--no-delta"]));
}
