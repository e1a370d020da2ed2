//! Finds the place of a result in the repository.

use std::collections::HashMap;

use serde_json::Value;

use super::Run;
use crate::finding::{Location, RepoPath};
use crate::ingest::out::{Out, span};

/// Paths that were found already, by address and base.
pub(super) type Known = HashMap<(String, String), RepoPath>;

/// So many other places of a result are kept.
const MOST: usize = 100;

/// The places of a result: the first is its own. Never empty: what has no file is at the name that the report gives it,
/// below the tool's.
pub(super) fn all(result: &Value, run: &mut Run, out: &Out) -> Vec<Location> {
    let list = result.get("locations").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut found: Vec<Location> = list.iter().take(MOST).filter_map(|place| physical(place, run, out)).collect();
    if found.is_empty() {
        let target = result.get("analysisTarget").and_then(|target| path(target, run, out));
        let named = || list.iter().find_map(logical).map(|name| format!("{}/{name}", run.producer.tool));
        let named = named().unwrap_or_else(|| run.producer.tool.clone());
        found.push(Location::here(target.unwrap_or_else(|| RepoPath::new(named)), None));
    }
    found
}

fn physical(place: &Value, run: &mut Run, out: &Out) -> Option<Location> {
    let physical = place.get("physicalLocation")?;
    let path = path(physical.get("artifactLocation")?, run, out)?;
    let number = |key: &str| {
        let value = physical.get("region").and_then(|region| region.get(key));
        value.and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    };
    let lines = span(number("startLine"), number("startColumn"), number("endLine"), number("endColumn"));
    Some(Location::here(path, lines))
}

/// The path of an artifact; `None` when it has none.
fn path(artifact: &Value, run: &mut Run, out: &Out) -> Option<RepoPath> {
    // An artifact may be told once and referred to by its number.
    let indexed = artifact.get("index").and_then(Value::as_u64).and_then(|index| {
        let list = run.value.get("artifacts")?.as_array()?;
        list.get(usize::try_from(index).ok()?)?.get("location")
    });
    let told = |key: &str| {
        let direct = artifact.get(key).and_then(Value::as_str);
        direct.or_else(|| indexed?.get(key)?.as_str()).unwrap_or_default().to_owned()
    };
    let key = (told("uri"), told("uriBaseId"));
    if key.0.trim().is_empty() {
        return None;
    }
    if let Some(path) = run.places.get(&key) {
        return Some(path.clone());
    }
    let path = out.places().of_run(&run.value, &key.0, &key.1);
    let path = if path.as_str().is_empty() { RepoPath::new(&run.producer.tool) } else { path };
    run.places.insert(key, path.clone());
    Some(path)
}

/// What a place is called that is no file, as a path.
fn logical(place: &Value) -> Option<String> {
    let first = place.get("logicalLocations")?.as_array()?.first()?;
    let name = ["fullyQualifiedName", "decoratedName", "name"].iter().find_map(|key| first.get(key)?.as_str())?;
    let name: String = name.chars().take(200).map(|c| if c.is_control() || c == '\\' { '_' } else { c }).collect();
    (!name.trim().is_empty()).then_some(name)
}
