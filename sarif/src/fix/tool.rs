//! Repairs what a run says about its tool.

use serde_json::{Map, Value, json};

use crate::limits::NAME_CHARS;
use crate::notice::Notices;
use crate::text::{clean, shorten};
use crate::value::{fields, keep, list_mut, object, text};

/// Stands for the home page of a tool that does not tell it: readers want one.
const NO_HOME: &str = "urn:scanall:no-home-page";

/// Words of a name that fit into a narrow column.
const NAME_WORDS: usize = 3;

pub(super) fn mend(run: &mut Value, notices: &mut Notices) {
    let tool = Value::Object(std::mem::take(object(run, "tool")));
    let mut tool = tool;
    let driver = object(&mut tool, "driver");
    name(driver, notices);
    version(driver, notices);
    if !driver.get("informationUri").is_some_and(Value::is_string) {
        driver.insert("informationUri".to_owned(), json!(NO_HOME));
        notices.add("tool", "given a home page that says that there is none");
    }
    for extension in list_mut(&mut tool, "extensions") {
        name(fields(extension), notices);
    }
    fields(run).insert("tool".to_owned(), tool);
}

fn name(component: &mut Map<String, Value>, notices: &mut Notices) {
    let given = component.get("name").and_then(Value::as_str).unwrap_or_default();
    let words: Vec<&str> = given.split_whitespace().collect();
    let short = match words.len() {
        0 => {
            let other = ["fullName", "product", "organization"].iter().find_map(|key| component.get(*key)?.as_str());
            let other = other.unwrap_or_default().split_whitespace().take(NAME_WORDS).collect::<Vec<_>>().join(" ");
            notices.add("tool", "without a name given one");
            if other.is_empty() { "unknown".to_owned() } else { other }
        }
        1..=NAME_WORDS => words.join(" "),
        _ => {
            notices.add("tool", "with a long name called by its first words");
            words[..NAME_WORDS].join(" ")
        }
    };
    let short = shorten(&clean(&short), NAME_CHARS);
    if short == given {
        return;
    }
    let given = Value::String(given.to_owned());
    if words.len() > NAME_WORDS {
        if component.contains_key("fullName") {
            keep(component, "name", given);
        } else {
            component.insert("fullName".to_owned(), given);
        }
    }
    component.insert("name".to_owned(), Value::String(short));
}

/// A version starts with a number, or nobody can compare it.
fn version(driver: &mut Map<String, Value>, notices: &mut Notices) {
    let starts = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let value = Value::Object(std::mem::take(driver));
    let given = text(&value, "version").map(|version| clean(version.trim()));
    let has_other = ["semanticVersion", "dottedQuadFileVersion"].iter().any(|key| text(&value, key).is_some());
    let version = match given {
        Some(given) if starts(&given) => Some(given),
        Some(given) => Some(match given.strip_prefix(['v', 'V']).filter(|rest| starts(rest)) {
            Some(rest) => rest.to_owned(),
            None => format!("0 ({given})"),
        }),
        None if has_other => None,
        None => Some("0 (unknown)".to_owned()),
    };
    let Value::Object(mut map) = value else { return };
    let old = map.remove("version");
    if let Some(version) = version.map(Value::String) {
        if old.as_ref() != Some(&version) {
            notices.add("tool", "given a version that starts with a number");
        }
        map.insert("version".to_owned(), version);
    }
    *driver = map;
}
