//! Reads references in the reftable format, as git's technical documentation describes it (`reftable.adoc`).
//!
//! Only the blocks of references are read; those of logs, indexes and object maps are not.

use std::collections::BTreeMap;
use std::path::Path;

use super::bytes::varint;
use super::id::ObjectId;
use super::refs::Reference;

/// No table and no list of tables is larger, in bytes.
const MAX_TABLE: u64 = 256 << 20;

/// The references of a git directory with a `reftable` folder, HEAD included, sorted by name; empty without one. A
/// linked working tree has a folder of its own for its HEAD.
pub(super) fn all(git_dir: &Path, common_dir: &Path) -> Vec<Reference> {
    let mut values = BTreeMap::new();
    // Later tables overrule earlier ones.
    for folder in [common_dir, git_dir].map(|dir| dir.join("reftable")) {
        let list = read(&folder.join("tables.list")).unwrap_or_default();
        for name in String::from_utf8_lossy(&list).lines().filter(|name| !name.contains(['/', '\\'])) {
            if let Some(table) = read(&folder.join(name)) {
                read_table(&table, &mut values);
            }
        }
    }
    let direct = |value: &Value| match value {
        Value::Id(id) => Some(*id),
        Value::Symbolic(target) => match values.get(target) {
            Some(Value::Id(id)) => Some(*id),
            _ => None,
        },
    };
    values.iter().filter_map(|(name, value)| Some((name.clone(), direct(value)?))).collect()
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Id(ObjectId),
    Symbolic(String),
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let size = std::fs::metadata(path).ok()?.len();
    std::fs::read(path).ok().filter(|_| size <= MAX_TABLE)
}

/// Takes over what one table says; what is damaged ends it.
fn read_table(table: &[u8], values: &mut BTreeMap<String, Value>) -> Option<()> {
    let version = *table.strip_prefix(b"REFT")?.first()?;
    let block_size = big_endian(table.get(5..8)?);
    let (header, width) = match (version, table.get(24..28)) {
        (1, _) => (24, 20),
        (2, Some(b"s256")) => (28, 32),
        (2, _) => (28, 20),
        _ => return None,
    };
    let mut start = 0;
    loop {
        let head = if start == 0 { header } else { start };
        if *table.get(head)? != b'r' {
            return Some(());
        }
        // The length counts from the start of the block, which for the first one is the start of the file.
        let length = big_endian(table.get(head + 1..head + 4)?);
        let block = table.get(start..start + length)?;
        let restarts = big_endian(block.get(length.checked_sub(2)?..)?);
        let end = length.checked_sub(2 + 3 * restarts)?;
        read_block(block.get(head + 4 - start..end)?, width, values)?;
        start += if block_size > 0 { block_size } else { length };
        if length == 0 {
            return None;
        }
    }
}

fn read_block(records: &[u8], width: usize, values: &mut BTreeMap<String, Value>) -> Option<()> {
    let mut rest = records;
    let mut name: Vec<u8> = Vec::new();
    while !rest.is_empty() {
        let prefix = varint(&mut rest)?;
        let suffix = varint(&mut rest)?;
        let kind = suffix & 7;
        name.truncate(prefix);
        name.extend_from_slice(take(&mut rest, suffix >> 3)?);
        varint(&mut rest)?;
        let text = String::from_utf8_lossy(&name).into_owned();
        match kind {
            0 => drop(values.remove(&text)),
            1 | 2 => {
                let id = ObjectId::from_bytes(take(&mut rest, width)?)?;
                if kind == 2 {
                    take(&mut rest, width)?;
                }
                values.insert(text, Value::Id(id));
            }
            3 => {
                let length = varint(&mut rest)?;
                let target = String::from_utf8_lossy(take(&mut rest, length)?).into_owned();
                values.insert(text, Value::Symbolic(target));
            }
            _ => return None,
        }
    }
    Some(())
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

fn big_endian(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |value, byte| value << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn damage_does_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), size in 0u8..64) {
            let mut table = b"REFT\x01\0\0".to_vec();
            table.push(size);
            table.extend_from_slice(&[0; 16]);
            table.push(b'r');
            table.extend_from_slice(&bytes);
            read_table(&table, &mut BTreeMap::new());
        }
    }
}
