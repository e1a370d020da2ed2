//! Defines [`inspect`]: where a value departs from the schema.

use std::collections::HashSet;

use serde_json::Value;

use super::{Node, Schema};
use crate::pointer::Pointer;

/// Tells everything in which a value departs from what may stand there, until `tell` answers `false`.
pub(crate) fn inspect(
    value: &Value,
    node: &Node,
    at: &Pointer<'_>,
    tell: &mut dyn FnMut(&Pointer<'_>, String) -> bool,
) -> bool {
    let schema = Schema::get();
    let (node, _) = schema.resolve(node);
    if let Some(fault) = node.fault(value) {
        return tell(at, fault);
    }
    match value {
        Value::Object(map) => {
            if let Some(name) = node.missing(map)
                && !tell(at, format!("it has no `{name}`"))
            {
                return false;
            }
            if node.exactly_one
                && node.one_of.iter().filter(|name| map.contains_key(*name)).count() > 1
                && !tell(at, format!("it has more than one of {}", node.one_of.join(", ")))
            {
                return false;
            }
            map.iter().all(|(key, value)| {
                let at = at.key(key);
                match node.property(key) {
                    Ok(Some(child)) => inspect(value, child, &at, tell),
                    Ok(None) => true,
                    Err(()) => tell(&at, "the standard knows no property of this name".to_owned()),
                }
            })
        }
        Value::Array(list) => {
            if list.len() < node.min_items && !tell(at, format!("it has fewer than {} elements", node.min_items)) {
                return false;
            }
            if node.unique && has_twins(list) && !tell(at, "two of its elements are the same".to_owned()) {
                return false;
            }
            let Some(items) = &node.items else { return true };
            list.iter().enumerate().all(|(index, value)| inspect(value, items, &at.index(index), tell))
        }
        _ => true,
    }
}

fn has_twins(list: &[Value]) -> bool {
    let mut seen = HashSet::new();
    list.len() > 1 && !list.iter().all(|value| seen.insert(value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_departure_is_told_with_its_place() {
        let log = json!({
            "version": "2.0.0",
            "runs": [{
                "tool": {"driver": {"name": 1, "rules": [{"id": "a"}, {"id": "a"}]}},
                "new": 1,
                "results": [{"message": {}, "level": "high", "ruleIndex": -2, "workItemUris": ["a b"]}],
            }],
        });
        let mut told = Vec::new();
        inspect(&log, Schema::get().log(), &Pointer::Root, &mut |at, fault| {
            told.push(format!("{at} {fault}"));
            true
        });
        assert_eq!(
            told,
            [
                "/runs/0/new the standard knows no property of this name",
                "/runs/0/results/0/level it is none of none, note, warning, error",
                "/runs/0/results/0/message it has no `text`",
                "/runs/0/results/0/ruleIndex it is less than -1",
                "/runs/0/results/0/workItemUris/0 it is no absolute URI of RFC 3986",
                "/runs/0/tool/driver/name it is not a string",
                "/runs/0/tool/driver/rules two of its elements are the same",
                "/version it is none of 2.1.0",
            ]
        );
    }
}
