//! Compares two reports of earlier scans: nothing is scanned.

use std::path::Path;
use std::time::Instant;

use super::earlier::{self, Earlier, Reread};
use super::{After, Base, BaseKind, Before, changes, complete, layers};
use crate::cli::DiffArgs;
use crate::cli::scan::WhatArgs;
use crate::environment::Environment;
use crate::error::Error;
use crate::report::{self, Report};
use crate::scan;

/// Compares a report with another one.
///
/// # Errors
/// One of them is none, or the arguments ask for what only a scan can do.
pub(super) fn run(args: &DiffArgs, head: &str, environment: &Environment) -> Result<Report, Error> {
    let start = Instant::now();
    if !earlier::is_report(&args.base) {
        return Err(Error::usage("HEAD is a report, so BASE must be one, too")
            .hint("scan BASE with `scanall -o json=base.json` first, or name a revision as HEAD"));
    }
    if let Some(asked) = of_scans(&args.what) {
        return Err(Error::usage(format!("{asked} has no effect on reports of scans that are over")));
    }
    let base = Earlier::open(Path::new(&args.base))?;
    let Reread { findings, accepted, accepted_identities, mut layers, fail_on, origin } =
        Reread::open(Path::new(head))?;
    let completeness = scan::completeness(&args.gate, environment);
    let fail_on = args.gate.fail_on.unwrap_or(fail_on);
    let complete = complete(&layers, completeness);
    let named = Base { name: args.base.clone(), revision: base.revision, kind: BaseKind::Report };
    let before = Before {
        open: base.findings,
        accepted: base.accepted,
        layers: base.layers,
        has_contents: false,
        packages: None,
    };
    layers::add(&mut layers, &before.layers);
    let after = After { open: findings, accepted: accepted_identities, complete };
    let (findings, change) = changes(before, after, named);
    Ok(Report {
        verdict: report::verdict(&findings, &layers, fail_on, completeness),
        findings,
        suppressed: accepted,
        baseline: None,
        unused: Vec::new(),
        layers,
        fail_on,
        completeness,
        elapsed: start.elapsed(),
        origin,
        change: Some(change),
    })
}

/// An argument that is about scanning; `None` when there is none.
fn of_scans(what: &WhatArgs) -> Option<&'static str> {
    let given = [
        ("--only", !what.only.is_empty()),
        ("--skip", !what.skip.is_empty()),
        ("--rules", !what.rules.is_empty()),
        ("--config", what.config.is_some()),
        ("--no-dedupe", what.no_dedupe),
        ("--advisories", what.advisories.is_some()),
        ("--advisory-db", what.advisory_db.is_some()),
    ];
    given.into_iter().find_map(|(name, is_given)| is_given.then_some(name))
}
