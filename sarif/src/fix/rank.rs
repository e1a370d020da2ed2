//! Puts results into the order of their severity, so that what a limit cuts off is the mildest.

use std::cmp::Reverse;

use serde_json::Value;

use super::reference::{parent, places};
use crate::notice::Notices;
use crate::score::stated;
use crate::severity::SecuritySeverity;
use crate::value::{array, compare, text};

/// How bad a result is: by its security severity, then by its level.
pub(crate) type Rank = (Option<SecuritySeverity>, usize);

/// How bad a result is, given its rule.
pub(crate) fn rank(result: &Value, rule: Option<&Value>) -> Rank {
    let default = || rule.and_then(|rule| text(rule.get("defaultConfiguration")?, "level"));
    let level = text(result, "level").or_else(default).unwrap_or("warning");
    let level = ["none", "note", "warning", "error"].iter().position(|known| *known == level).unwrap_or(2);
    (stated(result).or_else(|| rule.and_then(stated)), level)
}

/// Sorts the results of a run, worst first, and then by what they say. Of equal ones the first stays.
pub(super) fn sort(run: &mut Value, notices: &mut Notices) {
    let mut results = std::mem::take(array(run, "results"));
    let before = results.len();
    {
        let places = places(run);
        let rules = run.pointer("/tool/driver/rules").and_then(Value::as_array);
        let rule = |result: &Value| {
            let id = parent(text(result, "ruleId")?, |id| places.contains_key(id))?;
            rules?.get(*places.get(id)?)
        };
        let mut ranked: Vec<(Rank, Value)> =
            results.drain(..).map(|result| (rank(&result, rule(&result)), result)).collect();
        ranked.sort_by(|(a, one), (b, other)| {
            Reverse(a).cmp(&Reverse(b)).then_with(|| place(one).cmp(&place(other))).then_with(|| compare(one, other))
        });
        results.extend(ranked.into_iter().map(|(_, result)| result));
    }
    results.dedup();
    notices.add_many("result", "left out: the same result is in the run", before - results.len());
    *array(run, "results") = results;
}

/// The rule, the file and the line: what people look for in a list.
fn place(result: &Value) -> (Option<&str>, Option<&str>, Option<i64>) {
    let physical = result.pointer("/locations/0/physicalLocation");
    let uri = physical.and_then(|p| p.pointer("/artifactLocation/uri")).and_then(Value::as_str);
    let line = physical.and_then(|p| p.pointer("/region/startLine")).and_then(Value::as_i64);
    (text(result, "ruleId"), uri, line)
}
