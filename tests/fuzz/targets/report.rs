//! Whatever bytes are read as a report: the same bytes say the same, every finding has a place, and what cannot be read
//! is told.
#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use scanall::ingest::input::Input;
use scanall::ingest::place::Places;
use scanall::ingest::{Ingested, Known};
use scanall::target::Target;

/// Places of a folder without a file.
static PLACES: LazyLock<Arc<Places>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().map(tempfile::TempDir::keep).unwrap_or_default();
    Arc::new(Places::of(&Target::of_version(folder, None)))
});

fn read(data: &[u8]) -> Ingested {
    let mut said = Ingested::default();
    said.add(&Input::of_bytes("x", data.to_vec()), Known::default(), &PLACES);
    said
}

fuzz_target!(|data: &[u8]| {
    let said = read(data);
    for finding in &said.findings {
        assert!(!finding.location.path.as_str().is_empty(), "{} has no place", finding.rule.id);
        assert!(!finding.message.contains(char::is_control), "a message drives no terminal");
        assert!(!finding.sources.is_empty() && !finding.rule.id.is_empty());
    }
    let is_told = !said.findings.is_empty() || !said.gaps.is_empty() || !said.notes.is_empty();
    assert!(is_told, "a report that says nothing is said to");
    let again = read(data);
    let lines = |said: &Ingested| -> Vec<String> {
        said.findings.iter().map(|f| format!("{} {} {}", f.rule.id, f.location, f.message)).collect()
    };
    assert_eq!(lines(&said), lines(&again));
    assert_eq!((said.gaps, said.notes), (again.gaps, again.notes));
});
