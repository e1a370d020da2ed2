//! Whatever text is read as a list of dependencies: the same text says the same, every package has a name and a line of
//! the text, and who needs whom stays inside.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scanall::finding::RepoPath;
use scanall::inventory::format::{FORMATS, Format};
use scanall::inventory::reading::{Read, Reading};
use scanall::inventory::source::Source;

/// Reads a text that has itself for all neighbours.
fn read(format: &Format, path: &RepoPath, text: &str) -> (Read, bool) {
    let neighbours = |_: &RepoPath| Some(text.as_bytes().to_vec());
    let source = Source::new(path.clone(), text.to_owned()).among(&neighbours);
    let mut reading = Reading::new(&source);
    let is_readable = match (format.read)(&mut reading) {
        Ok(()) => true,
        Err(unreadable) => {
            assert!(!unreadable.why.is_empty(), "{} does not say why", format.id);
            false
        }
    };
    (reading.finish(), is_readable)
}

/// The format, the path of the file, and its text. The first byte chooses the format; 255 takes the one that the path in
/// the first line is of.
fn pick(data: &[u8]) -> Option<(&'static Format, RepoPath, String)> {
    let (byte, rest) = data.split_first()?;
    let text = String::from_utf8_lossy(rest).into_owned();
    if *byte < u8::MAX {
        return Some((&FORMATS[usize::from(*byte) % FORMATS.len()], RepoPath::new("a/b/lock"), text));
    }
    let (path, text) = text.split_once('\n')?;
    let path = RepoPath::new(format!("a/b/{path}"));
    let format = FORMATS.iter().find(|format| (format.wants)(&path))?;
    Some((format, path, text.to_owned()))
}

fuzz_target!(|data: &[u8]| {
    let Some((format, path, text)) = pick(data) else { return };
    let (said, is_readable) = read(format, &path, &text);
    let lines = text.split('\n').count();
    for package in &said.packages {
        let line = package.location.span.map_or(0, |span| span.start_line as usize);
        assert!((1..=lines).contains(&line), "{}: line {line} of {lines}", format.id);
        assert!(!package.name.trim().is_empty(), "{}: a package without a name", format.id);
        assert!(package.needed().chain(package.via).all(|at| at < said.packages.len()));
    }
    for gap in &said.gaps {
        assert!(!gap.message.contains(char::is_control), "{}: a gap drives no terminal", format.id);
    }
    let (again, is_readable_again) = read(format, &path, &text);
    assert_eq!((said.packages, said.gaps, is_readable), (again.packages, again.gaps, is_readable_again));
});
