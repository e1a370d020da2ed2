//! Makes severities numbers on rules, which is where and how GitHub reads them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::reference::{parent, places};
use crate::notice::Notices;
use crate::score::{PROPERTY, implied, is_valid, stated};
use crate::severity::SecuritySeverity;
use crate::value::{fields, list, text};

pub(super) fn mend(run: &mut Value, notices: &mut Notices) {
    let places = places(run);
    // GitHub knows one severity for each rule: the worst of its results.
    let mut worst: BTreeMap<usize, [Option<SecuritySeverity>; 2]> = BTreeMap::new();
    for result in list(run, "results") {
        let rule = text(result, "ruleId").and_then(|id| places.get(parent(id, |id| places.contains_key(id))?));
        if let Some(at) = rule {
            let entry = worst.entry(*at).or_default();
            entry[0] = entry[0].max(stated(result));
            entry[1] = entry[1].max(implied(result));
        }
    }
    let rules = run.pointer_mut("/tool/driver/rules").and_then(Value::as_array_mut);
    for (at, rule) in rules.into_iter().flatten().enumerate() {
        let [said, hinted] = worst.get(&at).copied().unwrap_or_default();
        let own = stated(rule);
        let severity = own.max(said).or_else(|| implied(rule)).or(hinted);
        let old = rule.get("properties").and_then(|bag| bag.get(PROPERTY)).cloned();
        let Some(severity) = severity else {
            if old.is_some() {
                fields(&mut rule["properties"]).remove(PROPERTY);
                notices.add("severity", "left out: it says nothing, and GitHub refuses the file over it");
            }
            continue;
        };
        if own == Some(severity) && old.as_ref().is_some_and(is_valid) {
            continue;
        }
        crate::value::object(rule, "properties").insert(PROPERTY.to_owned(), json!(severity.to_string()));
        notices.add(
            "severity",
            match old {
                None => "taken from elsewhere, since GitHub reads it as a number on the rule only",
                Some(old) if own == Some(severity) && !is_valid(&old) => "written as a number from 0.1 to 10.0",
                Some(_) => "raised to the worst of the results of the rule",
            },
        );
    }
}
