use jiff::Timestamp;
use serde_json::Value;

use super::*;
use crate::ecosystem::Ecosystem;
use crate::finding::RepoPath;
use crate::inventory::reading::{Draft, Reading};
use crate::inventory::source::Source;
use crate::inventory::{Inventory, PackageSource, Scope};

/// A product that needs a library, which needs another, and a tool whose license nobody knows.
fn bill(complete: bool) -> Bill {
    let source = Source::new(RepoPath::new("lock"), "app\nlib\ndeep\ntool\n".to_owned());
    let mut reading = Reading::new(&source);
    let draft = |name: &str, line| Draft::new(Ecosystem::Npm, name, "1.0.0", line);
    let app = reading.add(Draft { source: PackageSource::Local, ..draft("app", 1) }).unwrap();
    let licenses = vec!["MIT OR Apache-2.0".to_owned()];
    let hashes = vec![format!("sha512:{}", "0f".repeat(64)), "sha512:short".to_owned(), "crc:00".to_owned()];
    let lib = reading.add(Draft { licenses, hashes, ..draft("@scope/lib", 2) }).unwrap();
    let deep = reading.add(Draft { licenses: vec!["MIT".to_owned()], ..draft("deep", 3) }).unwrap();
    let licenses = vec!["Our own terms".to_owned(), "MIT".to_owned()];
    let tool = reading.add(Draft { licenses, ..draft("tool", 4) }).unwrap();
    reading.needs(app, lib);
    reading.needs(lib, deep);
    reading.root(lib, Scope::Runtime, None);
    reading.root(tool, Scope::Dev, None);
    if !complete {
        reading.broken(5, "it ends early");
    }
    let read = reading.finish();
    let inventory = Inventory { files: Vec::new(), packages: read.packages, gaps: read.gaps };
    let subject = Subject { name: "shop".to_owned(), version: String::new() };
    Bill::new(&inventory, subject, Timestamp::from_second(1_700_000_000).unwrap())
}

fn json(word: &str, bill: &Bill) -> Value {
    serde_json::from_str(&format(word).unwrap().write(bill).unwrap()).unwrap()
}

#[test]
fn formats_have_short_names() {
    let ids = ["cyclonedx", "spdx", "cyclonedx-1.7", "pdf"].map(|word| format(word).map(|format| format.id));
    assert_eq!(ids, [Some("cyclonedx-1.6"), Some("spdx-2.3"), Some("cyclonedx-1.7"), None]);
}

#[test]
fn cyclonedx_says_who_needs_whom() {
    let document = json("cyclonedx", &bill(true));
    assert_eq!(document["dependencies"][0]["ref"], "scanall:subject");
    assert_eq!(
        document["dependencies"][0]["dependsOn"],
        serde_json::json!(["pkg:npm/app@1.0.0", "pkg:npm/tool@1.0.0"])
    );
    let lib = document["components"].as_array().unwrap().iter().find(|part| part["name"] == "lib").unwrap();
    assert_eq!((&lib["group"], &lib["scope"]), (&"@scope".into(), &"required".into()));
    assert_eq!(lib["licenses"], serde_json::json!([{ "expression": "MIT OR Apache-2.0" }]));
    assert_eq!(lib["hashes"].as_array().unwrap().len(), 1, "what is no checksum is left out");
    assert_eq!(lib["evidence"]["occurrences"][0], serde_json::json!({ "location": "lock", "line": 2 }));
    assert_eq!(document["compositions"][0]["aggregate"], "complete");
    assert_eq!(json("cyclonedx", &bill(false))["compositions"][0]["aggregate"], "incomplete");
}

#[test]
fn spdx_gives_names_to_licenses_that_it_does_not_know() {
    let document = json("spdx", &bill(true));
    let tool = document["packages"].as_array().unwrap().iter().find(|part| part["name"] == "tool").unwrap();
    assert_eq!(tool["licenseDeclared"], "MIT AND LicenseRef-scanall-1");
    assert_eq!(document["hasExtractedLicensingInfos"][0]["licenseId"], "LicenseRef-scanall-1");
    let relations = document["relationships"].as_array().unwrap();
    let kinds: Vec<&str> = relations.iter().map(|one| one["relationshipType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["DESCRIBES", "DEPENDS_ON", "DEV_DEPENDENCY_OF", "DEPENDS_ON", "DEPENDS_ON"]);
}

#[test]
fn openvex_says_what_was_said() {
    let mut bill = bill(true);
    let known = |id: &str, accepted| Vulnerability {
        id: id.to_owned(),
        aliases: vec!["CVE-2026-1".to_owned()],
        title: "Clocks run backwards".to_owned(),
        remedy: "Raise deep to 2.0.0".to_owned(),
        severity: crate::finding::Severity::High,
        url: None,
        cwe: Vec::new(),
        affects: vec!["pkg:npm/deep@1.0.0".to_owned()],
        accepted,
    };
    let why = |is_unaffected| Some(Acceptance { reason: "never called".to_owned(), is_unaffected });
    bill.vulnerabilities = Some(vec![known("A", None), known("B", why(true)), known("C", why(false))]);
    let document = json("openvex", &bill);
    let said: Vec<_> = document["statements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (one["status"].as_str().unwrap(), one["impact_statement"].as_str(), one["action_statement"].as_str())
        })
        .collect();
    assert_eq!(
        said,
        [
            ("under_investigation", None, None),
            ("not_affected", Some("never called"), None),
            ("affected", None, Some("Accepted: never called")),
        ]
    );
    assert_eq!(document["statements"][1]["products"][0]["@id"], "pkg:npm/deep@1.0.0");
    let cyclonedx = json("cyclonedx", &bill);
    let states: Vec<_> =
        cyclonedx["vulnerabilities"].as_array().unwrap().iter().map(|v| v["analysis"]["state"].as_str()).collect();
    assert_eq!(states, [None, Some("not_affected"), Some("exploitable")]);
}

#[test]
fn the_same_bill_gives_the_same_bytes_and_another_one_another_number() {
    for one in FORMATS {
        assert_eq!(one.write(&bill(true)).unwrap(), one.write(&bill(true)).unwrap());
    }
    let number = |bill: &Bill| json("cyclonedx", bill)["serialNumber"].as_str().unwrap().to_owned();
    assert_ne!(number(&bill(true)), number(&bill(false)));
    assert!(number(&bill(true)).starts_with("urn:uuid:"));
}
