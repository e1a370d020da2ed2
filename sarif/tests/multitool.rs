//! Compares line hashes with those of an independent program, Microsoft's `Sarif.Multitool`, on a thousand random
//! files. Runs where `SCANALL_SARIF_MULTITOOL` names it.

#![expect(clippy::print_stderr, reason = "a test says what it skips")]

use std::path::PathBuf;
use std::process::Command;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use scanall_sarif::line_hashes;
use serde_json::{Value, json};

const FILES: usize = 1_000;

/// Texts of lines that differ little, of every kind of line end, with blanks and characters of every length.
fn text() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[ -~]{0,40}",
        "[ab \t]{0,12}",
        "[ -~äé日本😀\t]{0,160}",
        Just("return 0;".to_owned()),
        Just(String::new()),
    ];
    let end = prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"]);
    prop::collection::vec((line, end), 1..40).prop_map(|lines| lines.into_iter().map(|(l, e)| l + e).collect())
}

#[test]
fn line_hashes_are_those_of_the_multitool() {
    let Some(program) = std::env::var_os("SCANALL_SARIF_MULTITOOL") else {
        eprintln!("SCANALL_SARIF_MULTITOOL is not set: the line hashes were compared with the known vectors only");
        return;
    };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("multitool");
    std::fs::create_dir_all(&folder).unwrap();
    let mut runner = TestRunner::deterministic();
    let (mut results, mut expected) = (Vec::new(), Vec::new());
    for number in 0..FILES {
        let text = text().new_tree(&mut runner).unwrap().current();
        let file = folder.join(format!("{number}.txt"));
        std::fs::write(&file, &text).unwrap();
        let hashes = line_hashes(text.as_bytes());
        // The line behind a final line end holds nothing that could be found.
        for line in 1..hashes.as_slice().len().max(2) {
            let Some(hash) = hashes.line(u32::try_from(line).unwrap()) else { continue };
            expected.push((number, line, hash.to_string()));
            results.push(json!({
                "ruleId": "r", "message": { "text": "x" },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": format!("file://{}", file.display()) }, "region": { "startLine": line },
                } }],
            }));
        }
    }
    let log = json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "t" } }, "results": results }] });
    let (before, after) = (folder.join("before.sarif"), folder.join("after.sarif"));
    std::fs::write(&before, log.to_string()).unwrap();
    let output = Command::new(program)
        .arg("rewrite")
        .arg(&before)
        .args(["--insert", "RollingHashPartialFingerprints", "--log", "ForceOverwrite", "--output"])
        .arg(&after)
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    let bytes = std::fs::read(&after).unwrap();
    let log: Value = scanall_sarif::parse("after", &bytes).unwrap().log;
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), expected.len());
    let hash = |result: &Value| result["partialFingerprints"]["primaryLocationLineHash"].as_str().map(str::to_owned);
    let differing: Vec<_> = results
        .iter()
        .zip(&expected)
        .filter(|(result, (.., ours))| hash(result).as_ref() != Some(ours))
        .map(|(result, ours)| (ours, hash(result)))
        .take(5)
        .collect();
    assert!(differing.is_empty(), "of {}: {differing:#?}", expected.len());
    std::fs::remove_dir_all(folder).unwrap();
}
