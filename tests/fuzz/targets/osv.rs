//! Whatever bytes are read as an advisory: a record that was read can be kept, comes back the same, and is true or not
//! of any version. The first byte says what the rest is: JSON, YAML, Markdown of RustSec, a list,
//! or YAML of RubySec or FriendsOfPHP.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scanall::advisories::store::build::{Input, build};
use scanall::advisories::version::Scheme;
use scanall::advisories::{Store, exploited, friends_of_php, osv, rubysec, rustsec};

fuzz_target!(|data: &[u8]| {
    let Some((kind, bytes)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(bytes);
    let said = match kind % 7 {
        0 => osv::from_json(bytes),
        1 => osv::from_yaml(&text),
        2 => rustsec::from_markdown(&text),
        3 => return drop(exploited::read_kev(bytes)),
        4 => return drop(exploited::read_epss(bytes)),
        5 => rubysec::from_yaml(&text, "CVE-2026-1"),
        _ => friends_of_php::from_yaml(&text, "CVE-2026-1"),
    };
    let Some(record) = said.ok().and_then(|said| said.record) else { return };
    let input = Input { records: vec![(record.clone(), "x".to_owned())], ..Input::default() };
    let store = Store::from_bytes(build(input)).expect("what was built can be opened");
    let kept = store.records().expect("what was built can be read");
    assert_eq!(kept.first().map(|(kept, _)| (&kept.id, &kept.packages)), Some((&record.id, &record.packages)));
    for package in &record.packages {
        let Some(scheme) = Scheme::of(&package.ecosystem) else { continue };
        for version in ["", "0", "1.0.0", "1.0.0-rc.1", "x"] {
            let fixes = package.affected.fixes_above(version, scheme);
            assert!(fixes.iter().all(|fix| !package.affected.affects(fix, scheme)));
        }
    }
});
