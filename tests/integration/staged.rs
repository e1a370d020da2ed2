//! What is staged is judged as users of a pre-commit hook expect, with hooks that real git runs.

use std::process::Command;

use crate::environment::{Run, Sandbox, layer, places, token};

/// A repository in `r` with one commit: a secret that everybody knows, and a clean file.
fn repository(format: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git("", &[&["init", "-q", "-b", "main", "r"], format].concat());
    sandbox.write("r/old.env", format!("# known\nA={}\n", token("old")));
    sandbox.write("r/dir/clean.txt", "nothing\n");
    sandbox.git("r", &["add", "-A"]);
    sandbox.git("r", &["commit", "-qm", "one"]);
    sandbox
}

fn staged(sandbox: &Sandbox) -> Vec<String> {
    let (report, code) = sandbox.report("r", &["--staged"]);
    assert_eq!(code, i32::from(!report["findings"].as_array().unwrap().is_empty()), "{report}");
    places(&report)
}

const NOTHING: [&str; 0] = [];

#[test]
fn the_staged_content_counts() {
    for format in [&[][..], &["--object-format=sha256"], &["--ref-format=reftable"]] {
        let sandbox = repository(format);
        assert_eq!(staged(&sandbox), NOTHING, "nothing is staged");
        sandbox.write("r/new.txt", format!("x\nA={}\n", token("new")));
        assert_eq!(staged(&sandbox), NOTHING, "a file that git does not know");
        sandbox.git("r", &["add", "-N", "new.txt"]);
        assert_eq!(staged(&sandbox), NOTHING, "a file that is only meant to be added");
        sandbox.git("r", &["add", "new.txt"]);
        assert_eq!(staged(&sandbox), ["secret/github-pat new.txt:2"]);
        sandbox.write("r/new.txt", "gone\n");
        assert_eq!(staged(&sandbox), ["secret/github-pat new.txt:2"], "only the file on disk was cleaned");
        sandbox.git("r", &["add", "new.txt"]);
        assert_eq!(staged(&sandbox), NOTHING);
        sandbox.write("r/new.txt", format!("A={}\n", token("new")));
        assert_eq!(staged(&sandbox), NOTHING, "only the file on disk has it");
        sandbox.write("r/dir/sub/x", format!("A={}\n", token("deep")));
        sandbox.git("r", &["add", "dir"]);
        assert_eq!(staged(&sandbox), ["secret/github-pat dir/sub/x:1"]);
        let (report, _) = sandbox.report("r/dir/clean.txt", &["--staged"]);
        assert_eq!(places(&report), NOTHING, "another part was asked for");
    }
}

#[test]
fn what_head_has_is_not_new() {
    let sandbox = repository(&[]);
    let old = sandbox.read("r/old.env");
    sandbox.write("r/old.env", format!("first\n{old}last\n"));
    sandbox.git("r", &["add", "-A"]);
    assert_eq!(staged(&sandbox), NOTHING, "it moved down");
    sandbox.write("r/old.env", format!("{old}B={}\n", token("second")));
    sandbox.git("r", &["add", "-A"]);
    assert_eq!(staged(&sandbox), ["secret/github-pat old.env:3"], "only what is new");
    sandbox.git("r", &["reset", "-q", "--hard"]);
    sandbox.git("r", &["update-index", "--chmod=+x", "old.env"]);
    assert_eq!(staged(&sandbox), NOTHING, "a change of mode");
    sandbox.git("r", &["mv", "old.env", "dir/renamed.env"]);
    assert_eq!(staged(&sandbox), NOTHING, "a rename");
    sandbox.write("r/dir/renamed.env", format!("changed\n{old}"));
    sandbox.git("r", &["add", "-A"]);
    assert_eq!(staged(&sandbox), NOTHING, "a rename with a change");
    sandbox.git("r", &["reset", "-q", "--hard"]);
    sandbox.write("r/copy.env", &old);
    sandbox.git("r", &["add", "-A"]);
    assert_eq!(staged(&sandbox), ["secret/github-pat copy.env:2"], "a second place for it is new");
    sandbox.git("r", &["rm", "-q", "--cached", "copy.env", "old.env"]);
    assert_eq!(staged(&sandbox), NOTHING, "removal");
}

#[test]
fn every_kind_of_index() {
    for prepare in [
        &["update-index", "--index-version=4"][..],
        &["update-index", "--index-version=3"],
        &["update-index", "--split-index"],
        &["sparse-checkout", "set", "--cone", "--sparse-index", "far"],
        &["config", "index.skipHash", "true"],
    ] {
        let sandbox = repository(&[]);
        for number in 0..40 {
            sandbox.write(&format!("r/many/d{}/f{number}", number % 4), number.to_string());
        }
        sandbox.write("r/far/f", "far");
        sandbox.git("r", &["add", "-A"]);
        sandbox.git("r", &["commit", "-qm", "many"]);
        sandbox.git("r", prepare);
        assert_eq!(staged(&sandbox), NOTHING, "{prepare:?}");
        sandbox.write("r/far/f", format!("A={}\n", token("one")));
        sandbox.write("r/new", format!("A={}\n", token("two")));
        sandbox.git("r", &["add", "--sparse", "far/f", "new"]);
        sandbox.git("r", &["rm", "-q", "--sparse", "--cached", "dir/clean.txt"]);
        assert_eq!(staged(&sandbox), ["secret/github-pat far/f:1", "secret/github-pat new:1"], "{prepare:?}");
    }
}

#[test]
fn conflicts_and_submodules() {
    let sandbox = repository(&[]);
    sandbox.git("r", &["checkout", "-qb", "side"]);
    sandbox.write("r/dir/clean.txt", format!("side {}\n", token("side")));
    sandbox.git("r", &["commit", "-qam", "side"]);
    sandbox.git("r", &["checkout", "-q", "main"]);
    sandbox.write("r/dir/clean.txt", "main\n");
    sandbox.git("r", &["commit", "-qam", "main"]);
    let merge = Command::new("git").arg("-C").arg(sandbox.path("r")).args(["merge", "-q", "side"]).output().unwrap();
    assert!(!merge.status.success());
    // Theirs is in a commit already; what is made of both is not.
    let (report, _) = sandbox.report("r", &["--staged"]);
    assert!(layer(&report, "secrets")["notes"].to_string().contains("1 path in conflict"), "{report}");
    assert_eq!(places(&report), NOTHING);
    sandbox.write("r/dir/clean.txt", format!("both {}\n{}\n", token("side"), token("resolved")));
    sandbox.git("r", &["add", "-A"]);
    assert_eq!(staged(&sandbox), ["secret/github-pat dir/clean.txt:2"]);
    let head = sandbox.git("r", &["rev-parse", "HEAD"]);
    sandbox.git("r", &["reset", "-q", "--hard"]);
    sandbox.git("r", &["update-index", "--add", "--cacheinfo", &format!("160000,{head},sub")]);
    assert_eq!(staged(&sandbox), NOTHING);
}

#[test]
fn acceptance_formats_and_layers() {
    let sandbox = repository(&[]);
    sandbox.write("r/new.txt", format!("A={} # scanall:ignore sample\nB={}\n", token("a"), token("b")));
    sandbox.git("r", &["add", "-A"]);
    sandbox.write(
        "r/.scanall.toml",
        "[[ignore]]\nrule = \"secret/none\"\nreason = \"x\"\n[scan]\nonly = [\"licenses\"]\nhistory = \"nope..nope\"\n",
    );
    let (report, code) = sandbox.report("r", &["--staged"]);
    assert_eq!((places(&report), code), (vec!["secret/github-pat new.txt:2".to_owned()], 1));
    assert_eq!(report["suppressed"].as_array().unwrap().len(), 1);
    assert_eq!(report["unused_suppressions"].as_array().unwrap().len(), 0);
    assert_eq!(layer(&report, "licenses")["reason"], "--staged looks for secrets only");
    for format in ["sarif", "markdown", "table"] {
        let run = sandbox.run(["r", "--staged", "--format", format]);
        assert!(run.code == 1 && run.stdout.contains("new.txt") && !run.stdout.contains(&token("b")), "{format}");
    }
    let fails = |args: &[&str], says: &str| {
        let run = sandbox.run([&["r", "--staged"], args].concat());
        assert!(run.code == 2 && run.stderr.contains(says), "{args:?}: {}", run.stderr);
    };
    fails(&["--only", "secrets,licenses"], "--staged looks for secrets only, not for what licenses would find");
    fails(&["--skip", "secrets"], "no layer is left to run");
    fails(&["--history", "full"], "cannot be used with");
    sandbox.write("r/.scanall.toml", "[[ignore]]\npath = \"new.txt\"\nreason = \"x\"\n");
    assert_eq!(staged(&sandbox), NOTHING);
    assert_eq!(sandbox.run(["r", "--staged", "--fail-on", "critical"]).code, 0);
}

#[test]
fn what_cannot_be_read_is_told() {
    let sandbox = repository(&[]);
    sandbox.write("plain/x", "x");
    let run = sandbox.run(["plain", "--staged"]);
    assert!(run.code == 2 && run.stderr.contains("in no git repository, so nothing is staged"), "{}", run.stderr);
    sandbox.git("", &["clone", "-q", "--bare", "r", "bare"]);
    let run = sandbox.run(["bare", "--staged"]);
    assert!(run.code == 2 && run.stderr.contains("has no working tree"), "{}", run.stderr);
    sandbox.write("r/new", "new");
    sandbox.git("r", &["add", "new"]);
    let id = sandbox.git("r", &["rev-parse", ":new"]);
    std::fs::remove_file(sandbox.path(&format!("r/.git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    let run = sandbox.run(["r", "--staged"]);
    assert!(run.code == 3 && run.stdout.contains("cannot read `new`"), "{}", run.stdout);
    let index = std::fs::read(sandbox.path("r/.git/index")).unwrap();
    sandbox.write("r/.git/index", &index[..index.len() / 2]);
    let run = sandbox.run(["r", "--staged"]);
    assert!(run.code == 2 && run.stderr.contains("it is cut short"), "{}", run.stderr);
    let unknown = [&b"DIRC\0\0\0\x02\0\0\0\0zzzz\0\0\0\0"[..], &[0; 20]].concat();
    sandbox.write("r/.git/index", unknown);
    let run = sandbox.run(["r", "--staged"]);
    assert!(run.code == 2 && run.stderr.contains("its part `zzzz` is not known"), "{}", run.stderr);
}

/// Commits as a user does, and tells how the commit ended.
fn commit(sandbox: &Sandbox, folder: &str, args: &[&str]) -> Run {
    let mut git = Command::new("git");
    git.current_dir(sandbox.path(folder)).args(["-c", "user.name=T", "-c", "user.email=t@t.invalid", "commit", "-q"]);
    Run::of(git.args(args).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1"))
}

#[cfg(unix)]
fn install(sandbox: &Sandbox, hooks: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let hook = sandbox.write(
        &format!("{hooks}/pre-commit"),
        format!("#!/bin/sh\nexec '{}' --staged --offline --color never\n", env!("CARGO_BIN_EXE_scanall")),
    );
    std::fs::set_permissions(hook, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn a_hook_guards_every_kind_of_commit() {
    let sandbox = repository(&[]);
    install(&sandbox, "r/.git/hooks");
    let blocked = |folder: &str, args: &[&str], place: &str| {
        let run = commit(&sandbox, folder, args);
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(run.code == 1 && said.contains(place), "{args:?}: {} {said}", run.code);
    };
    let passes = |folder: &str, args: &[&str]| {
        let run = commit(&sandbox, folder, args);
        assert!(run.code == 0, "{args:?}: {}{}", run.stdout, run.stderr);
    };
    // Plain.
    sandbox.write("r/a", token("a"));
    sandbox.git("r", &["add", "a"]);
    blocked("r", &["-m", "a"], "a:1");
    sandbox.write("r/a", "clean");
    blocked("r", &["-m", "a"], "a:1");
    // All that changed: git makes another index for it.
    passes("r", &["-am", "a"]);
    sandbox.write("r/a", token("a"));
    blocked("r", &["-am", "a"], "a:1");
    blocked("r", &["-am", "a", "--amend"], "a:1");
    // Of several files the named ones, whatever else is staged.
    sandbox.write("r/b", "clean");
    sandbox.git("r", &["add", "a", "b"]);
    blocked("r", &["-m", "b"], "a:1");
    passes("r", &["-m", "b", "--", "b"]);
    blocked("r", &["-m", "a", "--", "a"], "a:1");
    // From a folder inside.
    blocked("r/dir", &["-m", "a", "--", "../a"], "a:1");
    sandbox.git("r", &["reset", "-q", "--hard"]);
    sandbox.write("r/dir/clean.txt", token("c"));
    blocked("r/dir", &["-am", "c"], "dir/clean.txt:1");
    sandbox.git("r", &["reset", "-q", "--hard"]);
    // Amending what is clean.
    passes("r", &["--amend", "-m", "other words"]);
    // In a linked working tree.
    sandbox.git("r", &["worktree", "add", "-q", "-b", "linked", "../w"]);
    sandbox.write("w/d", token("d"));
    sandbox.git("w", &["add", "d"]);
    blocked("w", &["-m", "d"], "d:1");
    sandbox.write("w/d", "clean");
    passes("w", &["-am", "d"]);
    sandbox.write("w/d", token("d"));
    blocked("w", &["-m", "d", "--", "d"], "d:1");
    // On a branch without a commit.
    sandbox.git("r", &["checkout", "-q", "--orphan", "fresh"]);
    blocked("r", &["-m", "first"], "old.env:2");
    sandbox.git("r", &["rm", "-q", "--cached", "old.env"]);
    passes("r", &["-m", "first"]);
}

#[cfg(unix)]
#[test]
fn a_git_directory_beside_its_files() {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "--bare", "dots.git"]);
    install(&sandbox, "dots.git/hooks");
    let (dir, tree) = (sandbox.path("dots.git"), sandbox.path("home"));
    sandbox.write("home/rc", token("rc"));
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.arg("--git-dir").arg(&dir).arg("--work-tree").arg(&tree).current_dir(&tree).args(args);
        Run::of(git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1"))
    };
    assert_eq!(git(&["add", "rc"]).code, 0);
    let names = ["-c", "user.name=T", "-c", "user.email=t@t.invalid", "commit", "-qm", "rc"];
    let run = git(&names);
    assert!(run.code == 1 && format!("{}{}", run.stdout, run.stderr).contains("rc:1"), "{}{}", run.stdout, run.stderr);
    sandbox.write("home/rc", "clean");
    assert_eq!(git(&["add", "rc"]).code, 0);
    assert_eq!(git(&names).code, 0);
}
