//! `scanall ingest`: reports of other tools, whatever they are, however they are encoded and whatever is wrong with them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::environment::{ROOT, Run, Sandbox};
use crate::sarif::{hold, schema};

const GITLEAKS: &str = "fixtures/tools/gitleaks/8.30.1/git.sarif";
const TRIVY: &str = "fixtures/tools/trivy/0.59.1/config.json";

fn fixture(name: &str) -> PathBuf {
    Path::new(ROOT).join(name)
}

/// Every recorded report.
fn recordings() -> Vec<PathBuf> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    let tools = list(&fixture("fixtures/tools")).into_iter().filter(|path| path.is_dir());
    let files = tools.flat_map(|tool| list(&tool)).flat_map(|version| list(&version));
    files.filter(|file| file.extension().is_some_and(|extension| extension != "toml")).collect()
}

/// A repository with a remote and a commit.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "--quiet"]);
    sandbox.git(".", &["remote", "add", "origin", "https://github.com/shop/shop.git"]);
    sandbox.write("README.md", "A shop.\n");
    sandbox.git(".", &["add", "README.md"]);
    sandbox.git(".", &["commit", "--quiet", "--message", "Open"]);
    sandbox
}

fn ingest(sandbox: &Sandbox, args: &[&str]) -> (Value, i32) {
    let mut command = sandbox.command();
    command.args(["ingest", "--format", "json", "--offline"]).args(args);
    let run = Run::of(&mut command);
    (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr)), run.code)
}

fn gaps(report: &Value) -> Vec<&str> {
    let layers = report["layers"].as_array().unwrap();
    layers
        .iter()
        .flat_map(|layer| layer["gaps"].as_array().unwrap())
        .map(|gap| gap["message"].as_str().unwrap())
        .collect()
}

#[test]
fn every_recording_becomes_a_log_that_github_takes() {
    let sandbox = repository();
    let schema = schema();
    for file in recordings() {
        let mut command = sandbox.command();
        command.arg("ingest").arg(&file).args(["--offline", "-q", "-q", "-o", "sarif=out.sarif"]);
        let run = Run::of(&mut command);
        assert!([0, 1, 3].contains(&run.code), "{}: {}", file.display(), run.stderr);
        let log = sandbox.json("out.sarif");
        let problems: Vec<String> = schema.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(problems.is_empty(), "{}: {problems:#?}", file.display());
        let check = Run::of(sandbox.command().args(["sarif", "check", "out.sarif"]));
        assert_eq!(check.code, 0, "{}: {}", file.display(), check.stdout);
    }
}

#[test]
fn all_recordings_at_once_are_one_log_without_a_finding_of_the_validator() {
    let sandbox = repository();
    let mut command = sandbox.command();
    command.arg("ingest").args(recordings()).args(["--offline", "-q", "-q", "-o", "sarif=all.sarif"]);
    let run = Run::of(&mut command);
    assert!([1, 3].contains(&run.code), "{}", run.stderr);
    let log = hold(&sandbox, "all.sarif");
    let results: usize =
        log["runs"].as_array().unwrap().iter().map(|run| run["results"].as_array().unwrap().len()).sum();
    assert!(results > 200, "{results}");
}

#[test]
fn no_credential_of_a_report_is_shown() {
    let sandbox = repository();
    // What the scripts of the fixtures put together.
    let values = ["IAQ3EGVC5LZ7WN2TYX", "4eC39HqLyjWDarjtT1zdp7dcQ8mWn2Vb", "k7Q2mZ9xT4vB1nL8wR5yH3cJ6dF0sGaPqEuX"];
    for format in ["table", "json", "sarif", "markdown", "csv", "junit", "gitlab-secret", "gitlab-sast", "github"] {
        for file in recordings() {
            let mut command = sandbox.command();
            command.arg("ingest").arg(&file).args(["--offline", "-v", "--format", format]);
            let run = Run::of(&mut command);
            for value in values {
                let shown = run.stdout.contains(value) || run.stderr.contains(value);
                assert!(!shown, "{value} of {} in {format}", file.display());
            }
        }
    }
}

#[test]
fn a_report_is_the_same_however_it_is_encoded() {
    let sandbox = repository();
    let text = std::fs::read_to_string(fixture(TRIVY)).unwrap();
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
    };
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    sandbox.write("plain.json", &text);
    sandbox.write("bom.json", format!("\u{feff}{text}"));
    sandbox.write("little.json", utf16(u16::to_le_bytes));
    sandbox.write("big.json", utf16(u16::to_be_bytes));
    sandbox.write("packed.json.gz", gzip.finish().unwrap());
    sandbox.write("log.txt", format!("2026-11-21T10:00:00Z INFO [misconfig] scanning {{app}}\n{text}\nINFO done\n"));
    let (plain, code) = ingest(&sandbox, &["plain.json"]);
    assert_eq!((code, plain["total"].as_u64().unwrap() > 10), (1, true));
    for name in ["bom.json", "little.json", "big.json", "packed.json.gz", "log.txt"] {
        let (other, code) = ingest(&sandbox, &[name]);
        assert_eq!((code, &other["findings"]), (1, &plain["findings"]), "{name}");
    }
    let mut command = sandbox.command();
    command.args(["ingest", "-", "--format", "json"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(&std::fs::read(sandbox.path("packed.json.gz")).unwrap()).unwrap();
    let piped: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(piped["findings"], plain["findings"]);
}

#[test]
fn what_is_whole_of_a_damaged_report_is_used_and_the_rest_is_named() {
    let sandbox = repository();
    let text = std::fs::read_to_string(fixture(TRIVY)).unwrap();
    let (whole, _) = ingest(&sandbox, &[fixture(TRIVY).to_str().unwrap()]);
    sandbox.write("cut.json", &text[..text.len() * 2 / 3]);
    let (cut, code) = ingest(&sandbox, &["cut.json"]);
    let (some, all) = (cut["total"].as_u64().unwrap(), whole["total"].as_u64().unwrap());
    assert!(code == 3 && some > 0 && some < all, "{some} of {all}");
    let place = format!("at byte {}", text.len() * 2 / 3);
    assert!(gaps(&cut).iter().any(|gap| gap.contains("`cut.json`") && gap.contains(&place)), "{:?}", gaps(&cut));
}

#[test]
fn what_is_no_report_is_told_by_name() {
    let sandbox = repository();
    sandbox.write("a.json", r#"{"SchemaVersion": 2, "Results": null}"#);
    sandbox.write("b.html", "<!DOCTYPE html><html>Sign in</html>");
    sandbox.write("c.bin", b"\x00\x01\x02{\"");
    let (report, code) = ingest(&sandbox, &["a.json", "b.html", "c.bin", "missing.json"]);
    let gaps = gaps(&report).join("\n");
    assert_eq!(code, 3);
    for said in
        ["nearest to Trivy JSON, but has no `ArtifactName`", "`b.html`", "a web page", "`c.bin`", "`missing.json`"]
    {
        assert!(gaps.contains(said), "{said}: {gaps}");
    }
}

#[test]
fn clean_reports_are_clean() {
    let sandbox = repository();
    sandbox.write("null.json", "null\n");
    sandbox.write("list.json", "[]\n");
    let (report, code) = ingest(&sandbox, &["null.json", "list.json"]);
    assert_eq!((code, report["total"].as_u64()), (0, Some(0)), "{report:#}");
    sandbox.write("empty.json", "");
    let mut command = sandbox.command();
    command.args(["ingest", "empty.json", "--completeness", "strict"]);
    assert_eq!(Run::of(&mut command).code, 3);
}

#[test]
fn reports_are_part_of_a_scan() {
    let sandbox = repository();
    let file = fixture(GITLEAKS);
    let mut command = sandbox.command();
    command.args(["--offline", "--only", "secrets", "--format", "json", "--ingest"]).arg(&file);
    let run = Run::of(&mut command);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let layers: Vec<&str> = report["layers"].as_array().unwrap().iter().map(|l| l["layer"].as_str().unwrap()).collect();
    assert!(layers.contains(&"ingest") && report["total"].as_u64().unwrap() > 0, "{layers:?}");
    let tools: Vec<&str> =
        report["findings"][0]["sources"].as_array().unwrap().iter().map(|s| s["tool"].as_str().unwrap()).collect();
    assert_eq!(tools, ["gitleaks"]);
}
