//! Reads what holds many records in one file: archives, and lines of JSON. Every bound on what is unpacked is here.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use super::kind::Kind;
use super::{BATCH, Gathered, Item, MAX_FILES};
use crate::advisories::osv::MAX_RECORD;

/// No archive unpacks to more bytes.
const MAX_UNPACKED: u64 = 16 << 30;

/// Items on their way to be read.
struct Batch<'a> {
    to: &'a mut Gathered,
    items: Vec<Item>,
    held: usize,
    count: usize,
    unpacked: u64,
}

impl<'a> Batch<'a> {
    fn new(to: &'a mut Gathered) -> Self {
        Self { to, items: Vec::new(), held: 0, count: 0, unpacked: 0 }
    }

    /// Reads an entry, if it is one of ours.
    fn entry(&mut self, name: &str, size: u64, reader: impl Read) -> io::Result<()> {
        self.count += 1;
        if self.count > MAX_FILES {
            return Err(io::Error::other("it has too many entries"));
        }
        if !matches!(Kind::of(name), Some(Kind::Json | Kind::Yaml | Kind::Markdown)) {
            return Ok(());
        }
        if size > MAX_RECORD {
            self.to.unreadable(name, "it is larger than any record");
            return Ok(());
        }
        let mut bytes = Vec::new();
        if let Err(e) = reader.take(MAX_RECORD + 1).read_to_end(&mut bytes) {
            self.to.unreadable(name, &e.to_string());
            return Ok(());
        }
        match bytes.len() as u64 > MAX_RECORD {
            true => self.to.unreadable(name, "it is larger than any record"),
            false => self.add(Item { name: name.to_owned(), bytes }),
        }
        match self.unpacked > MAX_UNPACKED {
            true => Err(io::Error::other("it unpacks to too many bytes")),
            false => Ok(()),
        }
    }

    fn add(&mut self, item: Item) {
        self.unpacked += item.bytes.len() as u64;
        self.held += item.bytes.len();
        self.items.push(item);
        if self.held > BATCH {
            self.finish(true);
        }
    }

    fn finish(&mut self, among: bool) {
        self.to.take(std::mem::take(&mut self.items), among);
        self.held = 0;
    }
}

pub(super) fn zip(file: File, to: &mut Gathered) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(io::Error::other)?;
    let mut batch = Batch::new(to);
    for at in 0..archive.len() {
        match archive.by_index(at) {
            Ok(entry) if entry.is_file() => {
                let name = entry.name().map(|name| name.into_owned()).unwrap_or_default();
                batch.entry(&name, entry.size(), entry)?;
            }
            Ok(_) => {}
            Err(e) => batch.to.unreadable(&format!("entry {at}"), &e.to_string()),
        }
    }
    batch.finish(true);
    Ok(())
}

pub(super) fn tar(reader: impl Read, to: &mut Gathered) -> io::Result<()> {
    let mut archive = tar::Archive::new(reader.take(MAX_UNPACKED));
    let mut batch = Batch::new(to);
    for entry in archive.entries()? {
        let entry = entry?;
        if entry.header().entry_type().is_file() {
            let (name, size) = (String::from_utf8_lossy(&entry.path_bytes()).into_owned(), entry.size());
            batch.entry(&name, size, entry)?;
        }
    }
    batch.finish(true);
    Ok(())
}

/// A record in each line; empty lines are nothing.
pub(super) fn lines(name: &str, reader: impl Read, to: &mut Gathered) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(1 << 20, reader);
    let mut batch = Batch::new(to);
    for number in 1usize.. {
        let mut bytes = Vec::new();
        let read = (&mut reader).take(MAX_RECORD + 1).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            break;
        }
        if read as u64 > MAX_RECORD {
            return Err(io::Error::other(format!("line {number} is larger than any record")));
        }
        if number > MAX_FILES {
            return Err(io::Error::other("it has too many lines"));
        }
        if !bytes.trim_ascii().is_empty() {
            batch.held += bytes.len();
            batch.items.push(Item { name: format!("{name} line {number}"), bytes });
            if batch.held > BATCH {
                batch.finish(false);
            }
        }
    }
    batch.finish(false);
    Ok(())
}
