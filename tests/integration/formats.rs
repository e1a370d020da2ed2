//! The formats for other homes than GitHub's Security tab, of the fixture application and of a run that is incomplete.

use scanall::output::FORMATS;
use serde_json::Value;

use crate::environment::{ROOT, Run, Sandbox, stable};

/// Runs over the application and writes one format.
fn written(sandbox: &Sandbox, format: &str) -> (String, i32) {
    let run = sandbox.run(["app", "-q", "-q", "-o", &format!("{format}=out")]);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    (sandbox.read("out"), run.code)
}

/// The application with a layer that fails.
fn with_broken_app() -> Sandbox {
    let sandbox = Sandbox::with_app();
    sandbox.write("app/Cargo.lock", "no lockfile");
    sandbox
}

#[test]
fn each_format_of_the_application() {
    let sandbox = Sandbox::with_app();
    for format in ["github", "junit", "csv", "gitlab-secret", "gitlab-dependency"] {
        let (text, code) = written(&sandbox, format);
        assert_eq!(code, 1);
        stable().bind(|| insta::assert_snapshot!(format, text));
    }
}

#[test]
fn the_verdict_is_in_every_format() {
    let sandbox = with_broken_app();
    for (format, sign) in [
        ("github", "::error title=The scan is incomplete::"),
        ("junit", "<error message=\"not everything could be looked at\""),
        ("csv", ",incomplete,layer/dependencies,"),
        ("markdown", "incomplete: not everything could be looked at"),
        ("markdown-comment", "incomplete: not everything could be looked at"),
        ("gitlab-dependency", "\"status\": \"failure\""),
        ("gitlab-secret", "\"status\": \"success\""),
        ("json", "\"verdict\": \"incomplete\""),
    ] {
        let (text, code) = written(&sandbox, format);
        assert_eq!(code, 3);
        assert!(text.contains(sign), "{format}: {text}");
    }
}

#[test]
fn no_format_shows_a_secret_or_has_a_clock() {
    let sandbox = Sandbox::with_app();
    let token = "ghp_".to_owned() + "k7Q2mZ9xT4vB1nL8wR5yH3cJ6dF0sGaPqEuX";
    for format in FORMATS.iter().map(|format| format.id) {
        let (text, _) = written(&sandbox, format);
        assert!(text.ends_with('\n') && !text.contains(&token) && !text.contains(&token[8..30]), "{format}");
        // Asking for secrets in clear is about the table and JSON.
        let shown = sandbox.run(["app", "--show-secrets", "--format", format]).stdout;
        assert_eq!(shown.contains(&token), ["table", "json"].contains(&format), "{format}");
        if !["table", "json", "markdown", "markdown-comment"].contains(&format) {
            assert_eq!(text, written(&sandbox, format).0, "{format}");
        }
    }
}

#[test]
fn the_readme_says_what_each_format_is_for() {
    let readme = std::fs::read_to_string(std::path::Path::new(ROOT).join("README.md")).unwrap();
    for format in FORMATS.iter().map(|format| format.id) {
        let listed =
            |line: &str| line.starts_with('|') && line.split('|').nth(1).unwrap().contains(&format!("`{format}`"));
        assert!(readme.lines().any(listed), "the table of formats lacks {format}");
    }
}

#[test]
fn the_printed_schema_describes_the_report() {
    let sandbox = Sandbox::with_app();
    let run = Run::of(sandbox.command().arg("schema"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let schema: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let schema = jsonschema::validator_for(&schema).unwrap();
    for (sandbox, code) in [(sandbox, 1), (with_broken_app(), 3)] {
        for more in [&[][..], &["--show-secrets"], &["--only", "trivy"]] {
            let (report, ended) = sandbox.report("app", more);
            assert!(ended == code || more.contains(&"trivy"));
            let problems: Vec<String> =
                schema.iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(problems.is_empty(), "{problems:#?}");
        }
    }
}
