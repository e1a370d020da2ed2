//! The SARIF log holds to the standard's schema and to what GitHub asks, whatever was found.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::environment::{ROOT, Run, Sandbox, stable};

/// The schema that the crate in `sarif/` is tested with.
pub(crate) fn schema() -> jsonschema::Validator {
    let text = std::fs::read_to_string(Path::new(ROOT).join("sarif/tests/sarif-schema-2.1.0.json")).unwrap();
    // One pattern of the published schema has a stray bracket that strict engines refuse.
    let schema: Value = serde_json::from_str(&text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// Holds a file to the schema, and to Microsoft's validator where `SCANALL_SARIF_VALIDATOR` names a script that runs it.
pub(crate) fn hold(sandbox: &Sandbox, name: &str) -> Value {
    let log = sandbox.json(name);
    let problems: Vec<String> = schema().iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(problems.is_empty(), "{name}: {problems:#?}");
    match std::env::var_os("SCANALL_SARIF_VALIDATOR") {
        Some(script) => {
            let output = Command::new("bash").arg(script).arg(sandbox.path(name)).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
        None => eprintln!("SCANALL_SARIF_VALIDATOR is not set: only the schema was checked"),
    }
    log
}

fn categories(log: &Value) -> Vec<(&str, usize, bool)> {
    let runs = log["runs"].as_array().unwrap();
    runs.iter()
        .map(|run| {
            let successful = run["invocations"][0]["executionSuccessful"].as_bool().unwrap();
            let results = run["results"].as_array().unwrap().len();
            (run["automationDetails"]["id"].as_str().unwrap(), results, successful)
        })
        .collect()
}

#[test]
fn findings_of_every_native_kind() {
    let sandbox = Sandbox::with_app();
    let run = sandbox.run(["app", "-o", "sarif=out.sarif", "-o", "sarif-upload=upload.sarif"]);
    assert_eq!(run.code, 1);
    let log = hold(&sandbox, "out.sarif");
    assert_eq!(
        categories(&log),
        [("scanall/secrets/", 3, true), ("scanall/dependencies/", 2, true), ("scanall/licenses/", 1, true)]
    );
    // What is accepted says so, and is nothing for GitHub.
    let results = |log: &Value| log["runs"][0]["results"].as_array().unwrap().clone();
    let accepted: Vec<Value> = results(&log).iter().map(|result| result["suppressions"].clone()).collect();
    assert_eq!(accepted[..2], [serde_json::json!([]), serde_json::json!([])]);
    let said = accepted[2][0]["justification"].as_str().unwrap();
    assert_eq!(accepted[2][0]["kind"], "external");
    assert!(said.starts_with("Accepted by [[ignore]] number 1: "), "{said}");
    let upload = hold(&sandbox, "upload.sarif");
    assert_eq!((categories(&upload)[0].1, results(&upload)[0].get("suppressions")), (2, None));
    let text = sandbox.read("out.sarif");
    stable().bind(|| insta::assert_snapshot!("sarif", text));
}

#[test]
fn nothing_found_closes_alerts_with_empty_runs() {
    let sandbox = Sandbox::new();
    sandbox.write("r/x.txt", "nothing");
    assert_eq!(sandbox.run(["r", "-o", "sarif=out.sarif"]).code, 0);
    let log = hold(&sandbox, "out.sarif");
    assert_eq!(
        categories(&log),
        [("scanall/secrets/", 0, true), ("scanall/dependencies/", 0, true), ("scanall/licenses/", 0, true)]
    );
}

#[test]
fn a_layer_that_did_not_run_has_no_run() {
    let sandbox = Sandbox::new();
    sandbox.write("r/x.txt", "nothing");
    assert_eq!(sandbox.run(["r", "--only", "trivy", "-o", "sarif=out.sarif"]).code, 0);
    assert_eq!(categories(&hold(&sandbox, "out.sarif")), []);
}

#[test]
fn a_failed_layer_is_marked() {
    let sandbox = Sandbox::with_app();
    sandbox.write("app/Cargo.lock", "no lockfile");
    assert_eq!(sandbox.run(["app", "-o", "sarif=out.sarif"]).code, 3);
    let log = hold(&sandbox, "out.sarif");
    assert_eq!(
        categories(&log),
        [("scanall/secrets/", 3, true), ("scanall/dependencies/", 0, false), ("scanall/licenses/", 0, false)]
    );
    let said = log["runs"][1]["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(said.contains("`Cargo.lock` line 1: key with no value"), "{said}");
}

#[test]
fn strange_names_and_texts() {
    let sandbox = Sandbox::new();
    for name in ["with space.txt", "grün/ü.txt", "a#b?c%20.txt", "semi;colon&.txt"] {
        sandbox.write(&format!("r/{name}"), format!("\u{1}\u{7f} \u{202e} {}\n", crate::environment::token(name)));
    }
    assert_eq!(sandbox.run(["r", "-o", "sarif=out.sarif"]).code, 1);
    assert_eq!(categories(&hold(&sandbox, "out.sarif"))[0].1, 4);
}

#[test]
fn the_line_hash_is_that_of_the_line() {
    let sandbox = Sandbox::with_app();
    let _ = Run::of(sandbox.command().args(["app", "--offline", "-q", "-q", "-o", "sarif=out.sarif"]));
    let hashes = scanall_sarif::line_hashes(sandbox.read("app/Cargo.lock").as_bytes());
    let log = sandbox.json("out.sarif");
    for result in log["runs"][1]["results"].as_array().unwrap() {
        let line = result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap();
        let expected = hashes.line(u32::try_from(line).unwrap()).unwrap().to_string();
        assert_eq!(result["partialFingerprints"]["primaryLocationLineHash"], expected.as_str());
    }
}
