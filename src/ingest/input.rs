//! Defines [`Input`]: the text of a report, from wherever it comes and however it is encoded.

use std::fs::File;
use std::io::{self, Read, Seek as _, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use memmap2::Mmap;

use crate::error::Error;

/// Larger texts are mapped instead of read, in bytes.
const MAPPED: u64 = 32 << 20;
/// No report is larger, unpacked, in bytes.
const MAX_TEXT: u64 = 8 << 30;
/// An archive of an archive, in UTF-16, is taken apart; what goes on like that is hostile.
const MAX_LAYERS: u8 = 3;

/// The text of a report in UTF-8, without a byte order mark.
pub struct Input {
    /// What it is called in messages.
    pub name: String,
    content: Content,
    skip: usize,
}

enum Content {
    Owned(Vec<u8>),
    Mapped(Mmap),
}

impl Input {
    /// Opens a file, or standard input for `-`.
    ///
    /// # Errors
    /// It cannot be read, or is larger than 8 GiB unpacked.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let is_stdin = path == Path::new("-");
        let name = if is_stdin { "standard input".to_owned() } else { path.display().to_string() };
        let failed = |e: io::Error| Error::usage(format!("cannot read the report `{name}`")).because(e);
        if is_stdin {
            let mut spool = tempfile::tempfile().map_err(failed)?;
            copy(&mut io::stdin().lock(), &mut spool).map_err(failed)?;
            return Self::of_file(name.clone(), spool).map_err(failed);
        }
        if path.is_dir() {
            return Err(
                Error::usage(format!("`{name}` is a folder")).hint("name the reports in it: scanall ingest FOLDER/*")
            );
        }
        let mut file = File::open(path).map_err(failed)?;
        // A pipe can be read once only.
        if !file.metadata().map_err(failed)?.is_file() {
            let mut spool = tempfile::tempfile().map_err(failed)?;
            copy(&mut file, &mut spool).map_err(failed)?;
            file = spool;
        }
        Self::of_file(name.clone(), file).map_err(failed)
    }

    /// What a program wrote to a file, from its beginning.
    ///
    /// # Errors
    /// It cannot be read, or is larger than 8 GiB unpacked.
    pub fn of_file(name: String, file: File) -> io::Result<Self> {
        Self::unpacked(name, file, MAX_LAYERS)
    }

    fn unpacked(name: String, mut file: File, layers: u8) -> io::Result<Self> {
        file.rewind()?;
        let mut head = [0; 4];
        let length = read_head(&mut file, &mut head)?;
        file.rewind()?;
        let head = &head[..length];
        let is_packed = head.starts_with(&[0x1f, 0x8b]);
        if is_packed && layers > 0 {
            let mut spool = tempfile::tempfile()?;
            copy(&mut MultiGzDecoder::new(io::BufReader::new(file)), &mut spool)?;
            return Self::unpacked(name, spool, layers - 1);
        }
        if let Some(order) = Order::of(head).filter(|_| layers > 0) {
            let mut spool = tempfile::tempfile()?;
            transcode(&mut io::BufReader::new(file), &mut spool, order)?;
            return Self::unpacked(name, spool, layers - 1);
        }
        let size = file.metadata()?.len();
        let content = if size > MAPPED {
            #[expect(unsafe_code, reason = "a report of hundreds of megabytes is not copied into memory")]
            // SAFETY: the file is a report that its tool has finished, or a temporary file of our own. One that is cut
            // short by somebody else while it is mapped ends the process with SIGBUS.
            Content::Mapped(unsafe { Mmap::map(&file)? })
        } else {
            let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
            file.read_to_end(&mut bytes)?;
            Content::Owned(bytes)
        };
        Ok(Self::from_content(name, content))
    }

    /// Text that is in memory.
    pub fn of_bytes(name: &str, bytes: Vec<u8>) -> Self {
        Self::from_content(name.to_owned(), Content::Owned(bytes))
    }

    fn from_content(name: String, content: Content) -> Self {
        let mut input = Self { name, content, skip: 0 };
        input.skip = if input.bytes().starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        input
    }

    /// The text.
    pub fn bytes(&self) -> &[u8] {
        let all: &[u8] = match &self.content {
            Content::Owned(bytes) => bytes,
            Content::Mapped(map) => map,
        };
        all.get(self.skip..).unwrap_or_default()
    }

    /// Lets go of the memory of what was read up to here; it can still be read again.
    pub fn release(&self, end: usize) {
        #[cfg(unix)]
        if let Content::Mapped(map) = &self.content {
            let end = end.min(map.len());
            #[expect(unsafe_code, reason = "giving pages of a mapping back has no safe form")]
            // SAFETY: the mapping is of a file and never written to, so that what is given back is read from it again.
            let _ = unsafe { map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, 0, end) };
        }
        #[cfg(not(unix))]
        let _ = end;
    }
}

fn read_head(file: &mut File, head: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < head.len() {
        match file.read(&mut head[length..])? {
            0 => break,
            count => length += count,
        }
    }
    Ok(length)
}

/// Copies all of a stream, up to the largest report there is. A stream that is cut short gives what it has.
fn copy(from: &mut impl Read, into: &mut impl Write) -> io::Result<()> {
    let mut limited = from.take(MAX_TEXT + 1);
    let mut buffer = vec![0; 64 << 10];
    let mut total = 0;
    loop {
        match limited.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                total += count as u64;
                if total > MAX_TEXT {
                    return Err(io::Error::other("it is larger than 8 GiB"));
                }
                into.write_all(&buffer[..count])?;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            // What a damaged archive has is used; that the report ends in the middle shows in itself.
            Err(_) if total > 0 => return Ok(()),
            Err(e) => return Err(e),
        }
    }
}

/// The order of the bytes of UTF-16.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    /// By a byte order mark, or by a first character of ASCII; `None` for what is no UTF-16.
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0xff, 0xfe, ..] | [b'{' | b'[' | b'<' | b'"', 0, _, 0] => Some(Self::Little),
            [0xfe, 0xff, ..] | [0, b'{' | b'[' | b'<' | b'"', 0, _] => Some(Self::Big),
            _ => None,
        }
    }
}

/// Writes UTF-16 as UTF-8.
fn transcode(from: &mut impl Read, into: &mut File, order: Order) -> io::Result<()> {
    let mut into = io::BufWriter::new(into);
    let units = Units { from, order };
    let mut written = 0u64;
    for decoded in char::decode_utf16(units) {
        let c = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
        written += c.len_utf8() as u64;
        if written > MAX_TEXT {
            return Err(io::Error::other("it is larger than 8 GiB"));
        }
        into.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
    }
    into.flush()
}

struct Units<'a, R> {
    from: &'a mut R,
    order: Order,
}

impl<R: Read> Iterator for Units<'_, R> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        let mut pair = [0; 2];
        // A text that ends in the middle shows that in itself.
        self.from.read_exact(&mut pair).ok()?;
        Some(match self.order {
            Order::Little => u16::from_le_bytes(pair),
            Order::Big => u16::from_be_bytes(pair),
        })
    }
}
