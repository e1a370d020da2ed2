//! Opens what hides text from a search of bytes: zip, tar and gzip archives, also in each other, and text in UTF-16 and
//! UTF-32.
//!
//! Everything here comes from a scanned repository: what is unpacked has bounds in depth, number and bytes, and what
//! they cut off is told.

use std::io::Read;

use super::wide::Wide;

/// Archives within archives are opened this deep.
const MAX_DEPTH: usize = 3;
/// So many files of one archive are read, those of inner archives included.
const MAX_FILES: usize = 10_000;
/// So many bytes of one archive are read, those of inner archives included.
const MAX_BYTES: u64 = 256 << 20;
/// Deflate (RFC 1951) makes no byte of more than so many.
const MAX_RATIO: u64 = 1032;

/// What an object or a file holds that is not in its bytes as they are.
#[derive(Default)]
pub struct Opened {
    /// Bounds that cut something off, or damage, a sentence each.
    pub gaps: Vec<String>,
    files: usize,
    bytes: u64,
}

/// Whether there is anything to open: cheap, for a look at every object.
pub fn is_openable(bytes: &[u8]) -> bool {
    format_of(bytes).is_some()
}

/// Calls `each` with the text of everything inside, with the way to it (`lib/a.zip!/inner.txt`; empty for wide text).
pub fn open(bytes: &[u8], each: &mut dyn FnMut(&str, &[u8])) -> Opened {
    let mut opened = Opened::default();
    opened.enter("", bytes, 0, each);
    opened
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Zip,
    Tar,
    Gzip,
    Wide(Wide),
}

/// Tells a format by its first bytes: APPNOTE.TXT 4.3.7 for zip, POSIX ustar for tar, RFC 1952 for gzip.
fn format_of(bytes: &[u8]) -> Option<Format> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Some(Format::Zip),
        [0x1f, 0x8b, 8, ..] => Some(Format::Gzip),
        _ if bytes.get(257..262) == Some(b"ustar") => Some(Format::Tar),
        _ => Wide::of(bytes).map(Format::Wide),
    }
}

impl Opened {
    fn enter(&mut self, way: &str, bytes: &[u8], depth: usize, each: &mut dyn FnMut(&str, &[u8])) {
        let Some(format) = format_of(bytes) else { return };
        if let Format::Wide(wide) = format {
            each(way, wide.text(bytes).as_bytes());
            return;
        }
        if depth == MAX_DEPTH {
            self.gap(way, "archives are nested deeper than is read");
            return;
        }
        let done = match format {
            Format::Zip => self.zip(way, bytes, depth, each),
            Format::Tar => self.tar(way, bytes, depth, each),
            _ => self.gzip(way, bytes, depth, each),
        };
        if let Err(why) = done {
            self.gap(way, &why);
        }
    }

    fn zip(&mut self, way: &str, bytes: &[u8], depth: usize, each: &mut dyn FnMut(&str, &[u8])) -> Result<(), String> {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|e| e.to_string())?;
        for index in 0..archive.len() {
            match archive.by_index(index) {
                Ok(mut file) if file.is_file() => {
                    let name = join(way, &String::from_utf8_lossy(file.name_raw()));
                    match self.deflated(bytes, &file) {
                        Some(text) => self.text(&name, &text, depth, each)?,
                        None => self.file(&name, &mut file, depth, each)?,
                    }
                }
                Ok(_) => {}
                Err(e) => self.gap(way, &format!("file {index}: {e}")),
            }
        }
        Ok(())
    }

    fn tar(&mut self, way: &str, bytes: &[u8], depth: usize, each: &mut dyn FnMut(&str, &[u8])) -> Result<(), String> {
        let mut archive = tar::Archive::new(bytes);
        for entry in archive.entries().map_err(|e| e.to_string())? {
            let mut entry = entry.map_err(|e| e.to_string())?;
            if entry.header().entry_type().is_file() {
                let name = join(way, &String::from_utf8_lossy(&entry.path_bytes()));
                self.file(&name, &mut entry, depth, each)?;
            }
        }
        Ok(())
    }

    fn gzip(&mut self, way: &str, bytes: &[u8], depth: usize, each: &mut dyn FnMut(&str, &[u8])) -> Result<(), String> {
        self.file(&join(way, "content"), &mut flate2::read::MultiGzDecoder::new(bytes), depth, each)
    }

    /// A file of a zip archive in one go, three times as fast as by reading; `None` when it is not compressed the usual
    /// way, contradicts itself, or goes beyond what is read.
    fn deflated<R: Read>(&self, bytes: &[u8], file: &zip::read::ZipFile<'_, R>) -> Option<Vec<u8>> {
        if file.compression() != zip::CompressionMethod::Deflated || file.encrypted() {
            return None;
        }
        let (start, length) =
            (usize::try_from(file.data_start()?).ok()?, usize::try_from(file.compressed_size()).ok()?);
        let data = bytes.get(start..start.checked_add(length)?)?;
        let likely = file.size() <= self.left() && file.size() / MAX_RATIO <= file.compressed_size();
        let mut text = vec![0; usize::try_from(file.size()).ok().filter(|_| likely)?];
        let done = libdeflater::Decompressor::new().deflate_decompress(data, &mut text).ok()?;
        (done == text.len() && libdeflater::crc32(&text) == file.crc32()).then_some(text)
    }

    fn left(&self) -> u64 {
        MAX_BYTES.saturating_sub(self.bytes)
    }

    /// Reads one file. An error ends the archive around it: a bound is reached, or its bytes are damaged.
    fn file(
        &mut self,
        way: &str,
        from: &mut dyn Read,
        depth: usize,
        each: &mut dyn FnMut(&str, &[u8]),
    ) -> Result<(), String> {
        let mut text = Vec::new();
        let end = from.take(self.left() + 1).read_to_end(&mut text);
        self.text(way, &text, depth, each)?;
        end.map(drop).map_err(|e| e.to_string())
    }

    /// Takes in the text of one file. An error ends the archive around it: a bound is reached.
    fn text(&mut self, way: &str, text: &[u8], depth: usize, each: &mut dyn FnMut(&str, &[u8])) -> Result<(), String> {
        self.files += 1;
        if self.files > MAX_FILES {
            return Err(format!("more than the {MAX_FILES} files that are read"));
        }
        self.bytes += text.len() as u64;
        each(way, text);
        self.enter(way, text, depth + 1, each);
        match self.bytes > MAX_BYTES {
            true => Err(format!("more than the {MAX_BYTES} bytes that are read")),
            false => Ok(()),
        }
    }

    fn gap(&mut self, way: &str, what: &str) {
        self.gaps.push(if way.is_empty() { what.to_owned() } else { format!("`{way}`: {what}") });
    }
}

fn join(way: &str, name: &str) -> String {
    if way.is_empty() { name.to_owned() } else { format!("{way}!/{name}") }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn gzip_of(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            writer.append_data(&mut header, name, *bytes).unwrap();
        }
        writer.into_inner().unwrap()
    }

    fn inside(bytes: &[u8]) -> (Vec<(String, String)>, Vec<String>) {
        let mut found = Vec::new();
        let opened =
            open(bytes, &mut |way, text| found.push((way.to_owned(), String::from_utf8_lossy(text).into_owned())));
        (found, opened.gaps)
    }

    #[test]
    fn archives_in_archives() {
        let inner = gzip_of(&tar_of(&[("deep.txt", b"here")]));
        let (found, gaps) = inside(&zip_of(&[("a.txt", b"one"), ("b/inner.tgz", &inner)]));
        let ways: Vec<&str> = found.iter().map(|(way, _)| way.as_str()).collect();
        assert_eq!(ways, ["a.txt", "b/inner.tgz", "b/inner.tgz!/content", "b/inner.tgz!/content!/deep.txt"]);
        assert_eq!((found[0].1.as_str(), found[3].1.as_str(), gaps.len()), ("one", "here", 0));
    }

    #[test]
    fn bombs_and_damage_are_told() {
        let bomb = gzip_of(&vec![0; (MAX_BYTES + 10) as usize]);
        assert!(inside(&bomb).1[0].contains("bytes that are read"));
        let nested = (0..5).fold(b"x".to_vec(), |bytes, _| gzip_of(&bytes));
        assert!(inside(&nested).1[0].contains("nested deeper"));
        let whole = zip_of(&[("a.txt", &[b'a'; 5000])]);
        assert_eq!(inside(&whole[..whole.len() - 30]).1.len(), 1);
    }

    #[test]
    fn wide_text_is_read_where_it_stands() {
        let text: Vec<u8> = "token \u{fc}!".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(inside(&text).0, [(String::new(), "token \u{fc}!".to_owned())]);
        let found = inside(&zip_of(&[("a.txt", &text)])).0;
        assert_eq!(found[1], ("a.txt".to_owned(), "token \u{fc}!".to_owned()));
        assert!(!is_openable(b"plain text") && !is_openable(&[0; 100]));
    }

    proptest! {
        #[test]
        fn nothing_panics(start in prop_oneof![Just(b"PK\x03\x04".to_vec()), Just(vec![0x1f, 0x8b, 8]), Just(vec![0xff, 0xfe]), Just(vec![])],
                          rest in proptest::collection::vec(any::<u8>(), 0..600)) {
            let bytes = [start, rest].concat();
            open(&bytes, &mut |_, _| ());
        }
    }
}
