//! The schema that is published says what the report is, no less and no more.

use std::sync::Arc;

use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::baseline::Standing;
use crate::diff::identity::Identity;
use crate::diff::{Base, BaseKind, Change, Moved, PackageChange};
use crate::ecosystem::Ecosystem;
use crate::finding::{CommitRef, RepoPath};
use crate::github::alert::Alerts;
use crate::inventory::change::{Change as Difference, ChangeKind};
use crate::output::sample;
use crate::scanner::Gap;
use crate::suppress::Place;

/// The schema as published, and as it would be if no key could be added.
fn schemas() -> [jsonschema::Validator; 2] {
    let published: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    jsonschema::meta::validate(&published).unwrap();
    let mut closed = published.clone();
    close(&mut closed);
    [published, closed].map(|schema| jsonschema::validator_for(&schema).unwrap())
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("properties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(close);
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

/// A report with something under every key.
fn full(text: &str) -> Report {
    let mut report = sample::report(sample::of_every_kind(text));
    sample::break_layer(&mut report, text);
    report.layers[0].notes = vec![text.to_owned()];
    report.layers[0].gaps = vec![Gap::broken(text).hint(text), Gap::unavailable(text)];
    let commit = CommitRef { id: "0".repeat(64), date: text.to_owned() };
    let secret = &mut report.findings[0];
    secret.related = vec![secret.location.clone(); 200];
    secret.history = Some(History {
        introduced: secret.location.clone(),
        head: Some(RepoPath::new(text)),
        removed: Some(commit),
        commits: 0,
        paths: 1,
    });
    let package = report.findings[1].package.as_mut().unwrap();
    (package.fixed, package.path) = (vec![text.to_owned()], vec![text.to_owned()]);
    let why = |place, expires| Suppression { place, reason: text.to_owned(), expires, is_unaffected: false };
    report.suppressed = vec![
        (sample::finding(text), why(Place::Inline, None)),
        (sample::finding(text), why(Place::Config(12), Some(date(2027, 1, 31)))),
    ];
    let unused = |expired| Unused { number: 1, selectors: text.to_owned(), reason: text.to_owned(), expired };
    report.unused = vec![unused(None), unused(Some(date(2020, 2, 29)))];
    report.suppressed.push((sample::finding(text), why(Place::Baseline, None)));
    report.suppressed.push((sample::finding(text), why(Place::Marker("gitleaks:allow"), None)));
    let file = Place::File { name: crate::text::printable(text), line: 3 };
    report.suppressed.push((sample::finding(text), why(file, None)));
    report.origin.revision = Some("0".repeat(40));
    report.origin.branch = Some(text.to_owned());
    report.baseline = Some(Standing { name: text.to_owned(), history: text.to_owned(), entries: Vec::new() });
    let it = || Identity::of(&report.findings[0], None);
    report.change = Some(Change {
        base: Base { name: text.to_owned(), revision: Some("0".repeat(64)), kind: BaseKind::MergeBase },
        unchanged: 3,
        moved: vec![Moved { from: it(), to: it() }],
        fixed: vec![it()],
        packages: Some(vec![PackageChange {
            difference: Difference {
                ecosystem: Ecosystem::Npm,
                name: text.to_owned(),
                kind: ChangeKind::Raised,
                from: vec![text.to_owned()],
                to: vec![text.to_owned()],
            },
            licenses: vec![text.to_owned()],
            rules: vec![text.to_owned()],
        }]),
    });
    report
}

fn written(report: &Report, show_secrets: bool) -> Value {
    let alerts = report.findings.first().map(|first| Alerts::of_one(first, "https://github.com/a/b/security/1"));
    let view = View { show_secrets, alerts: alerts.unwrap_or_default(), ..sample::view() };
    serde_json::from_str(&write(report, &view).unwrap()).unwrap()
}

/// The places of every object in a document.
fn objects(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            found.push(here.to_owned());
            object.iter().for_each(|(key, value)| objects(value, &format!("{here}/{key}"), found));
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(index, value)| objects(value, &format!("{here}/{index}"), found));
        }
        _ => {}
    }
}

#[test]
fn every_report_fits_the_schema() {
    let bare = sample::report(Vec::new());
    for document in [written(&full("a"), false), written(&full("a"), true), written(&bare, false)] {
        for schema in schemas() {
            let problems: Vec<String> =
                schema.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(problems.is_empty(), "{problems:#?}");
        }
    }
}

#[test]
fn a_key_that_goes_or_comes_does_not() {
    let [published, closed] = schemas();
    let mut report = full("a");
    report.findings[0].related.truncate(2);
    let document = written(&report, false);
    let mut places = Vec::new();
    objects(&document, "", &mut places);
    assert!(places.len() > 30);
    // What a check tells has any keys.
    for place in places.into_iter().filter(|place| !place.ends_with("/facts")) {
        let keys: Vec<String> = document.pointer(&place).unwrap().as_object().unwrap().keys().cloned().collect();
        // Some keys are only there when there is something to say.
        for key in keys.into_iter().filter(|key| !["change", "alert", "verified"].contains(&key.as_str())) {
            let mut less = document.clone();
            less.pointer_mut(&place).unwrap().as_object_mut().unwrap().remove(&key);
            assert!(!published.is_valid(&less), "{place} without {key}");
        }
        let mut more = document.clone();
        more.pointer_mut(&place).unwrap().as_object_mut().unwrap().insert("zzz".to_owned(), Value::Null);
        assert!(published.is_valid(&more), "{place}: keys may be added");
        assert!(!closed.is_valid(&more), "{place}: but not without the schema");
    }
}

#[test]
fn every_key_of_the_schema_is_written_somewhere() {
    let schema: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let text = written(&full("a"), true).to_string();
    let mut places = Vec::new();
    objects(&schema, "", &mut places);
    let named = places.iter().filter(|place| place.ends_with("/properties"));
    let keys: Vec<&String> =
        named.flat_map(|place| schema.pointer(place).unwrap().as_object().unwrap().keys()).collect();
    assert!(keys.len() > 50);
    for key in keys {
        assert!(text.contains(&format!("\"{key}\":")), "nothing writes {key}");
    }
}

#[test]
fn a_secret_is_there_only_when_it_was_asked_for() {
    let report = full("a");
    assert_eq!(written(&report, true)["findings"][0]["secret"], sample::SECRET);
    assert!(!written(&report, false).to_string().contains(sample::SECRET));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_text_breaks_the_schema(text in sample::hostile()) {
        let mut report = full(&text);
        report.findings.truncate(1);
        Arc::make_mut(&mut report.findings[0].rule).url = None;
        prop_assert!(schemas()[1].is_valid(&written(&report, true)));
    }
}
