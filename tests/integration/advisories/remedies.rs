//! What a scan says of a vulnerable package beside that it is one: how pressing it is, and what to do.

use serde_json::{Value, json};

use super::record;
use crate::environment::{Run, Sandbox};

/// Scans a folder with a database of some records, and gives its findings about packages, by package and rule.
fn scan(sandbox: &Sandbox, folder: &str, records: &[Value]) -> Vec<Value> {
    for (at, record) in records.iter().enumerate() {
        sandbox.write(&format!("db/{at}.json"), record.to_string());
    }
    let mut command = sandbox.command();
    command.args(["scan", folder, "--offline", "--only", "dependencies", "--advisory-db", "db", "--format", "json"]);
    let run = Run::of(&mut command);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    report["findings"].as_array().unwrap().clone()
}

fn signals(finding: &Value) -> Vec<&str> {
    let signals = finding["priority"]["signals"].as_array().unwrap().iter();
    signals.map(|signal| signal["what"].as_str().unwrap()).collect()
}

#[test]
fn a_line_is_changed_where_that_is_all_it_takes() {
    let sandbox = Sandbox::new();
    sandbox.write("app/requirements.txt", "# é\nclock == 1.0.0  # not 1.0.0.1\nbell==2.0\n");
    sandbox.write("app/ring.py", "import os\nfrom clock import hands\n");
    let records = [
        record("GHSA-2222-3333-0001", "PyPI", "clock", "1.2.0", "2026-01-01T00:00:00Z"),
        record("GHSA-2222-3333-0002", "PyPI", "clock", "1.1.0", "2026-01-01T00:00:00Z"),
        record("GHSA-2222-3333-0003", "PyPI", "bell", "2.1", "2026-01-01T00:00:00Z"),
    ];
    let findings = scan(&sandbox, "app", &records);
    assert_eq!(findings.len(), 3);
    // Of one severity, what is imported comes first.
    let names: Vec<&Value> = findings.iter().map(|finding| &finding["package"]["name"]).collect();
    assert_eq!(names, ["clock", "clock", "bell"]);
    for finding in &findings[..2] {
        // One version mends both.
        let edit =
            json!({"path": "requirements.txt", "line": 2, "start_column": 10, "end_column": 15, "text": "1.2.0"});
        assert_eq!(finding["edit"], edit);
        assert_eq!(signals(finding), ["direct", "imported in ring.py:2"]);
        assert_eq!(finding["remedy"], "Raise clock to 1.2.0: write clock==1.2.0");
    }
    assert_eq!(signals(&findings[2]), ["direct", "not mentioned in the source"]);
    assert!(findings[2]["priority"]["score"].as_u64() < findings[0]["priority"]["score"].as_u64());

    let mut command = sandbox.command();
    command.args(["scan", "app", "--offline", "--only", "dependencies", "--advisory-db", "db", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&Run::of(&mut command).stdout).unwrap();
    assert!(crate::sarif::schema().is_valid(&log));
    let result = &log["runs"][0]["results"][0];
    let change = &result["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "requirements.txt");
    let replacement = &change["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "1.2.0");
    let region = json!({"startLine": 2, "startColumn": 10, "endLine": 2, "endColumn": 15});
    assert_eq!(replacement["deletedRegion"], region);
    assert_eq!(result["rank"], 60.0);
}

#[test]
fn who_does_not_allow_a_version_is_named_and_what_to_raise_instead() {
    let sandbox = Sandbox::new();
    let lock = |requirement: &str| {
        json!({"lockfileVersion": 3, "packages": {
            "": {"dependencies": {"tower": "^3.0.0"}},
            "node_modules/tower": {"version": "3.1.0", "dependencies": {"clock": requirement}},
            "node_modules/clock": {"version": "1.0.5"},
        }})
        .to_string()
    };
    sandbox.write("strict/package-lock.json", lock("~1.0.0"));
    sandbox.write("loose/package-lock.json", lock("^1.0.0"));
    let records = [record("GHSA-2222-3333-0001", "npm", "clock", "1.2.0", "2026-01-01T00:00:00Z")];
    assert_eq!(
        scan(&sandbox, "strict", &records)[0]["remedy"],
        "Raise tower to a version that allows clock 1.2.0: tower 3.1.0 asks for ~1.0.0, or add an override of clock \
         under `overrides` in package.json"
    );
    let loose = scan(&sandbox, "loose", &records);
    assert_eq!(loose[0]["remedy"], "Raise clock to 1.2.0: `npm update clock`; tower pulls it in and allows that");
    assert_eq!((&loose[0]["edit"], signals(&loose[0])), (&Value::Null, vec!["indirect"]));
}

#[test]
fn a_function_that_the_advisory_names_is_looked_for() {
    let sandbox = Sandbox::new();
    sandbox.write("app/go.mod", "module example.com/app\n\ngo 1.22\n\nrequire example.org/clock v1.0.0\n");
    sandbox.write(
        "app/main.go",
        "package main\n\nimport (\n\t\"example.org/clock/hands\"\n)\n\nfunc main() {\n\thands.Wind(3)\n}\n",
    );
    let mut named = record("GO-2026-0001", "Go", "example.org/clock", "1.2.0", "2026-01-01T00:00:00Z");
    named["affected"][0]["ecosystem_specific"] =
        json!({"imports": [{"path": "example.org/clock/hands", "symbols": ["Wind", "Spring.Coil"]}]});
    let findings = scan(&sandbox, "app", &[named]);
    assert_eq!(signals(&findings[0]), ["direct", "Wind is mentioned in main.go:8"]);
}
