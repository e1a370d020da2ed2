//! Holds whole logs to what GitHub checks: the JSON schema always, and Microsoft's validator where there is one.
//!
//! `SCANALL_SARIF_VALIDATOR` may name a bash script that takes SARIF files and exits with 1 when it objects to one.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use scanall_sarif::{
    Context, Error, Finding, Invocation, Level, Location, Log, Notification, Precision, Provenance, Region, Rule, Run,
    SecuritySeverity, Tool, ToolExtension, limits, line_hashes,
};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;

/// The schema that the crate serde-sarif 0.8.0 generates its types from, `src/schema.json` there.
const SCHEMA: &str = include_str!("sarif-schema-2.1.0.json");

fn tool() -> Tool {
    Tool::new("Example", "1.0.0", "https://example.com")
}

fn rule(id: &str, severity: f64) -> Rule {
    Rule {
        full_description: "A token in the source can be used by anyone who can read it.".into(),
        help_text: "Revoke the token.".into(),
        help_markdown: Some("Revoke the *token*.".into()),
        level: Level::Error,
        security_severity: SecuritySeverity::new(severity),
        precision: Some(Precision::VeryHigh),
        tags: vec!["security".into(), "external/cwe/cwe-798".into(), "security".into()],
        ..Rule::new(id, "Token in the source")
    }
}

/// A finding in line 2 of a file of three lines.
fn finding(rule: &str, path: &str) -> Finding {
    let text = "import os\ntoken = '…'\nprint(token)\n";
    let context = Context { start_line: 1, end_line: 3, snippet: text.into() };
    let location = Location::new(path).unwrap().at(Region::span(2, 1, 2, 12)).with_snippet("token = '…'");
    Finding::new(rule, Level::Error, "A token stands here", location.with_context(context))
        .with_line_hash(line_hashes(text.as_bytes()).line(2).unwrap())
}

fn run_with(rules: Vec<Rule>, findings: Vec<Finding>) -> Run {
    let provenance = Provenance {
        repository_uri: "https://me:secret@example.com/repository".into(),
        revision: Some("0123456789abcdef".into()),
        branch: Some("main".into()),
    };
    Run { rules, findings, provenance: Some(provenance), ..Run::new("example/secrets", tool()) }
}

/// Checks JSON against the schema.
fn conforming(json: &str) -> Value {
    // The pattern of languages has a bracket too many, which is no regular expression of today's ECMAScript.
    let schema = SCHEMA.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let value: Value = serde_json::from_str(json).unwrap();
    let objections: Vec<String> = schema.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(objections.is_empty(), "{objections:#?}\n{json}");
    value
}

/// Checks a log in every way there is, and gives it back for closer looks.
fn checked(name: &str, log: &Log) -> Value {
    let json = log.to_json().unwrap();
    assert_eq!(json, log.clone().to_json().unwrap(), "the same log gives the same bytes");
    if let Some(validator) = std::env::var_os("SCANALL_SARIF_VALIDATOR") {
        let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.sarif"));
        std::fs::write(&file, &json).unwrap();
        let output = Command::new("bash").arg(validator).arg(&file).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    conforming(&json)
}

#[test]
fn findings_of_several_rules() {
    let mut second = finding("a/first", "src/b.py");
    second.message = "The token of [this place](1) stands here too.".into();
    second.related = vec![finding("", "src/a.py").location.with_message("Seen first")];
    second.properties = json!({"tags": ["x", "x"], "tools": ["trivy"]}).as_object().unwrap().clone();
    let mut run = run_with(
        vec![rule("z/last", 9.5), rule("a/first", 5.0), rule("m/unused", 3.0), rule("a/first", 5.0)],
        vec![finding("z/last", "src/a.py"), second],
    );
    run.tool.extensions = vec![ToolExtension {
        name: "trivy".into(),
        version: "0.58.1".into(),
        information_uri: "https://trivy.dev".into(),
    }];
    run.properties = json!({"commit": "0123abc"}).as_object().unwrap().clone();
    let log = checked("several", &Log { runs: vec![run] });

    let run = &log["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "example/secrets/");
    assert_eq!(run["versionControlProvenance"][0]["repositoryUri"], "https://example.com/repository");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules: Vec<_> = run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|r| &r["id"]).collect();
    assert_eq!(rules, ["a/first", "m/unused", "z/last"]);
    let results = run["results"].as_array().unwrap();
    let rules: Vec<_> = results.iter().map(|r| (r["ruleId"].as_str(), r["ruleIndex"].as_u64())).collect();
    assert_eq!(rules, [(Some("z/last"), Some(2)), (Some("a/first"), Some(0))]);
    assert_eq!(results[1]["relatedLocations"][0]["id"], 1);
    assert_eq!(results[1]["properties"]["tags"], json!(["x"]));
    let hash = results[0]["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
    assert!(hash.ends_with(":1"));
}

#[test]
fn nothing_found() {
    let log = checked("clean", &Log { runs: vec![run_with(vec![rule("a", 1.0)], Vec::new())] });
    assert_eq!(log["runs"][0]["results"], json!([]));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn nothing_scanned() {
    assert_eq!(checked("empty", &Log::default())["runs"], json!([]));
}

#[test]
fn a_failed_scan() {
    let note = |id: &str, level, message: &str, location| Notification {
        id: id.into(),
        level,
        message: message.into(),
        location,
    };
    let mut run = run_with(vec![rule("a/b", 8.0)], vec![finding("a/b", "a")]);
    run.invocation = Invocation {
        successful: false,
        notifications: vec![
            note("scan/timeout", Level::Error, "The scan took longer than 60 s", None),
            note("scan/unreadable", Level::Warning, "The file is no text.", Some(Location::new("b c").unwrap())),
            note("scan/hint", Level::Note, "There is a newer version", None),
        ],
    };
    let log = checked("failed", &Log { runs: vec![run] });
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notifications = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notifications.len(), 3);
    assert_eq!(notifications[0]["message"]["text"], "The scan took longer than 60 s.");
    assert_eq!(notifications[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "b%20c");
}

#[test]
fn paths_in_any_script() {
    let paths = ["docs/my file.md", "日本/ünï.rs", "app/[id]/page (1).tsx", "100%/#x?y", "c:/d", "a\\b", "😀"];
    let findings = paths.iter().map(|path| finding("a/b", path)).collect();
    let log = checked("paths", &Log { runs: vec![run_with(vec![rule("a/b", 8.0)], findings)] });
    let uri = |at: usize| &log["runs"][0]["results"][at]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri(0), "docs/my%20file.md");
    assert_eq!(uri(1), "%E6%97%A5%E6%9C%AC/%C3%BCn%C3%AF.rs");
}

#[test]
fn hostile_texts() {
    let hostile = "\0\u{1b}[31mred\u{1b}[0m {0} {not} [a](javascript:alert(1)) [b](7) \u{202e}txt.exe\r\n\u{7}";
    let mut bad = finding("a/b", "a");
    bad.message = hostile.into();
    bad.location.message = Some(hostile.into());
    bad.location.snippet = Some(hostile.into());
    bad.related = vec![Location::new("a").unwrap().with_message(hostile)];
    let silent = Finding { message: String::new(), ..finding("empty", "a") };
    let rules = vec![
        Rule {
            name: Some(hostile.into()),
            full_description: hostile.into(),
            help_text: hostile.into(),
            help_uri: Some("http://exa mple/\u{1b}".into()),
            ..Rule::new("a/b", hostile)
        },
        Rule::new("empty", ""),
    ];
    let log = checked("hostile", &Log { runs: vec![run_with(rules, vec![bad, silent])] });
    assert!(!log.to_string().contains("\\u00"), "no control character is left");
    assert_eq!(log["runs"][0]["results"][1]["message"]["text"], "empty.");
}

#[test]
fn whole_files_and_long_texts() {
    let long = Rule { full_description: "word ".repeat(600), ..rule(&"long-".repeat(100), 8.0) };
    let whole = Finding::new(&long.id, Level::Note, "About the file.", Location::new("Cargo.lock").unwrap());
    let mut one_line = Finding { location: finding("", "a").location, ..whole.clone() };
    one_line.location.context = Some(Context { start_line: 2, end_line: 2, snippet: "token = '…' # here".into() });
    checked("whole", &Log { runs: vec![run_with(vec![long], vec![whole, one_line])] });
}

#[test]
fn no_rules_at_all() {
    // Not held to the validator, which notes that there are no rules (SARIF2012). GitHub takes it.
    let log = Log { runs: vec![Run::new("a", Tool::new("Example", "", ""))] };
    let value = conforming(&log.to_json().unwrap());
    assert_eq!(value["runs"][0]["tool"]["driver"]["rules"], json!([]));
    assert_eq!(value["runs"][0]["results"], json!([]));
}

#[test]
fn what_github_refuses_is_an_error() {
    let error = |runs: Vec<Run>| Log { runs }.to_json().unwrap_err().to_string();
    let empty = || run_with(Vec::new(), Vec::new());
    let with = |rules, findings| error(vec![run_with(rules, findings)]);
    assert_eq!(
        with(vec![rule("a", 1.0)], vec![finding("b", "a")]),
        "a finding in the run example/secrets/ names the unknown rule b"
    );
    assert_eq!(
        with(vec![rule("a", 1.0), rule("a", 2.0)], vec![]),
        "the run example/secrets/ has two different rules with the id a"
    );
    assert_eq!(with(vec![rule("", 1.0)], vec![]), "a rule in the run example/secrets/ has an empty id");
    assert_eq!(error(vec![empty(), empty()]), "Example has two runs in the category example/secrets/");
    assert_eq!(error(vec![Run::new("/", tool())]), "a run of Example has no category");
    assert_eq!(error(vec![Run::new("a", Tool::new(" ", "", ""))]), "the tool in the run a/ has an empty name");
    let runs = (0..=limits::MAX_RUNS).map(|n| Run::new(format!("{n}/"), tool())).collect();
    assert_eq!(error(runs), "21 runs of one file are more than the 20 GitHub accepts");
    let many = vec![finding("a", "a"); limits::MAX_RESULTS + 1];
    let refused = Log { runs: vec![run_with(vec![rule("a", 1.0)], many)] }.to_sarif();
    assert!(matches!(refused, Err(Error::TooMany { count: 25_001, limit: 25_000, .. })));
}

#[test]
fn two_tools_may_share_a_category() {
    let other = Tool::new("Other", "1.0.0", "https://example.com");
    let run = |category: &str, tool| Run { tool, category: category.into(), ..run_with(vec![rule("a", 1.0)], vec![]) };
    let runs = vec![run("a/", tool()), run("a/", other), run("b/", tool())];
    checked("shared", &Log { runs });
}

#[test]
fn the_worst_findings_are_kept_in_order() {
    let mut run = run_with(vec![rule("low", 2.0), rule("high", 8.0)], Vec::new());
    for (n, id) in ["low", "high", "low", "high", "low"].into_iter().enumerate() {
        run.findings.push(finding(id, &format!("{n}")));
    }
    run.findings[2].level = Level::Note;
    assert_eq!(run.keep_worst(5), 0);
    assert_eq!(run.keep_worst(3), 2);
    let kept: Vec<_> = run.findings.iter().map(|f| f.location.path.as_uri()).collect();
    assert_eq!(kept, ["0", "1", "3"]);
    assert_eq!(run.keep_worst(0), 3);
}
