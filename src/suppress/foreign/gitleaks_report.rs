//! The baseline of gitleaks and betterleaks: a JSON report of an earlier run, a list of findings.
//!
//! <https://github.com/gitleaks/gitleaks#creating-a-baseline>. Where the report is redacted it tells no values, and places
//! must do.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Format;
use super::entry::{Spot, Value};
use super::list::List;
use super::position::Positions;
use crate::finding::{CommitRef, Secret};
use crate::ingest::lenient;
use crate::ingest::make::is_masked;

/// A report of gitleaks.
pub(super) const FORMAT: Format = Format { name: "a report of gitleaks", files: &[], knows, read };

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Record {
    #[serde(rename = "RuleID", deserialize_with = "lenient::text")]
    rule: String,
    #[serde(deserialize_with = "lenient::text")]
    file: String,
    #[serde(deserialize_with = "lenient::number")]
    start_line: u32,
    #[serde(deserialize_with = "lenient::text")]
    secret: String,
    #[serde(deserialize_with = "lenient::text")]
    commit: String,
}

impl Record {
    fn is_finding(&self) -> bool {
        !self.rule.is_empty() && !self.file.is_empty()
    }
}

fn knows(source: &str) -> bool {
    let Ok(records) = serde_json::from_str::<Vec<&RawValue>>(source) else { return false };
    // A report of nothing is an empty list.
    let is_finding =
        |raw: &&RawValue| serde_json::from_str::<Record>(raw.get()).is_ok_and(|record| record.is_finding());
    records.is_empty() || records.iter().any(is_finding)
}

fn read(source: &str, list: &mut List) -> Result<(), String> {
    let records: Vec<&RawValue> = serde_json::from_str(source).map_err(|e| e.to_string())?;
    let positions = Positions::new(source);
    for raw in records {
        let line = positions.line_of(raw.get());
        let record = serde_json::from_str::<Record>(raw.get()).ok().filter(Record::is_finding);
        let Some(Record { rule, file, start_line, secret, commit }) = record else {
            list.refuse(line, "it is no finding of gitleaks");
            continue;
        };
        let spot = Spot::new(&file, start_line, CommitRef::is_id(&commit).then_some(commit.as_str()));
        let value = match is_masked(secret.trim()) {
            true => Value::Unknown,
            false => Value::Text(Secret::new(secret.as_bytes())),
        };
        list.add(line, Some(spot), value, &format!("known, as {rule}"));
    }
    Ok(())
}
