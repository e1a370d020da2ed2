//! An index that opens, in version 1 or 2, finds every id that it lists, and says nothing of what it does not list.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scanall::history::bytes::Bytes;
use scanall::history::pack::index::Index;

fuzz_target!(|data: &[u8]| {
    let [kind, rest @ ..] = data else { return };
    let width = if kind & 1 == 0 { 20 } else { 32 };
    let Ok(index) = Index::new(Bytes::Owned(rest.to_vec()), width) else { return };
    assert!(index.count() as usize * width <= rest.len(), "no more ids than there is room for");
    for slot in 0..index.count() {
        let id = index.id(slot);
        assert_eq!(id.len(), width);
        let found = index.find(id).expect("every id is found");
        assert_eq!(index.id(found), id, "what is found is what was looked for");
        if let Some(offset) = index.offset(slot) {
            assert!(
                offset < 1 << 31 || rest.len() >= 8 + 1024 + width + 8 + 8,
                "only the table of far offsets has one"
            );
        }
    }
    for id in rest.chunks_exact(width).take(64) {
        if let Some(slot) = index.find(id) {
            assert_eq!(index.id(slot), id);
        }
    }
    let beyond = index.count();
    assert!(index.id(beyond).is_empty() && index.offset(beyond).is_none() && index.checksum(beyond).is_none());
    assert!(index.find(&[]).is_none());
});
