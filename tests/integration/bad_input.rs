//! What goes wrong is said in a sentence, has the right exit code, and takes nothing from the rest.

use crate::environment::{Run, Sandbox, layer, places, token};

fn said(run: &Run) -> &str {
    &run.stderr
}

#[test]
fn a_path_that_does_not_exist() {
    let run = Sandbox::new().run(["nowhere"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(said(&run), @r"
    error: `nowhere` does not exist
      hint: give the path of a folder or a repository: scanall scan PATH
    ");
}

#[test]
fn wrong_words_are_met_with_the_nearest_right_one() {
    let sandbox = Sandbox::new();
    for (args, hint) in [
        (vec![".", "--only", "secret"], "secrets"),
        (vec![".", "-o", "serif=x"], "did you mean `sarif`?"),
        (vec![".", "--fail-on", "severe"], "critical, high, medium, low, info"),
        (vec![".", "--histroy", "none"], "--history"),
    ] {
        let run = sandbox.run(&args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(said(&run).contains(hint), "{args:?}: {}", said(&run));
    }
}

#[test]
fn a_typo_in_the_configuration() {
    let sandbox = Sandbox::new();
    sandbox.write(".scanall.toml", "[scan]\nfail_no = \"high\"\n");
    let run = sandbox.run(["."]);
    assert_eq!(run.code, 2);
    assert!(said(&run).contains(".scanall.toml:2") && said(&run).contains("did you mean `fail_on`?"), "{}", said(&run));
}

#[test]
fn no_repository() {
    let sandbox = Sandbox::new();
    sandbox.write("plain/x.txt", token("plain"));
    let (report, code) = sandbox.report("plain", &["--only", "secrets"]);
    assert_eq!((places(&report), code), (vec!["secret/github-pat x.txt:1".to_owned()], 1));
    assert!(layer(&report, "secrets")["notes"].to_string().contains("no git repository"));
}

#[test]
fn an_empty_repository_and_an_unborn_branch() {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "empty"]);
    assert_eq!(sandbox.report("empty", &[]).1, 0);
    sandbox.write("empty/x.txt", token("staged"));
    sandbox.git("empty", &["add", "x.txt"]);
    sandbox.write("empty/x.txt", "clean");
    let (report, code) = sandbox.report("empty", &["--only", "secrets"]);
    assert_eq!((report["findings"].as_array().unwrap().len(), code), (1, 1), "what is staged is in the object store");
}

#[test]
fn a_bare_repository_is_read_from_its_head() {
    let sandbox = Sandbox::with_app();
    sandbox.git("", &["clone", "-q", "--bare", "app", "bare.git"]);
    let (report, code) = sandbox.report("bare.git", &["--skip", "licenses"]);
    assert_eq!(code, 1);
    for expected in ["secret/github-pat deploy/ci.yml:1", "advisory/RUSTSEC-2021-0003 Cargo.lock:30"] {
        assert!(places(&report).contains(&expected.to_owned()), "{report}");
    }
}

#[test]
fn a_worktree_and_a_submodule() {
    let sandbox = Sandbox::with_app();
    sandbox.git("app", &["worktree", "add", "-q", "--detach", "../tree"]);
    let expected = ["secret/github-pat deploy/ci.yml:1", "secret/aws-access-key-id service/settings.py:1"];
    assert_eq!(places(&sandbox.report("tree", &["--only", "secrets"]).0), expected);
    sandbox.git("", &["init", "-q", "outer"]);
    sandbox.git("outer", &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../app", "inner"]);
    assert_eq!(places(&sandbox.report("outer/inner", &["--only", "secrets"]).0), expected);
}

#[test]
fn a_shallow_clone_says_how_to_get_the_rest() {
    let sandbox = Sandbox::with_app();
    let url = format!("file://{}", sandbox.path("app").display());
    sandbox.git("", &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let (report, code) = sandbox.report("shallow", &["--only", "secrets"]);
    assert_eq!(code, 1);
    assert!(layer(&report, "secrets")["gaps"][0]["hint"].as_str().unwrap().contains("fetch-depth: 0"));
    assert_eq!(sandbox.report("shallow", &["--only", "secrets", "--completeness", "strict"]).1, 3);
}

#[test]
fn a_damaged_repository_keeps_what_can_be_read() {
    let sandbox = Sandbox::with_app();
    let blob = sandbox.git("app", &["rev-parse", "HEAD:src/main.rs"]);
    let file = format!("app/.git/objects/{}/{}", &blob[..2], &blob[2..]);
    let path = sandbox.path(&file);
    std::fs::remove_file(&path).unwrap();
    sandbox.write(&file, "rubbish");
    let (report, code) = sandbox.report("app", &["--only", "secrets"]);
    assert_eq!((places(&report).len(), code), (2, 3));
    assert!(layer(&report, "secrets")["gaps"].to_string().contains(&blob));
}

#[test]
fn a_broken_lockfile_takes_nothing_from_the_others() {
    let sandbox = Sandbox::with_app();
    sandbox.write("app/tool/Cargo.lock", "<<<<<<< HEAD\n[[package]]\n=======\n");
    let (report, code) = sandbox.report("app", &[]);
    assert_eq!((places(&report).len(), code), (5, 3));
    let gap = &layer(&report, "dependencies")["gaps"].to_string();
    assert!(gap.contains("`tool/Cargo.lock` line 1") && gap.contains("a merge left a conflict"), "{gap}");
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_target() {
    let sandbox = Sandbox::new();
    sandbox.write("outside/secret.txt", token("outside"));
    std::fs::create_dir(sandbox.path("r")).unwrap();
    std::os::unix::fs::symlink(sandbox.path("outside"), sandbox.path("r/folder")).unwrap();
    std::os::unix::fs::symlink(sandbox.path("outside/secret.txt"), sandbox.path("r/file.txt")).unwrap();
    let (report, code) = sandbox.report("r", &["--only", "secrets"]);
    assert_eq!((places(&report).len(), code), (0, 0));
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new();
    let path = sandbox.write("r/locked.txt", "x");
    sandbox.write("r/open.txt", token("open"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&path).is_ok() {
        eprintln!("skipped: the superuser may read everything");
        return;
    }
    let (report, code) = sandbox.report("r", &["--only", "secrets"]);
    assert_eq!((places(&report), code), (vec!["secret/github-pat open.txt:1".to_owned()], 3));
    assert!(layer(&report, "secrets")["gaps"].to_string().contains("locked.txt"));
}

#[test]
fn a_file_too_large_to_read_is_named() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("r/disk.img", "");
    std::fs::File::options().write(true).open(path).unwrap().set_len(65 << 20).unwrap();
    sandbox.write("r/open.txt", token("open"));
    let (report, code) = sandbox.report("r", &["--only", "secrets"]);
    assert_eq!((places(&report), code), (vec!["secret/github-pat open.txt:1".to_owned()], 3));
    assert!(layer(&report, "secrets")["gaps"].to_string().contains("disk.img"));
}

#[test]
fn hostile_names_do_not_drive_the_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a\u{1b}[2J\u{202e}b.txt", token("hostile"));
    let run = sandbox.run(["r", "--only", "secrets"]);
    assert_eq!(run.code, 1);
    assert!(!run.stdout.contains('\u{1b}') && !run.stdout.contains('\u{202e}'));
}
