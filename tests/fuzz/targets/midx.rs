//! A multi-pack index that opens lists each of its objects once, under one pack, and every listing finds what it lists.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use scanall::history::bytes::Bytes;
use scanall::history::pack::midx::MultiIndex;

fuzz_target!(|data: &[u8]| {
    let [kind, rest @ ..] = data else { return };
    let width = if kind & 1 == 0 { 20 } else { 32 };
    let Ok(index) = MultiIndex::new(Bytes::Owned(rest.to_vec()), width) else { return };
    let index = Arc::new(index);
    assert!(index.names().iter().map(String::len).sum::<usize>() <= 3 * rest.len(), "names are pieces of the file");
    let mut listed = 0;
    for pack in 0..index.names().len().min(16) {
        let Some(listing) = index.listing(pack as u32) else { continue };
        listed += listing.count() as usize;
        for slot in 0..listing.count() {
            let id = listing.id(slot);
            let found = listing.find(id).expect("every id is found");
            assert_eq!(listing.id(found), id, "what is found is what was looked for");
            assert!(listing.offset(slot).is_some());
        }
        assert!(listing.id(listing.count()).is_empty() && listing.offset(listing.count()).is_none());
    }
    assert!(listed * width <= rest.len(), "no more objects than there are ids");
});
