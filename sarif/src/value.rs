//! Small questions to JSON of any shape, and one total order on it.

use std::cmp::Ordering;

use serde_json::{Map, Value};

/// The elements of an array property; none when it is no array.
pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The same, to change them.
pub(crate) fn list_mut<'a>(value: &'a mut Value, key: &str) -> &'a mut [Value] {
    value.get_mut(key).and_then(Value::as_array_mut).map_or(&mut [], Vec::as_mut_slice)
}

/// A property that is a text with more than blanks in it.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// A property that counts places of an array; `None` for -1, by which the standard says that there is none.
pub(crate) fn index(value: &Value, key: &str) -> Option<usize> {
    value.get(key).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok())
}

/// The object that a property holds, made anew where it holds something else or nothing. What is no object itself
/// becomes an empty one first.
pub(crate) fn object<'a>(value: &'a mut Value, key: &str) -> &'a mut Map<String, Value> {
    let inner = fields(value).entry(key).or_insert_with(|| Value::Object(Map::new()));
    fields(inner)
}

/// The properties of an object. What is none becomes an empty one.
pub(crate) fn fields(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("it has just been made an object"),
    }
}

/// The array that a property holds, made anew where it holds something else or nothing.
pub(crate) fn array<'a>(value: &'a mut Value, key: &str) -> &'a mut Vec<Value> {
    let inner = fields(value).entry(key).or_insert_with(|| Value::Array(Vec::new()));
    if !inner.is_array() {
        *inner = Value::Array(Vec::new());
    }
    match inner {
        Value::Array(list) => list,
        _ => unreachable!("it has just been made an array"),
    }
}

/// Takes a property out of an object.
pub(crate) fn take(value: &mut Value, key: &str) -> Option<Value> {
    value.as_object_mut().and_then(|map| map.remove(key))
}

/// Puts something into the property bag of an object without taking anything from it: see [`add`].
pub(crate) fn keep(map: &mut Map<String, Value>, name: &str, value: Value) {
    let bag = map.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    if !bag.is_object() {
        let old = bag.take();
        fields(bag).insert("value".to_owned(), old);
    }
    add(fields(bag), name, value);
}

/// Puts something into a property bag. Where the name is in use with another value, or means something in all bags, it
/// goes into a list under the name with an underscore.
pub(crate) fn add(bag: &mut Map<String, Value>, name: &str, value: Value) {
    if name != "tags" && bag.get(name).is_none_or(|there| *there == value) {
        bag.insert(name.to_owned(), value);
        return;
    }
    match bag.entry(format!("{name}_")).or_insert_with(|| Value::Array(Vec::new())) {
        Value::Array(list) => {
            if list.last() != Some(&value) {
                list.push(value);
            }
        }
        other => *other = Value::Array(vec![other.take(), value]),
    }
}

/// A total order on JSON values that depends on what they say and not on how they came to be.
pub(crate) fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => {
                let order = a.as_f64().unwrap_or(f64::NAN).total_cmp(&b.as_f64().unwrap_or(f64::NAN));
                order.then_with(|| a.to_string().cmp(&b.to_string()))
            }
        },
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => {
            let first = a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne());
            first.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Value::Object(a), Value::Object(b)) => {
            let first = sorted(a).zip(sorted(b)).map(|(a, b)| a.0.cmp(b.0).then_with(|| compare(a.1, b.1)));
            first.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        _ => kind(a).cmp(&kind(b)),
    }
}

/// By name, whatever order the map keeps.
fn sorted(map: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(name, _)| *name);
    entries.into_iter()
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

/// A stable 64-bit hash of texts (FNV-1a), with a mark between them; not for anything that must withstand forgery.
pub(crate) fn hash<'a>(texts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_is_total_and_looks_inside() {
        let sorted = [
            json!(null),
            json!(false),
            json!(1),
            json!(1.5),
            json!(2),
            json!("a"),
            json!([1]),
            json!([1, 0]),
            json!([2]),
            json!({"a": 1}),
            json!({"a": 1, "b": 0}),
            json!({"b": 0}),
        ];
        for (at, a) in sorted.iter().enumerate() {
            for (other, b) in sorted.iter().enumerate() {
                assert_eq!(compare(a, b), at.cmp(&other), "{a} {b}");
            }
        }
    }

    #[test]
    fn nothing_in_a_bag_is_overwritten() {
        let mut value = json!({"properties": {"a": 1, "b": 2}});
        keep(fields(&mut value), "a", json!(3));
        keep(fields(&mut value), "b", json!(2));
        keep(fields(&mut value), "a", json!(4));
        assert_eq!(value, json!({"properties": {"a": 1, "a_": [3, 4], "b": 2}}));
    }
}
