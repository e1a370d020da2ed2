//! Defines [`Conditions`]: what an answer must be for a credential to be live or dead, and [`Source`], where in an
//! answer something stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// Conditions, one of which must hold.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(try_from = "OneOrMany<Condition>")]
pub struct Conditions(Vec<Condition>);

/// A condition, every part of which must hold.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The HTTP status is one of these.
    status: Option<OneOrMany<u16>>,
    /// The body is JSON in which these are.
    json: Option<Json>,
    /// The body holds one of these texts.
    body: Option<OneOrMany<String>>,
    /// There is a header of this name.
    header: Option<String>,
}

/// What must be in a JSON body.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Json {
    /// Something other than null at a path.
    There(Path),
    /// One of some values at each path.
    Equal(BTreeMap<Path, OneOrMany<Value>>),
}

/// One thing or a list of them.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> OneOrMany<T> {
    fn iter(&self) -> std::slice::Iter<'_, T> {
        match self {
            Self::Many(many) => many.iter(),
            Self::One(one) => std::slice::from_ref(one).iter(),
        }
    }
}

impl TryFrom<OneOrMany<Condition>> for Conditions {
    type Error = String;

    fn try_from(written: OneOrMany<Condition>) -> Result<Self, String> {
        let all: Vec<Condition> = written.iter().cloned().collect();
        let is_empty = |condition: &Condition| *condition == Condition::default();
        match all.is_empty() || all.iter().any(is_empty) {
            true => Err("a condition of verify says nothing, so that any answer would do".to_owned()),
            false => Ok(Self(all)),
        }
    }
}

/// An answer as conditions see it.
pub struct Heard<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The value of a header by its name; `None` without one.
    pub header: &'a dyn Fn(&str) -> Option<String>,
    /// The body, as text.
    pub text: &'a str,
    /// The body as JSON; `None` when it is none.
    pub json: Option<Value>,
}

impl Conditions {
    /// Whether one of them holds.
    pub fn hold(&self, heard: &Heard<'_>) -> bool {
        self.0.iter().any(|condition| condition.holds(heard))
    }
}

impl Condition {
    fn holds(&self, heard: &Heard<'_>) -> bool {
        let json = |wanted: &Json| {
            let Some(json) = &heard.json else { return false };
            match wanted {
                Json::There(path) => path.of(json).is_some_and(|value| !value.is_null()),
                Json::Equal(all) => all
                    .iter()
                    .all(|(path, values)| path.of(json).is_some_and(|at| values.iter().any(|value| value == at))),
            }
        };
        self.status.as_ref().is_none_or(|list| list.iter().any(|status| *status == heard.status))
            && self.json.as_ref().is_none_or(json)
            && self.body.as_ref().is_none_or(|texts| texts.iter().any(|text| heard.text.contains(text.as_str())))
            && self.header.as_ref().is_none_or(|name| (heard.header)(name).is_some())
    }
}

/// Where in an answer something stands: `login`, `data.0.name`, `header:x-oauth-scopes`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub enum Source {
    /// In the JSON body.
    Json(Path),
    /// A header.
    Header(String),
}

impl TryFrom<String> for Source {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.strip_prefix("header:") {
            Some(name) => Ok(Self::Header(name.to_owned())),
            None => Path::try_from(text).map(Self::Json),
        }
    }
}

impl Source {
    /// The text that stands there: of a list its texts, with commas. `None` when there is none, or something else.
    pub fn text(&self, heard: &Heard<'_>) -> Option<String> {
        match self {
            Self::Header(name) => (heard.header)(name),
            Self::Json(path) => words(path.of(heard.json.as_ref()?)?),
        }
    }
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Array(list) => {
            let texts: Vec<String> = list.iter().filter(|value| !value.is_array()).filter_map(words).collect();
            if texts.is_empty() { None } else { Some(texts.join(", ")) }
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// The way to a value in JSON: keys and positions in lists, with dots between them.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(try_from = "String")]
pub struct Path(Vec<String>);

impl TryFrom<String> for Path {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let keys: Vec<String> = text.split('.').map(str::to_owned).collect();
        match keys.iter().any(String::is_empty) {
            true => Err(format!("`{text}` is no way to a value: write keys with dots between them")),
            false => Ok(Self(keys)),
        }
    }
}

impl Path {
    /// The value at its end; `None` when it leads nowhere.
    fn of<'a>(&self, json: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(json, |value, key| match value {
            Value::Array(list) => list.get(key.parse::<usize>().ok()?),
            value => value.get(key),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(condition: &str, status: u16, body: &str) -> bool {
        #[derive(Deserialize)]
        struct Table {
            on: Conditions,
        }
        let table: Table = toml::from_str(&format!("on = {condition}")).unwrap();
        let header = |name: &str| (name == "x-scopes").then(|| "repo".to_owned());
        table.on.hold(&Heard { status, header: &header, text: body, json: serde_json::from_str(body).ok() })
    }

    #[test]
    fn every_part_of_a_condition_counts() {
        let body = r#"{"ok": false, "error": "invalid_auth", "team": null, "list": [{"id": 7}]}"#;
        for (condition, expected) in [
            ("{ status = 200 }", true),
            ("{ status = [401, 403] }", false),
            ("{ status = 200, json = \"error\" }", true),
            ("{ status = 200, json = \"team\" }", false),
            ("{ json = \"list.0.id\" }", true),
            ("{ json = \"list.1.id\" }", false),
            ("{ json = { ok = false } }", true),
            ("{ json = { ok = true } }", false),
            ("{ json = { error = [\"account_inactive\", \"invalid_auth\"], \"list.0.id\" = 7 } }", true),
            ("{ json = { error = \"invalid_auth\", ok = true } }", false),
            ("{ body = \"invalid_\" }", true),
            ("{ body = [\"x!\", \"auth\"] }", true),
            ("{ body = \"nothing\" }", false),
            ("{ header = \"x-scopes\" }", true),
            ("{ header = \"x-other\" }", false),
            ("[{ status = 500 }, { status = 200, body = \"ok\" }]", true),
        ] {
            assert_eq!(holds(condition, 200, body), expected, "{condition}");
        }
        assert!(!holds("{ json = \"a\" }", 200, "<html>"));
    }

    #[test]
    fn what_says_whose_it_is_is_text() {
        let json = serde_json::json!({ "a": { "b": ["x", "y", {"c": 1}] }, "n": 7, "o": {} });
        let header = |name: &str| (name == "h").then(|| "v".to_owned());
        let heard = Heard { status: 200, header: &header, text: "", json: Some(json) };
        let text = |source: &str| Source::try_from(source.to_owned()).unwrap().text(&heard);
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            [text("a.b"), text("n"), text("header:h"), text("a.b.1")],
            [some("x, y"), some("7"), some("v"), some("y")]
        );
        assert_eq!([text("o"), text("a.c"), text("header:i")], [None, None, None]);
    }
}
