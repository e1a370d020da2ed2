//! Makes one run of those of the same tool and category, which GitHub would refuse side by side.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};

use super::index::{self, INDEXES};
use super::{category, rule};
use crate::notice::Notices;
use crate::value::{add, array, fields, keep, list};

/// Makes one run of each tool and category. The runs are in an order that depends on nothing but themselves.
pub(super) fn combine(runs: Vec<Value>, notices: &mut Notices) -> Vec<Value> {
    let mut groups: BTreeMap<(String, Option<String>), Vec<Value>> = BTreeMap::new();
    for run in runs {
        let (tool, of) = category::key(&run);
        groups.entry((tool.to_owned(), of.map(str::to_owned))).or_default().push(run);
    }
    let combined = groups.into_values().filter_map(|mut group| {
        let before = group.len();
        group.dedup();
        notices.add_many("run", "left out: the same run is in the log", before - group.len());
        let mut group = group.into_iter();
        let mut first = group.next()?;
        let mut others = 0;
        for other in group {
            append(&mut first, other, notices);
            others += 1;
        }
        if others > 0 {
            notices.add_many("run", "put into another of the same tool and category: GitHub refuses two", others);
            let rules = std::mem::take(array(&mut first["tool"]["driver"], "rules"));
            *array(&mut first["tool"]["driver"], "rules") = rule::unite(rules, notices);
        }
        Some(first)
    });
    combined.collect()
}

/// Puts all of a run behind another.
fn append(run: &mut Value, mut other: Value, notices: &mut Notices) {
    let lengths: HashMap<&str, usize> = INDEXES.iter().map(|(.., array)| (*array, list(run, array).len())).collect();
    index::renumber(&mut other, &mut |array, old| Some(old + lengths.get(array).copied().unwrap_or(0)));
    absorb(fields(run), other, notices);
}

/// Takes over everything from another object: lists are put behind lists, objects into objects. Where both say
/// something different, the first counts and the other moves into the property bag.
pub(super) fn absorb(map: &mut Map<String, Value>, other: Value, notices: &mut Notices) {
    let Value::Object(other) = other else { return };
    for (key, theirs) in other {
        match (map.get_mut(&key), theirs) {
            (None, theirs) => drop(map.insert(key, theirs)),
            (Some(Value::Array(ours)), Value::Array(theirs)) => ours.extend(theirs),
            (Some(Value::Object(ours)), theirs @ Value::Object(_)) if key == "properties" => bag(ours, theirs),
            (Some(Value::Object(ours)), theirs @ Value::Object(_)) => absorb(ours, theirs, notices),
            (Some(ours), theirs) if *ours == theirs => {}
            (Some(_), theirs) => {
                keep(map, &key, theirs);
                notices.add("property", "moved into the property bag: runs that became one say different things");
            }
        }
    }
}

/// The same for property bags, where lists are sets.
fn bag(map: &mut Map<String, Value>, other: Value) {
    let Value::Object(other) = other else { return };
    for (key, theirs) in other {
        match (map.get_mut(&key), theirs) {
            (Some(Value::Array(ours)), Value::Array(theirs)) => unite(ours, theirs),
            (_, theirs) => add(map, &key, theirs),
        }
    }
}

/// Puts those of some values behind others that are not among them.
pub(super) fn unite(ours: &mut Vec<Value>, theirs: Vec<Value>) {
    let mut seen: HashSet<String> = ours.iter().map(Value::to_string).collect();
    ours.extend(theirs.into_iter().filter(|value| seen.insert(value.to_string())));
}
