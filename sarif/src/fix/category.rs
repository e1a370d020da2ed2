//! Gives every run a category, by which GitHub keeps the alerts of one scan apart from those of another.

use serde_json::{Value, json};

use crate::notice::Notices;
use crate::value::{object, text};

/// The category of a run: its id up to the last slash; `None` when there is none.
pub(crate) fn of(run: &Value) -> Option<&str> {
    let id = text(run.get("automationDetails")?, "id")?;
    let category = id.rsplit_once('/')?.0;
    (!category.trim_matches(['/', ' ']).is_empty()).then_some(category)
}

/// The name of the tool of a run; empty when there is none.
pub(crate) fn tool(run: &Value) -> &str {
    run.pointer("/tool/driver/name").and_then(Value::as_str).unwrap_or_default()
}

/// What GitHub tells runs apart by: the tool and the category.
pub(crate) fn key(run: &Value) -> (&str, Option<&str>) {
    (tool(run), of(run))
}

pub(super) fn mend(run: &mut Value, notices: &mut Notices) {
    if of(run).is_some() {
        return;
    }
    let details = run.get("automationDetails");
    let run_id = details.and_then(|details| text(details, "id")).unwrap_or_default();
    let id = format!("{}/{}", slug(tool(run)), run_id.trim_matches(['/', ' ']));
    object(run, "automationDetails").insert("id".to_owned(), json!(id));
    notices.add("run", "given a category, after the tool");
}

/// A name in small letters, digits and hyphens; never empty.
pub(super) fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-").to_lowercase();
    if slug.is_empty() { "unknown".to_owned() } else { slug }
}
