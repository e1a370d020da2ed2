use serde_json::{Value, json};

use super::*;
use crate::limits;

fn input(log: Value) -> Input {
    Input { name: "a.sarif".to_owned(), log }
}

/// A log that nobody objects to, with something put into it at a JSON pointer.
fn log_with(pointer: &str, value: Value) -> Value {
    let texts = |text: &str| json!({ "text": text });
    let mut log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "automationDetails": { "id": "a/" },
            "tool": { "driver": { "name": "A", "rules": [{
                "id": "r", "shortDescription": texts("R"), "fullDescription": texts("R."), "help": texts("H"),
                "properties": { "security-severity": "8.0" },
            }] } },
            "results": [{
                "ruleId": "r", "ruleIndex": 0, "message": texts("M"),
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": "a.py" }, "region": { "startLine": 1 } } }],
            }],
        }],
    });
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = log.pointer_mut(parent).unwrap();
    match parent {
        Value::Array(list) => match key.parse::<usize>() {
            Ok(at) => list[at] = value,
            Err(_) => list.push(value),
        },
        parent => parent[key] = value,
    }
    log
}

fn found(log: Value, profile: Profile) -> Vec<(&'static str, Effect, String)> {
    let defects = check(&[input(log)], profile, None);
    defects.into_iter().map(|defect| (defect.code, defect.effect, defect.pointer)).collect()
}

#[test]
fn a_sound_log_has_no_defects() {
    for profile in Profile::ALL {
        assert_eq!(found(log_with("/runs/0/results/0/level", json!("error")), profile), []);
    }
}

#[test]
fn every_kind_of_defect_is_found_where_it_is() {
    use Effect::{Degraded, Dropped, Refused};
    let rule = "/runs/0/tool/driver/rules/0";
    let result = "/runs/0/results/0";
    let physical = "/runs/0/results/0/locations/0/physicalLocation";
    let uri = format!("{physical}/artifactLocation/uri");
    let many = |count: usize| json!((0..count).map(|n| n.to_string()).collect::<Vec<_>>());
    let place = json!({ "physicalLocation": { "artifactLocation": { "uri": "b" }, "region": { "startLine": 1 } } });
    let steps = |count: usize| json!([{ "threadFlows": [{ "locations": vec![json!({ "location": place }); count] }] }]);
    for (pointer, value, code, effect) in [
        ("/version".to_owned(), json!("2.0.0"), "version", Refused),
        ("/$schema".to_owned(), json!("https://example.com/x.json"), "schema", Degraded),
        ("/runs/0/automationDetails/id".to_owned(), json!("no-slash"), "no-category", Degraded),
        ("/runs/0/tool/driver/name".to_owned(), json!(" "), "no-tool-name", Refused),
        (format!("{rule}/id"), json!(""), "no-rule-id", Refused),
        (format!("{rule}/shortDescription"), json!({ "text": "" }), "no-short-description", Degraded),
        (format!("{rule}/fullDescription"), json!({ "text": "x".repeat(1025) }), "long-text", Degraded),
        (format!("{rule}/help"), json!({ "text": "" }), "no-help", Degraded),
        (format!("{rule}/name"), json!("x".repeat(256)), "long-text", Degraded),
        (format!("{rule}/properties/tags"), many(11), "too-many-tags", Dropped),
        (format!("{rule}/properties/tags"), many(21), "too-many-tags", Refused),
        (format!("{rule}/properties/security-severity"), json!("HIGH"), "severity-number", Refused),
        (format!("{rule}/properties/security-severity"), json!(8.0), "severity-number", Refused),
        (format!("{rule}/properties/security-severity"), json!("10.1"), "severity-range", Degraded),
        (format!("{result}/ruleIndex"), json!(7), "rule-index", Refused),
        (format!("{result}/message"), json!({ "id": "x" }), "no-message", Refused),
        (format!("{result}/locations"), json!([]), "no-location", Refused),
        (format!("{result}/locations/0"), json!({ "logicalLocations": [] }), "no-physical-location", Refused),
        (format!("{result}/level"), json!("none"), "level-none", Degraded),
        (format!("{result}/level"), json!("high"), "structure", Refused),
        (format!("{result}/suppressions"), json!([{ "kind": "inSource" }]), "suppressed", Degraded),
        (format!("{result}/baselineState"), json!("absent"), "absent", Degraded),
        (format!("{result}/kind"), json!("pass"), "passed", Degraded),
        (format!("{result}/properties"), json!({ "security-severity": "9.8" }), "severity-on-result", Degraded),
        (format!("{result}/relatedLocations"), json!(vec![place.clone(); 101]), "too-many-locations", Dropped),
        (format!("{result}/relatedLocations"), json!(vec![place.clone(); 1001]), "too-many-locations", Refused),
        (format!("{result}/codeFlows"), steps(1001), "too-many-locations", Dropped),
        (format!("{result}/codeFlows"), steps(10_001), "too-many-locations", Refused),
        (format!("{physical}/region"), json!({ "startLine": 5, "endLine": 4 }), "region", Refused),
        (format!("{physical}/region"), json!({ "startLine": 5, "startColumn": 3, "endColumn": 2 }), "region", Refused),
        (format!("{physical}/artifactLocation"), json!({ "index": 0 }), "no-uri", Refused),
        (uri.clone(), json!("git:a.py"), "foreign-scheme", Refused),
        (uri.clone(), json!("https://example.com/a"), "foreign-scheme", Refused),
        (uri.clone(), json!("a b.py"), "unencoded", Refused),
        (uri.clone(), json!("a\\b.py"), "backslash", Dropped),
        (uri.clone(), json!("../a.py"), "parent-path", Dropped),
        (uri.clone(), json!("b/../a.py"), "parent-path", Dropped),
        (uri.clone(), json!("/a.py"), "absolute-path", Dropped),
        (uri.clone(), json!("file:///a.py"), "absolute-path", Dropped),
        (uri.clone(), json!("./a.py"), "spelling", Degraded),
    ] {
        let said = found(log_with(&pointer, value.clone()), Profile::GitHub);
        let hit = said.iter().find(|(said, how, at)| {
            *said == code && *how == effect && (at.starts_with(&pointer) || pointer.starts_with(at))
        });
        assert!(hit.is_some(), "{pointer} {value:.60} {said:?}");
    }
    let mut log = log_with("/runs/0/results/0/level", json!("error"));
    log["runs"][0].as_object_mut().unwrap().remove("results");
    assert_eq!(found(log, Profile::GitHub), [("no-results", Refused, "/runs/0/results".to_owned())]);
}

#[test]
fn contradictions_about_the_rule_are_found() {
    let other = json!({ "id": "s", "shortDescription": { "text": "S" }, "fullDescription": { "text": "S" }, "help": { "text": "S" } });
    let mut log = log_with("/runs/0/tool/driver/rules/-", other);
    log["runs"][0]["results"][0]["ruleIndex"] = json!(1);
    assert_eq!(found(log.clone(), Profile::GitHub)[0].0, "rule-contradiction");
    log["runs"][0]["results"][0]["ruleId"] = json!("s/part");
    assert_eq!(found(log.clone(), Profile::GitHub), [], "a part of a rule is of that rule");
    log["runs"][0]["results"][0]["ruleId"] = json!("unknown");
    log["runs"][0]["results"][0].as_object_mut().unwrap().remove("ruleIndex");
    assert_eq!(found(log, Profile::GitHub)[0].0, "unknown-rule");
}

#[test]
fn runs_that_replace_each_other_are_found() {
    let mut log = log_with("/runs/0/results/0/level", json!("error"));
    let run = log["runs"][0].clone();
    let other = check(&[input(log.clone()), input(log.clone())], Profile::EnterpriseServer, None);
    assert_eq!((other[0].code, other[0].effect), ("replaced-category", Effect::Dropped));
    log["runs"] = json!(vec![run; limits::MAX_RUNS + 1]);
    let said = found(log.clone(), Profile::GitHub);
    assert!(said.contains(&("duplicate-category", Effect::Refused, "/runs/1".to_owned())));
    assert!(said.contains(&("too-many-runs", Effect::Refused, "/runs".to_owned())));
    let said = found(log.clone(), Profile::EnterpriseServer);
    assert_eq!(said, [("too-many-runs", Effect::Refused, "/runs".to_owned())]);
    assert_eq!(found(log, Profile::Plain), []);
}

#[test]
fn results_beyond_what_is_shown_are_found() {
    let mut log = log_with("/runs/0/results/0/level", json!("error"));
    let result = log["runs"][0]["results"][0].clone();
    log["runs"][0]["results"] = json!(vec![result.clone(); limits::KEPT_RESULTS + 1]);
    assert_eq!(found(log.clone(), Profile::GitHub)[0].1, Effect::Degraded, "in order, the mildest are lost");
    log["runs"][0]["results"][0]["level"] = json!("note");
    assert_eq!(found(log.clone(), Profile::GitHub)[0].1, Effect::Dropped);
    log["runs"][0]["results"] = json!(vec![result; limits::MAX_RESULTS + 1]);
    let said = found(log, Profile::GitHub);
    assert_eq!(said, [("too-many-results", Effect::Refused, "/runs/0/results".to_owned())]);
}
