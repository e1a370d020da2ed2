//! Defines [`Schema`]: the standard's own JSON schema as a tree that logs are walked along.

mod conform;
mod format;
mod inspect;
mod visit;
mod walk;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

pub(crate) use conform::{conform, settle};
pub(crate) use format::Format;
pub(crate) use inspect::inspect;
pub(crate) use visit::visit;
pub(crate) use walk::walk;

use format::Pattern;

/// The schema that the crate serde-sarif generates its types from, which the tests hold this crate's output to.
const TEXT: &str = include_str!("../tests/sarif-schema-2.1.0.json");

/// The kinds of object of a log by name, and the log itself under no name.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    definitions: BTreeMap<String, Node>,
}

/// What may stand at a place.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// The kind of object that this is; empty for what is no definition, and for the log.
    name: String,
    /// The kind of object that is defined elsewhere.
    reference: Option<String>,
    /// The JSON type; `None` allows all of them.
    pub(crate) kind: Option<Kind>,
    /// The words of which one must stand here; empty for any.
    pub(crate) words: Vec<String>,
    /// The least number.
    pub(crate) minimum: Option<i64>,
    /// The greatest number.
    pub(crate) maximum: Option<i64>,
    pattern: Option<Pattern>,
    format: Option<Format>,
    /// How many elements an array must have.
    min_items: usize,
    /// Whether the elements of an array must differ.
    unique: bool,
    items: Option<Box<Node>>,
    /// The properties of an object.
    pub(crate) properties: BTreeMap<String, Node>,
    others: Others,
    required: Vec<String>,
    /// Properties of which one must be there; empty for none.
    one_of: Vec<String>,
    /// Whether only one of those may be there.
    exactly_one: bool,
}

/// The types of JSON that the standard uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
}

/// What properties that are not listed may be.
#[derive(Debug, Default)]
enum Others {
    /// Anything.
    #[default]
    Any,
    /// Nothing: there may be none.
    Forbidden,
    /// All of one kind.
    Each(Box<Node>),
}

impl Schema {
    /// The schema, read once.
    pub(crate) fn get() -> &'static Self {
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        SCHEMA.get_or_init(|| serde_json::from_str(TEXT).map(|json| Self::read(&json)).unwrap_or_default())
    }

    fn read(json: &Value) -> Self {
        let definitions = json.get("definitions").and_then(Value::as_object).into_iter().flatten();
        let named = |(name, json): (&String, &Value)| (name.clone(), Node { name: name.clone(), ..Node::read(json) });
        let mut definitions: BTreeMap<_, _> = definitions.map(named).collect();
        definitions.insert(String::new(), Node::read(json));
        Self { definitions }
    }

    /// What a log is.
    pub(crate) fn log(&self) -> &Node {
        self.definition("")
    }

    /// What a kind of object is, such as `run`.
    pub(crate) fn definition(&self, name: &str) -> &Node {
        static ANYTHING: OnceLock<Node> = OnceLock::new();
        self.definitions.get(name).unwrap_or_else(|| ANYTHING.get_or_init(Node::default))
    }

    /// Follows a reference; also says the name of what it leads to.
    pub(crate) fn resolve<'a>(&'a self, node: &'a Node) -> (&'a Node, &'a str) {
        let node = node.reference.as_deref().map_or(node, |name| self.definition(name));
        (node, &node.name)
    }
}

impl Node {
    fn read(json: &Value) -> Self {
        let word = |key: &str| json.get(key).and_then(Value::as_str);
        let number = |key: &str| json.get(key).and_then(|n| n.as_i64().or_else(|| n.as_f64().map(|n| n as i64)));
        let words = |key: &str| -> Vec<String> {
            let list = json.get(key).and_then(Value::as_array).into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let alternatives = |key: &str| -> Vec<String> {
            let list = json.get(key).and_then(Value::as_array).into_iter().flatten();
            list.filter_map(|a| a.get("required")?.get(0)?.as_str()).map(str::to_owned).collect()
        };
        let one_of = alternatives("oneOf");
        Self {
            name: String::new(),
            reference: word("$ref").and_then(|r| r.strip_prefix("#/definitions/")).map(str::to_owned),
            kind: word("type").and_then(Kind::read),
            words: words("enum"),
            minimum: number("minimum"),
            maximum: number("maximum"),
            pattern: word("pattern").and_then(Pattern::read),
            format: word("format").and_then(Format::read),
            min_items: number("minItems").and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
            unique: json.get("uniqueItems").and_then(Value::as_bool).unwrap_or(false),
            items: json.get("items").map(|items| Box::new(Self::read(items))),
            properties: json
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .map(|(name, node)| (name.clone(), Self::read(node)))
                .collect(),
            others: match json.get("additionalProperties") {
                Some(Value::Bool(false)) => Others::Forbidden,
                Some(node @ Value::Object(_)) => Others::Each(Box::new(Self::read(node))),
                _ => Others::Any,
            },
            required: words("required"),
            exactly_one: !one_of.is_empty(),
            one_of: if one_of.is_empty() { alternatives("anyOf") } else { one_of },
        }
    }

    /// What a property of this name may be; `Err` when there may be none, `Ok(None)` when it may be anything.
    pub(crate) fn property(&self, name: &str) -> Result<Option<&Self>, ()> {
        match (self.properties.get(name), &self.others) {
            (Some(node), _) => Ok(Some(node)),
            (None, Others::Each(node)) => Ok(Some(node)),
            (None, Others::Any) => Ok(None),
            (None, Others::Forbidden) => Err(()),
        }
    }

    /// What is wrong with a value, not looking at what is in it; `None` when nothing is.
    fn fault(&self, value: &Value) -> Option<String> {
        if let Some(kind) = self.kind.filter(|kind| !kind.holds(value)) {
            return Some(format!("it is not {}", kind.words()));
        }
        if !self.words.is_empty() && !value.is_string() {
            return Some(format!("it is none of {}", self.words.join(", ")));
        }
        match value {
            Value::String(text) => {
                if !self.words.is_empty() && !self.words.contains(text) {
                    return Some(format!("it is none of {}", self.words.join(", ")));
                }
                if self.pattern.is_some_and(|pattern| !pattern.fits(text)) {
                    return Some("it has not the form that the standard asks for".to_owned());
                }
                let format = self.format.filter(|format| !format.fits(text))?;
                Some(format!("it is no {}", format.words()))
            }
            Value::Number(number) => {
                let number = number.as_f64()?;
                let low = self.minimum.filter(|least| number < *least as f64);
                let high = self.maximum.filter(|greatest| number > *greatest as f64);
                low.map(|n| format!("it is less than {n}")).or_else(|| high.map(|n| format!("it is more than {n}")))
            }
            _ => None,
        }
    }

    /// What an object lacks; `None` when it has everything.
    fn missing(&self, map: &serde_json::Map<String, Value>) -> Option<&str> {
        let required = self.required.iter().find(|name| !map.contains_key(*name));
        let any = self.one_of.first().filter(|_| !self.one_of.iter().any(|name| map.contains_key(name)));
        required.or(any).map(String::as_str)
    }
}

impl Kind {
    fn read(word: &str) -> Option<Self> {
        Some(match word {
            "object" => Self::Object,
            "array" => Self::Array,
            "string" => Self::String,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            _ => return None,
        })
    }

    fn holds(self, value: &Value) -> bool {
        match self {
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
            Self::String => value.is_string(),
            // Readers take a line as a signed number of 32 bits.
            Self::Integer => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            Self::Number => value.is_number(),
            Self::Boolean => value.is_boolean(),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Integer => "an integer of 32 bits",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_read_whole() {
        let schema = Schema::get();
        let json: Value = serde_json::from_str(TEXT).unwrap();
        assert_eq!(schema.definitions.len(), json["definitions"].as_object().unwrap().len() + 1);
        assert!(schema.log().properties.contains_key("runs"));
        assert_eq!(schema.definition("run").required, ["tool"]);
        assert_eq!(schema.definition("message").one_of, ["text", "id"]);
        assert!(schema.definition("graphTraversal").exactly_one);
    }

    #[test]
    fn every_keyword_of_the_schema_is_understood() {
        fn visit(json: &Value, place: &str) {
            if let Some(word) = json.get("pattern").and_then(Value::as_str) {
                assert!(Pattern::read(word).is_some(), "{place}: {word}");
            }
            if let Some(word) = json.get("format").and_then(Value::as_str) {
                assert!(Format::read(word).is_some(), "{place}: {word}");
            }
            if let Some(word) = json.get("$ref").and_then(Value::as_str) {
                let name = word.strip_prefix("#/definitions/").unwrap();
                assert!(Schema::get().definitions.contains_key(name), "{place}: {word}");
            }
            match json {
                Value::Object(map) => map.iter().for_each(|(key, value)| visit(value, &format!("{place}/{key}"))),
                Value::Array(list) => list.iter().for_each(|value| visit(value, place)),
                _ => {}
            }
        }
        visit(&serde_json::from_str(TEXT).unwrap(), "");
    }
}
