//! Reads references and reflogs in the reftable format, as git's technical documentation describes it
//! (`reftable.adoc`). Indexes and object maps are not read: everything is wanted.

mod records;

use std::collections::BTreeMap;
use std::path::Path;

use flate2::{Decompress, FlushDecompress, Status};

use super::bytes::{be32, be64};
use super::id::ObjectId;
use super::refs::Reference;
use records::Reader;

/// No table and no list of tables is larger, in bytes.
const MAX_TABLE: u64 = 256 << 20;
/// Names share their beginnings, so that a small table can hold long ones: so many bytes of names and logs at most are
/// read from all tables.
const MAX_TEXT: usize = 256 << 20;

/// What the tables of a repository hold.
#[derive(Debug, Default)]
pub struct Tables {
    values: BTreeMap<String, Value>,
    /// By reference: a line for every change, in the form of git's own log files, and the ids in them.
    logs: BTreeMap<String, Log>,
    /// Bytes of names and lines so far.
    text: usize,
    /// What could not be read, a sentence each.
    pub gaps: Vec<String>,
}

/// What is known of a reference's past.
#[derive(Debug, Default)]
struct Log {
    lines: Vec<u8>,
    ids: Vec<ObjectId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Id(ObjectId),
    Symbolic(String),
}

/// Why reading a table ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Damaged,
    TooMuch,
}

impl Tables {
    /// Reads the tables of a git directory; nothing without a `reftable` folder.
    pub fn read(git_dir: &Path) -> Self {
        let mut tables = Self::default();
        tables.add_folder(&git_dir.join("reftable"));
        tables
    }

    /// The same for a linked working tree, which has a HEAD of its own and shares the other references.
    pub fn of_worktree(git_dir: &Path, common_dir: &Path) -> Self {
        let mut tables = Self::read(common_dir);
        tables.add_folder(&git_dir.join("reftable"));
        tables
    }

    fn add_folder(&mut self, folder: &Path) {
        if !folder.is_dir() {
            return;
        }
        let mut file = |name: &str| match read(&folder.join(name)) {
            Ok(bytes) => Some(bytes),
            Err(why) => {
                self.gaps.push(format!("table of references `{name}`: {why}"));
                None
            }
        };
        let list = file("tables.list").unwrap_or_default();
        let list = String::from_utf8_lossy(&list);
        let names = list.lines().filter(|name| !name.contains(['/', '\\']));
        let read: Vec<_> = names.filter_map(|name| Some((name, file(name)?))).collect();
        // Later tables overrule earlier ones.
        for (name, bytes) in read {
            self.add(name, &bytes);
        }
    }

    /// The references, HEAD included, sorted by name, and after them what the logs remember, named by the log.
    pub fn references(&self) -> Vec<Reference> {
        let direct = |value: &Value| match value {
            Value::Id(id) => Some(*id),
            Value::Symbolic(target) => match self.values.get(target) {
                Some(Value::Id(id)) => Some(*id),
                _ => None,
            },
        };
        let now = self.values.iter().filter_map(|(name, value)| Some((name.clone(), direct(value)?)));
        let then = self.logs.iter().flat_map(|(name, log)| log.ids.iter().map(move |id| (format!("logs/{name}"), *id)));
        now.chain(then).collect()
    }

    /// The logs as text, named as git's log files are: `logs/HEAD`.
    pub fn into_logs(self) -> Vec<(String, Vec<u8>)> {
        self.logs.into_iter().map(|(name, log)| (format!("logs/{name}"), log.lines)).collect()
    }

    /// Takes over what one table says; what is damaged ends it and is told.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        let why = match self.add_table(bytes) {
            Ok(()) => return,
            Err(Stop::Damaged) => "it is damaged",
            Err(Stop::TooMuch) => "it holds more text than is read",
        };
        self.gaps.push(format!("table of references `{name}`: {why}"));
    }

    fn add_table(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let table = Table::new(bytes).ok_or(Stop::Damaged)?;
        let mut whole = if table.is_sound { Ok(()) } else { Err(Stop::Damaged) };
        // One half of it may be whole where the other is not.
        for part in [self.add_references(&table), self.add_logs(&table)] {
            whole = whole.and(part);
        }
        whole
    }

    fn add_references(&mut self, table: &Table<'_>) -> Result<(), Stop> {
        let mut start = 0;
        while start < table.references_end {
            let head = if start == 0 { table.header } else { start };
            if table.bytes.get(head) != Some(&b'r') {
                // A table of logs begins with them, and an empty one with its footer.
                let has_none = start == 0 && (table.logs_start == Some(0) || table.references_end == table.header);
                return if has_none { Ok(()) } else { Err(Stop::Damaged) };
            }
            // The length counts from the start of the block, which for the first one is the start of the file.
            let length = table.length(head).ok_or(Stop::Damaged)?;
            let block = table.bytes.get(start..start + length).ok_or(Stop::Damaged)?;
            self.add_records(Reader::of_references(block, head + 4 - start, table.width).ok_or(Stop::Damaged)?)?;
            start += match table.block_size {
                // The last block is not filled up when something else follows it.
                size if size > length && table.bytes.get(start + length) == Some(&0) => size,
                size if size > length && start + size < table.references_end => return Err(Stop::Damaged),
                _ => length.max(1),
            };
        }
        Ok(())
    }

    fn add_records(&mut self, mut records: Reader<'_>) -> Result<(), Stop> {
        while let Some(record) = records.reference().map_err(|()| Stop::Damaged)? {
            self.account(record.name.len() + record.target.map_or(0, <[u8]>::len))?;
            let name = String::from_utf8_lossy(record.name).into_owned();
            match (record.id, record.target) {
                (Some(id), _) => drop(self.values.insert(name, Value::Id(id))),
                (None, Some(target)) => {
                    let target = String::from_utf8_lossy(target).into_owned();
                    self.values.insert(name, Value::Symbolic(target));
                }
                (None, None) => drop(self.values.remove(&name)),
            }
        }
        Ok(())
    }

    fn add_logs(&mut self, table: &Table<'_>) -> Result<(), Stop> {
        let Some(mut start) = table.logs_start else { return Ok(()) };
        while start < table.logs_end {
            let head = if start == 0 { table.header } else { start };
            if table.bytes.get(head) != Some(&b'g') {
                return Err(Stop::Damaged);
            }
            // The length is that of the inflated block, its head included.
            let skipped = head + 4 - start;
            let length = table.length(head).and_then(|length| length.checked_sub(skipped)).ok_or(Stop::Damaged)?;
            let (block, taken) = inflate(table.bytes.get(head + 4..table.logs_end), length).ok_or(Stop::Damaged)?;
            let mut records = Reader::of_logs(&block, table.width).ok_or(Stop::Damaged)?;
            while let Some(record) = records.log().map_err(|()| Stop::Damaged)? {
                self.account(record.name.len() + record.line.len())?;
                let log = self.logs.entry(String::from_utf8_lossy(record.name).into_owned()).or_default();
                log.lines.extend_from_slice(&record.line);
                log.ids.extend(record.ids.into_iter().flatten());
            }
            start = head + 4 + taken;
        }
        Ok(())
    }

    fn account(&mut self, bytes: usize) -> Result<(), Stop> {
        self.text += bytes;
        if self.text > MAX_TEXT { Err(Stop::TooMuch) } else { Ok(()) }
    }

    /// How much of what was read is kept, in names, targets and lines.
    pub fn size(&self) -> usize {
        self.text
    }
}

/// Where the parts of a table are.
struct Table<'a> {
    bytes: &'a [u8],
    /// The length of the header, with which the first block begins.
    header: usize,
    /// The length of an id.
    width: usize,
    /// 0 when blocks are not filled up.
    block_size: usize,
    references_end: usize,
    logs_start: Option<usize>,
    logs_end: usize,
    /// Whether the footer is what its checksum was made of.
    is_sound: bool,
}

impl<'a> Table<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let version = *bytes.strip_prefix(b"REFT")?.first()?;
        let (header, width) = match (version, bytes.get(24..28)) {
            (1, _) => (24, 20),
            (2, Some(b"s256")) => (28, 32),
            (2, Some(b"sha1")) => (28, 20),
            _ => return None,
        };
        // The header again, five positions, a checksum.
        let end = bytes.len().checked_sub(header + 5 * 8 + 4)?;
        let footer = &bytes[end..];
        let is_sound = end >= header
            && footer[..header] == bytes[..header]
            && be32(footer, footer.len() - 4) == Some(libdeflater::crc32(&footer[..footer.len() - 4]));
        let position = |number: usize| {
            let value = be64(footer, header + number * 8)?;
            // The second holds the length of the ids of the object map in its last five bits.
            let value = if number == 1 { value >> 5 } else { value };
            usize::try_from(value).ok().filter(|at| is_sound && (1..end).contains(at))
        };
        let [references_index, objects, objects_index, logs, logs_index] = [0, 1, 2, 3, 4].map(position);
        let starts_with_logs = bytes.get(header) == Some(&b'g');
        let others = [references_index, objects, objects_index, logs];
        Some(Self {
            bytes,
            header,
            width,
            block_size: big_endian(bytes.get(5..8)?),
            references_end: others.into_iter().flatten().min().unwrap_or(end),
            logs_start: if starts_with_logs { Some(0) } else { logs },
            logs_end: logs_index.unwrap_or(end),
            is_sound,
        })
    }

    /// The length that the head of a block gives.
    fn length(&self, head: usize) -> Option<usize> {
        self.bytes.get(head + 1..head + 4).map(big_endian)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    match std::fs::metadata(path).map(|file| file.len()) {
        Ok(size) if size > MAX_TABLE => Err(format!("{size} bytes are more than the {MAX_TABLE} that are read")),
        Ok(_) => std::fs::read(path).map_err(|e| e.to_string()),
        Err(e) => Err(e.to_string()),
    }
}

/// Inflates data of a known length; also says how many bytes it took.
fn inflate(data: Option<&[u8]>, length: usize) -> Option<(Vec<u8>, usize)> {
    let (mut inflater, mut out) = (Decompress::new(true), Vec::with_capacity(length));
    let status = inflater.decompress_vec(data?, &mut out, FlushDecompress::Finish).ok()?;
    let taken = usize::try_from(inflater.total_in()).ok()?;
    (status == Status::StreamEnd && out.len() == length).then_some((out, taken))
}

fn big_endian(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |value, byte| value << 8 | usize::from(*byte))
}
