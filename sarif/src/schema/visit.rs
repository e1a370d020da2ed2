//! Defines [`visit`]: every object of a kind inside of a value.

use serde_json::{Map, Value};

use super::{Node, Schema};

/// What is done with an object, given its kind and the names that lead to it.
pub(crate) type Change<'a> = &'a mut dyn FnMut(&'static str, &[&'static str], &mut Map<String, Value>);

/// Calls `change` with every object below a value (which is included), innermost first: with the name of its kind,
/// such as `artifactLocation`, and the names of the properties that lead to it.
pub(crate) fn visit(value: &mut Value, node: &'static Node, path: &mut Vec<&'static str>, change: Change<'_>) {
    let (node, name) = Schema::get().resolve(node);
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                // Property bags are the tool's own: what is in them is of no kind.
                if let Ok(Some(child)) = node.property(key) {
                    let key = node.properties.get_key_value(key).map_or("", |(key, _)| key.as_str());
                    path.push(key);
                    visit(value, child, path, change);
                    path.pop();
                }
            }
            change(name, path, map);
        }
        Value::Array(list) => {
            if let Some(items) = &node.items {
                list.iter_mut().for_each(|value| visit(value, items, path, change));
            }
        }
        _ => {}
    }
}
