//! The reports keep the rules of GitLab's schemas 15.0.7, written down here anew: what is required, the lengths, the
//! patterns and the words.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::output::sample;

type Write = fn(&Report, &View) -> Result<String, Error>;

const WRITERS: [(&str, Write); 3] =
    [("sast", write_sast), ("dependency_scanning", write_dependency), ("secret_detection", write_secret)];

fn text(least: usize) -> Value {
    json!({ "type": "string", "minLength": least })
}

fn object(required: &[&str], properties: &Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

fn rules(of: &str) -> jsonschema::Validator {
    let line = json!({ "type": "number" });
    let named = |least: usize| object(&["name"], &json!({ "name": text(least) }));
    let location = match of {
        "sast" => object(&[], &json!({ "file": text(0), "start_line": line, "end_line": line })),
        "dependency_scanning" => object(
            &["file", "dependency"],
            &json!({
                "file": text(1),
                "dependency": object(&["package", "version"], &json!({ "package": named(0), "version": text(0) })),
            }),
        ),
        _ => object(
            &["commit"],
            &json!({
                "file": text(0), "start_line": line, "end_line": line,
                "commit": object(&["sha"], &json!({ "sha": text(1), "date": text(0) })),
            }),
        ),
    };
    let time = json!({ "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$" });
    let page = json!({ "type": "string", "pattern": "^(https?|ftp)://.+" });
    let program = object(
        &["id", "name", "version", "vendor"],
        &json!({
            "id": text(1), "name": text(1), "version": text(1), "vendor": named(1),
            "url": { "type": "string", "pattern": "^https?://.+" },
        }),
    );
    let vulnerability = object(
        &["id", "identifiers", "location"],
        &json!({
            "id": text(1),
            "name": { "type": "string", "maxLength": 255 },
            "description": { "type": "string", "maxLength": 1_048_576 },
            "severity": { "enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"] },
            "solution": { "type": "string", "maxLength": 7000 },
            "identifiers": {
                "type": "array", "minItems": 1, "maxItems": 20,
                "items": object(
                    &["type", "name", "value"],
                    &json!({ "type": text(1), "name": text(1), "value": text(1), "url": page }),
                ),
            },
            "links": { "type": "array", "items": object(&["url"], &json!({ "name": text(0), "url": page })) },
            "location": location,
            "raw_source_code_extract": text(0),
        }),
    );
    let message =
        object(&["level", "value"], &json!({ "level": { "enum": ["info", "warn", "fatal"] }, "value": text(1) }));
    let required: &[&str] = match of {
        "dependency_scanning" => &["scan", "version", "vulnerabilities", "dependency_files"],
        _ => &["scan", "version", "vulnerabilities"],
    };
    let schema = object(
        required,
        &json!({
            "version": { "type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$" },
            "schema": { "type": "string", "pattern": "^https?://.+" },
            "scan": object(
                &["analyzer", "end_time", "scanner", "start_time", "status", "type"],
                &json!({
                    "analyzer": program, "scanner": program, "start_time": time, "end_time": time,
                    "status": { "enum": ["success", "failure"] },
                    "type": { "enum": [of] },
                    "messages": { "type": "array", "items": message },
                }),
            ),
            "vulnerabilities": { "type": "array", "items": vulnerability },
            "dependency_files": { "type": "array" },
        }),
    );
    jsonschema::validator_for(&schema).unwrap()
}

/// The documents of a report, each held to the rules of its type.
fn hold(report: &Report) -> Vec<Value> {
    let written = WRITERS.map(|(of, write)| {
        let text = write(report, &sample::view()).unwrap();
        assert!(!text.contains(sample::SECRET));
        let document: Value = serde_json::from_str(&text).unwrap();
        let problems: Vec<String> =
            rules(of).iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(problems.is_empty(), "{of}: {problems:#?}");
        document
    });
    written.into()
}

#[test]
fn each_kind_has_its_report() {
    let names = |document: &Value| document["vulnerabilities"].as_array().unwrap().len();
    let documents = hold(&sample::report(sample::of_every_kind("a")));
    assert_eq!(documents.iter().map(names).collect::<Vec<_>>(), [2, 1, 1]);
    assert!(documents.iter().all(|document| document["scan"]["status"] == "success"));
}

#[test]
fn what_was_not_looked_at_completely_is_a_failure() {
    let mut report = sample::report(Vec::new());
    sample::break_layer(&mut report, "it\nbroke");
    for document in hold(&report) {
        assert_eq!(document["scan"]["status"], "failure");
        assert_eq!(
            document["scan"]["messages"][0],
            json!({ "level": "fatal", "value": "secrets: failed: it\\nbroke" })
        );
    }
    report.layers[0].outcome = Outcome::Skipped("not installed".to_owned());
    for document in hold(&report) {
        assert_eq!(document["scan"]["status"], "failure", "nobody has looked");
    }
}

#[test]
fn advisories_have_the_ids_that_gitlab_knows() {
    let mut report = sample::report(sample::of_every_kind("x"));
    std::sync::Arc::make_mut(&mut report.findings[1].rule).id = "advisory/RUSTSEC-2020-0071".to_owned();
    let identifiers = hold(&report)[1]["vulnerabilities"][0]["identifiers"].clone();
    let kinds: Vec<_> = identifiers.as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["scanall", "rustsec", "cve", "ghsa", "cwe"]);
}

#[test]
fn equal_findings_have_ids_of_their_own_that_stay() {
    let report = sample::report(vec![sample::finding("a"), sample::finding("a"), sample::finding("b")]);
    let ids = |report: &Report| -> Vec<String> {
        let document = &hold(report)[0];
        let ids = document["vulnerabilities"].as_array().unwrap().iter().map(|v| v["id"].as_str().unwrap().to_owned());
        ids.collect()
    };
    let first = ids(&report);
    assert_eq!(first, ids(&report));
    assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), 3);
    assert!(first.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'8'), "{first:?}");
}

#[test]
fn long_texts_are_cut() {
    let long = "ü".repeat(2_000_000);
    let documents = hold(&sample::report(sample::of_every_kind(&long)));
    assert_eq!(documents[0]["vulnerabilities"][0]["name"].as_str().unwrap().chars().count(), 255);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_breaks_the_rules(text in sample::hostile()) {
        let mut report = sample::report(sample::of_every_kind(&text));
        sample::break_layer(&mut report, &text);
        for document in hold(&report) {
            prop_assert!(!document.to_string().contains(sample::ESCAPE));
        }
    }
}
