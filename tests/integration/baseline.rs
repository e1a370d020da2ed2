//! What is in the baseline is known, and nothing else is.

use std::path::Path;

use serde_json::{Value, json};

use crate::environment::{Run, Sandbox, places, token};

const FILE: &str = "r/.scanall-baseline.json";

/// Runs `scanall baseline …` on `r`, offline.
fn baseline(sandbox: &Sandbox, args: &[&str]) -> Run {
    Run::of(sandbox.command().arg("baseline").args(args).args(["r", "--offline"]))
}

/// A repository in `r` with one commit, whose baseline knows one token.
fn known(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "-b", "main", "r"]);
    sandbox.write("r/a.env", text);
    sandbox.git("r", &["add", "-A"]);
    sandbox.git("r", &["commit", "-qm", "one"]);
    let run = baseline(&sandbox, &["create"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    sandbox
}

fn secrets(sandbox: &Sandbox) -> Value {
    sandbox.report("r", &["--only", "secrets"]).0
}

const NOTHING: [&str; 0] = [];

#[test]
fn what_is_known_is_kept_apart_and_what_is_new_fails() {
    let sandbox = known(&format!("A={}\n", token("old")));
    let (report, code) = sandbox.report("r", &[]);
    assert_eq!((places(&report).len(), code), (0, 0), "{report}");
    assert_eq!((&report["suppressed"][0]["by"], &report["baseline"]["findings"]), (&json!("baseline"), &json!(1)));
    let said = sandbox.run(["r", "-q"]).stdout;
    assert!(said.starts_with("No findings, 1 known from the baseline in "), "{said}");
    sandbox.write("r/b.env", format!("\n\nB={}\n", token("new")));
    let (report, code) = sandbox.report("r", &[]);
    assert_eq!((places(&report), code), (vec!["secret/github-pat b.env:3".to_owned()], 1));
    let (report, _) = sandbox.report("r", &["--no-baseline"]);
    assert_eq!((places(&report).len(), &report["baseline"]), (2, &Value::Null));
    // Its value makes the finding, not its place.
    sandbox.write("r/dir/moved.env", format!("# moved\nA={}\n", token("old")));
    sandbox.write("r/a.env", "");
    sandbox.write("r/b.env", "");
    assert_eq!(places(&secrets(&sandbox)), NOTHING);
}

#[test]
fn the_file_is_the_same_every_time_and_holds_no_secret() {
    let secret = token("old");
    let sandbox = known(&format!("A={secret}\nURL=postgres://shop:Blumenwiese42@db.shop.invalid/shop\n"));
    let text = sandbox.read(FILE);
    assert!(!text.contains(&secret[4..]) && !text.contains("Blumenwiese"), "{text}");
    assert_eq!(text.lines().filter(|line| line.contains("\"fingerprint\"")).count(), 2, "a line each: {text}");
    let refused = baseline(&sandbox, &["create"]);
    assert!(refused.code == 2 && refused.stderr.contains("already"), "{}", refused.stderr);
    assert_eq!(baseline(&sandbox, &["create", "--force"]).code, 0);
    assert_eq!(sandbox.read(FILE), text);
    assert!(baseline(&sandbox, &["update"]).stdout.starts_with("Added 0 and removed 0: 2 findings"));
    assert_eq!(sandbox.read(FILE), text);
}

#[test]
fn of_a_password_too_little_is_kept_to_guess_it() {
    let url = |password: &str| format!("URL=postgres://shop:{password}@db.shop.invalid/shop\n");
    let sandbox = known(&url("Blumenwiese42"));
    let entry = &sandbox.json(FILE)["findings"][0];
    assert_eq!(entry["fingerprint"].as_str().unwrap().len(), 4, "{entry}");
    assert_eq!(places(&secrets(&sandbox)), NOTHING);
    sandbox.write("r/a.env", format!("# first\n{}", url("Blumenwiese42")));
    assert_eq!(places(&secrets(&sandbox)), NOTHING, "its line does not matter");
    sandbox.write("r/a.env", url("Blumenwiese43"));
    assert_eq!(places(&secrets(&sandbox)).len(), 1, "another password");
}

#[test]
fn a_changed_secret_comes_back() {
    let sandbox = known(&format!("A={}\n", token("old")));
    sandbox.write("r/a.env", format!("A={}\n", token("changed")));
    assert_eq!(places(&secrets(&sandbox)), ["secret/github-pat a.env:1"]);
}

/// A stand-in for Semgrep that prints findings with these lines of `r/x.py`, and this severity.
fn semgrep(sandbox: &Sandbox, findings: &[(u32, &str)], severity: &str) {
    let results: Vec<Value> = findings
        .iter()
        .map(|(line, text)| {
            let at = |col: u32| json!({ "line": line, "col": col });
            let extra = json!({ "message": "Bad.", "severity": severity, "lines": text, "metadata": {} });
            json!({ "check_id": "rules.bad", "path": sandbox.path("r/x.py"), "start": at(1), "end": at(5), "extra": extra })
        })
        .collect();
    sandbox.write("report.json", json!({ "results": results, "errors": [] }).to_string());
    let script = format!("#!/bin/sh\ncat '{}'\n", sandbox.path("report.json").display());
    let program = sandbox.write("bin/semgrep", script);
    make_executable(&program);
}

#[cfg(unix)]
fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs a command on `r` with that stand-in.
#[cfg(unix)]
fn with_semgrep(sandbox: &Sandbox, args: &[&str]) -> Run {
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    Run::of(sandbox.command().args(args).args(["r", "--offline", "--only", "semgrep"]).env("PATH", path))
}

#[cfg(unix)]
#[test]
fn of_two_equal_findings_the_one_that_is_not_known_comes_back() {
    let sandbox = Sandbox::new();
    sandbox.write("r/.semgrep.yml", "rules: []\n");
    sandbox.write("r/x.py", "bad()\nbad()\nbad()\n");
    semgrep(&sandbox, &[(1, "bad()")], "WARNING");
    assert_eq!(with_semgrep(&sandbox, &["baseline", "create"]).code, 0);
    let open = || {
        let run = with_semgrep(&sandbox, &["scan", "--format", "json"]);
        places(&serde_json::from_str(&run.stdout).unwrap()).len()
    };
    assert_eq!(open(), 0);
    semgrep(&sandbox, &[(1, "bad()"), (2, "bad()"), (3, "bad()")], "WARNING");
    assert_eq!(open(), 2);
    let run = with_semgrep(&sandbox, &["baseline", "update"]);
    assert!(run.stdout.starts_with("Added 2 and removed 0: 3 findings"), "{}", run.stdout);
    assert_eq!(open(), 0);
    // The same defect, and worse than it was.
    semgrep(&sandbox, &[(1, "bad()"), (2, "bad()")], "ERROR");
    assert_eq!(open(), 2);
    assert!(with_semgrep(&sandbox, &["baseline", "show"]).stdout.ends_with("2 worse, 1 gone\n"));
    let pruned = with_semgrep(&sandbox, &["baseline", "update", "--prune-only"]);
    assert!(pruned.stdout.starts_with("Added 0 and removed 1: 2 findings"), "{}", pruned.stdout);
    assert_eq!(open(), 2, "pruning accepts nothing");
    let run = with_semgrep(&sandbox, &["baseline", "update"]);
    assert!(run.stdout.starts_with("Added 0 and removed 0, took over 2 that became worse"), "{}", run.stdout);
    assert_eq!(open(), 0);
    semgrep(&sandbox, &[(1, "bad()"), (2, "bad()")], "INFO");
    assert_eq!(open(), 0, "less bad than it was");
    // Whoever lacks a tool does not know what it would find.
    std::fs::remove_file(sandbox.path("bin/semgrep")).unwrap();
    let run = with_semgrep(&sandbox, &["baseline", "update"]);
    assert!(
        run.stdout.contains("removed 0: 2 findings") && run.stdout.contains("without being looked for"),
        "{}",
        run.stdout
    );
}

#[test]
fn another_version_is_known_and_another_advisory_is_not() {
    let sandbox = Sandbox::new();
    let lock = |version: &str| {
        format!(
            "version = 3\n\n[[package]]\nname = \"thing\"\nversion = \"{version}\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n"
        )
    };
    for (id, patched) in [("RUSTSEC-2099-0001", ">= 1.2.0"), ("RUSTSEC-2099-0002", "< 1.1.0")] {
        let text = format!(
            "```toml\n[advisory]\nid = \"{id}\"\npackage = \"thing\"\ndate = \"2099-01-01\"\n\n[versions]\npatched = [\"{patched}\"]\n```\n\n# Bad\n\nIt is bad.\n"
        );
        sandbox.write(&format!("db/crates/thing/{id}.md"), text);
    }
    let open = |version: &str| {
        sandbox.write("r/Cargo.lock", lock(version));
        places(&sandbox.report("r", &["--advisory-db", "db", "--only", "dependencies"]).0)
    };
    assert_eq!(open("1.0.0"), ["advisory/RUSTSEC-2099-0001 Cargo.lock:4"]);
    assert_eq!(baseline(&sandbox, &["create", "--advisory-db", "db"]).code, 0);
    assert_eq!(open("1.0.1"), NOTHING);
    assert_eq!(open("1.1.0"), ["advisory/RUSTSEC-2099-0002 Cargo.lock:4"]);
    assert_eq!(open("1.2.0"), ["advisory/RUSTSEC-2099-0002 Cargo.lock:4"]);
}

#[test]
fn what_is_gone_is_told_in_a_line_and_taken_out() {
    let sandbox = known("nothing\n");
    sandbox.write("r/b.env", format!("B={}\n", token("b")));
    assert!(baseline(&sandbox, &["update"]).stdout.starts_with("Added 1 and removed 0: 1 finding in"));
    std::fs::remove_file(sandbox.path("r/b.env")).unwrap();
    sandbox.write("r/c.env", format!("C={}\n", token("c")));
    let run = sandbox.run(["r", "--only", "secrets"]);
    assert!(run.stdout.contains("1 finding of the baseline .scanall-baseline.json no longer there"), "{}", run.stdout);
    assert_eq!(secrets(&sandbox)["baseline"]["gone"], 1);
    for args in [&["--staged"][..], &["--history", "HEAD~0..HEAD"], &["--only", "licenses"]] {
        let run = sandbox.run(["r"].iter().chain(args));
        assert!(!run.stdout.contains("no longer there"), "{args:?}: {}", run.stdout);
    }
    let run = sandbox.run(["r/a.env", "--only", "secrets"]);
    assert!(!run.stdout.contains("no longer there"), "a part tells nothing about the rest: {}", run.stdout);
    let run = baseline(&sandbox, &["update", "--prune-only"]);
    assert!(run.stdout.starts_with("Added 0 and removed 1: 0 findings"), "{}", run.stdout);
    assert_eq!(places(&secrets(&sandbox)), ["secret/github-pat c.env:1"]);
}

#[test]
fn what_was_not_looked_at_is_not_taken_out() {
    let sandbox = known(&format!("A={}\n", token("old")));
    sandbox.git("r", &["rm", "-q", "a.env"]);
    sandbox.git("r", &["commit", "-qm", "two"]);
    // Git still holds it, so a scan of the files alone cannot say that it is gone.
    for args in [&["--history", "none"][..], &["--only", "licenses"]] {
        let run = baseline(&sandbox, &[&["update"][..], args].concat());
        assert!(run.stdout.contains("removed 0: 1 finding"), "{args:?}: {}", run.stdout);
        assert!(run.stdout.contains("stayed without being looked for"), "{}", run.stdout);
    }
    // A pack that cannot be read makes the scan incomplete, and the token may be in it.
    sandbox.git("r", &["repack", "-adq"]);
    let packs = sandbox.path("r/.git/objects/pack");
    for file in std::fs::read_dir(packs).unwrap().map(|entry| entry.unwrap().path()) {
        std::fs::remove_file(&file).unwrap();
        if file.extension().is_some_and(|ending| ending == "pack") {
            std::fs::write(&file, "PACK").unwrap();
        }
    }
    let run = baseline(&sandbox, &["update", "--only", "secrets"]);
    assert!(run.code == 3 && run.stdout.contains("removed 0: 1 finding"), "{} {}", run.code, run.stdout);
    assert_eq!(baseline(&sandbox, &["update", "--history", "main~0..main"]).code, 2);
}

#[test]
fn a_damaged_or_missing_one_ends_the_run() {
    let sandbox = known(&format!("A={}\n", token("old")));
    let good = sandbox.read(FILE);
    for (text, why) in [
        (String::new(), "is damaged"),
        (good[..good.len() - 5].to_owned(), "is damaged"),
        (good.replace("\"schema\": 1", "\"schema\": 9"), "has the schema 9"),
        (format!("<<<<<<< HEAD\n{good}"), "is damaged"),
    ] {
        sandbox.write(FILE, text);
        for run in [sandbox.run(["r"]), baseline(&sandbox, &["update"]), baseline(&sandbox, &["show"])] {
            assert!(run.code == 2 && run.stdout.is_empty() && run.stderr.contains(why), "{why}: {}", run.stderr);
        }
    }
    std::fs::remove_file(sandbox.path(FILE)).unwrap();
    assert_eq!(sandbox.run(["r", "--only", "secrets"]).code, 1, "without one, everything is new");
    for run in [baseline(&sandbox, &["update"]), sandbox.run(["r", "--baseline", "none.json"])] {
        assert!(run.code == 2 && run.stderr.contains("there is no baseline"), "{}", run.stderr);
    }
    sandbox.write("r/.scanall.toml", "[scan]\nbaseline = \"ci/known.json\"\n");
    let run = sandbox.run(["r"]);
    assert!(run.code == 2 && run.stderr.contains("ci/known.json"), "{}", run.stderr);
    sandbox.write("r/ci/known.json", good);
    assert_eq!(sandbox.run(["r", "--only", "secrets"]).code, 0);
}

#[cfg(unix)]
#[test]
fn a_link_leads_nobody_out_of_the_repository() {
    let sandbox = known("nothing\n");
    std::fs::remove_file(sandbox.path(FILE)).unwrap();
    for outside in ["outside.json", "/dev/zero"] {
        sandbox.write("outside.json", "untouched");
        std::os::unix::fs::symlink(sandbox.path("").join(outside), sandbox.path(FILE)).unwrap();
        for run in [sandbox.run(["r"]), baseline(&sandbox, &["create", "--force"])] {
            assert!(run.code == 2 && run.stderr.contains("leads out of the repository"), "{}", run.stderr);
        }
        assert_eq!(sandbox.read("outside.json"), "untouched");
        std::fs::remove_file(sandbox.path(FILE)).unwrap();
    }
}

#[test]
fn no_rule_takes_a_fingerprint_for_a_secret() {
    let sandbox = Sandbox::new();
    let lines: Vec<String> = scanall::rule::pack::embedded()
        .iter()
        .map(|rule| {
            let hex = scanall::scanner::secrets::template::expand("{{hex:32}}", &rule.rule.id).unwrap();
            json!({ "fingerprint": hex, "path": format!("config/{}.env", rule.provider.to_lowercase()), "rule": rule.rule.id, "what": rule.rule.title, "severity": "high", "by": ["scanall"], "added": "2026-11-21" }).to_string()
        })
        .collect();
    // As a baseline and as any other file.
    for (file, args) in [(FILE, &["--only", "secrets"][..]), ("r/x.json", &["--only", "secrets", "--no-baseline"])] {
        sandbox.write(
            file,
            format!("{{\"schema\": 1, \"history\": \"full\", \"findings\": [\n{}\n]}}\n", lines.join(",\n")),
        );
        assert_eq!(places(&sandbox.report("r", args).0), NOTHING);
    }
}
