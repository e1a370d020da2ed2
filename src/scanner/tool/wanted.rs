//! Whether the target has files that a tool could look at.

use globset::{GlobSet, GlobSetBuilder};

use crate::config;
use crate::scanner::Context;

/// So many globs are named.
const MOST_NAMED: usize = 3;

/// Why a tool has nothing to look at; `None` when one of the globs fits a file, or there is none.
pub(super) fn lacking(wanted: &[&str], context: &Context) -> Option<String> {
    if wanted.is_empty() || has(&set_of(wanted)?, context) {
        return None;
    }
    let names: Vec<&str> = wanted.iter().take(MOST_NAMED).map(|glob| glob.trim_start_matches("**/")).collect();
    let more = if wanted.len() > MOST_NAMED { " or the like" } else { "" };
    Some(format!("there is no {}{more}", names.join(", ")))
}

fn has(set: &GlobSet, context: &Context) -> bool {
    context.paths().iter().any(|path| set.is_match(path.as_str()))
}

/// `None` when a glob is not valid: then the tool runs and finds out by itself.
fn set_of(globs: &[&str]) -> Option<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(config::glob_of(glob).ok()?.glob().clone());
    }
    set.build().ok()
}
