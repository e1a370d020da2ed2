//! A loose object is read when its header is true, and never otherwise.
#![no_main]

use std::io::Write as _;

use libfuzzer_sys::fuzz_target;
use scanall::history::Type;
use scanall::history::read::parse_loose;

/// Deflate makes no more of a byte.
const MOST: usize = 1032;

fuzz_target!(|data: &[u8]| {
    let [kind, rest @ ..] = data else { return };
    if kind & 1 == 0 {
        if let Ok((_, text)) = parse_loose(rest) {
            assert!(text.len() <= rest.len() * MOST);
        }
        return;
    }
    // The content is given, and compressed here: a fuzzer does not get checksums right.
    let mut file = Vec::new();
    let mut writer = flate2::write::ZlibEncoder::new(&mut file, flate2::Compression::fast());
    writer.write_all(rest).and_then(|()| writer.finish().map(drop)).expect("memory takes everything");
    let read = parse_loose(&file[..]).ok();
    assert_eq!(read, naive(rest));
    let cut = &file[..file.len() - 1 - usize::from(kind >> 1) % file.len().min(8)];
    assert_eq!(parse_loose(cut).ok(), None, "a file that is cut short is damaged");
});

/// `blob 12`, a zero byte and twelve bytes.
fn naive(content: &[u8]) -> Option<(Type, Vec<u8>)> {
    let end = content.iter().take(32).position(|byte| *byte == 0)?;
    let (header, text) = (std::str::from_utf8(&content[..end]).ok()?, &content[end + 1..]);
    let (kind, size) = header.split_once(' ')?;
    let kind = match kind {
        "commit" => Type::Commit,
        "tree" => Type::Tree,
        "blob" => Type::Blob,
        "tag" => Type::Tag,
        _ => return None,
    };
    let is_number = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && size.parse() == Ok(text.len())).then(|| (kind, text.to_vec()))
}
