//! Makes a run small enough for an upload.

use serde_json::Value;

use crate::notice::Notices;
use crate::profile::Profile;
use crate::schema::{Schema, visit};
use crate::size;
use crate::value::{array, fields, list_mut};

/// What the rest of a log around a run may weigh.
const AROUND: u64 = 64 << 10;

/// What GitHub does not show, in the order in which it goes: parts of results.
const UNREAD: &[&str] =
    &["attachments", "fixes", "graphs", "graphTraversals", "stacks", "webRequest", "webResponse", "properties"];

/// The same: parts of runs.
const UNREAD_OF_RUN: &[&str] =
    &["addresses", "artifacts", "graphs", "logicalLocations", "threadFlowLocations", "webRequests", "webResponses"];

/// Leaves out of a run what GitHub shows last until it fits into an upload.
pub(super) fn shrink(run: &mut Value, profile: Profile, notices: &mut Notices) {
    let Some(limit) = profile.max_gzip_bytes().map(|limit| limit - AROUND) else { return };
    let fits = |run: &Value| size::gzip(run, limit) <= limit;
    if fits(run) {
        return;
    }
    for key in UNREAD_OF_RUN {
        if fields(run).remove(*key).is_some() {
            notices.add("list of a run", "left out: the upload would be too large");
        }
    }
    super::index::check(run, &mut Notices::default());
    let mut parts = 0;
    for result in list_mut(run, "results") {
        parts += UNREAD.iter().filter(|key| fields(result).remove(**key).is_some()).count();
    }
    notices.add_many("part", "of results that GitHub does not show left out: the upload would be too large", parts);
    let mut texts = 0;
    visit(run, Schema::get().definition("run"), &mut Vec::new(), &mut |kind, _, map| match kind {
        "physicalLocation" => texts += usize::from(map.remove("contextRegion").is_some()),
        "region" => texts += usize::from(map.remove("snippet").is_some()),
        _ => {}
    });
    notices.add_many("snippet", "left out: the upload would be too large", texts);
    if fits(run) {
        return;
    }
    let flows = list_mut(run, "results").iter_mut().filter_map(|result| fields(result).remove("codeFlows")).count();
    notices.add_many("result", "left without its code flows: the upload would be too large", flows);
    if fits(run) {
        return;
    }
    let results = std::mem::take(array(run, "results"));
    let bare = size::gzip(run, 0);
    let mut kept = size::prefix(&results, limit.saturating_sub(bare));
    let all = results.len();
    *array(run, "results") = results;
    loop {
        array(run, "results").truncate(kept);
        if kept == 0 || fits(run) {
            break;
        }
        kept -= kept / 20 + 1;
    }
    notices.add_many("result", "left out, the mildest: the upload would be too large", all - kept);
    if fits(run) {
        return;
    }
    // What is left is the rules.
    if let Some(rules) = run.pointer_mut("/tool/driver/rules") {
        *rules = Value::Array(Vec::new());
        notices.tell("the rules of a run left out: they alone are too large for an upload".to_owned());
    }
    if !fits(run) {
        for key in
            ["properties", "conversion", "taxonomies", "translations", "policies", "redactionTokens", "invocations"]
        {
            fields(run).remove(key);
        }
        fields(&mut run["tool"]).retain(|key, _| key == "driver");
        fields(&mut run["tool"]["driver"])
            .retain(|key, _| ["name", "version", "informationUri", "rules"].contains(&key.as_str()));
        notices.tell("everything but the name of a tool left out of a run: it is too large for an upload".to_owned());
    }
}
