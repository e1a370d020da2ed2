//! Brings a run into its final order and within the limits.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{index, location, rank, reference, rule, shrink};
use crate::limits::{KEPT_RESULTS, MAX_EXTENSIONS, MAX_RESULTS, MAX_RULES};
use crate::location::ROOT;
use crate::notice::Notices;
use crate::profile::Profile;
use crate::schema::{Schema, settle};
use crate::value::{array, fields, keep, list, text};

pub(super) fn finish(run: &mut Value, profile: Profile, notices: &mut Notices) {
    rank::sort(run, notices);
    limit(run, notices);
    bases(run);
    location::anchor(run);
    index::dedupe(run, notices);
    index::check(run, notices);
    // Before the numbers of the rules, which depend on nothing that still changes.
    settle(run, Schema::get().definition("run"), notices);
    // Rules that were put together may have more tags than one may have.
    rule::mend(run, notices);
    shrink::shrink(run, profile, notices);
    reference::number(run);
}

fn limit(run: &mut Value, notices: &mut Notices) {
    let results = array(run, "results");
    if results.len() > MAX_RESULTS {
        notices.add_many("result", "left out, the mildest: GitHub takes 25000 of a run", results.len() - MAX_RESULTS);
        results.truncate(MAX_RESULTS);
    }
    if results.len() > KEPT_RESULTS {
        let more = results.len() - KEPT_RESULTS;
        notices.add_many("result", "beyond the 5000 of a run that GitHub shows, and the mildest of it", more);
    }
    let used: BTreeSet<String> = {
        let places = reference::places(run);
        let ids = list(run, "results").iter().filter_map(|result| text(result, "ruleId"));
        ids.filter_map(|id| reference::parent(id, |id| places.contains_key(id))).map(str::to_owned).collect()
    };
    let rules = array(&mut run["tool"]["driver"], "rules");
    if rules.len() > MAX_RULES {
        let before = rules.len();
        let mut spare = MAX_RULES.saturating_sub(used.len());
        rules.retain(|rule| {
            let is_used = text(rule, "id").is_some_and(|id| used.contains(id));
            let is_kept = is_used || spare > 0;
            spare -= usize::from(is_kept && !is_used);
            is_kept
        });
        notices.add_many("rule", "left out, without results: GitHub takes 25000 of a run", before - rules.len());
    }
    let tool = &mut run["tool"];
    if list(tool, "extensions").len() > MAX_EXTENSIONS {
        let more = array(tool, "extensions").split_off(MAX_EXTENSIONS);
        notices.add_many("extension", "moved into the property bag: GitHub takes 100 of a run", more.len());
        keep(fields(tool), "extensions", Value::Array(more));
    }
}

/// Every address is relative to the repository now; what bases there were stays readable.
fn bases(run: &mut Value) {
    let root = json!({ ROOT: { "description": { "text": "The root of the repository." } } });
    if let Some(old) = fields(run).remove("originalUriBaseIds").filter(|old| *old != root) {
        keep(fields(run), "originalUriBaseIds", old);
    }
    fields(run).insert("originalUriBaseIds".to_owned(), root);
}
