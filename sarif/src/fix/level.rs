//! Leaves out results that are no problems, which GitHub would show as some, and gives the rest a level it knows.

use serde_json::{Value, json};

use crate::notice::Notices;
use crate::value::{array, fields, list, list_mut, text};

/// Leaves out results that are no open problems.
pub(super) fn keep_open(run: &mut Value, notices: &mut Notices) {
    if run.get("results").is_none() {
        notices.add("run", "without a list of results given an empty one: uploading it closes alerts");
    }
    array(run, "results").retain(|result| {
        let reason = not_open(result);
        if let Some((_, done)) = reason {
            notices.add("result", done);
        }
        reason.is_none()
    });
}

/// Makes the level `none` one that GitHub knows.
pub(super) fn mend(run: &mut Value, notices: &mut Notices) {
    for result in list_mut(run, "results") {
        if text(result, "level") == Some("none") {
            fields(result).insert("level".to_owned(), json!("note"));
            notices.add("result", "without a level made a note");
        }
    }
    for rule in run.pointer_mut("/tool/driver/rules").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(configuration) = rule.get_mut("defaultConfiguration")
            && text(configuration, "level") == Some("none")
        {
            fields(configuration).insert("level".to_owned(), json!("note"));
            notices.add("rule", "without a level made a note");
        }
    }
}

/// Why a result is no open problem, as the code of a defect and what is done about it; `None` when it is one.
pub(crate) fn not_open(result: &Value) -> Option<(&'static str, &'static str)> {
    let suppressions = list(result, "suppressions");
    // By the standard, one that is under review or rejected does not count, nor do others beside it.
    let is_accepted = |s: &Value| text(s, "status").is_none_or(|status| status == "accepted");
    if !suppressions.is_empty() && suppressions.iter().all(is_accepted) {
        return Some(("suppressed", "left out: suppressed, which GitHub would show as open"));
    }
    if text(result, "baselineState") == Some("absent") {
        return Some(("absent", "left out: gone since an earlier scan, which GitHub would show as open"));
    }
    match text(result, "kind") {
        Some("pass" | "notApplicable") => {
            Some(("passed", "left out: a check that passed, which GitHub would show as a problem"))
        }
        _ => None,
    }
}
