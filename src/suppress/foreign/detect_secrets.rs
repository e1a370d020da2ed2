//! The baseline of detect-secrets, `.secrets.baseline`: for each file the type, the SHA-1 and the line of what was found,
//! and what an audit said of it.
//!
//! <https://github.com/Yelp/detect-secrets#usage>. What an audit called a secret (`is_secret`) is not accepted.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Format;
use super::entry::{Spot, Value};
use super::list::List;
use super::position::Positions;
use crate::ingest::lenient;

/// The types whose hash is that of a heading, which all such secrets share.
const HEADINGS: [&str; 1] = ["Private Key"];

/// `.secrets.baseline`.
pub(super) const FORMAT: Format =
    Format { name: "a baseline of detect-secrets", files: &[".secrets.baseline"], knows, read };

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    results: BTreeMap<String, Vec<&'a RawValue>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Record {
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    kind: String,
    #[serde(deserialize_with = "lenient::text")]
    hashed_secret: String,
    #[serde(deserialize_with = "lenient::number")]
    line_number: u32,
    #[serde(deserialize_with = "lenient::maybe")]
    is_secret: Option<bool>,
}

fn knows(source: &str) -> bool {
    source.trim_start().starts_with('{') && serde_json::from_str::<Document<'_>>(source).is_ok()
}

fn read(source: &str, list: &mut List) -> Result<(), String> {
    let document: Document<'_> = serde_json::from_str(source).map_err(|e| e.to_string())?;
    let positions = Positions::new(source);
    for (path, records) in &document.results {
        for raw in records {
            let line = positions.line_of(raw.get());
            let Ok(record) = serde_json::from_str::<Record>(raw.get()) else {
                list.refuse(line, "it is no finding of detect-secrets");
                continue;
            };
            let hash = digest(&record.hashed_secret);
            if hash.is_some() {
                list.add_hash(line, &record.hashed_secret);
            }
            if record.is_secret == Some(true) {
                continue;
            }
            let value = match hash {
                _ if HEADINGS.contains(&record.kind.as_str()) => Value::Unknown,
                Some(digest) => Value::Digest(digest),
                None => {
                    list.refuse(line, "its `hashed_secret` is no SHA-1");
                    continue;
                }
            };
            let audited = if record.is_secret == Some(false) { "audited and no secret" } else { "known" };
            let reason = format!("{audited}, as {}", record.kind);
            list.add(line, Some(Spot::new(path, record.line_number, None)), value, &reason);
        }
    }
    Ok(())
}

/// Reads 40 hexadecimal digits; `None` for any other text.
fn digest(text: &str) -> Option<[u8; 20]> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    bytes.try_into().ok().filter(|_| digits.len() == 40)
}
