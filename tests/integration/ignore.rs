//! `scanall ignore` accepts what a scan finds, and changes nothing else.

use std::path::Path;

use crate::environment::{Run, Sandbox, places, token};

const CONFIG: &str = "r/.scanall.toml";

fn sandbox() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    sandbox.write("r/x.py", format!("a = 1\nKEY = '{}'\r\nb = 2", token("one")));
    let fingerprint = fingerprint(&sandbox);
    (sandbox, fingerprint)
}

fn fingerprint(sandbox: &Sandbox) -> String {
    let (report, _) = sandbox.report("r", &["--only", "secrets"]);
    report["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
}

fn ignore(sandbox: &Sandbox, args: &[&str]) -> Run {
    Run::of(sandbox.command().arg("ignore").args(args).args(["r", "--offline", "--only", "secrets"]))
}

fn open(sandbox: &Sandbox) -> usize {
    places(&sandbox.report("r", &["--only", "secrets"]).0).len()
}

#[test]
fn the_first_digits_are_enough_and_the_rest_of_the_file_stays() {
    let (sandbox, fingerprint) = sandbox();
    let before = "# ours\r\n[scan]\r\nskip = [ 'trivy', ] # slow";
    sandbox.write(CONFIG, before);
    let run = ignore(
        &sandbox,
        &[&fingerprint[..6].to_uppercase(), "--reason", "a \"sample\"\n of \\ours", "--expires", "2999-01-31"],
    );
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(
        run.stdout.contains("x.py:2") && run.stdout.contains("until 2999-01-31 in .scanall.toml"),
        "{}",
        run.stdout
    );
    let entry = format!(
        "\r\n\r\n[[ignore]]\r\nfingerprint = \"{fingerprint}\"\r\nreason = \"a \\\"sample\\\" of \\\\ours\"\r\nexpires = 2999-01-31\r\n"
    );
    assert_eq!(sandbox.read(CONFIG), format!("{before}{entry}"));
    assert_eq!(open(&sandbox), 0);
    let again = ignore(&sandbox, &[&fingerprint, "--reason", "again"]);
    assert!(again.code == 0 && again.stdout.contains("accepted already, by [[ignore]] number 1"), "{}", again.stdout);
    assert_eq!(sandbox.read(CONFIG), format!("{before}{entry}"));
}

#[test]
fn what_is_wrong_is_refused_and_nothing_is_written() {
    let (sandbox, fingerprint) = sandbox();
    let other = if fingerprint.starts_with("000000") { "111111" } else { "000000" };
    for (args, why) in [
        (&[fingerprint.as_str(), "--reason", " \n"][..], "the reason is empty"),
        (&[&fingerprint, "--reason", "r", "--expires", "2020-01-31"], "2020-01-31 is over"),
        (&[&fingerprint, "--reason", "r", "--expires", "soon"], "2027-01-31"),
        (&[&fingerprint, "--reason", "r", "--expires", "2999-01-31", "--inline"], "cannot be used with"),
        (&[&fingerprint[..5], "--reason", "r"], "is not the beginning of a fingerprint"),
        (&["secret/github-pat", "--reason", "r"], "is not the beginning of a fingerprint"),
        (&[other, "--reason", "r"], "no finding has a fingerprint"),
    ] {
        let run = ignore(&sandbox, args);
        assert!(run.code == 2 && run.stdout.is_empty() && run.stderr.contains(why), "{args:?}: {}", run.stderr);
    }
    assert!(!sandbox.path(CONFIG).exists());
    sandbox.write(CONFIG, "ignore = [{ rule = \"a\", reason = \"b\" }]\n");
    let run = ignore(&sandbox, &[&fingerprint, "--reason", "r"]);
    assert!(run.code == 2 && run.stderr.contains("by hand"), "{}", run.stderr);
    assert_eq!(sandbox.read(CONFIG), "ignore = [{ rule = \"a\", reason = \"b\" }]\n");
}

#[test]
fn a_comment_goes_behind_the_line() {
    let (sandbox, fingerprint) = sandbox();
    let before = sandbox.read("r/x.py");
    let run = ignore(&sandbox, &[&fingerprint, "--reason", "a public sample", "--inline"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let comment = "  # scanall:ignore[secret/github-pat] a public sample";
    assert_eq!(sandbox.read("r/x.py"), before.replacen("'\r\n", &format!("'{comment}\r\n"), 1));
    assert_eq!(open(&sandbox), 0);
    assert!(!run.stdout.contains(&token("one")[4..]), "{}", run.stdout);
}

#[test]
fn a_comment_that_would_not_work_is_taken_back() {
    let (sandbox, fingerprint) = sandbox();
    let before = sandbox.read("r/x.py");
    sandbox.write("r/y.json", format!("\"{}\"\n", token("one")));
    let run = ignore(&sandbox, &[&fingerprint, "--reason", "one of two places", "--inline"]);
    assert!(run.code == 2 && run.stderr.contains("has no effect there"), "{}", run.stderr);
    assert_eq!(sandbox.read("r/x.py"), before);
    std::fs::remove_file(sandbox.path("r/x.py")).unwrap();
    let run = ignore(&sandbox, &[&fingerprint, "--reason", "r", "--inline"]);
    assert!(run.code == 2 && run.stderr.contains("`y.json` is in no language"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_leads_nobody_out_of_the_repository() {
    let (sandbox, fingerprint) = sandbox();
    sandbox.write("outside.toml", "# untouched\n");
    std::os::unix::fs::symlink("../outside.toml", sandbox.path(CONFIG)).unwrap();
    let run = ignore(&sandbox, &[&fingerprint, "--reason", "r"]);
    assert!(run.code == 2 && run.stderr.contains("leads out of the repository"), "{}", run.stderr);
    assert_eq!(sandbox.read("outside.toml"), "# untouched\n");
    std::fs::remove_file(sandbox.path(CONFIG)).unwrap();
    sandbox.write("r/inside.toml", "");
    std::os::unix::fs::symlink("inside.toml", sandbox.path(CONFIG)).unwrap();
    assert_eq!(ignore(&sandbox, &[&fingerprint, "--reason", "r"]).code, 0);
    assert!(sandbox.read("r/inside.toml").contains(&fingerprint));
    assert!(Path::new(&sandbox.path(CONFIG)).is_symlink(), "the link stays a link");
}

#[test]
fn a_secret_that_can_be_guessed_is_pointed_out() {
    let sandbox = Sandbox::new();
    sandbox.write("r/x.env", "URL=postgres://shop:Blumenwiese42@db.shop.invalid/shop\n");
    let run = ignore(&sandbox, &[&fingerprint(&sandbox), "--reason", "r"]);
    assert!(run.code == 0 && run.stdout.contains("guesses this secret"), "{}", run.stdout);
}
