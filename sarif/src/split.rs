//! Defines [`split`]: as many uploads of a log as the limits ask for.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::fix::{Rank, category, rank};
use crate::profile::Profile;
use crate::size;
use crate::value::{array, fields, list, take};

/// What the rest of a log around its runs may weigh.
const AROUND: u64 = 1 << 10;

/// Why a log cannot be split as it is; [`fix`](crate::fix()) helps against all of these.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SplitError {
    /// Two runs would replace each other on GitHub, in whichever uploads they are.
    #[error("{tool} has two runs in the category {category}")]
    DuplicateCategory {
        /// The name of the tool.
        tool: String,
        /// The category; empty for none.
        category: String,
    },
    /// One run is too large for an upload, and one run cannot be in two.
    #[error(
        "the run of {tool} in the category {category} has {bytes} bytes after gzip, and an upload may have {limit}"
    )]
    TooLarge {
        /// The name of the tool.
        tool: String,
        /// The category; empty for none.
        category: String,
        /// What the run weighs.
        bytes: u64,
        /// What an upload may weigh.
        limit: u64,
    },
}

/// Divides a log into uploads that keep to the limits of runs and bytes, with the worst results in the first. A log
/// within the limits stays as it is.
///
/// # Errors
///
/// A run is too large by itself, or two have the same tool and category; see [`SplitError`].
pub fn split(mut log: Value, profile: Profile) -> Result<Vec<Value>, SplitError> {
    let (Some(max_runs), Some(max_bytes)) = (profile.max_runs(), profile.max_gzip_bytes()) else {
        return Ok(vec![log]);
    };
    unique(&log, profile)?;
    if list(&log, "runs").len() <= max_runs && size::gzip(&log, max_bytes) <= max_bytes {
        return Ok(vec![log]);
    }
    let mut runs = std::mem::take(array(&mut log, "runs"));
    runs.sort_by_cached_key(|run| {
        (Reverse(worst(run)), category::tool(run).to_owned(), category::of(run).map(str::to_owned))
    });
    // What belongs to no run goes with the first.
    let mut head = log.clone();
    for key in ["inlineExternalProperties", "properties"] {
        take(&mut head, key);
    }
    let mut uploads: Vec<(Value, u64)> = vec![(log, 0)];
    if let Some((log, bytes)) = uploads.first_mut() {
        *bytes = size::gzip(log, 0);
    }
    for run in runs {
        // Together they weigh less than the sum of each: what fits by the sum, fits.
        let bytes = size::gzip(&run, 0);
        if bytes + AROUND > max_bytes {
            let (tool, category) = names(&run);
            return Err(SplitError::TooLarge { tool, category, bytes, limit: max_bytes });
        }
        let room = uploads.iter_mut().find(|(upload, weight)| {
            list(upload, "runs").len() < max_runs && weight.saturating_add(bytes) + AROUND <= max_bytes
        });
        match room {
            Some((upload, weight)) => {
                array(upload, "runs").push(run);
                *weight += bytes;
            }
            None => {
                let mut upload = head.clone();
                array(&mut upload, "runs").push(run);
                uploads.push((upload, bytes));
            }
        }
    }
    for (upload, _) in &mut uploads {
        fields(upload).entry("runs").or_insert_with(|| Value::Array(Vec::new()));
        array(upload, "runs").sort_by(|a, b| category::key(a).cmp(&category::key(b)));
    }
    Ok(uploads.into_iter().map(|(upload, _)| upload).collect())
}

fn names(run: &Value) -> (String, String) {
    (category::tool(run).to_owned(), category::of(run).unwrap_or_default().to_owned())
}

fn unique(log: &Value, profile: Profile) -> Result<(), SplitError> {
    let mut seen = BTreeSet::new();
    let twin = list(log, "runs").iter().map(names).find(|names| !seen.insert(names.clone()));
    match twin.filter(|_| profile.wants_unique_categories()) {
        Some((tool, category)) => Err(SplitError::DuplicateCategory { tool, category }),
        None => Ok(()),
    }
}

/// How bad the worst result of a run is; `None` without results.
fn worst(run: &Value) -> Option<Rank> {
    let rules = run.pointer("/tool/driver/rules").and_then(Value::as_array);
    let rule = |result: &Value| rules?.get(crate::value::index(result, "ruleIndex")?);
    list(run, "results").iter().map(|result| rank(result, rule(result))).max()
}
