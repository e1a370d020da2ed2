//! Looks at rules.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Checker;
use crate::defect::Effect;
use crate::limits::{DESCRIPTION_CHARS, KEPT_TAGS, MAX_TAGS, NAME_CHARS};
use crate::pointer::Pointer;
use crate::score::{PROPERTY, is_numeric, is_valid};
use crate::value::{list, text};

/// Texts that GitHub requires of a rule: the property, the code of its absence, and the most characters that are shown.
const TEXTS: &[(&str, &str, Option<usize>)] = &[
    ("shortDescription", "no-short-description", Some(DESCRIPTION_CHARS)),
    ("fullDescription", "no-full-description", Some(DESCRIPTION_CHARS)),
    ("help", "no-help", None),
];

impl Checker<'_> {
    pub(super) fn rules(&mut self, rules: &[Value], at: &Pointer<'_>) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, rule) in rules.iter().enumerate() {
            let at = at.index(number);
            self.rule(rule, &at);
            if let Some(first) = text(rule, "id").and_then(|id| seen.insert(id, number)) {
                let message = format!("the rule has the id of rule {first} of the same list");
                self.tell(&at.key("id"), "duplicate-rule", Effect::Degraded, message, "Describe every rule once.");
            }
        }
    }

    fn rule(&mut self, rule: &Value, at: &Pointer<'_>) {
        if text(rule, "id").is_none() {
            let fix = "Give it an id that stays: alerts are kept by it.";
            self.tell(&at.key("id"), "no-rule-id", Effect::Refused, "the rule has no id", fix);
        }
        for (key, code, limit) in TEXTS {
            let place = at.key(key);
            let place = place.key("text");
            match rule.get(*key).and_then(|value| text(value, "text")) {
                None => {
                    let message = format!("the rule has no {key}.text, which GitHub requires");
                    self.tell(&place, code, Effect::Degraded, message, "Say in a sentence what the rule is about.");
                }
                Some(said) => {
                    let count = said.chars().count();
                    if let Some(limit) = limit.filter(|limit| count > *limit) {
                        let message = format!("{count} characters are more than the {limit} that are shown");
                        self.tell(&place, "long-text", Effect::Degraded, message, "Put the rest into help.markdown.");
                    }
                }
            }
        }
        if let Some(name) = text(rule, "name").map(|name| name.chars().count()).filter(|count| *count > NAME_CHARS) {
            let message = format!("a name of {name} characters is longer than the {NAME_CHARS} that are shown");
            self.tell(&at.key("name"), "long-text", Effect::Degraded, message, "Shorten the name.");
        }
        let Some(bag) = rule.get("properties") else { return };
        let place = at.key("properties");
        let tags = list(bag, "tags").len();
        if tags > KEPT_TAGS {
            let effect = if tags > MAX_TAGS { Effect::Refused } else { Effect::Dropped };
            let message =
                format!("{tags} tags are more than the {KEPT_TAGS} that are kept; more than {MAX_TAGS} are refused");
            self.tell(&place.key("tags"), "too-many-tags", effect, message, "Keep the ten that matter most.");
        }
        if let Some(severity) = bag.get(PROPERTY).filter(|severity| !is_valid(severity)) {
            let place = place.key(PROPERTY);
            let fix = "Write a number from 0.1 to 10.0 as a string, or leave the property out.";
            if is_numeric(severity) {
                let message = format!("the security severity {severity} is out of range, and counts as none");
                self.tell(&place, "severity-range", Effect::Degraded, message, fix);
            } else {
                let message = format!("the security severity {} is no number in a string", shown(severity));
                self.tell(&place, "severity-number", Effect::Refused, message, fix);
            }
        }
    }
}

/// A value as JSON, cut to what a message can hold.
pub(super) fn shown(value: &Value) -> String {
    let json = value.to_string();
    if json.chars().count() > 60 { format!("{}…", json.chars().take(60).collect::<String>()) } else { json }
}
