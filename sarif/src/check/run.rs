//! Looks at runs and their tools.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Checker;
use crate::defect::Effect;
use crate::fix::{INDEXES, category, rank};
use crate::limits::{KEPT_RESULTS, MAX_EXTENSIONS, MAX_RESULTS, MAX_RULES};
use crate::pointer::Pointer;
use crate::schema::{Schema, walk};
use crate::value::{index, list, text};

/// The rules of a run, for looking up those of results.
pub(super) struct Rules<'a> {
    pub(super) driver: &'a [Value],
    pub(super) extensions: Vec<&'a [Value]>,
    pub(super) by_id: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Rules<'a> {
    fn of(run: &'a Value) -> Self {
        let tool = run.get("tool").unwrap_or(&Value::Null);
        let driver = tool.get("driver").map_or(&[][..], |driver| list(driver, "rules"));
        let extensions: Vec<&[Value]> = list(tool, "extensions").iter().map(|e| list(e, "rules")).collect();
        let all = extensions.iter().rev().copied().chain([driver]).flatten();
        let by_id = all.filter_map(|rule| Some((text(rule, "id")?, rule))).collect();
        Self { driver, extensions, by_id }
    }

    /// The rule of a result, as far as it says which.
    pub(super) fn rule(&self, result: &Value) -> Option<&'a Value> {
        let id = text(result, "ruleId").or_else(|| text(result.get("rule")?, "id"));
        let by_id = id.and_then(|id| crate::fix::parent(id, |id| self.by_id.contains_key(id)));
        match by_id {
            Some(id) => self.by_id.get(id).copied(),
            None if id.is_some() => None,
            None => self.driver.get(index(result, "ruleIndex")?),
        }
    }
}

impl Checker<'_> {
    pub(super) fn run(&mut self, run: &Value, at: &Pointer<'_>) {
        self.indexes(run, at);
        let rules = Rules::of(run);
        let results = at.key("results");
        if self.profile.is_github() {
            self.tool(run, at);
            self.limits(run, &rules, at);
            let tool = at.key("tool");
            let driver = tool.key("driver");
            self.rules(rules.driver, &driver.key("rules"));
            let extensions = tool.key("extensions");
            for (number, extension) in rules.extensions.iter().enumerate() {
                self.rules(extension, &extensions.index(number).key("rules"));
            }
        }
        let bases = crate::place::Bases::of(run, self.root);
        for (number, result) in list(run, "results").iter().enumerate() {
            let at = results.index(number);
            self.regions(result, &at);
            if self.profile.is_github() {
                self.result(result, &rules, &at);
                self.places(result, &bases, &at);
            }
        }
    }

    fn tool(&mut self, run: &Value, at: &Pointer<'_>) {
        if category::tool(run).trim().is_empty() {
            let place = at.key("tool");
            let place = place.key("driver");
            let fix = "Write the name of the tool into tool.driver.name.";
            self.tell(&place.key("name"), "no-tool-name", Effect::Refused, "the run does not name its tool", fix);
        }
        if category::of(run).is_none() {
            let place = at.key("automationDetails");
            let message = "the run has no category: runs of other jobs without one replace its alerts";
            let fix = "Write a category and a slash into automationDetails.id, such as `my-tool/`.";
            self.tell(&place.key("id"), "no-category", Effect::Degraded, message, fix);
        }
        if !run.get("results").is_some_and(Value::is_array) {
            let fix = "Write an empty list when nothing was found; leave the run out when nothing was looked at.";
            self.tell(&at.key("results"), "no-results", Effect::Refused, "the run has no list of results", fix);
        }
    }

    fn limits(&mut self, run: &Value, rules: &Rules<'_>, at: &Pointer<'_>) {
        let results = list(run, "results");
        let rule_count = rules.driver.len() + rules.extensions.iter().map(|list| list.len()).sum::<usize>();
        let extensions = rules.extensions.len();
        for (code, noun, count, max, key) in [
            ("too-many-results", "results", results.len(), MAX_RESULTS, "results"),
            ("too-many-rules", "rules", rule_count, MAX_RULES, "tool"),
            ("too-many-extensions", "extensions", extensions, MAX_EXTENSIONS, "tool"),
        ] {
            if count > max {
                let message = format!("{count} {noun} are more than the {max} that a run may have");
                let fix = format!("Keep the {max} that matter most.");
                self.tell(&at.key(key), code, Effect::Refused, message, fix);
            }
        }
        if (KEPT_RESULTS + 1..=MAX_RESULTS).contains(&results.len()) {
            let ranks: Vec<_> = results.iter().map(|result| rank(result, rules.rule(result))).collect();
            // In order, what GitHub keeps is what matters; else nobody knows which it is.
            let effect = if ranks.is_sorted_by(|a, b| a >= b) { Effect::Degraded } else { Effect::Dropped };
            let more = results.len() - KEPT_RESULTS;
            let message = format!("GitHub makes alerts of {KEPT_RESULTS} results of a run, and {more} are beyond that");
            let fix = "Put the most severe results first, and leave out what nobody is to look at.";
            self.tell(&at.key("results"), "more-results-than-shown", effect, message, fix);
        }
    }

    /// Numbers that count beyond the end of a list.
    fn indexes(&mut self, run: &Value, at: &Pointer<'_>) {
        let lengths: BTreeMap<&str, usize> =
            INDEXES.iter().map(|(.., array)| (*array, list(run, array).len())).collect();
        let mut found = Vec::new();
        walk(run, Schema::get().definition("run"), at, &mut |kind, at, map| {
            for (_, property, array) in INDEXES.iter().filter(|(of, ..)| *of == kind) {
                let number = map.get(*property).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
                if number.is_some_and(|number| lengths.get(array).is_none_or(|length| number >= *length)) {
                    found.push((at.key(property).to_string(), *array));
                }
            }
        });
        for (pointer, array) in found {
            self.defects.push(crate::Defect {
                file: self.file.to_owned(),
                pointer,
                code: "index",
                effect: Effect::Refused,
                message: format!("the index counts beyond the end of the run's `{array}`"),
                fix: "Leave the index out, or point it to the element that is meant.".to_owned(),
            });
        }
    }
}
