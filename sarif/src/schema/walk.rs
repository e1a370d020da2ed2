//! Defines [`walk`]: looks at every object of a kind inside of a value.

use serde_json::{Map, Value};

use super::{Node, Schema};
use crate::pointer::Pointer;

/// What looks at an object, given its kind and where it stands.
pub(crate) type Look<'f, 'a> = &'f mut dyn FnMut(&'static str, &Pointer<'_>, &'a Map<String, Value>);

/// Calls `look` with every object of a value, outermost first: with the name of its kind, such as `artifactLocation`,
/// and where it stands.
pub(crate) fn walk<'a>(value: &'a Value, node: &'static Node, at: &Pointer<'_>, look: Look<'_, 'a>) {
    let (node, name) = Schema::get().resolve(node);
    match value {
        Value::Object(map) => {
            look(name, at, map);
            for (key, value) in map {
                if let Ok(Some(child)) = node.property(key) {
                    walk(value, child, &at.key(key), look);
                }
            }
        }
        Value::Array(list) => {
            if let Some(items) = &node.items {
                list.iter().enumerate().for_each(|(index, value)| walk(value, items, &at.index(index), look));
            }
        }
        _ => {}
    }
}
