//! What teams have accepted with other tools is accepted here, said to be, and notices a changed value.

use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};

use crate::environment::{Run, Sandbox, layer, places, token};

const NOTHING: [&str; 0] = [];

fn sha1(secret: &str) -> String {
    Sha1::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A repository in `r` whose first commit has some files.
fn repository(files: &[(&str, String)]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git("", &["init", "-q", "-b", "main", "r"]);
    for (name, text) in files {
        sandbox.write(&format!("r/{name}"), text);
    }
    commit(&sandbox, "one");
    sandbox
}

fn commit(sandbox: &Sandbox, message: &str) -> String {
    sandbox.git("r", &["add", "-A"]);
    sandbox.git("r", &["commit", "-qm", message]);
    sandbox.git("r", &["rev-parse", "HEAD"])
}

fn secrets(sandbox: &Sandbox, args: &[&str]) -> Value {
    sandbox.report("r", &[&["--only", "secrets"], args].concat()).0
}

/// Who accepts what is accepted, sorted.
fn by(report: &Value) -> Vec<String> {
    let mut by: Vec<String> =
        report["suppressed"].as_array().unwrap().iter().map(|it| it["by"].as_str().unwrap().to_owned()).collect();
    by.sort();
    by
}

fn notes(report: &Value) -> String {
    layer(report, "secrets")["notes"].to_string()
}

#[test]
fn comments_of_other_tools_count_unless_asked_otherwise() {
    for (text, word) in [
        ("SECRET # gitleaks:allow", "gitleaks:allow"),
        ("SECRET // betterleaks:allow", "betterleaks:allow"),
        ("SECRET # trufflehog:ignore", "trufflehog:ignore"),
        ("/* kingfisher:ignore */\nSECRET", "kingfisher:ignore"),
        ("SECRET # pragma: allowlist secret", "pragma: allowlist secret"),
        ("# pragma: allowlist nextline secret\nSECRET", "pragma: allowlist nextline secret"),
        ("SECRET # nosec B105", "nosec"),
        ("SECRET # noqa: S105", "noqa"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("r/a.py", format!("{}\n", text.replace("SECRET", &format!("KEY = '{}'", token("x")))));
        let report = secrets(&sandbox, &[]);
        assert_eq!((places(&report).len(), by(&report)), (0, vec![format!("inline {word}")]), "{text}");
        assert_eq!(places(&secrets(&sandbox, &["--own-ignores-only"])).len(), 1, "{text}");
        sandbox.write("r/.scanall.toml", "[scan]\nown_ignores_only = true\n");
        assert_eq!(places(&secrets(&sandbox, &[])).len(), 1, "{text}");
    }
    for text in ["KEY = 'SECRET' # noqa", "KEY = 'SECRET' # nosec B602", "KEY = 'SECRET' # nosemgrep"] {
        let sandbox = Sandbox::new();
        sandbox.write("r/a.py", text.replace("SECRET", &token("x")));
        assert_eq!(places(&secrets(&sandbox, &[])).len(), 1, "{text}");
    }
}

#[test]
fn our_own_comment_may_be_on_the_line_before() {
    let sandbox = Sandbox::new();
    let text = format!("# scanall:ignore-next-line[secret/github-pat] a sample\nA={}\nB={}\n", token("a"), token("b"));
    sandbox.write("r/a.env", text);
    let report = secrets(&sandbox, &["--own-ignores-only"]);
    assert_eq!(
        (places(&report), by(&report)),
        (vec!["secret/github-pat a.env:3".to_owned()], vec!["inline".to_owned()])
    );
    assert_eq!(report["suppressed"][0]["reason"], "a sample");
}

#[test]
fn every_copy_in_the_files_needs_a_comment_that_counts() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.env", format!("A={} # scanall:ignore\n", token("a")));
    sandbox.write("r/b.env", format!("A={} # gitleaks:allow\n", token("a")));
    assert_eq!(by(&secrets(&sandbox, &[])), ["inline gitleaks:allow"]);
    assert_eq!(places(&secrets(&sandbox, &["--own-ignores-only"])).len(), 1);
    sandbox.write("r/c.env", format!("A={} # scanall:ignore[secret/other]\n", token("a")));
    assert_eq!(places(&secrets(&sandbox, &[])).len(), 1);
}

#[test]
fn a_fingerprint_of_gitleaks_is_a_place() {
    let sandbox = repository(&[("a.env", format!("# first\nA={}\n", token("a"))), ("b.env", token("b"))]);
    sandbox.write("r/.gitleaksignore", "# of the sandbox\na.env:github-pat:2\n\na.env:github-pat:7\nwhat is this\n");
    let report = secrets(&sandbox, &[]);
    assert_eq!(
        (places(&report), by(&report)),
        (vec!["secret/github-pat b.env:1".to_owned()], vec!["file .gitleaksignore:2".to_owned()])
    );
    assert_eq!(report["suppressed"][0]["reason"], "of the sandbox");
    let notes = notes(&report);
    assert!(notes.contains(".gitleaksignore: 1 of 2 accept nothing that is found, on line 4"), "{notes}");
    assert!(notes.contains(".gitleaksignore accepts nothing on line 5: it is no fingerprint"), "{notes}");
    let part = secrets(&sandbox, &["--history", "none"]);
    assert!(
        by(&part).len() == 1 && !part.to_string().contains("accept nothing that is found"),
        "a part tells nothing: {part}"
    );
    assert_eq!(places(&secrets(&sandbox, &["--own-ignores-only"])).len(), 2);
}

#[test]
fn a_fingerprint_of_gitleaks_notices_a_changed_value() {
    for with_commit in [false, true] {
        let sandbox = repository(&[("a.env", format!("A={}\n", token("old")))]);
        let id = sandbox.git("r", &["rev-parse", "HEAD"]);
        let commits = if with_commit { vec![format!("{id}:"), format!("{}:", &id[..7])] } else { vec![String::new()] };
        for prefix in commits {
            sandbox.write("r/.gitleaksignore", format!("{prefix}a.env:github-pat:1\n"));
            assert_eq!(places(&secrets(&sandbox, &[])), NOTHING, "{prefix}");
            // Elsewhere it is the same secret.
            sandbox.write("r/dir/moved.env", format!("\n\nA={}\n", token("old")));
            assert_eq!(places(&secrets(&sandbox, &[])), NOTHING, "{prefix}");
            std::fs::remove_file(sandbox.path("r/dir/moved.env")).unwrap();
            sandbox.write("r/a.env", format!("A={}\n", token("changed")));
            assert_eq!(places(&secrets(&sandbox, &[])), ["secret/github-pat a.env:1"], "{prefix}");
            sandbox.git("r", &["checkout", "-q", "a.env"]);
        }
        sandbox.write("r/a.env", format!("A={}\n", token("changed")));
        commit(&sandbox, "two");
        assert_eq!(places(&secrets(&sandbox, &[])), ["secret/github-pat a.env:1"], "{with_commit}");
    }
    let sandbox = repository(&[("a.env", format!("A={}\n", token("old")))]);
    sandbox.write("r/.gitleaksignore", format!("{}:a.env:github-pat:1\n", "0".repeat(40)));
    assert_eq!(places(&secrets(&sandbox, &[])).len(), 1, "a commit that does not have it");
}

/// A finding as gitleaks reports it.
fn gitleaks(file: &str, line: u32, secret: &str) -> Value {
    json!({ "RuleID": "github-pat", "Description": "A token", "StartLine": line, "EndLine": line, "StartColumn": 1,
        "EndColumn": 2, "Match": secret, "Secret": secret, "File": file, "SymlinkFile": "", "Commit": "", "Entropy": 4.1,
        "Author": "", "Email": "", "Date": "", "Message": "", "Tags": [],
        "Fingerprint": format!("{file}:github-pat:{line}") })
}

#[test]
fn a_report_of_gitleaks_is_a_baseline() {
    let sandbox = repository(&[("a.env", format!("A={}\n", token("a"))), ("b.env", token("b"))]);
    let report = json!([gitleaks("a.env", 1, &token("a")), gitleaks("gone.env", 1, &token("gone")), 7]);
    let baseline = sandbox.write("known.json", serde_json::to_string_pretty(&report).unwrap());
    let with = ["--baseline", baseline.to_str().unwrap()];
    let report = secrets(&sandbox, &with);
    assert_eq!(places(&report), ["secret/github-pat b.env:1"]);
    let place = format!("file {}:2", baseline.display());
    assert_eq!((by(&report), &report["baseline"]), (vec![place], &Value::Null));
    assert!(notes(&report).contains("1 of 2 accept nothing that is found"), "{}", notes(&report));
    assert!(notes(&report).contains("it is no finding of gitleaks"), "{}", notes(&report));
    assert_eq!(by(&secrets(&sandbox, &[&with[..], &["--own-ignores-only"]].concat())).len(), 1, "it was named");
    // Known by its value: it may move, and another one on its line is another one.
    sandbox.write("r/a.env", format!("A={}\n", token("changed")));
    sandbox.write("r/dir/c.env", format!("\nA={}\n", token("a")));
    assert_eq!(places(&secrets(&sandbox, &with)), ["secret/github-pat a.env:1", "secret/github-pat b.env:1"]);
}

#[test]
fn a_redacted_report_of_gitleaks_knows_places() {
    let sandbox = repository(&[("a.env", format!("A={}\n", token("a")))]);
    let id = sandbox.git("r", &["rev-parse", "HEAD"]);
    for (line, commit, open) in [(1, "", 0), (1, id.as_str(), 0), (2, "", 1), (1, "0123456789", 1)] {
        let mut finding = gitleaks("a.env", line, "REDACTED");
        finding["Commit"] = json!(commit);
        sandbox.write("r/known.json", json!([finding]).to_string());
        sandbox.write("r/.scanall.toml", "[scan]\nbaseline = \"known.json\"\n");
        assert_eq!(places(&secrets(&sandbox, &[])).len(), open, "{line} {commit}");
    }
    sandbox.write("r/known.json", json!([gitleaks("a.env", 1, "REDACTED")]).to_string());
    sandbox.write("r/a.env", format!("A={}\n", token("changed")));
    assert_eq!(places(&secrets(&sandbox, &[])), ["secret/github-pat a.env:1"]);
}

/// A baseline of detect-secrets with one finding.
fn detect_secrets(file: &str, hash: &str, more: &Value) -> String {
    let mut finding = json!({ "type": "GitHub Token", "filename": file, "hashed_secret": hash, "is_verified": false, "line_number": 1 });
    finding.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let baseline = json!({ "version": "1.5.0", "plugins_used": [], "filters_used": [], "results": { file: [finding] }, "generated_at": "2026-04-01T08:00:00Z" });
    serde_json::to_string_pretty(&baseline).unwrap()
}

#[test]
fn a_baseline_of_detect_secrets_knows_values() {
    let sandbox = repository(&[("a.env", format!("A={}\n", token("a")))]);
    let baseline = |hash: &str, more: Value| sandbox.write("r/.secrets.baseline", detect_secrets("a.env", hash, &more));
    let open = || places(&secrets(&sandbox, &[])).iter().filter(|place| place.contains("github-pat")).count();
    baseline(&sha1(&token("a")), json!({}));
    let report = secrets(&sandbox, &[]);
    assert!(places(&report).is_empty(), "neither it nor its hash is a finding: {report}");
    assert!(by(&report).iter().all(|by| by.starts_with("file .secrets.baseline:")), "{report}");
    let wanted = |report: &Value| {
        let all = report["suppressed"].as_array().unwrap();
        all.iter().find(|it| it["finding"]["rule"] == "secret/github-pat").unwrap()["reason"].clone()
    };
    assert_eq!(wanted(&report), "known, as GitHub Token");
    baseline(&sha1(&token("a")), json!({ "is_secret": false }));
    assert_eq!(wanted(&secrets(&sandbox, &[])), "audited and no secret, as GitHub Token");
    baseline(&sha1(&token("a")), json!({ "is_secret": true }));
    assert_eq!(open(), 1, "an audit called it a secret");
    baseline(&sha1(&token("other")), json!({}));
    assert_eq!(open(), 1, "another value on that line");
    baseline("no hash", json!({}));
    assert!(open() == 1 && notes(&secrets(&sandbox, &[])).contains("is no SHA-1"));
    baseline(&sha1(&token("a")), json!({}));
    sandbox.write("r/a.env", format!("\n\nA={}\n", token("a")));
    assert_eq!(open(), 0, "its line does not matter");
    sandbox.write("r/a.env", format!("A={}\n", token("changed")));
    assert_eq!(open(), 1, "a changed value");
    let own = secrets(&sandbox, &["--own-ignores-only"]);
    assert!(by(&own).is_empty(), "{own}");
}

#[test]
fn a_password_is_known_in_its_file_alone() {
    let url = |password: &str| format!("URL=postgres://shop:{password}@db.shop.invalid/shop\n");
    let sandbox = Sandbox::new();
    sandbox.write("r/a.env", url("Blumenwiese42"));
    sandbox.write("r/.secrets.baseline", detect_secrets("a.env", &sha1("Blumenwiese42"), &json!({})));
    assert_eq!(places(&secrets(&sandbox, &[])), NOTHING);
    std::fs::rename(sandbox.path("r/a.env"), sandbox.path("r/b.env")).unwrap();
    assert_eq!(places(&secrets(&sandbox, &[])).len(), 1);
}

#[test]
fn an_ignore_list_of_ripsecrets_has_paths_and_values() {
    let files = ["test/a.env", "test/keep/b.env", "c.env", "d.env"];
    let sandbox = repository(&files.map(|name| (name, format!("K={}\n", token(name)))));
    sandbox
        .write("r/.secretsignore", format!("# samples\ntest/*\n!test/keep\nunused\n\n[secrets]\n{}\n", token("c.env")));
    let report = secrets(&sandbox, &[]);
    assert_eq!(places(&report), ["secret/github-pat d.env:1", "secret/github-pat test/keep/b.env:1"]);
    assert_eq!(by(&report), ["file .secretsignore:2", "file .secretsignore:7"]);
    assert!(notes(&report).contains("1 of 3 accept nothing that is found, on line 4"), "{}", notes(&report));
    // A copy elsewhere is not accepted by a path.
    sandbox.write("r/e.env", format!("K={}\n", token("test/a.env")));
    assert_eq!(places(&secrets(&sandbox, &[])).len(), 3);
    sandbox.write("r/c.env", format!("K={}\n", token("changed")));
    assert_eq!(places(&secrets(&sandbox, &[])).len(), 4);
}

#[test]
fn people_are_told_who_accepts() {
    let sandbox = repository(&[("a.env", format!("A={}\n", token("a")))]);
    sandbox.write("r/.gitleaksignore", "# a sample\na.env:github-pat:1\n");
    let report = secrets(&sandbox, &[]);
    let fingerprint = report["suppressed"][0]["finding"]["fingerprint"].as_str().unwrap();
    let explain = |args: &[&str]| Run::of(sandbox.command().arg("explain").args(args)).stdout;
    let page = explain(&[fingerprint, "r", "--offline"]);
    assert!(page.contains("by line 2 of .gitleaksignore: a sample"), "{page}");
    assert!(sandbox.run(["r"]).stdout.contains("1 accepted"));
}

#[test]
fn sarif_says_where_it_is_accepted() {
    let sandbox = repository(&[
        ("a.env", format!("A={}\n", token("a"))),
        ("b.py", format!("B = '{}' # gitleaks:allow a sample\n", token("b"))),
    ]);
    sandbox.write("r/.gitleaksignore", "# of a test\na.env:github-pat:1\n");
    let run = sandbox.run(["r", "--only", "secrets", "-o", "sarif=out.sarif", "-o", "sarif-upload=upload.sarif"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let log = crate::sarif::hold(&sandbox, "out.sarif");
    let said: Vec<&Value> =
        log["runs"][0]["results"].as_array().unwrap().iter().map(|result| &result["suppressions"][0]).collect();
    let (file, comment) = (
        "Accepted by line 2 of .gitleaksignore: of a test.",
        "Accepted by the comment `gitleaks:allow` beside it, b.py:1: a sample.",
    );
    assert_eq!(
        said,
        [
            &json!({ "kind": "external", "justification": file }),
            &json!({ "kind": "inSource", "justification": comment })
        ]
    );
    let upload = crate::sarif::hold(&sandbox, "upload.sarif");
    assert_eq!(upload["runs"][0]["results"], json!([]));
}

#[test]
fn hostile_files_accept_nothing_and_hide_nothing() {
    let deep = format!("{{\"results\": {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = "a".repeat(1 << 20);
    let many = "x:y:1\n".repeat(300_000);
    for text in
        ["", "{", "[]", "\u{feff}", "\0\0\0", "[secrets]", "{\"results\": 7}", "::::", ":0:", &deep, &long, &many]
    {
        let sandbox = Sandbox::new();
        sandbox.write("r/a.env", format!("A={}\n", token("a")));
        for name in [".gitleaksignore", ".betterleaksignore", ".secrets.baseline", ".secretsignore"] {
            sandbox.write(&format!("r/{name}"), text);
        }
        let (report, code) = sandbox.report("r", &["--only", "secrets"]);
        assert_eq!(
            (places(&report).contains(&"secret/github-pat a.env:1".to_owned()), code),
            (true, 1),
            "{}",
            text.get(..20.min(text.len())).unwrap_or_default()
        );
    }
    let sandbox = Sandbox::new();
    sandbox.write("r/a.env", format!("A={}\n", token("a")));
    sandbox.write("r/.gitleaksignore", b"a.env:x:1\n\xff\n");
    std::fs::create_dir(sandbox.path("r/.secretsignore")).unwrap();
    let report = secrets(&sandbox, &[]);
    assert!(places(&report).len() == 1 && notes(&report).matches("so it accepts nothing").count() == 2, "{report}");
}

#[test]
fn a_baseline_in_no_format_is_refused_with_those_that_are_known() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.env", "x\n");
    for text in ["{}", "[1]", "<x/>", "{\"schema\": 1}"] {
        sandbox.write("r/known.json", text);
        let run = sandbox.run(["r", "--baseline", "r/known.json"]);
        assert!(
            run.code == 2 && run.stderr.contains("a report of gitleaks, a baseline of detect-secrets"),
            "{text}: {}",
            run.stderr
        );
    }
    sandbox.write("r/known.json", "[]");
    assert_eq!(sandbox.run(["r", "--baseline", "r/known.json"]).code, 0, "a report of nothing");
    let show = Run::of(sandbox.command().args(["baseline", "show", "--file", "r/known.json", "r", "--offline"]));
    assert!(show.code == 2 && show.stderr.contains("of another tool"), "{}", show.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_leads_nobody_out_of_the_repository() {
    let sandbox = Sandbox::new();
    sandbox.write("outside", "a.env:github-pat:1\n");
    sandbox.write("r/a.env", format!("A={}\n", token("a")));
    std::os::unix::fs::symlink("../outside", sandbox.path("r/.gitleaksignore")).unwrap();
    let report = secrets(&sandbox, &[]);
    assert!(places(&report).len() == 1 && notes(&report).contains("leads out of the repository"), "{report}");
}
