//! Whether the repository can be read, and what of it is elsewhere.

use super::{Check, Patient};
use crate::history::{History, ObjectId};
use crate::scanner::Cause;
use crate::text;

const AREA: &str = "repository";

pub(super) fn checks(patient: &Patient<'_>) -> Vec<Check> {
    let target = &patient.context.target;
    let place = target.root.display();
    let Some(git_dir) = &target.git_dir else {
        return vec![
            Check::warn(AREA, format!("{place} is in no git repository: files are scanned, and there is no history"))
                .hint("to scan a repository, give its folder: scanall doctor PATH"),
        ];
    };
    let history = match History::open(git_dir) {
        Ok(history) => history,
        Err(error) => return vec![Check::failed(AREA, &error)],
    };
    let what = if target.bare { "a bare repository" } else { "a repository" };
    let store = history.store();
    let at = match (&target.origin.revision, &target.origin.branch) {
        (Some(revision), Some(branch)) => format!(", at {:.10} of {branch}", revision),
        (Some(revision), None) => format!(", at {:.10}", revision),
        (None, _) => String::new(),
    };
    let mut checks = vec![Check::ok(AREA, format!("{place} is {what}{at}"))];
    checks.extend(store.gaps.iter().map(|gap| Check::fail(AREA, gap).hint("repair it: git fsck says more")));
    checks.extend(target.gaps.iter().map(|gap| match gap.cause {
        Cause::Broken => Check::fail(AREA, &gap.message).hint("repair it: git fsck says more"),
        Cause::Unavailable => Check::warn(AREA, &gap.message),
    }));
    checks.extend(target.notes.iter().map(|note| Check::ok(AREA, note)));
    // Of what libgit2 does not know it tells no HEAD either.
    if target.libgit2 {
        checks.extend(head(&history, target.origin.revision.as_deref()));
    }
    if target.shallow {
        checks.push(
            Check::warn(AREA, "it is a shallow clone: older commits are not here")
                .hint("git fetch --unshallow, or `fetch-depth: 0` for actions/checkout"),
        );
    }
    if history.is_partial() {
        checks.push(
            Check::warn(AREA, "it is a partial clone: scanall fetches nothing, so what is not here is not scanned")
                .hint("git fetch --refetch --no-filter brings everything"),
        );
    }
    let submodules = history.submodules();
    if let Some(first) = submodules.first() {
        let count = text::count(submodules.len(), "submodule");
        checks.push(
            Check::warn(AREA, format!("the history of {count} is not part of a scan ({first} first)"))
                .hint("scan each by itself: scanall PATH"),
        );
    }
    checks
}

/// Whether the commit of HEAD can be read, which shows that the store is whole where it matters most.
fn head(history: &History, revision: Option<&str>) -> Option<Check> {
    let Some(revision) = revision else {
        return Some(Check::ok(AREA, "HEAD has no commit yet"));
    };
    let id = ObjectId::from_hex(revision.as_bytes())?;
    history.store().read(&id).err().map(|why| Check::fail(AREA, format!("the commit of HEAD cannot be read: {why}")))
}
