//! `scanall doctor` says what a scan would miss, and executes nothing of what would be scanned.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::Value;

use crate::environment::{Run, Sandbox};

/// The checks of a folder, as JSON, and the exit code.
fn doctor(sandbox: &Sandbox, args: &[&str], variables: &[(&str, &str)]) -> (Vec<Value>, i32) {
    let mut command = sandbox.command();
    command.args(["doctor", "--format", "json"]).args(args).envs(variables.iter().copied());
    let run = Run::of(&mut command);
    let report: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr));
    (report["checks"].as_array().unwrap().clone(), run.code)
}

/// The state of the first check that says something.
fn state<'a>(checks: &'a [Value], words: &str) -> &'a str {
    let says = |check: &&Value| check["message"].as_str().unwrap().contains(words);
    let check = checks.iter().find(says).unwrap_or_else(|| panic!("nothing says `{words}`: {checks:?}"));
    check["state"].as_str().unwrap()
}

#[test]
fn a_repository_that_can_be_scanned() {
    let sandbox = Sandbox::with_app();
    let home = sandbox.path("home");
    let run = Run::of(sandbox.command().args(["doctor", "app", "--offline"]).env("HOME", &home));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let text = run.stdout.replace(&sandbox.path("").canonicalize().unwrap().display().to_string(), "[sandbox]");
    let text = text.replace(&sandbox.path("").display().to_string(), "[sandbox]");
    insta::assert_snapshot!("doctor", text.replace("[sandbox]/", "/sandbox/").replace("[sandbox]", "/sandbox/"));
}

#[test]
fn what_is_missing_is_a_warning_and_what_is_broken_fails() {
    let sandbox = Sandbox::with_app();
    let url = format!("file://{}", sandbox.path("app").display());
    sandbox.git("", &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let (checks, code) = doctor(&sandbox, &["shallow", "--offline"], &[]);
    assert_eq!((state(&checks, "shallow clone"), state(&checks, "no cache folder"), code), ("warn", "warn", 0));
    assert_eq!(state(&checks, "no program that scanall can run is installed"), "warn");
    let (checks, _) = doctor(&sandbox, &["app/service"], &[("XDG_CACHE_HOME", "/proc/none")]);
    assert_eq!(state(&checks, "cannot be written"), "warn");
    assert_eq!(state(&checks, "api.osv.dev"), "ok");

    sandbox.write("app/.scanall.toml", "[scan]\nfail_no = 1\n");
    let (checks, code) = doctor(&sandbox, &["app", "--offline"], &[]);
    assert_eq!((state(&checks, ".scanall.toml:2"), code), ("fail", 1));
    assert_eq!(state(&checks, "is a repository"), "ok", "the rest is looked at all the same");
    sandbox.write("app/.scanall.toml", "[secrets]\nrules = [\"none\"]\n");
    assert_eq!(doctor(&sandbox, &["app", "--offline"], &[]).1, 1);
    sandbox.write("app/.scanall.toml", "");
    sandbox.write("app/.scanall-baseline.json", "{");
    let (checks, code) = doctor(&sandbox, &["app", "--offline"], &[]);
    assert_eq!((state(&checks, "is damaged"), code), ("fail", 1));

    let run = Run::of(sandbox.command().args(["doctor", "nowhere"]));
    assert!(run.code == 2 && run.stderr.contains("`nowhere` does not exist"), "{}", run.stderr);
    sandbox.write("plain/x", "");
    let (checks, code) = doctor(&sandbox, &["plain", "--offline"], &[]);
    assert_eq!((state(&checks, "is in no git repository"), code), ("warn", 0));
}

#[cfg(unix)]
fn program(sandbox: &Sandbox, name: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = sandbox.write(name, format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn tools_are_asked_for_their_version_and_those_of_the_repository_are_not() {
    let sandbox = Sandbox::with_app();
    program(&sandbox, "bin/trivy", "echo 'Version: 1.2.3'; echo \"$GITHUB_TOKEN\" >&2");
    program(&sandbox, "bin/semgrep", "echo broken >&2; exit 7");
    program(&sandbox, "app/bin/trivy", &format!("touch '{}'", sandbox.path("executed").display()));
    let path = ["app/bin", "bin"].map(|folder| sandbox.path(folder).display().to_string()).join(":") + ":app/bin:/bin";
    let (checks, code) = doctor(&sandbox, &["app", "--offline"], &[("PATH", &path)]);
    assert_eq!((state(&checks, "trivy 1.2.3"), state(&checks, "exit code 7: broken"), code), ("ok", "fail", 1));
    assert_eq!(state(&checks, "trivy has no vulnerability database"), "warn");
    assert!(!sandbox.path("executed").exists());
    sandbox.write("app/.scanall.toml", "[scan]\nskip = [\"semgrep\"]\n");
    let (checks, code) = doctor(&sandbox, &["app", "--offline"], &[("PATH", &path)]);
    assert_eq!((state(&checks, "semgrep is left out"), code), ("ok", 0));
}

/// A server that answers one request with a status and a body, and gives back what it was asked.
fn server(status: &'static str, body: &'static str) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut byte = [0];
        while !asked.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
            asked.push(byte[0]);
        }
        write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
            .unwrap();
        String::from_utf8(asked).unwrap()
    });
    (url, thread)
}

#[test]
fn a_token_is_sent_to_github_and_shown_nowhere() {
    let sandbox = Sandbox::with_app();
    let may = r#"{"full_name":"acme/shop","permissions":{"admin":false,"push":true,"pull":true}}"#;
    let token = "not-a-real-token";
    for (status, body, words, wanted) in [
        ("200 OK", may, "and may write, read", "ok"),
        ("200 OK", "[", "is valid for acme/shop", "ok"),
        ("401 Unauthorized", "", "is not valid", "fail"),
        ("403 Forbidden", "", "may not see acme/shop", "warn"),
        ("404 Not Found", "", "does not see acme/shop", "warn"),
        ("500 Oops", "", "status 500", "warn"),
    ] {
        let (url, asked) = server(status, body);
        let variables = [("GITHUB_TOKEN", token), ("GITHUB_API_URL", &url), ("GITHUB_REPOSITORY", "acme/shop")];
        let (checks, code) = doctor(&sandbox, &["app"], &variables);
        assert_eq!((state(&checks, words), code), (wanted, i32::from(wanted == "fail")));
        let asked = asked.join().unwrap();
        assert!(asked.starts_with("GET /repos/acme/shop ") && asked.contains(&format!("Bearer {token}")), "{asked}");
        assert!(!checks.iter().any(|check| check.to_string().contains(token)));
    }
    for (api, repository, words) in [
        ("http://api.invalid", "acme/shop", "is no address to send a token to"),
        ("https://api.invalid", "acme/../../evil", "no remote on GitHub"),
    ] {
        let variables = [("GH_TOKEN", token), ("GITHUB_API_URL", api), ("GITHUB_REPOSITORY", repository)];
        assert_ne!(state(&doctor(&sandbox, &["app"], &variables).0, words), "ok");
    }
    let variables = [("GITHUB_TOKEN", token), ("GITHUB_API_URL", "http://127.0.0.1:1")];
    assert_eq!(state(&doctor(&sandbox, &["app", "--offline"], &variables).0, "nobody is asked"), "ok");
}
