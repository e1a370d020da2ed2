//! Looks at results.

use serde_json::Value;

use super::Checker;
use super::run::Rules;
use crate::defect::Effect;
use crate::fix::not_open;
use crate::limits::{KEPT_LOCATIONS, KEPT_THREAD_FLOW_LOCATIONS, MAX_LOCATIONS, MAX_THREAD_FLOW_LOCATIONS};
use crate::pointer::Pointer;
use crate::score::stated;
use crate::value::{index, list, text};

impl Checker<'_> {
    pub(super) fn result(&mut self, result: &Value, rules: &Rules<'_>, at: &Pointer<'_>) {
        self.which_rule(result, rules, at);
        if result.get("message").and_then(|message| text(message, "text")).is_none() {
            let place = at.key("message");
            let message = "the result has no message.text, and GitHub does not look up a message by its id";
            self.tell(&place.key("text"), "no-message", Effect::Refused, message, "Write the message out.");
        }
        if let Some((code, _)) = not_open(result) {
            let message = match code {
                "suppressed" => "the result is suppressed, and GitHub shows it as open",
                "absent" => "the result is gone since an earlier scan, and GitHub shows it as open",
                _ => "the result is a check that passed, and GitHub shows it as a problem",
            };
            self.tell(at, code, Effect::Degraded, message, "Leave the result out of what is uploaded.");
        }
        if text(result, "level") == Some("none") {
            let fix = "Write note, warning or error, or leave the result out.";
            self.tell(&at.key("level"), "level-none", Effect::Degraded, "GitHub has no place for the level none", fix);
        }
        if let Some(severity) = stated(result).filter(|own| rules.rule(result).and_then(stated) < Some(*own)) {
            let place = at.key("properties");
            let message =
                format!("the security severity {severity} of the result is not read: GitHub reads that of the rule");
            let fix = "Write the worst severity of its results into the properties of the rule.";
            self.tell(&place.key("security-severity"), "severity-on-result", Effect::Degraded, message, fix);
        }
        self.flows(result, at);
    }

    fn which_rule(&mut self, result: &Value, rules: &Rules<'_>, at: &Pointer<'_>) {
        let rule = result.get("rule").unwrap_or(&Value::Null);
        let id = text(result, "ruleId").or_else(|| text(rule, "id"));
        if let (Some(one), Some(other)) = (text(result, "ruleId"), text(rule, "id"))
            && one != other
        {
            let message = format!("the result names the rule `{one}` in ruleId and `{other}` in rule.id");
            self.tell(at, "rule-contradiction", Effect::Degraded, message, "Name one rule.");
        }
        let part = rule.get("toolComponent");
        let extension = part.and_then(|part| index(part, "index")).and_then(|at| rules.extensions.get(at).copied());
        for (list, number, place) in [
            (Some(rules.driver), index(result, "ruleIndex"), at.key("ruleIndex")),
            (extension.or(part.is_none().then_some(rules.driver)), index(rule, "index"), at.key("rule")),
        ] {
            let (Some(list), Some(number)) = (list, number) else { continue };
            match list.get(number).map(|rule| text(rule, "id").unwrap_or_default()) {
                None => {
                    let message = format!("the rule index {number} counts beyond the end of the rules");
                    self.tell(&place, "rule-index", Effect::Refused, message, "Leave the index out, or count again.");
                }
                Some(counted) => {
                    if let Some(id) = id.filter(|id| crate::fix::parent(id, |id| id == counted).is_none()) {
                        let message = format!("the result names the rule `{id}`, and its index that of `{counted}`");
                        self.tell(&place, "rule-contradiction", Effect::Degraded, message, "Make both mean one rule.");
                    }
                }
            }
        }
        match id {
            None if rules.rule(result).is_none() && rule.is_null() => {
                let fix = "Write the id of a rule into ruleId.";
                self.tell(&at.key("ruleId"), "no-rule", Effect::Refused, "the result names no rule", fix);
            }
            Some(id) if rules.rule(result).is_none() => {
                let message = format!("nothing describes the rule `{id}`");
                let fix = "Describe it in tool.driver.rules.";
                self.tell(&at.key("ruleId"), "unknown-rule", Effect::Degraded, message, fix);
            }
            _ => {}
        }
    }

    fn flows(&mut self, result: &Value, at: &Pointer<'_>) {
        let threads = || list(result, "codeFlows").iter().flat_map(|flow| list(flow, "threadFlows"));
        let steps = threads().map(|thread| list(thread, "locations").len()).sum();
        for (key, count, kept, max) in [
            ("locations", list(result, "locations").len(), KEPT_LOCATIONS, MAX_LOCATIONS),
            ("relatedLocations", list(result, "relatedLocations").len(), KEPT_LOCATIONS, MAX_LOCATIONS),
            ("codeFlows", steps, KEPT_THREAD_FLOW_LOCATIONS, MAX_THREAD_FLOW_LOCATIONS),
        ] {
            if count > kept {
                let effect = if count > max { Effect::Refused } else { Effect::Dropped };
                let message =
                    format!("{count} locations are more than the {kept} that are kept; more than {max} are refused");
                self.tell(&at.key(key), "too-many-locations", effect, message, "Keep those that matter most.");
            }
        }
        if threads().flat_map(|thread| list(thread, "locations")).any(|step| index(step, "index").is_some()) {
            let message = "steps of a thread flow are given by number only, and GitHub does not look them up";
            self.tell(&at.key("codeFlows"), "step-by-index", Effect::Dropped, message, "Write the steps out.");
        }
    }
}
