//! What Grype and Syft, both of Anchore, write alike: where an artifact lies, and what was scanned.

use serde::Deserialize;
use serde_json::Value;

use super::Around;
use crate::ingest::scanned::Scanned;

/// A file in which an artifact was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: String,
    is_primary: bool,
}

/// Reads a list of places: objects with a path, or plain paths as the first versions wrote them.
pub(super) fn places<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Place>, D::Error> {
    let Value::Array(list) = Value::deserialize(from)? else { return Ok(Vec::new()) };
    Ok(list.iter().filter_map(place).collect())
}

fn place(value: &Value) -> Option<Place> {
    let path = value.as_str().or_else(|| value.get("path")?.as_str()).or_else(|| value.get("realPath")?.as_str())?;
    let evidence = value.pointer("/annotations/evidence").and_then(Value::as_str);
    Some(Place { path: path.to_owned(), is_primary: evidence == Some("primary") })
}

/// The file that tells of an artifact: the one that is its evidence, else the first; empty without any.
pub(super) fn file(places: &[Place]) -> &str {
    places.iter().find(|place| place.is_primary).or(places.first()).map_or("", |place| &place.path)
}

/// What was scanned, as the `source` of a report tells it: its name is the `target` or in it, or in `metadata`.
pub(super) fn scanned(around: &Around<'_>) -> Scanned {
    let source: Value = around.get("source").unwrap_or_default();
    let kind = source.get("type").and_then(Value::as_str).unwrap_or_default();
    let names = ["/target", "/target/userInput", "/target/path", "/metadata/userInput", "/metadata/path", "/name"];
    let name = names.iter().find_map(|name| source.pointer(name)?.as_str()).unwrap_or_default();
    Scanned::of(kind, name)
}
