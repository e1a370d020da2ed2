//! Writes messages out: GitHub reads their text and nothing else.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::reference::{parent, places};
use crate::budget::Budget;
use crate::limits::DESCRIPTION_CHARS;
use crate::notice::Notices;
use crate::schema::{Schema, visit};
use crate::text::shorten;
use crate::value::{keep, list, list_mut, text};

/// Messages are not written out beyond this size, which arguments could be made to reach.
const MAX_CHARS: usize = 100_000;

pub(super) fn mend(run: &mut Value, notices: &mut Notices) {
    let places = places(run);
    let shared = strings(run.pointer("/tool/driver/globalMessageStrings"));
    let rules: Vec<(BTreeMap<String, String>, String)> = run
        .pointer("/tool/driver/rules")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|rule| (strings(rule.get("messageStrings")), title(rule)))
        .collect();
    let mut budget = Budget::default();
    for result in list_mut(run, "results") {
        let rule = text(result, "ruleId").and_then(|id| places.get(parent(id, |id| places.contains_key(id))?));
        let rule = rule.and_then(|at| rules.get(*at));
        let find = |id: &str| rule.and_then(|(own, _)| own.get(id)).or_else(|| shared.get(id)).cloned();
        visit(result, Schema::get().definition("result"), &mut Vec::new(), &mut |kind, path, map| {
            if kind != "message" {
                return;
            }
            write_out(map, &find, &mut budget, notices);
            if path == ["message"] && is_blank(map) {
                let id = rule.map_or("Without a message", |(_, title)| title);
                map.insert("text".to_owned(), json!(id));
                notices.add("result", "without a message given the title of its rule");
            }
        });
    }
    let find = |id: &str| shared.get(id).cloned();
    for invocation in list_mut(run, "invocations") {
        visit(invocation, Schema::get().definition("invocation"), &mut Vec::new(), &mut |kind, _, map| {
            if kind == "message" {
                write_out(map, &find, &mut budget, notices);
            }
        });
    }
}

fn is_blank(message: &Map<String, Value>) -> bool {
    message.get("text").and_then(Value::as_str).is_none_or(|text| text.trim().is_empty())
}

/// What a rule is called when nothing better is known.
pub(super) fn title(rule: &Value) -> String {
    let described = ["shortDescription", "fullDescription"].iter().find_map(|key| text(rule.get(*key)?, "text"));
    let title = described.or_else(|| text(rule, "name")).or_else(|| text(rule, "id"));
    shorten(title.unwrap_or("Without a message"), DESCRIPTION_CHARS)
}

fn strings(strings: Option<&Value>) -> BTreeMap<String, String> {
    let strings = strings.and_then(Value::as_object).into_iter().flatten();
    strings.filter_map(|(id, string)| Some((id.clone(), text(string, "text")?.to_owned()))).collect()
}

/// Replaces the id of a message and its arguments by the text that they come to. They move into the property bag.
fn write_out(
    message: &mut Map<String, Value>,
    find: &dyn Fn(&str) -> Option<String>,
    budget: &mut Budget,
    notices: &mut Notices,
) {
    if !message.contains_key("id") && !message.contains_key("arguments") {
        return;
    }
    let value = Value::Object(std::mem::take(message));
    let template = text(&value, "text").map(str::to_owned).or_else(|| find(text(&value, "id")?));
    let arguments: Vec<&str> = list(&value, "arguments").iter().map(|a| a.as_str().unwrap_or_default()).collect();
    let text = template.map(|template| filled(&template, &arguments)).filter(|text| budget.take(text.len()));
    let Value::Object(mut map) = value.clone() else { return };
    for key in ["id", "arguments"] {
        if let Some(old) = map.remove(key) {
            keep(&mut map, key, old);
        }
    }
    map.insert("text".to_owned(), json!(text.unwrap_or_default()));
    notices.add("message", "written out: GitHub reads the text only");
    *message = map;
}

/// A template with `{0}` and the like replaced by arguments, and `{{` by `{`.
fn filled(template: &str, arguments: &[&str]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        if out.len() > MAX_CHARS {
            break;
        }
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        if tail.starts_with("{{") || tail.starts_with("}}") {
            out.push_str(&tail[..1]);
            rest = &tail[2..];
            continue;
        }
        let argument = tail[1..].find('}').and_then(|end| {
            let number: usize = tail[1..=end].parse().ok()?;
            Some((arguments.get(number)?, end + 2))
        });
        match argument {
            Some((argument, length)) if tail.starts_with('{') => {
                out.push_str(argument);
                rest = &tail[length..];
            }
            _ => {
                out.push_str(&tail[..1]);
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled() {
        for (template, expected) in [
            ("{0} and {1}", "a and b"),
            ("{1}{1}{2}", "bb{2}"),
            ("{{0}} {x} {", "{0} {x} {"),
            ("} {0", "} {0"),
            ("{00}é{0}", "aéa"),
        ] {
            assert_eq!(filled(template, &["a", "b"]), expected, "{template}");
        }
    }
}
