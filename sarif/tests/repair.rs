//! Repairs logs of all kinds, and holds what comes out to the schema, to the crate's own check, and to Microsoft's
//! validator where `SCANALL_SARIF_VALIDATOR` names a script that runs it.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use scanall_sarif::{Effect, Input, Profile, check, fix, limits, merge, parse, split};
use serde_json::{Map, Value, json};

const SCHEMA: &str = include_str!("sarif-schema-2.1.0.json");

fn schema() -> &'static jsonschema::Validator {
    static SCHEMA_READ: OnceLock<jsonschema::Validator> = OnceLock::new();
    SCHEMA_READ.get_or_init(|| {
        // The pattern of languages has a bracket too many, which is no regular expression of today's ECMAScript.
        let schema = SCHEMA.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
        jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap()
    })
}

fn input(log: Value) -> Input {
    Input { name: "x.sarif".to_owned(), log }
}

fn fixed(log: Value, profile: Profile) -> Value {
    fix(input(log), profile, None).0.log
}

/// What the schema and the crate's own check say about a log.
fn objections(log: &Value, profile: Profile) -> Vec<String> {
    let mut said: Vec<String> =
        schema().iter_errors(log).take(5).map(|e| format!("schema {}: {e}", e.instance_path())).collect();
    let defects = check(&[input(log.clone())], profile, None);
    said.extend(defects.iter().take(5).map(|d| format!("{} {} {}", d.code, d.pointer, d.message)));
    said
}

/// Where two values differ first, and how; `None` when they are the same.
fn difference(one: &Value, other: &Value) -> Option<String> {
    let inside = match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().find_map(|(key, value)| difference(value, &b[key]).map(|said| format!("/{key}{said}")))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(at, (a, b))| difference(a, b).map(|said| format!("/{at}{said}")))
        }
        _ => None,
    };
    inside.or_else(|| (one != other).then(|| format!(" {one:.300} became {other:.300}")))
}

/// Holds a log to the validator, which must find neither errors nor warnings.
fn validate(name: &str, log: &Value) {
    let Some(validator) = std::env::var_os("SCANALL_SARIF_VALIDATOR") else { return };
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.sarif"));
    std::fs::write(&file, log.to_string()).unwrap();
    let output = Command::new("bash").arg(validator).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let verdict = said.lines().find_map(|line| line.strip_prefix(&format!("{}: ", file.display()))).unwrap().to_owned();
    let bad = verdict.split(", ").any(|finding| finding.starts_with("error") || finding.starts_with("warning"));
    assert!(!bad, "{verdict}");
}

/// A log with one of everything that tools get wrong.
fn wild() -> Value {
    json!({
        "version": "2.0.0",
        "unknown": 1,
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "A Tool With Many Words", "version": "dev", "semanticVersion": "",
                        "rules": [
                            { "id": "a", "name": "a", "properties": { "security-severity": "HIGH", "tags": ["x", "x", 3] } },
                            { "id": "b", "shortDescription": "Only text", "properties": { "tags": (0..30).collect::<Vec<_>>() } },
                            { "id": "a", "helpUri": "not a uri", "messageStrings": { "m": { "text": "Hello {0}" } } },
                            { "name": "without-id" },
                        ],
                    },
                    "extensions": [{ "name": "pack", "rules": [{ "id": "e", "help": { "text": "Help" } }] }],
                },
                "originalUriBaseIds": { "SRCROOT": { "uri": "file:///home/me/repo" } },
                "invocations": [{ "executableLocation": { "uri": "/usr/bin/tool" }, "workingDirectory": "file:///home/me/repo/" }],
                "versionControlProvenance": [{ "repositoryUri": "https://example.com/a b", "branch": "main" }],
                "artifacts": [{ "location": { "uri": "src/a b.py" } }, { "location": { "uri": "src/a b.py" } }],
                "threadFlowLocations": [{ "location": { "message": { "text": "Nowhere" } } }],
                "taxonomies": [{ "name": "CWE", "taxa": [{ "id": "79" }] }],
                "results": [
                    { "ruleIndex": 0, "message": { "id": "m", "arguments": ["you"] }, "locations": [{ "physicalLocation": { "artifactLocation": { "index": 1 } } }] },
                    { "ruleId": "b", "ruleIndex": 0, "level": "CRITICAL", "message": "text", "locations": [] },
                    { "ruleId": "new/part", "message": { "text": "" }, "locations": [{ "logicalLocations": [{ "fullyQualifiedName": "a::b" }] }] },
                    { "rule": { "index": 0, "toolComponent": { "index": 0 } }, "message": { "text": "x" }, "kind": "pass" },
                    { "rule": { "index": 0, "toolComponent": { "index": 0 } }, "message": { "text": "x" }, "taxa": [{ "index": 0, "toolComponent": { "name": "CWE" } }],
                      "locations": [{ "physicalLocation": { "artifactLocation": { "uri": "file:///home/me/repo/x y.py" }, "region": { "startLine": 0, "endLine": "3", "charOffset": 5 }, "contextRegion": { "startLine": 9 } } }] },
                    { "message": { "text": "x" }, "suppressions": [{ "kind": "inSource" }] },
                    { "ruleId": "a", "message": { "text": "x" }, "locations": [{ "physicalLocation": { "artifactLocation": { "uri": "git:src/z.py" }, "region": { "startLine": 4, "endLine": 2, "startColumn": 9, "endColumn": 3 } } }],
                      "relatedLocations": [{ "message": { "text": "See" } }, { "physicalLocation": { "artifactLocation": { "uri": "https://example.com/x" } } }],
                      "codeFlows": [{ "threadFlows": [{ "locations": [{ "index": 0 }] }] }],
                      "properties": { "security-severity": 9.9 } },
                    7, null, "text",
                ],
            },
            { "tool": { "driver": { "name": "A Tool With Many Words" } } },
            {},
            4,
        ],
    })
}

#[test]
fn whatever_a_tool_gets_wrong_is_put_right() {
    assert!(!objections(&wild(), Profile::GitHub).is_empty());
    for profile in Profile::ALL {
        let log = fixed(wild(), profile);
        assert_eq!(objections(&log, profile), [""; 0]);
        assert_eq!(difference(&log, &fixed(log.clone(), profile)), None, "what is fixed stays");
    }
    let log = fixed(wild(), Profile::GitHub);
    validate("wild", &log);
    let run =
        log["runs"].as_array().unwrap().iter().find(|run| run["tool"]["driver"]["name"] == "A Tool With").unwrap();
    assert_eq!(run["automationDetails"]["id"], "a-tool-with/");
    assert_eq!(run["tool"]["driver"]["fullName"], "A Tool With Many Words");
    assert_eq!(run["properties"]["results"], json!([7, "text"]), "nothing is lost");
    assert_eq!(log["properties"]["unknown"], 1);
    let results = run["results"].as_array().unwrap();
    let told: Vec<_> = results
        .iter()
        .map(|r| {
            let place = &r["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            (
                r["ruleId"].as_str().unwrap(),
                uri,
                place["region"]["startLine"].as_u64().unwrap(),
                r["message"]["text"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("a", "src/a%20b.py", 1, "Hello you"),
            ("a", "src/z.py", 4, "x"),
            ("b", "no-file/a-tool-with", 1, "text"),
            ("e", "x%20y.py", 1, "x"),
            ("new/part", "no-file/a-tool-with/a/b", 1, "new/part"),
        ]
    );
    for result in results {
        let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][at]["id"], result["ruleId"]);
    }
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let a = rules.iter().find(|rule| rule["id"] == "a").unwrap();
    assert_eq!(a["properties"]["security-severity"], "9.9", "the worst of the results");
    assert!(rules.iter().any(|rule| rule["id"] == "without-id"));
}

#[test]
fn addresses_of_windows_are_paths_too() {
    let place = |uri: &str| {
        json!({ "ruleId": "r", "message": { "text": "x" }, "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri }, "region": { "startLine": 1 } } }] })
    };
    let bases = json!({ "SRCROOT": { "uri": "file:///D:/a/repo/" } });
    let results = [place("src\\a b.cs"), place("D:\\a\\repo\\src\\b.cs"), place("file:///d:/a/repo/c.cs")];
    let mut log =
        log(vec![json!({ "tool": { "driver": { "name": "t" } }, "originalUriBaseIds": bases, "results": results })]);
    let uris = |log: &Value| -> Vec<String> {
        let results = log["runs"][0]["results"].as_array().unwrap();
        let uri = |result: &Value| {
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned()
        };
        results.iter().map(uri).collect()
    };
    assert_eq!(uris(&fixed(log.clone(), Profile::GitHub)), ["c.cs", "src/a%20b.cs", "src/b.cs"]);
    log["runs"][0].as_object_mut().unwrap().remove("originalUriBaseIds");
    assert_eq!(uris(&fixed(log, Profile::GitHub)), ["D/a/repo/c.cs", "D/a/repo/src/b.cs", "src/a%20b.cs"]);
}

#[test]
fn everything_that_is_done_is_told() {
    let (_, notices) = fix(input(wild()), Profile::GitHub, None);
    let said: Vec<_> = notices.into_iter().map(|notice| notice.message).collect();
    for part in [
        "1 result left out: suppressed",
        "1 result left out: a check that passed",
        "2 results without a place in a file given one",
        "2 addresses of a scheme",
        "3 runs given a category",
        "1 run put into another",
        "a log of version `2.0.0` read as 2.1.0",
        "1 rule moved from an extension",
        "1 rule made: a result names it",
        "1 severity raised to the worst",
    ] {
        assert!(said.iter().any(|notice| notice.contains(part)), "{part}: {said:#?}");
    }
}

/// One run of a tool in a category, with results of a severity.
fn run(tool: &str, category: &str, results: usize, severity: &str, filler: usize) -> Value {
    let mut noise = 1_u64;
    let mut text = |length: usize| -> String {
        let letters = (0..length).map(|_| {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(results as u64 * 2 + 1);
            char::from(b'a' + ((noise >> 40) % 26) as u8)
        });
        letters.collect()
    };
    let results: Vec<Value> = (0..results)
        .map(|n| {
            json!({
                "ruleId": if n % 7 == 0 { "worse" } else { "rule" },
                "message": { "text": format!("{n} {}", text(filler)) },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": format!("src/{n}.py") }, "region": { "startLine": n + 1 } } }],
            })
        })
        .collect();
    let rule = |id: &str, severity: &str| json!({ "id": id, "properties": { "security-severity": severity } });
    json!({
        "tool": { "driver": { "name": tool, "rules": [rule("rule", severity), rule("worse", "9.8")] } },
        "automationDetails": { "id": category },
        "results": results,
    })
}

fn log(runs: Vec<Value>) -> Value {
    json!({ "version": "2.1.0", "runs": runs })
}

#[test]
fn many_results_in_many_categories_become_uploads_within_the_limits() {
    let inputs: Vec<Input> = (0..25)
        .map(|n| input(log(vec![run("tool", &format!("c{n:02}/"), 1_200, &format!("{}.0", n % 9 + 1), 1_250)])))
        .collect();
    let bytes: usize = inputs.iter().map(|input| input.log.to_string().len()).sum();
    assert!(bytes > 40_000_000, "{bytes}");
    let (merged, _) = merge(inputs, Profile::GitHub, None);
    let uploads = split(merged, Profile::GitHub).unwrap();
    assert!(uploads.len() > 1);
    let mut results = 0;
    let mut categories = std::collections::BTreeSet::new();
    for upload in &uploads {
        assert_eq!(objections(upload, Profile::GitHub), [""; 0]);
        for run in upload["runs"].as_array().unwrap() {
            let list = run["results"].as_array().unwrap();
            results += list.len();
            assert!(
                categories.insert(run["automationDetails"]["id"].as_str().unwrap()),
                "one upload for each category"
            );
            let first_mild = list.iter().position(|r| r["ruleId"] == "rule").unwrap();
            assert!(list[first_mild..].iter().all(|r| r["ruleId"] == "rule"), "most severe first");
        }
    }
    assert_eq!((results, categories.len()), (30_000, 25), "nothing is lost");
}

#[test]
fn of_a_run_beyond_the_limit_the_most_severe_results_stay() {
    let (fixed, notices) = fix(input(log(vec![run("tool", "c/", 30_000, "5.0", 0)])), Profile::GitHub, None);
    let results = fixed.log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), limits::MAX_RESULTS);
    assert_eq!(results.iter().filter(|r| r["ruleId"] == "worse").count(), 30_000_usize.div_ceil(7));
    assert!(notices.iter().any(|n| n.message.contains("5000 results left out, the mildest: GitHub takes 25000")));
    let defects = check(&[fixed], Profile::GitHub, None);
    assert!(defects.iter().all(|defect| defect.effect == Effect::Degraded), "{defects:?}");
}

#[test]
fn a_run_that_is_too_large_by_itself_keeps_what_is_most_severe() {
    let (fixed, notices) = fix(input(log(vec![run("tool", "c/", 4_000, "5.0", 8_000)])), Profile::GitHub, None);
    let results = fixed.log["runs"][0]["results"].as_array().unwrap();
    let worse = results.iter().filter(|r| r["ruleId"] == "worse").count();
    assert!(
        results.len() > 1_000 && results.len() < 4_000 && worse == 4_000_usize.div_ceil(7),
        "{} {worse}",
        results.len()
    );
    assert!(notices.iter().any(|n| n.message.contains("the upload would be too large")));
    assert_eq!(objections(&fixed.log, Profile::GitHub), [""; 0]);
    let again = fix(fixed.clone(), Profile::GitHub, None).0;
    assert_eq!(difference(&fixed.log, &again.log), None);
}

#[test]
fn split_refuses_what_only_a_repair_can_help() {
    let twins = log(vec![run("tool", "c/", 1, "5.0", 0), run("tool", "c/", 2, "5.0", 0)]);
    assert_eq!(split(twins.clone(), Profile::GitHub).unwrap_err().to_string(), "tool has two runs in the category c");
    assert_eq!(split(twins, Profile::EnterpriseServer).unwrap().len(), 1);
}

#[test]
fn logs_merge_to_the_same_bytes_in_any_order() {
    let logs = || {
        [
            wild(),
            log(vec![run("tool", "c/", 20, "5.0", 3), run("b", "c/", 5, "2.0", 3)]),
            log(vec![run("tool", "c/", 30, "7.0", 2)]),
        ]
    };
    let merged = |order: &[usize]| {
        let inputs = order.iter().map(|at| Input { name: at.to_string(), log: logs()[*at].clone() }).collect();
        let (log, notices) = merge(inputs, Profile::GitHub, None);
        (log.to_string(), notices)
    };
    let first = merged(&[0, 1, 2]);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(merged(&order), first);
    }
    let log: Value = serde_json::from_str(&first.0).unwrap();
    assert_eq!(objections(&log, Profile::GitHub), [""; 0]);
    validate("merged", &log);
    let twice = merged(&[1, 1, 1]);
    assert_eq!(twice.0, merged(&[1]).0, "the same log again adds nothing");
}

/// Any JSON, mostly of the words of the standard, so that much of it is nearly right.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "",
        " ",
        "HIGH",
        "8.0",
        "error",
        "none",
        "pass",
        "absent",
        "2.1.0",
        "a/b",
        "../x",
        "git:x",
        "C:\\x",
        "a b",
        "/x/y",
        "file:///x/y",
        "https://example.com/x",
        "SRCROOT",
        "a",
        "b",
        "é\u{202e}",
        "%zz",
        "{0}",
        "2026-01-01T00:00:00Z",
        "inSource",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2_i64..7).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1.0..11.0_f64).prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    let keys: Vec<String> = {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let all = schema["definitions"].as_object().unwrap().values();
        let mut keys: Vec<String> =
            all.flat_map(|d| d["properties"].as_object().into_iter().flatten()).map(|(k, _)| k.clone()).collect();
        keys.extend(["security-severity", "severity", "tags", "unknown"].map(str::to_owned));
        keys.sort();
        keys.dedup();
        keys
    };
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let key = prop::sample::select(keys.clone());
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Places in a value, as JSON pointers.
fn places(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| places(value, format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), all)),
        Value::Array(list) => list.iter().enumerate().for_each(|(n, value)| places(value, format!("{at}/{n}"), all)),
        _ => {}
    }
    all.push(at);
}

/// A real log with some of its values replaced by others.
fn mangled() -> impl Strategy<Value = Value> {
    let sound = prop_oneof![
        Just(wild()),
        Just(log(vec![run("tool", "c/", 3, "5.0", 3), run("b", "d/", 2, "2.0", 3)])),
        Just(fixed(wild(), Profile::GitHub)),
    ];
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any_json()), 0..8);
    (sound, changes).prop_map(|(mut log, changes)| {
        for (at, value) in changes {
            let mut all = Vec::new();
            places(&log, String::new(), &mut all);
            let pointer = all[at.index(all.len())].clone();
            *log.pointer_mut(&pointer).unwrap() = value;
        }
        log
    })
}

proptest! {
    #[test]
    fn nothing_objects_to_a_repaired_log(log in mangled(), profile in prop::sample::select(Profile::ALL.to_vec())) {
        let fixed = fixed(log, profile);
        let said = objections(&fixed, profile);
        prop_assert!(said.is_empty(), "{:#?}", said);
        let again = fix(input(fixed.clone()), profile, None).0.log;
        prop_assert_eq!(difference(&fixed, &again), None);
    }

    #[test]
    fn any_json_is_repaired(json in any_json()) {
        for profile in Profile::ALL {
            let fixed = fixed(json.clone(), profile);
            let said = objections(&fixed, profile);
            prop_assert!(said.is_empty(), "{:#?}", said);
        }
    }

    #[test]
    fn merging_does_not_depend_on_the_order(logs in prop::collection::vec(mangled(), 1..4), profile in prop::sample::select(Profile::ALL.to_vec())) {
        let inputs: Vec<Input> = logs.into_iter().map(input).collect();
        let reversed = inputs.iter().rev().cloned().collect();
        let (one, said) = merge(inputs, profile, None);
        let (other, told) = merge(reversed, profile, None);
        prop_assert_eq!(difference(&one, &other), None);
        prop_assert_eq!(said, told);
        for upload in split(one, profile).unwrap() {
            let said = objections(&upload, profile);
            prop_assert!(said.is_empty(), "{:#?}", said);
        }
    }

    #[test]
    fn a_log_is_read_as_it_was_written(log in mangled().prop_filter("a log is an object", Value::is_object)) {
        prop_assert_eq!(parse("x", log.to_string().as_bytes()).unwrap().log, log);
    }
}

/// Some hundred mangled logs, as one file each, for the validator only.
#[test]
fn the_validator_objects_to_no_repaired_log() {
    if std::env::var_os("SCANALL_SARIF_VALIDATOR").is_none() {
        return;
    }
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = mangled();
    for number in 0..40 {
        let mut runs = Vec::new();
        // The validator takes longer to start than to look: several logs in one.
        while runs.len() < 18 {
            let log = strategy.new_tree(&mut runner).unwrap().current();
            let fixed = fixed(log, Profile::GitHub);
            runs.extend(fixed["runs"].as_array().unwrap().iter().take(18 - runs.len()).cloned());
        }
        for (at, run) in runs.iter_mut().enumerate() {
            run["automationDetails"]["id"] = json!(format!("{at}/"));
        }
        let mut log = log(runs);
        log["$schema"] = json!("https://json.schemastore.org/sarif-2.1.0.json");
        validate(&format!("mangled-{number}"), &log);
    }
}
