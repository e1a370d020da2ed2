//! What archives give is bounded, however they are made, and what is left out is told.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scanall::scanner::secrets::archive;

/// The bounds of the reader: files and bytes, those of archives in archives included.
const MAX_FILES: usize = 10_000;
const MAX_BYTES: usize = 256 << 20;

fuzz_target!(|data: &[u8]| {
    let (mut files, mut bytes) = (0usize, 0usize);
    let opened = archive::open(data, &mut |way, text| {
        // UTF-16 in an archive is given twice: as its bytes and as text, which is at most half as long again.
        files += 1;
        bytes += text.len();
        assert!(way.len() <= 4 * (data.len() + bytes + 64), "a way is made of names that are in the bytes");
        assert!(way.matches("!/").count() <= data.len() + bytes);
    });
    assert!(files <= 2 * MAX_FILES && bytes <= (MAX_BYTES + 1) * 3);
    if !archive::is_openable(data) {
        assert!(files == 0 && opened.gaps.is_empty(), "what is no archive is left alone");
    }
    let mut again = (0, 0);
    let same = archive::open(data, &mut |_, text| again = (again.0 + 1, again.1 + text.len()));
    assert_eq!((again, same.gaps), ((files, bytes), opened.gaps), "the same bytes give the same");
});
