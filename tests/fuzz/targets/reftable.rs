//! Tables of references give no more than their bytes allow, whole or damaged.
#![no_main]

use flate2::{Compression, Crc};
use libfuzzer_sys::fuzz_target;
use scanall::history::reftable::Tables;

/// A record is at least so long.
const RECORD: usize = 3;
/// No name is longer, and no name of a log either.
const NAME: usize = 1 << 14;
/// Deflate makes no more of a byte.
const MOST: usize = 1032;

fuzz_target!(|data: &[u8]| {
    let [kind, rest @ ..] = data else { return };
    let table = match kind & 3 {
        0 => rest.to_vec(),
        1 => signed(rest),
        _ => made(rest),
    };
    let mut tables = Tables::default();
    tables.add("table", &table);
    tables.add("again", &table);
    assert!(tables.gaps.len() <= 2, "a sentence for each table");
    let records = 2 * (table.len() * MOST / RECORD);
    let references = tables.references();
    assert!(references.len() <= 3 * records && tables.size() <= records * (NAME + 256) + 2 * table.len() * MOST);
    assert!(references.iter().all(|(name, _)| name.len() <= 3 * NAME + "logs/".len()));
    for (name, log) in tables.into_logs() {
        assert!(name.starts_with("logs/") && (log.is_empty() || log.ends_with(b"\n")));
    }
});

/// Puts the right checksum, and the header again, where they belong: a fuzzer does not.
fn signed(bytes: &[u8]) -> Vec<u8> {
    let mut table = bytes.to_vec();
    let header = if table.get(4) == Some(&2) { 28 } else { 24 };
    let Some(end) = table.len().checked_sub(header + 44).filter(|end| *end >= header) else { return table };
    table.copy_within(..header, end);
    let (footer, at) = (end..table.len() - 4, table.len() - 4);
    let mut crc = Crc::new();
    crc.update(&table[footer]);
    table[at..].copy_from_slice(&crc.sum().to_be_bytes());
    table
}

/// A table of one block of references and one of logs, whose records are as given.
fn made(bytes: &[u8]) -> Vec<u8> {
    let (references, logs) = bytes.split_at(bytes.len() / 2);
    let big = |value: usize| [(value >> 16) as u8, (value >> 8) as u8, value as u8];
    let mut table = b"REFT\x01\0\0\0".to_vec();
    table.extend_from_slice(&[0; 16]);
    table.push(b'r');
    table.extend_from_slice(&big(24 + 4 + references.len() + 2));
    table.extend_from_slice(references);
    table.extend_from_slice(&[0, 0]);
    let start = table.len();
    table.push(b'g');
    table.extend_from_slice(&big(4 + logs.len() + 2));
    let mut writer = flate2::write::ZlibEncoder::new(table, Compression::fast());
    let content = [logs, &[0, 0]].concat();
    std::io::Write::write_all(&mut writer, &content).expect("memory takes everything");
    let mut table = writer.finish().expect("memory takes everything");
    table.extend_from_slice(&[0; 24 + 24]);
    table.extend_from_slice(&(start as u64).to_be_bytes());
    table.extend_from_slice(&[0; 12]);
    signed(&table)
}
