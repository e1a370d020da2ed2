//! Makes [`Options`] of what the command line, the configuration and the environment say.

use std::path::Path;

use crate::cli::scan::{CompletenessArg, GateArgs, LicensesArg, WhatArgs};
use crate::config::Config;
use crate::environment::Environment;
use crate::error::Error;
use crate::finding::Severity;
use crate::options::{Completeness, HistoryRange, Options, Programs};
use crate::scanner::tool::own;

/// The choices of one run, by the command line first, then by the configuration, then by the environment.
///
/// # Errors
/// A path that was named does not exist.
pub(crate) fn options(
    args: &WhatArgs,
    gate: &GateArgs,
    history: HistoryRange,
    (config, root): (&Config, &Path),
    environment: &Environment,
) -> Result<Options, Error> {
    for path in &args.rules {
        must_exist(path, "rule pack")?;
    }
    if let Some(path) = &args.advisory_db {
        must_exist(path, "advisory database")?;
    }
    // What the configuration adds is a layer like the others from here on.
    own::announce(&config.tool);
    let programs = Programs {
        vouched: args.programs.allow_tools || args.config.as_deref().is_some_and(|file| is_outside(file, root)),
        pass: args.programs.pass_env.iter().map(|text| passed(text)).collect(),
        paths: args.programs.tool_path.iter().cloned().collect(),
    };
    for path in programs.paths.values() {
        must_exist(path, "program")?;
    }
    Ok(Options {
        programs,
        image: None,
        history,
        delta: !args.no_delta,
        dedupe: !args.no_dedupe,
        now: environment.now,
        others_accept: !(args.own_ignores_only || config.scan.own_ignores_only),
        confidence: args.confidence.or(config.scan.confidence),
        fail_on: gate.fail_on.or(config.scan.fail_on).unwrap_or(Severity::High),
        completeness: completeness(gate, environment),
        offline: args.offline,
        no_cache: args.no_cache,
        ingest: Vec::new(),
        ingest_as: None,
        reports_alone: false,
        rules: args.rules.clone(),
        rules_within: args.rules.iter().filter(|path| !is_outside(path, root)).cloned().collect(),
        verify: None,
        advisory_db: args.advisory_db.clone(),
        cache_dir: environment.cache_dir.clone(),
        cargo_home: environment.cargo_home.clone(),
        homes: environment.homes.clone(),
        licenses_online: args.licenses.map_or(config.licenses.online, |from| from == LicensesArg::Online),
        deps_dev_url: environment.deps_dev_url.clone(),
        path: environment.path.clone(),
        trivy_cache: environment.trivy_cache.clone(),
        grype_db: environment.grype_db.clone(),
        osv_db: environment.osv_db.clone(),
        advisories: args.advisories.or(config.scan.advisories).unwrap_or_default(),
        advisory_sites: environment.advisory_sites.clone(),
    })
}

/// The layer and the variable of `--pass-env`.
pub(super) fn passed(text: &str) -> (Option<String>, String) {
    match text.split_once(':') {
        Some((tool, name)) => (Some(tool.to_owned()), name.to_owned()),
        None => (None, text.to_owned()),
    }
}

/// Whether a configuration is somebody's own: one in the tree that is scanned may be anybody's, whoever names it.
fn is_outside(file: &Path, root: &Path) -> bool {
    file.canonicalize().is_ok_and(|file| !file.starts_with(root))
}

/// What makes a run incomplete, by the command line first, then by the environment.
pub(crate) fn completeness(gate: &GateArgs, environment: &Environment) -> Completeness {
    match gate.completeness {
        Some(CompletenessArg::Strict) => Completeness::Strict,
        Some(CompletenessArg::BestEffort) => Completeness::BestEffort,
        None if environment.is_ci => Completeness::Strict,
        None => Completeness::BestEffort,
    }
}

fn must_exist(path: &Path, what: &str) -> Result<(), Error> {
    match path.exists() {
        true => Ok(()),
        false => Err(Error::usage(format!("the {what} `{}` does not exist", path.display()))),
    }
}
