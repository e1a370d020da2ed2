//! Whether the target has files that a tool could look at.

use std::path::PathBuf;

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

/// The place that a program looks at.
pub(super) fn place(context: &Context) -> PathBuf {
    let target = &context.target;
    target.scope.as_ref().map_or_else(|| target.root.clone(), |scope| target.root.join(scope.as_str()))
}

/// Whether a file of this name lies at the root of what is scanned, and is no link.
pub(super) fn is_at_root(name: &str, context: &Context) -> bool {
    place(context).join(name).symlink_metadata().is_ok_and(|about| about.is_file())
}

/// Why a program that looks at the root alone has nothing to look at; `None` when it has.
pub(super) fn not_at_root(name: &str, program: &str, context: &Context) -> Option<String> {
    let reason = || format!("{program} looks at the root of what is scanned, where there is no {name}");
    (!is_at_root(name, context)).then(reason)
}
