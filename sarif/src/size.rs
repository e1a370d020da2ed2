//! Measures what an upload weighs: JSON without blanks, after gzip.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

/// Counts bytes and keeps none.
#[derive(Default)]
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes of a value as JSON without blanks.
pub(crate) fn plain(value: &Value) -> u64 {
    let mut counter = Counter::default();
    // Neither the value nor the counter can fail.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
}

/// Bytes of a value after gzip at its usual level, which is what the uploading action uses. A value that is below
/// `enough` without gzip is not compressed: the answer then is no more than that.
pub(crate) fn gzip(value: &Value, enough: u64) -> u64 {
    let plain = plain(value);
    if plain <= enough {
        return plain;
    }
    let mut encoder = GzEncoder::new(Counter::default(), Compression::default());
    let _ = serde_json::to_writer(io::BufWriter::new(&mut encoder), value);
    encoder.finish().map_or(plain, |counter| counter.0)
}

/// How many of some values, from the first on, fit into so many bytes after gzip.
pub(crate) fn prefix(values: &[Value], bytes: u64) -> usize {
    /// What the encoder may hold back.
    const HELD: u64 = 96 << 10;
    let mut encoder = GzEncoder::new(Counter::default(), Compression::default());
    for (at, value) in values.iter().enumerate() {
        let _ = serde_json::to_writer(io::BufWriter::new(&mut encoder), value);
        if encoder.get_ref().0 + HELD > bytes {
            return at;
        }
    }
    values.len()
}
