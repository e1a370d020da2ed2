//! Repairs what is said about rules.

use serde_json::{Map, Value, json};

use super::message::title;
use crate::limits::{DESCRIPTION_CHARS, KEPT_TAGS, NAME_CHARS};
use crate::notice::Notices;
use crate::schema::{Schema, visit};
use crate::score::{PROPERTY, stated};
use crate::text::shorten;
use crate::value::{compare, fields, list, object, text};

/// Tags that GitHub itself looks at come first when there are too many.
const FIRST_TAGS: &[&str] = &["security", "external/cwe/"];

pub(super) fn mend(run: &mut Value, notices: &mut Notices) {
    visit(run, Schema::get().definition("run"), &mut Vec::new(), &mut |kind, _, map| {
        if kind == "reportingDescriptor" {
            let mut rule = Value::Object(std::mem::take(map));
            texts(&mut rule, notices);
            name(&mut rule, notices);
            tags(&mut rule, notices);
            *map = std::mem::take(fields(&mut rule));
        }
    });
}

/// Every text that GitHub requires is there, and none is longer than it shows.
fn texts(rule: &mut Value, notices: &mut Notices) {
    let said = |rule: &Value, key: &str| rule.get(key).and_then(|value| text(value, "text")).map(str::to_owned);
    let title = title(rule);
    let full = said(rule, "fullDescription").unwrap_or_else(|| title.clone());
    let mut is_incomplete = false;
    for (key, fallback, limit) in [
        ("shortDescription", &title, Some(DESCRIPTION_CHARS)),
        ("fullDescription", &full, Some(DESCRIPTION_CHARS)),
        ("help", &full, None),
    ] {
        let old = said(rule, key);
        let markdown = rule.get(key).and_then(|value| text(value, "markdown")).map(str::to_owned);
        let new = old.clone().or(markdown).unwrap_or_else(|| fallback.clone());
        let new = match limit {
            Some(limit) if new.chars().count() > limit => {
                notices.add("description", "cut at a word: GitHub shows 1024 characters");
                shorten(&new, limit)
            }
            _ => new,
        };
        is_incomplete |= old.is_none();
        if old.as_ref() != Some(&new) {
            object(rule, key).insert("text".to_owned(), Value::String(new));
        }
    }
    if is_incomplete {
        notices.add("rule", "completed: GitHub requires two descriptions and a help text");
    }
    for string in rule.get_mut("messageStrings").and_then(Value::as_object_mut).into_iter().flatten() {
        if let Some(said) = text(string.1, "text").filter(|said| !said.ends_with('.')).map(|said| format!("{said}.")) {
            fields(string.1).insert("text".to_owned(), Value::String(said));
            notices.add("message", "of a rule ended with a full stop");
        }
    }
}

/// A name that only repeats the id says nothing, and the standard forbids it.
fn name(rule: &mut Value, notices: &mut Notices) {
    let Some(name) = rule.get("name").and_then(Value::as_str) else { return };
    if name.trim().is_empty() || text(rule, "id").is_some_and(|id| id.eq_ignore_ascii_case(name)) {
        fields(rule).remove("name");
        notices.add("name", "of a rule left out: it only repeats the id");
    } else if name.chars().count() > NAME_CHARS {
        let name = shorten(name, NAME_CHARS);
        fields(rule).insert("name".to_owned(), Value::String(name));
        notices.add("name", "of a rule cut at a word: GitHub shows 255 characters");
    }
}

fn tags(rule: &mut Value, notices: &mut Notices) {
    let Some(bag) = rule.get_mut("properties") else { return };
    let tags = list(bag, "tags");
    if tags.len() > KEPT_TAGS {
        let mut kept = tags.to_vec();
        // A stable sort: the rest keeps its order.
        kept.sort_by_key(|tag| !tag.as_str().is_some_and(|tag| FIRST_TAGS.iter().any(|first| tag.starts_with(first))));
        let rest = kept.split_off(KEPT_TAGS);
        notices.add_many("tag", "moved into the property `moreTags`: GitHub keeps ten of a rule", rest.len());
        let bag = fields(bag);
        bag.insert("tags".to_owned(), Value::Array(kept));
        match bag.entry("moreTags").or_insert_with(|| json!([])) {
            Value::Array(more) => more.extend(rest),
            other => *other = json!([other.take(), rest]),
        }
    }
}

/// One rule for each id. Of different rules under one id, the longest stays, with the worst severity and level and the
/// tags of all.
pub(super) fn unite(mut rules: Vec<Value>, notices: &mut Notices) -> Vec<Value> {
    let id = |rule: &Value| text(rule, "id").unwrap_or_default().to_owned();
    rules.sort_by_cached_key(|rule| (id(rule), std::cmp::Reverse(rule.to_string().len())));
    let mut united: Vec<Value> = Vec::with_capacity(rules.len());
    for group in rules.chunk_by_mut(|a, b| text(a, "id") == text(b, "id")) {
        group.sort_by(|a, b| b.to_string().len().cmp(&a.to_string().len()).then_with(|| compare(a, b)));
        let (first, others) = match group {
            [] => continue,
            [first, others @ ..] => (first, others),
        };
        let mut rule = first.take();
        let before = rule.clone();
        for other in others.iter() {
            absorb(&mut rule, other);
        }
        if others.iter().any(|other| *other != before) {
            notices.add("rule", "put together of several under one id that say different things");
        } else if !others.is_empty() {
            notices.add_many("rule", "left out: the same rule is in the list", others.len());
        }
        united.push(rule);
    }
    united
}

/// Takes over what counts from another rule of the same id.
fn absorb(rule: &mut Value, other: &Value) {
    if stated(other) > stated(rule)
        && let Some(severity) = other.get("properties").and_then(|bag| bag.get(PROPERTY))
    {
        object(rule, "properties").insert(PROPERTY.to_owned(), severity.clone());
    }
    let level = |rule: &Value| {
        let level = rule.get("defaultConfiguration").and_then(|c| text(c, "level")).unwrap_or("warning");
        ["none", "note", "warning", "error"].iter().position(|known| *known == level)
    };
    if level(other) > level(rule)
        && let Some(level) = other.get("defaultConfiguration").and_then(|c| c.get("level"))
    {
        object(rule, "defaultConfiguration").insert("level".to_owned(), level.clone());
    }
    let Some(theirs) = other.get("properties").map(|bag| list(bag, "tags")).filter(|tags| !tags.is_empty()) else {
        return;
    };
    let bag: &mut Map<String, Value> = object(rule, "properties");
    if let Value::Array(tags) = bag.entry("tags").or_insert_with(|| json!([])) {
        super::combine::unite(tags, theirs.to_vec());
    }
}
