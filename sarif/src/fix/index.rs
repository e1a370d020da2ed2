//! Keeps what refers to elements of a run's lists by number right.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::budget::Budget;
use crate::notice::Notices;
use crate::schema::{Schema, visit};
use crate::value::{fields, keep, list, list_mut, text};

/// What refers by number: the kind of object, the property, and the list of the run that it counts in.
pub(crate) const INDEXES: &[(&str, &str, &str)] = &[
    ("address", "index", "addresses"),
    ("address", "parentIndex", "addresses"),
    ("artifact", "parentIndex", "artifacts"),
    ("artifactLocation", "index", "artifacts"),
    ("graphTraversal", "runGraphIndex", "graphs"),
    ("logicalLocation", "index", "logicalLocations"),
    ("logicalLocation", "parentIndex", "logicalLocations"),
    ("resultProvenance", "invocationIndex", "invocations"),
    ("threadFlowLocation", "index", "threadFlowLocations"),
    ("webRequest", "index", "webRequests"),
    ("webResponse", "index", "webResponses"),
];

/// Lists whose elements must differ.
const UNIQUE: &[&str] =
    &["artifacts", "graphs", "logicalLocations", "threadFlowLocations", "webRequests", "webResponses"];

/// So many times lists are searched for twins, each time one level further out.
const MAX_PASSES: usize = 16;

/// Changes every number that refers to an element; where the answer is `None` the reference goes.
pub(super) fn renumber(run: &mut Value, number: &mut dyn FnMut(&str, usize) -> Option<usize>) {
    let node = Schema::get().definition("run");
    visit(run, node, &mut Vec::new(), &mut |kind, _, map| {
        for (_, property, array) in INDEXES.iter().filter(|(of, ..)| *of == kind) {
            let Some(old) = map.get(*property).and_then(Value::as_i64) else { continue };
            match usize::try_from(old).ok().and_then(|old| number(array, old)) {
                Some(new) => drop(map.insert((*property).to_owned(), json!(new))),
                None => drop(map.remove(*property)),
            }
        }
    });
}

/// Takes out references to elements that are not there, and -1, by which some tools say that there is none.
pub(super) fn check(run: &mut Value, notices: &mut Notices) {
    let lengths: HashMap<&str, usize> = INDEXES.iter().map(|(.., array)| (*array, list(run, array).len())).collect();
    let mut lost = 0;
    renumber(run, &mut |array, old| {
        let found = Some(old).filter(|old| lengths.get(array).is_some_and(|length| old < length));
        lost += usize::from(found.is_none());
        found
    });
    notices.add_many("reference", "left out: it counts beyond the end of a list", lost);
    let node = Schema::get().definition("run");
    visit(run, node, &mut Vec::new(), &mut |kind, _, map| {
        let graphs = map.get("graphs").and_then(Value::as_array).map_or(0, Vec::len);
        if kind == "result"
            && let Some(Value::Array(traversals)) = map.get_mut("graphTraversals")
        {
            let is_lost = |t: &Value| {
                t.get("resultGraphIndex").is_some_and(|at| at.as_u64().is_none_or(|at| at >= graphs as u64))
            };
            let lost: Vec<Value> = traversals.extract_if(.., |t| is_lost(t)).collect();
            if !lost.is_empty() {
                notices.add_many(
                    "graph traversal",
                    "moved into the property bag: its graph does not exist",
                    lost.len(),
                );
                crate::value::keep(map, "graphTraversals", Value::Array(lost));
            }
        }
    });
}

/// Writes into every location the address that it gives by number only, since GitHub does not look it up.
pub(super) fn name_artifacts(run: &mut Value, notices: &mut Notices) {
    let artifacts: Vec<Option<Map<String, Value>>> = list(run, "artifacts")
        .iter()
        .map(|artifact| artifact.get("location").filter(|l| text(l, "uri").is_some())?.as_object().cloned())
        .collect();
    let node = Schema::get().definition("run");
    let mut named = 0;
    let mut budget = Budget::default();
    visit(run, node, &mut Vec::new(), &mut |kind, path, map| {
        if kind != "artifactLocation" || path.first() == Some(&"artifacts") {
            return;
        }
        let index = map.get("index").and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
        let known = index.and_then(|at| artifacts.get(at)).and_then(Option::as_ref);
        if map.get("uri").and_then(Value::as_str).is_none_or(|uri| uri.trim().is_empty())
            && let Some(known) =
                known.filter(|known| budget.take(known.values().filter_map(Value::as_str).map(str::len).sum()))
        {
            for key in ["uri", "uriBaseId"] {
                map.remove(key);
                map.extend(known.get(key).map(|value| (key.to_owned(), value.clone())));
            }
            named += 1;
        }
        // With the address, the number says nothing more.
        if map.contains_key("uri") {
            map.remove("index");
        }
    });
    notices.add_many("location", "given the address of its artifact", named);
}

/// Leaves out elements that stand in a list twice.
pub(super) fn dedupe(run: &mut Value, notices: &mut Notices) {
    // Without their twins, elements that differ only in which twin they refer to become twins themselves.
    for _ in 0..MAX_PASSES {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for key in UNIQUE {
            let Some(Value::Array(elements)) = fields(run).get_mut(*key) else { continue };
            let mut seen: HashMap<String, usize> = HashMap::new();
            let mut new = Vec::with_capacity(elements.len());
            for element in elements.iter() {
                let next = seen.len();
                new.push(*seen.entry(element.to_string()).or_insert(next));
            }
            if seen.len() < elements.len() {
                notices.add_many("element", "left out: the same stands in the same list", elements.len() - seen.len());
                let mut next = 0;
                let mut at = new.iter();
                elements.retain(|_| {
                    let is_first = at.next() == Some(&next);
                    next += usize::from(is_first);
                    is_first
                });
                places.insert(key, new);
            }
        }
        if places.is_empty() {
            return;
        }
        renumber(run, &mut |array, old| places.get(array).map_or(Some(old), |new| new.get(old).copied()));
    }
    // What is nested so deeply is told apart by a number.
    for key in UNIQUE {
        for (number, element) in list_mut(run, key).iter_mut().enumerate() {
            keep(fields(element), "number", json!(number));
        }
    }
}
