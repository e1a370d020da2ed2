//! Holds every reader to what the recorded reports of real tools are known to say: see `fixtures/README.md`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::testing::read;
use crate::finding::Severity;

#[derive(Deserialize)]
struct Provenance {
    tool: String,
    version: String,
    recording: Vec<Recording>,
}

#[derive(Deserialize)]
struct Recording {
    file: String,
    format: String,
    findings: usize,
    severities: BTreeMap<String, usize>,
}

/// Formats of recordings that nothing reads yet.
const UNREAD: [&str; 0] = [];

fn provenances() -> Vec<(std::path::PathBuf, Provenance)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tools");
    let folders = |path: &Path| -> Vec<std::path::PathBuf> {
        let mut all: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    let versions = folders(&root).into_iter().filter(|tool| tool.is_dir()).flat_map(|tool| folders(&tool));
    let read = |folder: std::path::PathBuf| {
        let text = std::fs::read_to_string(folder.join("recording.toml")).unwrap();
        let provenance = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        (folder, provenance)
    };
    versions.map(read).collect()
}

/// What is wrong with what a report is read as, in a line; `None` when nothing is.
fn wrong(folder: &Path, recording: &Recording) -> Option<String> {
    let said = read(std::fs::read(folder.join(&recording.file)).unwrap());
    let mut severities: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &said.findings {
        *severities.entry(finding.severity.id().to_owned()).or_default() += 1;
        if finding.location.path.as_str().is_empty() {
            return Some(format!("{} has no place", finding.rule.id));
        }
    }
    if said.findings.len() != recording.findings {
        let gaps: Vec<&str> = said.gaps.iter().map(|gap| gap.message.as_str()).collect();
        return Some(format!(
            "{} findings, not {}; {gaps:?} {:?}",
            said.findings.len(),
            recording.findings,
            said.notes
        ));
    }
    // Where a tool says nothing, our maps decide.
    let told = recording.severities.iter().filter(|(word, _)| *word != "unknown");
    let mut fewer = told.filter(|(word, count)| severities.get(*word).unwrap_or(&0) < count);
    fewer.next().map(|_| format!("{severities:?}, not {:?}", recording.severities))
}

#[test]
fn every_recording_says_what_its_tool_said() {
    let mut all = Vec::new();
    let mut count = 0;
    for (folder, Provenance { tool, version, recording }) in provenances() {
        for one in recording.iter().filter(|one| !UNREAD.contains(&one.format.as_str())) {
            count += 1;
            let told = wrong(&folder, one).map(|why| format!("{tool} {version} {}: {why}", one.file));
            all.extend(told);
        }
    }
    assert!(all.is_empty() && count > 50, "of {count}:\n{}", all.join("\n"));
}

#[test]
fn severities_are_those_that_are_known() {
    for (_, provenance) in provenances() {
        for word in provenance.recording.iter().flat_map(|recording| recording.severities.keys()) {
            assert!(word == "unknown" || word.parse::<Severity>().is_ok(), "{} {word}", provenance.tool);
        }
    }
}
