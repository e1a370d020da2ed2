//! `scanall sbom`: bills of materials that others can read.

use std::path::Path;

use serde_json::Value;

use crate::environment::{ROOT, Run, Sandbox};

const FORMATS: [&str; 3] = ["cyclonedx-1.6", "cyclonedx-1.7", "spdx-2.3"];

fn sbom(sandbox: &Sandbox, args: &[&str]) -> Run {
    Run::of(sandbox.command().env("SOURCE_DATE_EPOCH", "1700000000").args(["sbom"]).args(args))
}

fn bill(sandbox: &Sandbox, args: &[&str]) -> (Value, i32) {
    let run = sbom(sandbox, args);
    (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr)), run.code)
}

#[test]
fn every_package_is_in_every_format() {
    let sandbox = Sandbox::with_app();
    let listed = Run::of(sandbox.command().args(["packages", "app", "--json"]));
    let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
    let purls: Vec<&str> =
        listed["packages"].as_array().unwrap().iter().map(|package| package["purl"].as_str().unwrap()).collect();
    for format in FORMATS {
        let run = sbom(&sandbox, &["app", "--format", format]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(purls.iter().all(|purl| run.stdout.contains(&format!("\"{purl}\""))), "{format}");
    }
}

/// The schemas beside the tests, under the addresses by which they name each other.
struct Schemas;

impl Schemas {
    fn read(name: &str) -> Value {
        let path = Path::new(ROOT).join("tests/schemas").join(name);
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }
}

impl jsonschema::Retrieve for Schemas {
    fn retrieve(&self, uri: &jsonschema::Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self::read(uri.path().as_str().rsplit('/').next().unwrap_or_default()))
    }
}

#[test]
fn bills_keep_to_the_schemas() {
    let sandbox = Sandbox::with_app();
    for (format, schema) in FORMATS.into_iter().zip(["bom-1.6", "bom-1.7", "spdx-2.3"]) {
        let (document, _) = bill(&sandbox, &["app", "--format", format, "--vex", "--offline"]);
        let schema = Schemas::read(&format!("{schema}.schema.json"));
        let validator = jsonschema::options().with_retriever(Schemas).build(&schema).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(wrong.is_empty(), "{format}: {wrong:?}");
        // It is not the schema that takes anything.
        assert!(!validator.is_valid(&serde_json::json!({ "specVersion": 1, "bomFormat": "x" })));
    }
}

#[test]
fn what_is_wrong_with_packages_is_said_on_request_only() {
    let sandbox = Sandbox::with_app();
    let (plain, code) = bill(&sandbox, &["app"]);
    assert_eq!((code, plain.get("vulnerabilities")), (0, None));
    let (vex, code) = bill(&sandbox, &["app", "--vex", "--offline"]);
    assert_eq!(code, 3, "the starter set is not all that is known");
    let known = vex["vulnerabilities"].as_array().unwrap();
    let of_time = known.iter().find(|one| one["id"] == "RUSTSEC-2020-0071").unwrap();
    assert_eq!(of_time["affects"], serde_json::json!([{ "ref": "pkg:cargo/time@0.2.15" }]));
    assert_eq!(vex["compositions"][0]["aggregate"], "incomplete");
}

#[test]
fn two_bills_of_any_format_are_compared() {
    let sandbox = Sandbox::with_app();
    assert_eq!(sbom(&sandbox, &["app", "-o", "old.json"]).code, 0);
    let lock = sandbox.read("app/Cargo.lock").replace("0.6.10", "0.6.14");
    sandbox.write("app/Cargo.lock", lock);
    assert_eq!(sbom(&sandbox, &["app", "--format", "spdx", "-o", "new.json"]).code, 0);
    let run = sbom(&sandbox, &["--diff", "old.json", "new.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("raised  smallvec  0.6.10  0.6.14  Rust"), "{}", run.stdout);
    let (document, _) = bill(&sandbox, &["--diff", "old.json", "new.json", "--json"]);
    assert_eq!(
        document["changes"],
        serde_json::json!([{
            "change": "raised", "ecosystem": "crates.io", "name": "smallvec", "from": ["0.6.10"], "to": ["0.6.14"],
        }])
    );
    let run = sbom(&sandbox, &["--diff", "old.json", "app/Cargo.lock"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
}

#[test]
fn what_vex_says_comes_in_and_goes_out() {
    let sandbox = Sandbox::with_app();
    let vex = serde_json::json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://shop.example.org/vex/1",
        "author": "shop",
        "timestamp": "2026-01-01T00:00:00Z",
        "version": 1,
        "statements": [{
            "vulnerability": { "name": "CVE-2020-26235" },
            "products": [{ "@id": "pkg:cargo/time" }],
            "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path",
        }],
    });
    sandbox.write("app/shop.openvex.json", vex.to_string());
    let (report, _) = sandbox.report("app", &["--only", "dependencies"]);
    let accepted = &report["suppressed"][0];
    assert_eq!(accepted["by"], "file shop.openvex.json:1");
    assert_eq!(accepted["reason"], "VEX says that it is not affected: vulnerable code not in execute path");
    assert_eq!(accepted["finding"]["rule"], "advisory/RUSTSEC-2020-0071");
    let (document, _) = bill(&sandbox, &["app", "--format", "openvex", "--offline"]);
    let statements = document["statements"].as_array().unwrap();
    let of_time = statements.iter().find(|one| one["vulnerability"]["name"] == "RUSTSEC-2020-0071").unwrap();
    assert_eq!(
        (&of_time["status"], &of_time["products"][0]["@id"]),
        (&"not_affected".into(), &"pkg:cargo/time@0.2.15".into())
    );
}
