//! Reads advisories from files: records of OSV as JSON, YAML and lines of JSON, checkouts of databases (those of RustSec,
//! RubySec and FriendsOfPHP have formats of their own), archives of all of these, stores, CISA's catalogue and FIRST's
//! scores. What cannot be read is counted, and the first ones are named.

mod archive;
mod kind;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rayon::prelude::*;

use super::exploited::Lists;
use super::osv::{MAX_RECORD, Said};
use super::record::{Record, database};
use super::store::{Coverage, MAX_STORE, Store};
use super::{exploited, friends_of_php, osv, rubysec, rustsec};
use crate::error::Error;
use crate::text;
use kind::Kind;

/// No tree has more files, no archive more entries.
const MAX_FILES: usize = 4_000_000;
/// Folders in folders are looked into this deep.
const MAX_DEPTH: usize = 32;
/// So many bytes are held before they are read as records.
const BATCH: usize = 64 << 20;
/// So many of those that cannot be read are named.
const NAMED: usize = 3;
/// No list of exploited vulnerabilities is larger, in bytes.
const MAX_LIST: u64 = 256 << 20;

/// What files say.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Records, each with the name of its source.
    pub records: Vec<(Record, String)>,
    /// Ids of records that were withdrawn, or that nothing can be matched with.
    pub gone: Vec<String>,
    /// What stores say of their sources.
    pub coverage: Vec<Coverage>,
    /// What is exploited.
    pub exploited: Lists,
    /// How many files or lines could not be read.
    pub unreadable: usize,
    /// The first of them, each with the reason.
    pub named: Vec<String>,
    /// Ranges that were left out, since they have too many events.
    pub left_out: usize,
    /// When the newest file was changed, in seconds since 1970; 0 where that cannot be told.
    pub newest_file: i64,
}

/// A file, or a part of one.
struct Item {
    name: String,
    bytes: Vec<u8>,
}

impl Gathered {
    /// Reads a file or a folder, with all that is in it.
    ///
    /// # Errors
    /// It cannot be read at all.
    pub fn read(&mut self, path: &Path) -> Result<(), Error> {
        let failed =
            |e: std::io::Error| Error::usage(format!("cannot read advisories from `{}`", path.display())).because(e);
        if !fs::metadata(path).map_err(failed)?.is_dir() {
            return self.read_file(path).map_err(failed);
        }
        let mut files = Vec::new();
        list(path, 0, &mut files).map_err(failed)?;
        files.sort();
        let mut batch = Vec::new();
        let mut held = 0;
        for file in files {
            match Kind::of(&relative(path, &file)) {
                None => {}
                Some(Kind::Json | Kind::Yaml | Kind::Markdown) => {
                    self.newest_file = self.newest_file.max(changed(&file));
                    match bounded(&file, MAX_RECORD) {
                        Ok(bytes) => {
                            held += bytes.len();
                            batch.push(Item { name: relative(path, &file), bytes });
                        }
                        Err(e) => self.unreadable(&relative(path, &file), &e.to_string()),
                    }
                    if held > BATCH {
                        self.take(std::mem::take(&mut batch), true);
                        held = 0;
                    }
                }
                Some(_) => {
                    if let Err(e) = self.read_file(&file) {
                        self.unreadable(&relative(path, &file), &e.to_string());
                    }
                }
            }
        }
        self.take(batch, true);
        Ok(())
    }

    /// How many records could not be read and which was the first, in words; `None` where all could be.
    pub fn trouble(&self) -> Option<String> {
        let first = self.named.first()?;
        Some(format!("{} could not be read, the first is {first}", text::count(self.unreadable, "advisory")))
    }

    fn read_file(&mut self, path: &Path) -> std::io::Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.newest_file = self.newest_file.max(changed(path));
        let mut head = Vec::new();
        fs::File::open(path)?.take(8).read_to_end(&mut head)?;
        if Store::is_store(&head) {
            let store = Store::from_bytes(bounded(path, MAX_STORE)?).map_err(std::io::Error::other)?;
            return self.take_store(&store);
        }
        match Kind::of(&name) {
            Some(Kind::Zip) => archive::zip(fs::File::open(path)?, self),
            Some(Kind::TarGz) => archive::tar(flate2::read::MultiGzDecoder::new(fs::File::open(path)?), self),
            Some(Kind::Tar) => archive::tar(fs::File::open(path)?, self),
            Some(kind) => match name.ends_with(".gz") {
                true => self.read_as(kind, &name, flate2::read::MultiGzDecoder::new(fs::File::open(path)?)),
                false => self.read_as(kind, &name, fs::File::open(path)?),
            },
            None => Err(std::io::Error::other(
                "it is of no kind that is known: neither JSON, YAML, lines of JSON, a zip or tar archive, nor a store",
            )),
        }
    }

    fn read_as(&mut self, kind: Kind, name: &str, reader: impl Read) -> std::io::Result<()> {
        match kind {
            Kind::Lines => archive::lines(name, reader, self),
            Kind::Scores => {
                let list = exploited::read_epss(reader.take(MAX_LIST)).map_err(std::io::Error::other)?;
                self.exploited.epss = Some(list);
                Ok(())
            }
            _ => {
                let mut bytes = Vec::new();
                if reader.take(MAX_LIST).read_to_end(&mut bytes)? as u64 == MAX_LIST {
                    return Err(std::io::Error::other("it is larger than any list of advisories"));
                }
                self.take(vec![Item { name: name.to_owned(), bytes }], false);
                Ok(())
            }
        }
    }

    /// Takes the records of a store with all that it knows of its sources.
    pub fn take_store(&mut self, store: &Store) -> std::io::Result<()> {
        let damaged = |_| std::io::Error::other("it is damaged");
        let sources = store.meta().sources();
        let records = store.records().map_err(damaged)?;
        self.records.extend(records.into_iter().map(|(record, source)| {
            let source = sources.get(source).map_or_else(|| database(&record.id), |name| *name);
            (record, source.to_owned())
        }));
        self.coverage.extend(store.meta().coverage.iter().cloned());
        let lists = store.lists().map_err(damaged)?;
        self.exploited.kev = lists.kev.or(self.exploited.kev.take());
        self.exploited.epss = lists.epss.or(self.exploited.epss.take());
        Ok(())
    }

    /// Reads records, all processors at once. `among` others, files of another kind are no trouble.
    fn take(&mut self, items: Vec<Item>, among: bool) {
        let read: Vec<(String, Result<Contents, String>)> = items
            .into_par_iter()
            .map(|item| {
                let contents = read(&item, among);
                (item.name, contents)
            })
            .collect();
        for (name, contents) in read {
            match contents {
                Ok(Contents::Records(records)) => records.into_iter().for_each(|said| self.say(said)),
                Ok(Contents::Kev(list)) => self.exploited.kev = Some(list),
                Ok(Contents::Nothing) => {}
                Err(why) => self.unreadable(&name, &why),
            }
        }
    }

    fn say(&mut self, said: Said) {
        self.left_out += said.left_out;
        match said.record {
            Some(record) => {
                let source = database(&record.id).to_owned();
                self.records.push((record, source));
            }
            None => self.gone.push(said.id),
        }
    }

    fn unreadable(&mut self, name: &str, why: &str) {
        self.unreadable += 1;
        if self.named.len() < NAMED {
            self.named.push(format!("`{}`: {}", text::printable(name), text::printable(why)));
        }
    }
}

/// What a file holds.
enum Contents {
    Records(Vec<Said>),
    Kev(exploited::List<exploited::Kev>),
    Nothing,
}

fn read(item: &Item, among: bool) -> Result<Contents, String> {
    let text = || std::str::from_utf8(&item.bytes).map_err(|e| e.to_string());
    let one = |said: Said| Contents::Records(vec![said]);
    match Kind::of(&item.name) {
        Some(Kind::Markdown) => rustsec::from_markdown(text()?).map(one),
        Some(Kind::Yaml) => match read_yaml(text()?, stem(&item.name)) {
            Ok(Some(said)) => Ok(one(said)),
            Ok(None) if among => Ok(Contents::Nothing),
            Ok(None) => osv::from_yaml(text()?).map(one),
            Err(why) => Err(why),
        },
        _ => read_json(&item.bytes, among),
    }
}

/// An advisory of any database that writes YAML; `None` of another text.
fn read_yaml(text: &str, name: &str) -> Result<Option<Said>, String> {
    if rubysec::is_one(text) {
        return rubysec::from_yaml(text, name).map(Some);
    }
    if friends_of_php::is_one(text) {
        return friends_of_php::from_yaml(text, name).map(Some);
    }
    match osv::from_yaml(text) {
        Err(_) if !is_record(text) => Ok(None),
        read => read.map(Some),
    }
}

/// The name of a file, without its folder and its last end.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// A record, a list of them, or CISA's catalogue.
fn read_json(bytes: &[u8], among: bool) -> Result<Contents, String> {
    let why = match osv::from_json(bytes) {
        Ok(said) => return Ok(Contents::Records(vec![said])),
        Err(why) => why,
    };
    if bytes.trim_ascii_start().starts_with(b"[") {
        let records: Vec<&serde_json::value::RawValue> = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        return records
            .iter()
            .map(|raw| osv::from_json(raw.get().as_bytes()))
            .collect::<Result<_, _>>()
            .map(Contents::Records);
    }
    match exploited::read_kev(bytes) {
        Ok(list) => Ok(Contents::Kev(list)),
        Err(_) if among && !std::str::from_utf8(bytes).is_ok_and(is_record) => Ok(Contents::Nothing),
        Err(_) => Err(why),
    }
}

/// Whether a text that cannot be read as a record means to be one.
fn is_record(text: &str) -> bool {
    let has = |key: &str| {
        text.contains(&format!("\"{key}\""))
            || text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')))
    };
    has("affected") && has("id")
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() && depth < MAX_DEPTH && entry.file_name() != ".git" {
            list(&entry.path(), depth + 1, files)?;
        } else if kind.is_file() {
            if files.len() == MAX_FILES {
                return Err(std::io::Error::other("it has too many files"));
            }
            files.push(entry.path());
        }
    }
    Ok(())
}

fn relative(root: &Path, file: &Path) -> String {
    let name = file.strip_prefix(root).unwrap_or(file).to_string_lossy();
    // Where the folder of crates itself is named, that it is one is part of the name.
    match root.file_name().is_some_and(|name| name == "crates") {
        true => format!("crates/{name}"),
        false => name.into_owned(),
    }
}

/// The bytes of a file that has no more than are allowed.
fn bounded(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(std::io::Error::other(format!("it has more than {most} bytes"))),
        false => Ok(bytes),
    }
}

fn changed(path: &Path) -> i64 {
    let time = fs::metadata(path).and_then(|about| about.modified()).ok();
    let since = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
