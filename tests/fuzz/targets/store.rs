//! Whatever bytes are opened as an advisory store, also where the checksum fits: every question has an answer, or the
//! store is damaged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scanall::advisories::Store;
use scanall::advisories::matching::{Asked, ask, text};
use scanall::ecosystem::Ecosystem;

fuzz_target!(|data: &[u8]| {
    let _ = Store::from_bytes(data.to_vec());
    let Some(store) = Store::mend(data.to_vec()).and_then(|bytes| Store::from_bytes(bytes).ok()) else { return };
    for (ecosystem, name) in [(Ecosystem::Npm, "lodash"), (Ecosystem::Cargo, "time"), (Ecosystem::PyPi, "a")] {
        for version in ["1.0.0", "4.17.15", "main"] {
            if let Ok(answer) = ask(&store, Asked { ecosystem, release: "", name, version }) {
                answer.hits.iter().for_each(|hit| drop(text(&store, &hit.places)));
            }
        }
    }
    for id in ["CVE-2021-44228", "GHSA-35jh-r3h4-6jhm", "x"] {
        for place in store.find(id).unwrap_or_default() {
            let _ = store.record(place);
        }
    }
    let _ = (store.records(), store.lists());
});
