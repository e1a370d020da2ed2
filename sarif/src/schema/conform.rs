//! Defines [`conform`]: brings a value into the shape of the schema, and loses nothing.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{Format, Kind, Node, Schema};
use crate::notice::Notices;
use crate::value::{fields, keep};

/// Arrays whose elements are referred to by number: their elements keep their places.
const NUMBERED: &[&str] = &[
    "addresses",
    "artifacts",
    "extensions",
    "graphs",
    "invocations",
    "logicalLocations",
    "notifications",
    "rules",
    "taxa",
    "taxonomies",
    "threadFlowLocations",
    "webRequests",
    "webResponses",
];

/// What stands for a required property that is missing: the kind of object, the property, and JSON. Empty texts are
/// filled in later, where more is known. An object of another kind that lacks something is no such object.
const DEFAULTS: &[(&str, &str, &str)] = &[
    ("", "version", r#""2.1.0""#),
    ("", "runs", "[]"),
    ("run", "tool", "{}"),
    ("tool", "driver", "{}"),
    ("toolComponent", "name", r#""""#),
    ("conversion", "tool", "{}"),
    ("result", "message", "{}"),
    ("notification", "message", "{}"),
    ("message", "text", r#""""#),
    ("multiformatMessageString", "text", r#""""#),
    ("reportingDescriptor", "id", r#""""#),
    ("invocation", "executionSuccessful", "true"),
    ("suppression", "kind", r#""external""#),
];

/// Objects that some tools write as the text in them: the kind of object and the property for the text.
const TEXTS: &[(&str, &str)] = &[
    ("message", "text"),
    ("multiformatMessageString", "text"),
    ("artifactContent", "text"),
    ("artifactLocation", "uri"),
    ("reportingDescriptor", "id"),
    ("reportingDescriptorReference", "id"),
    ("toolComponent", "name"),
    ("toolComponentReference", "name"),
    ("runAutomationDetails", "id"),
];

/// Words of other scales for the standard's own.
const WORDS: &[(&str, &str)] = &[
    ("blocker", "error"),
    ("critical", "error"),
    ("fatal", "error"),
    ("high", "error"),
    ("serious", "error"),
    ("medium", "warning"),
    ("moderate", "warning"),
    ("warn", "warning"),
    ("convention", "note"),
    ("hint", "note"),
    ("info", "note"),
    ("information", "note"),
    ("informational", "note"),
    ("low", "note"),
    ("minor", "note"),
    ("recommendation", "note"),
    ("refactor", "note"),
    ("style", "note"),
];

const MOVED: &str = "moved into the property bag: the standard does not know it, or not so";
const MADE: &str = "turned into what the standard asks for";
const TWIN: &str = "left out: the same element stands in the same list";
const FILLED: &str = "filled in, since the standard requires it";

/// Brings a value into the shape of the schema: numbers written as texts, texts where objects belong and the like are
/// put right, and what cannot be is moved into the property bag of the object around it. `false` when the value
/// cannot stand there at all.
///
/// Elements that are referred to by number keep their places, even where one is the same as another.
pub(crate) fn conform(value: &mut Value, node: &Node, notices: &mut Notices) -> bool {
    Conform { notices, is_first: true }.fit(value, node, false).is_some()
}

/// The same for a value in which nothing is referred to by number any more, or in which numbered elements differ.
pub(crate) fn settle(value: &mut Value, node: &Node, notices: &mut Notices) -> bool {
    Conform { notices, is_first: false }.fit(value, node, false).is_some()
}

struct Conform<'a> {
    notices: &'a mut Notices,
    /// Whether it is all still as the tool wrote it: [`NUMBERED`] elements keep their places.
    is_first: bool,
}

impl Conform<'_> {
    /// The same; `None` when the value cannot stand there, else the elements of an array that cannot.
    fn fit(&mut self, value: &mut Value, node: &Node, is_numbered: bool) -> Option<Vec<Value>> {
        let (node, name) = Schema::get().resolve(node);
        if value.is_null() {
            return (node.kind.is_none() && node.words.is_empty()).then(Vec::new);
        }
        // What an address means is found out later, and by more than its characters: until then it stays.
        if self.is_first && node.format == Some(Format::Reference) && value.is_string() {
            return Some(Vec::new());
        }
        if node.fault(value).is_some() {
            *value = coerced(value, node, name)?;
            if node.fault(value).is_some() {
                return None;
            }
            self.notices.add("value", MADE);
        }
        match value {
            Value::Object(map) => self.object(map, node, name).then(Vec::new),
            Value::Array(list) => self.array(list, node, is_numbered),
            _ => Some(Vec::new()),
        }
    }

    fn object(&mut self, map: &mut Map<String, Value>, node: &Node, name: &str) -> bool {
        let mut misfits = Vec::new();
        let mut leftovers = Vec::new();
        for (key, value) in map.iter_mut() {
            let fits = match node.property(key) {
                Ok(Some(child)) => self.fit(value, child, self.is_first && NUMBERED.contains(&key.as_str())),
                Ok(None) => Some(Vec::new()),
                Err(()) => None,
            };
            match fits {
                None => misfits.push(key.clone()),
                Some(left) if !left.is_empty() => leftovers.push((key.clone(), Value::Array(left))),
                Some(_) => {}
            }
        }
        for key in misfits {
            leftovers.extend(map.remove(&key).filter(|value| !value.is_null()).map(|value| (key, value)));
        }
        if node.exactly_one {
            for key in node.one_of.iter().filter(|key| map.contains_key(*key)).skip(1).cloned().collect::<Vec<_>>() {
                leftovers.extend(map.remove(&key).map(|value| (key, value)));
            }
        }
        while let Some(missing) = node.missing(map).map(str::to_owned) {
            let Some(default) = default(map, name, &missing) else {
                // The whole is put into a bag further out, as it was.
                for (key, value) in leftovers {
                    map.insert(key, value);
                }
                return false;
            };
            let mut default = default;
            if let Some(child) = node.properties.get(&missing) {
                self.fit(&mut default, child, false);
            }
            map.insert(missing, default);
            self.notices.add("property", FILLED);
        }
        self.notices.add_many("property", MOVED, leftovers.len());
        for (key, value) in leftovers {
            if node.properties.contains_key("properties") {
                keep(map, &key, value);
            } else if matches!(node.property(&format!("{key}_")), Ok(None)) {
                // A property bag, of which only the tags have a shape.
                map.insert(format!("{key}_"), value);
            } else {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                map.insert(key, Value::String(text));
            }
        }
        true
    }

    fn array(&mut self, list: &mut Vec<Value>, node: &Node, is_numbered: bool) -> Option<Vec<Value>> {
        let mut leftovers = Vec::new();
        if let Some(items) = &node.items {
            let mut fits = Vec::with_capacity(list.len());
            for value in list.iter_mut() {
                let mut fit_in = self.fit(value, items, false).is_some();
                if !fit_in && is_numbered {
                    let misfit = std::mem::replace(value, json!({}));
                    fit_in = self.fit(value, items, false).is_some();
                    if !misfit.is_null() {
                        leftovers.push(misfit);
                    }
                }
                fits.push(fit_in);
            }
            let mut fits = fits.into_iter();
            let misfits = list.extract_if(.., |_| !fits.next().unwrap_or(true)).filter(|value| !value.is_null());
            leftovers.extend(misfits);
        }
        if node.unique && !is_numbered && list.len() > 1 {
            let mut seen = HashSet::new();
            let before = list.len();
            list.retain(|value| seen.insert(value.to_string()));
            self.notices.add_many("element", TWIN, before - list.len());
        }
        if list.len() < node.min_items {
            // It moves as a whole, with everything that was in it.
            list.append(&mut leftovers);
            return None;
        }
        Some(leftovers)
    }
}

fn default(map: &Map<String, Value>, name: &str, missing: &str) -> Option<Value> {
    if missing == "text"
        && let Some(markdown) = map.get("markdown").filter(|markdown| markdown.is_string())
    {
        return Some(markdown.clone());
    }
    let (_, _, json) = DEFAULTS.iter().find(|(kind, property, _)| *kind == name && *property == missing)?;
    serde_json::from_str(json).ok()
}

/// What a value of the wrong type or form means; `None` when nobody can say.
fn coerced(value: &Value, node: &Node, name: &str) -> Option<Value> {
    let text = value.as_str();
    Some(match node.kind.or(text.map(|_| Kind::String))? {
        Kind::String => match (text, value) {
            (Some(text), _) => Value::String(form(text, node)?),
            (None, Value::Number(_) | Value::Bool(_)) => Value::String(form(&value.to_string(), node)?),
            _ => return None,
        },
        Kind::Integer => {
            let number = value.as_f64().or_else(|| text?.trim().parse().ok()).filter(|n| n.fract() == 0.0)?;
            // Tools that count from 0 mean the first.
            let number = if number == 0.0 && node.minimum == Some(1) { 1.0 } else { number };
            // A conversion that is out of range stops at the ends of it.
            json!((number as i64).clamp(i64::from(i32::MIN), i64::from(i32::MAX)))
        }
        Kind::Number => {
            let number: f64 = value.as_f64().or_else(|| text?.trim().parse().ok())?;
            let least = node.minimum.map_or(f64::MIN, |n| n as f64);
            let greatest = node.maximum.map_or(f64::MAX, |n| n as f64);
            serde_json::Number::from_f64(number.clamp(least, greatest)).map(Value::Number)?
        }
        Kind::Boolean => match text?.trim().to_ascii_lowercase().as_str() {
            "true" => json!(true),
            "false" => json!(false),
            _ => return None,
        },
        Kind::Array => json!([value]),
        Kind::Object => {
            let (_, property) = TEXTS.iter().find(|(kind, _)| *kind == name)?;
            let mut object = json!({});
            fields(&mut object).insert((*property).to_owned(), Value::String(text?.to_owned()));
            object
        }
    })
}

/// A text in the form that is asked for.
fn form(text: &str, node: &Node) -> Option<String> {
    if !node.words.is_empty() {
        let plain = text.trim();
        let same = |word: &&String| word.eq_ignore_ascii_case(plain);
        let other = || {
            let (_, word) = WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(plain))?;
            node.words.iter().find(|known| *known == word)
        };
        return node.words.iter().find(same).or_else(other).cloned();
    }
    match node.format {
        Some(format @ (Format::Uri | Format::Reference | Format::Time)) => format.repaired(text),
        None => Some(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conformed(definition: &str, mut value: Value) -> Value {
        assert!(conform(&mut value, Schema::get().definition(definition), &mut Notices::default()));
        value
    }

    #[test]
    fn what_is_meant_is_put_right() {
        assert_eq!(
            conformed(
                "result",
                json!({"message": "Text", "level": "HIGH", "ruleIndex": "3", "rank": 400, "guid": null, "ruleId": 7})
            ),
            json!({"message": {"text": "Text"}, "level": "error", "ruleIndex": 3, "rank": 100.0, "ruleId": "7"})
        );
        assert_eq!(conformed("region", json!({"startLine": 5.0})), json!({"startLine": 5}));
        assert_eq!(conformed("message", json!({"markdown": "*x*"})), json!({"markdown": "*x*", "text": "*x*"}));
    }

    #[test]
    fn what_has_no_place_moves_into_the_bag() {
        assert_eq!(
            conformed(
                "result",
                json!({"message": {"text": "a", "extra": 1}, "level": {"x": 1}, "workItemUris": [1, 2]})
            ),
            json!({
                "message": {"text": "a", "properties": {"extra": 1}},
                "workItemUris": [],
                "properties": {"level": {"x": 1}, "workItemUris": [1, 2]},
            })
        );
        let run = conformed("run", json!({"results": [null, 3, {"message": "x"}], "artifacts": [7, {"offset": "x"}]}));
        assert_eq!(run["results"], json!([{"message": {"text": "x"}}]));
        assert_eq!(
            run["artifacts"],
            json!([{}, {"properties": {"offset": "x"}}]),
            "numbered elements keep their places"
        );
        assert_eq!(run["properties"], json!({"results": [3], "artifacts": [7]}));
        assert_eq!(run["tool"], json!({"driver": {"name": ""}}));
    }

    #[test]
    fn tags_are_different_texts() {
        assert_eq!(
            conformed("propertyBag", json!({"tags": ["a", 1, "a", {}], "x": null})),
            json!({
                "tags": ["a", "1"], "tags_": [{}], "x": null,
            })
        );
    }
}
