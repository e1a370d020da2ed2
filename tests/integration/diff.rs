//! What a change adds: findings of two versions compared, on real histories.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::environment::{Run, Sandbox, layer, places, stable, token};

/// A repository `r` on branch `main`.
fn repository(format: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git("", &[&["init", "-q", "-b", "main"], format, &["r"]].concat());
    sandbox
}

fn commit(sandbox: &Sandbox, folder: &str, message: &str) -> String {
    sandbox.git(folder, &["add", "-A"]);
    sandbox.git(folder, &["commit", "-qm", message]);
    sandbox.git(folder, &["rev-parse", "HEAD"])
}

/// Compares in a folder, offline.
fn run(sandbox: &Sandbox, folder: &str, args: &[&str]) -> Run {
    Run::of(sandbox.command().current_dir(sandbox.path(folder)).args(["diff", "--offline"]).args(args))
}

fn diff(sandbox: &Sandbox, folder: &str, args: &[&str]) -> (Value, i32) {
    let run = run(sandbox, folder, &[args, &["--format", "json"]].concat());
    (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr)), run.code)
}

/// Introduced, fixed, unchanged, moved.
fn counts(report: &Value) -> [usize; 4] {
    let change = &report["change"];
    let number = |key: &str| usize::try_from(change[key].as_u64().unwrap()).unwrap();
    let length = |key: &str| change[key].as_array().unwrap().len();
    assert_eq!(number("introduced"), report["findings"].as_array().unwrap().len());
    [number("introduced"), length("fixed"), number("unchanged"), length("moved")]
}

fn lock(packages: &[(&str, &str)]) -> String {
    let entry = |(name, version): &(&str, &str)| {
        format!(
            "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n"
        )
    };
    format!("version = 4\n{}", packages.iter().map(entry).collect::<String>())
}

/// The folders of ours that are in the temporary folder of the sandbox.
fn leftovers(sandbox: &Sandbox) -> usize {
    std::fs::read_dir(sandbox.path("tmp")).unwrap().count()
}

#[test]
fn what_is_introduced_fixed_unchanged_and_moved() {
    for format in ["--object-format=sha1", "--object-format=sha256", "--ref-format=reftable"] {
        let sandbox = repository(&[format]);
        for (name, seed) in [("kept", "a"), ("shifted", "b"), ("old/renamed", "c"), ("fixed", "d")] {
            sandbox.write(&format!("r/{name}.txt"), format!("key = {}\n", token(seed)));
        }
        let base = commit(&sandbox, "r", "base");
        sandbox.write("r/shifted.txt", format!("one\ntwo\nkey = {}\n", token("b")));
        sandbox.git("r", &["mv", "old", "new"]);
        sandbox.git("r", &["rm", "-q", "fixed.txt"]);
        sandbox.write("r/added.txt", format!("key = {}\n", token("e")));
        commit(&sandbox, "r", "head");
        let (report, code) = diff(&sandbox, "r", &["HEAD~1", "--only", "secrets"]);
        assert_eq!((counts(&report), code), ([1, 1, 2, 1], 1), "{format}: {report}");
        assert_eq!(places(&report), ["secret/github-pat added.txt:1"]);
        let change = &report["change"];
        assert_eq!(change["fixed"][0]["location"]["path"], "fixed.txt");
        assert_eq!(
            (change["moved"][0]["from"]["path"].as_str(), change["moved"][0]["location"]["path"].as_str()),
            (Some("old/renamed.txt"), Some("new/renamed.txt"))
        );
        assert_eq!((&change["base"]["revision"], &change["base"]["kind"]), (&base.clone().into(), &"revision".into()));
        // The same between two revisions, from whichever folder, and the other way round.
        assert_eq!(counts(&diff(&sandbox, "r/new", &[&base, "main", "--only", "secrets"]).0), [1, 1, 2, 1]);
        let (back, _) = diff(&sandbox, "r", &["main", &base, "--exact", "--only", "secrets"]);
        assert_eq!(counts(&back), [1, 1, 2, 1]);
        assert_eq!(back["repository"]["revision"], base);
    }
}

#[test]
fn what_a_range_has_only_in_its_history_is_introduced() {
    let sandbox = repository(&[]);
    sandbox.write("r/old.txt", format!("key = {}\n", token("old")));
    commit(&sandbox, "r", "base");
    sandbox.write("r/a.txt", format!("key = {}\n", token("brief")));
    // The old secret is in a new version of its file, too, before it goes.
    sandbox.write("r/old.txt", format!("more\nkey = {}\n", token("old")));
    commit(&sandbox, "r", "add");
    sandbox.write("r/a.txt", "none\n");
    sandbox.git("r", &["rm", "-q", "old.txt"]);
    commit(&sandbox, "r", "remove");
    let (report, code) = diff(&sandbox, "r", &["HEAD~2", "--only", "secrets"]);
    assert_eq!((counts(&report), code), ([1, 1, 0, 0], 1), "{report}");
    assert!(report["findings"][0]["message"].as_str().unwrap().contains("in the history, added in"));
    assert_eq!(report["change"]["fixed"][0]["location"]["path"], "old.txt");
    sandbox.write("r/.scanall.toml", "[scan]\nhistory = \"none\"\n");
    assert_eq!(counts(&diff(&sandbox, "r", &["HEAD~2", "--only", "secrets"]).0), [0, 1, 0, 0]);
}

#[test]
fn what_is_not_committed_counts_and_what_git_ignores_does_not() {
    let sandbox = repository(&[]);
    sandbox.write("r/.gitignore", "ignored.txt\n");
    commit(&sandbox, "r", "base");
    sandbox.write("r/ignored.txt", format!("key = {}\n", token("a")));
    sandbox.write("r/new.txt", format!("key = {}\n", token("b")));
    let (report, _) = diff(&sandbox, "r", &["HEAD", "--only", "secrets"]);
    assert_eq!(places(&report), ["secret/github-pat new.txt:1"]);
    assert_eq!(counts(&diff(&sandbox, "r", &["HEAD", "HEAD", "--only", "secrets"]).0), [0, 0, 0, 0]);
}

#[test]
fn a_dependency_at_another_vulnerable_version_is_not_new() {
    let sandbox = repository(&[]);
    sandbox.write("r/Cargo.lock", lock(&[("smallvec", "0.6.10"), ("time", "0.2.15")]));
    commit(&sandbox, "r", "base");
    let args = ["HEAD", "--only", "dependencies"];
    sandbox.write("r/Cargo.lock", lock(&[("smallvec", "0.6.9"), ("time", "0.2.15")]));
    let (report, code) = diff(&sandbox, "r", &args);
    let [introduced, fixed, unchanged, _] = counts(&report);
    assert_eq!((introduced, fixed, unchanged, code), (0, 0, 2, 0), "{report}");
    sandbox.write("r/Cargo.lock", lock(&[("smallvec", "0.6.10"), ("time", "0.3.40")]));
    assert_eq!(counts(&diff(&sandbox, "r", &args).0)[..2], [0, 1]);
    // A second version of what was there already is one more.
    sandbox.write("r/Cargo.lock", lock(&[("smallvec", "0.6.10"), ("time", "0.2.15"), ("time", "0.2.20")]));
    let (report, _) = diff(&sandbox, "r", &args);
    assert_eq!(places(&report).len(), 1);
    assert_eq!(report["findings"][0]["package"]["version"], "0.2.20");
}

#[test]
fn which_packages_come_and_go() {
    let sandbox = repository(&[]);
    sandbox.write("r/Cargo.lock", lock(&[("time", "0.2.15"), ("gone", "1.0.0"), ("stays", "1.0.0")]));
    commit(&sandbox, "r", "base");
    sandbox.write("r/Cargo.lock", lock(&[("time", "0.3.36"), ("smallvec", "0.6.10"), ("stays", "1.0.0")]));
    let (report, code) = diff(&sandbox, "r", &["HEAD"]);
    assert_eq!(code, 1, "{report}");
    let said: Vec<String> = report["change"]["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| format!("{} {} {} {} {}", p["change"], p["name"], p["from"], p["to"], p["rules"]).replace('"', ""))
        .collect();
    assert_eq!(said[0], "removed gone [1.0.0] [] []");
    assert!(said[1].starts_with("added smallvec [] [0.6.10] [advisory/RUSTSEC-"), "{said:?}");
    assert_eq!(said[2], "raised time [0.2.15] [0.3.36] []");
    let (report, _) = diff(&sandbox, "r", &["HEAD", "--only", "secrets"]);
    assert_eq!(report["change"]["packages"], Value::Null, "nobody read them");
    let run = run(&sandbox, "r", &["HEAD"]);
    assert!(run.stdout.contains("raised   time 0.2.15 -> 0.3.36"), "{}", run.stdout);
}

#[test]
fn a_base_that_has_moved_on_means_where_head_branched_off() {
    let sandbox = repository(&[]);
    sandbox.write("r/shared.txt", format!("key = {}\n", token("shared")));
    let fork = commit(&sandbox, "r", "fork");
    sandbox.git("r", &["checkout", "-qb", "topic"]);
    sandbox.write("r/topic.txt", format!("key = {}\n", token("topic")));
    commit(&sandbox, "r", "topic");
    sandbox.git("r", &["checkout", "-q", "main"]);
    sandbox.git("r", &["rm", "-q", "shared.txt"]);
    sandbox.write("r/main.txt", format!("key = {}\n", token("main")));
    commit(&sandbox, "r", "main");
    let args = ["main", "topic", "--only", "secrets"];
    let (report, _) = diff(&sandbox, "r", &args);
    assert_eq!((counts(&report), &report["change"]["base"]["kind"]), ([1, 0, 1, 0], &"merge-base".into()));
    assert_eq!(report["change"]["base"]["revision"], fork);
    let (exact, _) = diff(&sandbox, "r", &[&args[..], &["--exact"]].concat());
    assert_eq!(counts(&exact), [2, 1, 0, 0], "{exact}");
    let said = run(&sandbox, "r", &args).stdout;
    assert!(said.contains(&format!("Compared with {}, where HEAD branched off from main\n", &fork[..10])), "{said}");
    sandbox.git("r", &["checkout", "-q", "--orphan", "other"]);
    commit(&sandbox, "r", "other");
    let (report, _) = diff(&sandbox, "r", &["topic", "--only", "secrets"]);
    assert_eq!(report["change"]["base"]["kind"], "unrelated");
}

#[test]
fn every_kind_of_clone() {
    let sandbox = repository(&[]);
    for (number, seed) in [(1, "one"), (2, "two"), (3, "three")] {
        sandbox.write(&format!("r/{number}.txt"), format!("key = {}\n", token(seed)));
        commit(&sandbox, "r", "more");
    }
    let only = ["--only", "secrets"];
    sandbox.git("", &["clone", "-q", "--bare", "r", "bare"]);
    sandbox.git("r", &["worktree", "add", "-q", "-b", "side", "../linked", "HEAD~1"]);
    let url = format!("file://{}", sandbox.path("r").display());
    sandbox.git("", &["clone", "-q", "--depth=2", &url, "shallow"]);
    for (folder, base, expected) in
        [("bare", "HEAD~2", [2, 0, 1, 0]), ("linked", "HEAD~1", [1, 0, 1, 0]), ("shallow", "HEAD~1", [1, 0, 2, 0])]
    {
        let (report, code) = diff(&sandbox, folder, &[&[base], &only[..]].concat());
        assert_eq!((counts(&report), code), (expected, 1), "{folder}: {report}");
    }
    let old = sandbox.git("r", &["rev-parse", "HEAD~2"]);
    let missing = run(&sandbox, "shallow", &[&old]);
    assert!(missing.code == 2 && missing.stderr.contains("fetch-depth: 0"), "{}", missing.stderr);
    assert_eq!((missing.stdout.as_str(), run(&sandbox, "", &["main"]).code), ("", 2));
}

#[test]
fn the_rules_and_the_settings_of_head_are_those_of_both_sides() {
    let sandbox = repository(&[]);
    let own = "provider = 'Own'\n[[rule]]\nid = 'own-key'\ntitle = 'Own key'\nregex = 'ownkey-[0-9a-f]{12}'\n";
    sandbox.write("r/a.txt", "ownkey-0123456789ab\n");
    sandbox.write("r/b.txt", format!("key = {}\n", token("b")));
    commit(&sandbox, "r", "base");
    sandbox.write("r/rules/own.toml", own);
    sandbox.write("r/.scanall.toml", "[secrets]\nrules = [\"rules\"]\n[scan]\nexclude = [\"b.txt\"]\n");
    let (report, code) = diff(&sandbox, "r", &["HEAD", "--only", "secrets"]);
    assert_eq!((counts(&report), code), ([0, 0, 1, 0], 0), "{report}");
    commit(&sandbox, "r", "rules");
    assert_eq!(counts(&diff(&sandbox, "r", &["HEAD~1", "HEAD", "--only", "secrets"]).0), [0, 0, 1, 0]);
    // The other way round the settings of the older version count.
    assert_eq!(counts(&diff(&sandbox, "r", &["main", "main~1", "--exact", "--only", "secrets"]).0), [0, 0, 1, 0]);
}

#[test]
fn what_is_accepted_is_neither_introduced_nor_fixed() {
    let sandbox = repository(&[]);
    let line = |seed: &str, marker: &str| format!("key = {} {marker}\n", token(seed));
    sandbox.write("r/accepted_now.txt", line("a", ""));
    sandbox.write("r/accepted_before.txt", line("b", "# scanall:ignore of a test"));
    commit(&sandbox, "r", "base");
    sandbox.write("r/accepted_now.txt", line("a", "# scanall:ignore of a test"));
    sandbox.write("r/accepted_before.txt", line("b", ""));
    let (report, _) = diff(&sandbox, "r", &["HEAD", "--only", "secrets"]);
    assert_eq!(counts(&report), [1, 0, 0, 0], "{report}");
    assert_eq!(places(&report), ["secret/github-pat accepted_before.txt:1"]);
    assert_eq!(report["suppressed"].as_array().unwrap().len(), 1);
}

#[test]
fn a_report_is_a_base_too() {
    let sandbox = Sandbox::with_app();
    let scan = sandbox.run(["app", "-o", "json=base.json"]);
    assert_eq!(scan.code, 1, "{}", scan.stderr);
    let (report, code) = diff(&sandbox, "app", &["../base.json"]);
    let total = sandbox.json("base.json")["total"].as_u64().unwrap() as usize;
    assert_eq!(code, 0, "{report}");
    let [introduced, fixed, unchanged, moved] = counts(&report);
    // What only the history has is not looked at again.
    assert_eq!((introduced, fixed, unchanged, moved), (0, 0, total - 1, 0));
    sandbox.git("app", &["mv", "deploy/ci.yml", "deploy/moved.yml"]);
    sandbox.write("app/new.txt", format!("key = {}\n", token("new")));
    // Without its lock, its manifest would be read.
    sandbox.git("app", &["rm", "-q", "-f", "Cargo.lock", "Cargo.toml"]);
    commit(&sandbox, "app", "change");
    let (report, code) = diff(&sandbox, "app", &["../base.json"]);
    assert_eq!((code, places(&report)), (1, vec!["secret/github-pat new.txt:1".to_owned()]));
    let [_, fixed, _, moved] = counts(&report);
    assert_eq!((fixed, moved), (total - 2, 1), "{report}");
    // Outside of any repository the files alone are compared, and what only the history had is not called fixed.
    std::fs::rename(sandbox.path("app/.git"), sandbox.path("gone")).unwrap();
    let (report, _) = diff(&sandbox, "app", &["../base.json"]);
    assert_eq!(counts(&report)[..2], [1, fixed]);
}

#[test]
fn two_reports_are_compared_without_a_scan() {
    let sandbox = Sandbox::with_app();
    sandbox.git("app", &["checkout", "-q", "HEAD~1"]);
    assert_eq!(sandbox.run(["app", "--history", "none", "-o", "json=base.json"]).code, 1);
    sandbox.git("app", &["checkout", "-q", "main"]);
    sandbox.git("app", &["rm", "-q", "Cargo.lock"]);
    assert_eq!(sandbox.run(["app", "--history", "none", "-o", "json=head.json"]).code, 1);
    std::fs::remove_dir_all(sandbox.path("app")).unwrap();
    let (report, code) = diff(&sandbox, "", &["base.json", "head.json", "-o", "sarif=out.sarif"]);
    let (base, head) = (sandbox.json("base.json"), sandbox.json("head.json"));
    let total = |report: &Value| report["total"].as_u64().unwrap() as usize;
    assert_eq!((counts(&report), code), ([1, total(&base) - total(&head) + 1, total(&head) - 1, 0], 1), "{report}");
    // What is told of a finding is what was told of it before.
    let known = head["findings"].as_array().unwrap().iter().find(|finding| finding["kind"] == "secret").unwrap();
    assert_eq!(&report["findings"][0], known);
    crate::sarif::hold(&sandbox, "out.sarif");
    let (same, code) = diff(&sandbox, "", &["base.json", "base.json"]);
    assert_eq!((counts(&same), code), ([0, 0, total(&base), 0], 0));
    for (args, said) in [
        (["main", "head.json"].as_slice(), "BASE must be one, too"),
        (&["base.json", "head.json", "--only", "secrets"], "--only has no effect"),
    ] {
        let run = run(&sandbox, "", args);
        assert!(run.code == 2 && run.stderr.contains(said), "{}", run.stderr);
    }
}

#[test]
fn a_layer_that_base_was_not_searched_by_makes_the_comparison_incomplete() {
    let sandbox = Sandbox::with_app();
    let scan = sandbox.run(["app", "--only", "dependencies", "-o", "json=base.json"]);
    assert_eq!(scan.code, 1);
    let (report, code) = diff(&sandbox, "app", &["../base.json", "--only", "secrets,dependencies"]);
    assert_eq!(code, 3);
    assert_eq!(places(&report), ["secret/github-pat deploy/ci.yml:1"]);
    let gap = layer(&report, "secrets")["gaps"][0]["message"].as_str().unwrap();
    assert!(gap.starts_with("base: the layer was skipped (not asked for)"), "{gap}");
    assert_eq!(layer(&report, "dependencies")["incomplete"], false);
    // What HEAD was not searched for is not fixed.
    let (report, code) = diff(&sandbox, "app", &["../base.json", "--only", "licenses"]);
    assert_eq!((counts(&report)[1], code), (0, 3));
}

#[test]
fn what_is_no_report_is_no_base() {
    let sandbox = Sandbox::with_app();
    for (text, said) in [
        ("", "EOF"),
        ("{}", "missing field"),
        (r#"{"schema":7,"tool":{"name":"scanall"}}"#, "its schema is 7"),
        (r#"{"schema":1,"tool":{"name":"x\u001b[2J"}}"#, "written by `x\\u{1b}[2J`"),
    ] {
        sandbox.write("app/base.json", text);
        let run = run(&sandbox, "app", &["base.json"]);
        assert!(run.code == 2 && run.stderr.contains(said) && run.stdout.is_empty(), "{text}: {}", run.stderr);
        assert!(!run.stderr.contains('\u{1b}'));
    }
    let run = run(&sandbox, "app", &["nothing.json"]);
    assert!(run.code == 2 && run.stderr.contains("names no commit"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_hostile_tree_writes_nothing_outside_and_is_not_clean() {
    let sandbox = repository(&[]);
    sandbox.write("r/plain.txt", "plain\n");
    std::os::unix::fs::symlink("/etc", sandbox.path("r/link")).unwrap();
    commit(&sandbox, "r", "base");
    let secret = format!("key = {}\n", token("x"));
    let blob = hash(&sandbox, "blob", secret.as_bytes());
    let dangling = hash(&sandbox, "blob", b"../../../../..");
    let inner = tree(&sandbox, &[("100644", "file", &blob)]);
    let entries: Vec<(&str, &str, &str)> = vec![
        ("100755", "..", &blob),
        ("40000", "..", &inner),
        ("40000", ".git", &inner),
        ("40000", ".GIT", &inner),
        ("40000", "git~1", &inner),
        ("100644", "/absolute", &blob),
        ("100644", "", &blob),
        ("100644", "twice", &blob),
        ("100644", "twice", &blob),
        ("120000", "leads", &dangling),
        ("40000", "leads", &inner),
        ("100644", "\u{1b}[2J", &blob),
        ("160000", "module", &blob),
    ];
    let root = tree(&sandbox, &entries);
    let hostile = sandbox.git("r", &["commit-tree", "-m", "hostile", "-p", "HEAD", &root]);
    std::fs::create_dir(sandbox.path("tmp")).unwrap();
    let mut command = sandbox.command();
    command.current_dir(sandbox.path("r")).env("TMPDIR", sandbox.path("tmp"));
    let run =
        Run::of(command.args(["diff", "--offline", "--only", "secrets", "--exact", &hostile, "--format", "json"]));
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(run.code, 3, "{report}");
    let gap = layer(&report, "secrets")["gaps"][0]["message"].as_str().unwrap();
    assert!(gap.starts_with("base: 8 parts of the files could not be read"), "{gap}");
    assert!(!run.stderr.contains('\u{1b}') && leftovers(&sandbox) == 0);
    assert!(!sandbox.path("file").exists() && !sandbox.path("tmp/file").exists());
    // As HEAD it is no better.
    let (report, code) = diff(&sandbox, "r", &["HEAD", &hostile, "--only", "secrets"]);
    assert_eq!((code, counts(&report)[0]), (3, 1), "{report}");
    assert!(layer(&report, "secrets")["notes"].to_string().contains("1 submodule not compared"));
}

/// Writes an object that git itself would refuse to make.
fn hash(sandbox: &Sandbox, kind: &str, bytes: &[u8]) -> String {
    let mut child = Command::new("git")
        .args(["hash-object", "-t", kind, "-w", "--literally", "--stdin"])
        .current_dir(sandbox.path("r"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn tree(sandbox: &Sandbox, entries: &[(&str, &str, &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, hex) in entries {
        bytes.extend(format!("{mode} {name}\0").into_bytes());
        bytes.extend((0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()));
    }
    hash(sandbox, "tree", &bytes)
}

#[test]
fn what_people_and_github_see() {
    let sandbox = Sandbox::with_app();
    sandbox.git("app", &["mv", "deploy/ci.yml", "deploy/release.yml"]);
    sandbox.write("app/new|file.txt", format!("key = {}\n", token("new")));
    let lock = sandbox.read("app/Cargo.lock");
    let fixed = lock.replace("name = \"smallvec\"\nversion = \"0.6.10\"", "name = \"smallvec\"\nversion = \"1.13.2\"");
    assert_ne!(lock, fixed);
    sandbox.write("app/Cargo.lock", fixed);
    let args = ["HEAD", "-v", "-o", "markdown=../out.md", "-o", "sarif=../out.sarif"];
    let run = run(&sandbox, "app", &args);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    stable().bind(|| insta::assert_snapshot!("table", run.stdout));
    stable().bind(|| insta::assert_snapshot!("markdown", sandbox.read("out.md")));
    let log = crate::sarif::hold(&sandbox, "out.sarif");
    let results: Vec<&Value> =
        log["runs"].as_array().unwrap().iter().flat_map(|run| run["results"].as_array().unwrap()).collect();
    assert_eq!((results.len(), &results[0]["baselineState"]), (1, &"new".into()));
}

#[test]
fn the_help() {
    let sandbox = Sandbox::new();
    insta::assert_snapshot!("help", Run::of(sandbox.command().args(["diff", "-h"])).stdout);
}

#[test]
fn what_is_in_a_submodule_is_not_of_the_change() {
    let sandbox = repository(&[]);
    sandbox.write("r/readme", "none\n");
    commit(&sandbox, "r", "base");
    sandbox.git("", &["init", "-q", "-b", "main", "inner"]);
    sandbox.write("inner/a.txt", format!("key = {}\n", token("inner")));
    commit(&sandbox, "inner", "inner");
    let url = sandbox.path("inner").display().to_string();
    sandbox.git("r", &["-c", "protocol.file.allow=always", "submodule", "add", "-q", &url, "lib/inner"]);
    sandbox.write("r/lib/inner.txt", format!("key = {}\n", token("outer")));
    commit(&sandbox, "r", "head");
    for args in [&["HEAD~1", "--only", "secrets"][..], &["HEAD~1", "HEAD", "--only", "secrets"]] {
        let (report, code) = diff(&sandbox, "r", args);
        assert_eq!((places(&report), code), (vec!["secret/github-pat lib/inner.txt:1".to_owned()], 1));
        let notes = layer(&report, "secrets")["notes"].to_string();
        assert!(notes.contains("1 submodule not compared (lib/inner first)"), "{notes}");
    }
}

#[test]
fn a_temporary_folder_in_the_repository_changes_nothing() {
    for ignored in ["", "tmp/\n"] {
        let sandbox = repository(&[]);
        sandbox.write("r/a.txt", format!("key = {}\n", token("a")));
        sandbox.write("r/.gitignore", ignored);
        commit(&sandbox, "r", "base");
        std::fs::create_dir(sandbox.path("r/tmp")).unwrap();
        let mut command = sandbox.command();
        command.current_dir(sandbox.path("r")).env("TMPDIR", sandbox.path("r/tmp"));
        let run = Run::of(command.args(["diff", "HEAD", "--offline", "--only", "secrets", "--format", "json"]));
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!((counts(&report), run.code), ([0, 0, 1, 0], 0), "{report}");
        assert_eq!(std::fs::read_dir(sandbox.path("r/tmp")).unwrap().count(), 0);
    }
}

#[test]
fn a_folder_is_compared_alone_when_it_is_asked_for() {
    let sandbox = repository(&[]);
    sandbox.write("r/readme", "none\n");
    commit(&sandbox, "r", "base");
    sandbox.write("r/a/x.txt", format!("key = {}\n", token("a")));
    sandbox.write("r/b/y.txt", format!("key = {}\n", token("b")));
    let (report, _) = diff(&sandbox, "", &["HEAD", "--path", "r/a", "--only", "secrets"]);
    assert_eq!(places(&report), ["secret/github-pat a/x.txt:1"]);
    assert_eq!(counts(&diff(&sandbox, "r/a", &["HEAD", "--only", "secrets"]).0)[0], 2);
}
