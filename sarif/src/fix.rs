//! Defines [`fix`]: repairs a log so that it is taken as it is.

pub(crate) mod category;
mod combine;
mod finish;
mod flow;
mod index;
mod level;
mod location;
mod message;
mod rank;
mod reference;
mod region;
mod rule;
mod severity;
mod shrink;
mod tool;

pub(crate) use index::INDEXES;
pub(crate) use level::not_open;
pub(crate) use rank::{Rank, rank};
pub(crate) use reference::parent;

use serde_json::{Map, Value, json};

use crate::input::Input;
use crate::notice::{Notice, Notices};
use crate::place::Bases;
use crate::profile::Profile;
use crate::root::Root;
use crate::schema::{Schema, conform, settle};
use crate::value::{array, compare, fields};

/// The JSON schema of SARIF 2.1.0, as GitHub's documentation names it.
pub(crate) const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Repairs a log so that [`check`](crate::check()) objects to nothing in it any more, and says what was done to it.
///
/// What the standard does not know moves into the nearest property bag. For GitHub, runs of one tool and category
/// become one, every result gets a place in the repository, severities become numbers, and what GitHub would drop
/// or show wrongly is left out, with a notice. With a `root`, paths are resolved and lines hashed by the files there.
///
/// A log that has been fixed stays the same when it is fixed again. One that is too large for one upload is one log
/// still: see [`split`](crate::split()).
pub fn fix(input: Input, profile: Profile, root: Option<&Root>) -> (Input, Vec<Notice>) {
    let (log, notices) = repair(vec![input.log], profile, root);
    (Input { name: input.name, log }, notices)
}

/// Repairs several logs and makes one of them, which does not depend on their order.
pub(crate) fn repair(logs: Vec<Value>, profile: Profile, root: Option<&Root>) -> (Value, Vec<Notice>) {
    let mut notices = Notices::default();
    let mut runs = Vec::new();
    let mut rest = Vec::new();
    for mut log in logs {
        conform_log(&mut log, &mut notices);
        let found = std::mem::take(array(&mut log, "runs"));
        for mut run in found {
            mend(&mut run, profile, root, &mut notices);
            runs.push(run);
        }
        rest.push(log);
    }
    runs.sort_by(compare);
    if profile.is_github() {
        runs = combine::combine(runs, &mut notices);
        for run in &mut runs {
            finish::finish(run, profile, &mut notices);
        }
        runs.sort_by(|a, b| category::key(a).cmp(&category::key(b)));
    } else {
        for run in &mut runs {
            index::dedupe(run, &mut notices);
            reference::number(run);
        }
    }
    rest.sort_by(compare);
    let mut log = Value::Object(Map::new());
    for other in rest {
        combine::absorb(fields(&mut log), other, &mut notices);
    }
    let map = fields(&mut log);
    map.insert("$schema".to_owned(), json!(SCHEMA));
    map.insert("version".to_owned(), json!("2.1.0"));
    map.insert("runs".to_owned(), Value::Array(runs));
    // What was put together once more, since elements of lists must differ.
    settle(&mut log, Schema::get().log(), &mut Notices::default());
    (log, notices.into_vec())
}

/// Whether an address names the schema of the final standard, which has several.
pub(crate) fn is_schema(address: &str) -> bool {
    address.contains("sarif") && address.contains("2.1.0") && address.ends_with(".json")
}

fn conform_log(log: &mut Value, notices: &mut Notices) {
    let version = log.get("version").and_then(Value::as_str);
    if version != Some("2.1.0") {
        let said = version.map_or_else(|| "no version".to_owned(), |version| format!("version `{version}`"));
        notices.tell(format!("a log of {said} read as 2.1.0"));
    }
    if log.get("$schema").and_then(Value::as_str) != Some(SCHEMA) {
        if !log.get("$schema").and_then(Value::as_str).is_some_and(is_schema) {
            notices.add("log", "given the address of the schema of SARIF 2.1.0");
        }
        fields(log).remove("$schema");
    }
    if !conform(log, Schema::get().log(), notices) {
        *log = json!({"version": "2.1.0", "runs": []});
    }
}

/// Repairs what a run says, by itself.
fn mend(run: &mut Value, profile: Profile, root: Option<&Root>, notices: &mut Notices) {
    region::mend(run, notices);
    if profile.is_github() {
        tool::mend(run, notices);
        flow::inline(run, notices);
        index::name_artifacts(run, notices);
        level::keep_open(run, notices);
    }
    reference::resolve(run, notices);
    if profile.is_github() {
        message::mend(run, notices);
        level::mend(run, notices);
        severity::mend(run, notices);
        rule::mend(run, notices);
        let bases = Bases::of(run, root);
        location::mend(run, &bases, root, notices);
        category::mend(run, notices);
    }
    index::check(run, notices);
}
