//! Repairs regions that contradict themselves.

use serde_json::{Map, Value, json};

use crate::notice::Notices;
use crate::schema::{Schema, visit};
use crate::value::keep;

/// Places that are no lines and columns.
const OFFSETS: &[&str] = &["charOffset", "charLength", "byteOffset", "byteLength"];

pub(super) fn mend(run: &mut Value, notices: &mut Notices) {
    let node = Schema::get().definition("run");
    visit(run, node, &mut Vec::new(), &mut |kind, _, map| match kind {
        "region" => region(map, notices),
        "physicalLocation" => context(map, notices),
        _ => {}
    });
}

fn number(region: &Map<String, Value>, key: &str) -> Option<i64> {
    region.get(key).and_then(Value::as_i64)
}

/// What contradicts the start of a region goes.
fn region(region: &mut Map<String, Value>, notices: &mut Notices) {
    let offsets: Vec<&str> = OFFSETS.iter().copied().filter(|key| number(region, key) == Some(-1)).collect();
    for key in offsets {
        region.remove(key);
    }
    let Some(start) = number(region, "startLine") else {
        // A length, an end or a column says nothing without a start.
        let has_start = ["charOffset", "byteOffset"].iter().any(|key| number(region, key).is_some());
        let lines = ["startColumn", "endLine", "endColumn"].iter().any(|key| region.contains_key(*key));
        if lines || !has_start {
            let start = number(region, "endLine").unwrap_or(1);
            region.insert("startLine".to_owned(), json!(start));
            notices.add("region", "without a start given one");
            self::region(region, notices);
        }
        return;
    };
    let mut broken = false;
    if number(region, "endLine").is_some_and(|end| end < start) {
        region.remove("endLine");
        // Then the column is that of another line.
        region.remove("endColumn");
        broken = true;
    }
    let is_one_line = number(region, "endLine").is_none_or(|end| end == start);
    let first = number(region, "startColumn").unwrap_or(1);
    if is_one_line && number(region, "endColumn").is_some_and(|end| end < first) {
        region.remove("endColumn");
        broken = true;
    }
    if broken {
        notices.add("region", "cut: its end stood before its start");
    }
    for key in OFFSETS {
        if let Some(offset) = region.remove(*key) {
            keep(region, key, offset);
            notices.add("offset", "moved into the property bag: the region has lines");
        }
    }
}

/// The lines around a region must hold all of it and more.
fn context(physical: &mut Map<String, Value>, notices: &mut Notices) {
    let Some(Value::Object(context)) = physical.get("contextRegion") else { return };
    let holds = match physical.get("region") {
        Some(Value::Object(region)) => match (span(region), span(context)) {
            (Some((start, end)), Some((from, to))) => from <= start && to >= end && (from, to) != (start, end),
            _ => false,
        },
        _ => false,
    };
    if !holds && let Some(context) = physical.remove("contextRegion") {
        keep(physical, "contextRegion", context);
        notices.add("context region", "moved into the property bag: it does not hold the region and more");
    }
}

/// From the first character to the one behind the last, as lines and columns; `None` without a line.
fn span(region: &Map<String, Value>) -> Option<((i64, i64), (i64, i64))> {
    let start = number(region, "startLine")?;
    let end = number(region, "endLine").unwrap_or(start);
    let columns = (number(region, "startColumn").unwrap_or(1), number(region, "endColumn").unwrap_or(i64::MAX));
    Some(((start, columns.0), (end, columns.1)))
}

/// Gives a region that has offsets only a line, since GitHub shows nothing without.
pub(super) fn at_line(region: &mut Map<String, Value>, line: i64) {
    region.insert("startLine".to_owned(), json!(line));
    self::region(region, &mut Notices::default());
}
