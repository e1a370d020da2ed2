//! Defines [`Choice`]: which scanners run.

use super::layers::SECRETS;
use super::settings::passed;
use crate::cli::scan::WhatArgs;
use crate::config::Config;
use crate::engine::{LayerRun, Outcome};
use crate::error::Error;
use crate::scanner::{Scanner, image, ingest, registry};
use crate::text;

/// The scanners to run, and the layers that were left out on request.
pub(crate) struct Choice {
    pub(crate) scanners: Vec<Box<dyn Scanner>>,
    pub(crate) left_out: Vec<LayerRun>,
}

/// Chooses by the command line first, then by the configuration.
///
/// # Errors
/// The configuration names what is no layer, or nothing is left to run.
pub(crate) fn choose(args: &WhatArgs, config: &Config) -> Result<Choice, Error> {
    let ids = registry::ids();
    must_be_layers(args, config, &ids)?;
    let only = if args.only.is_empty() { &config.scan.only } else { &args.only };
    let wanted = |id: &str| {
        let named = |list: &[String]| list.iter().any(|name| name == id);
        // What the command line asks for by name runs, whatever the configuration leaves out.
        (only.is_empty() || named(only)) && !named(&args.skip) && (named(&args.only) || !named(&config.scan.skip))
    };
    let (scanners, left_out): (Vec<_>, Vec<_>) = asked_for_always().partition(|s| wanted(s.id()));
    if scanners.is_empty() {
        return Err(Error::usage("no layer is left to run").hint(format!("the layers are {}", ids.join(", "))));
    }
    let left_out = left_out.iter().map(|scanner| leave_out(scanner.as_ref(), "not asked for"));
    Ok(Choice { left_out: left_out.collect(), scanners })
}

/// Whether every name is that of a layer, wherever it was given.
fn must_be_layers(args: &WhatArgs, config: &Config, ids: &[&'static str]) -> Result<(), Error> {
    let passed = args.programs.pass_env.iter().filter_map(|text| passed(text).0);
    let passed: Vec<String> = passed.collect();
    let paths: Vec<String> = args.programs.tool_path.iter().map(|(name, _)| name.clone()).collect();
    let settings: Vec<String> = config.tools.keys().cloned().collect();
    for (place, names) in [
        ("under [scan]", &config.scan.only),
        ("under [scan]", &config.scan.skip),
        ("under [tools]", &settings),
        ("of --only", &args.only),
        ("of --skip", &args.skip),
        ("of --pass-env", &passed),
        ("of --tool-path", &paths),
    ] {
        let Some(name) = names.iter().find(|name| !ids.contains(&name.as_str())) else { continue };
        let error = Error::usage(format!("`{}` {place} is no layer", text::printable(name)));
        return Err(match text::nearest(name, ids.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("the layers are {}", ids.join(", "))),
        });
    }
    match config.tool.iter().find(|tool| ids.iter().filter(|id| **id == tool.name).count() > 1) {
        Some(tool) => {
            Err(Error::usage(format!("the [[tool]] `{}` has the name of a layer", tool.name))
                .hint("give it another name"))
        }
        None => Ok(()),
    }
}

/// Every layer but those that are nothing without an argument of their own.
fn asked_for_always() -> impl Iterator<Item = Box<dyn Scanner>> {
    registry::all().into_iter().filter(|scanner| ![image::ID, ingest::ID].contains(&scanner.id()))
}

fn leave_out(scanner: &dyn Scanner, why: &str) -> LayerRun {
    LayerRun {
        id: scanner.id(),
        kinds: scanner.kinds().to_vec(),
        outcome: match scanner.spec() {
            Some(_) => Outcome::Absent(why.to_owned()),
            None => Outcome::Skipped(why.to_owned()),
        },
        gaps: Vec::new(),
        notes: Vec::new(),
        elapsed: std::time::Duration::ZERO,
    }
}

/// Of what is staged, secrets can be told; everything else is about the repository as a whole. Whoever asks for more is
/// told so: the configuration is about whole scans, and does not.
///
/// # Errors
/// The command line asks for other layers, or not for this one.
pub(super) fn staged_only(args: &WhatArgs) -> Result<Choice, Error> {
    let (scanners, left_out): (Vec<_>, Vec<_>) = asked_for_always().partition(|s| s.id() == SECRETS);
    let others: Vec<&str> = args.only.iter().map(String::as_str).filter(|name| *name != SECRETS).collect();
    if !others.is_empty() {
        return Err(Error::usage(format!(
            "--staged looks for secrets only, not for what {} would find",
            others.join(", ")
        ))
        .hint("run the other layers without --staged, before a push or in CI"));
    }
    if args.skip.iter().any(|name| name == SECRETS) {
        return Err(Error::usage("no layer is left to run").hint("--staged runs the secrets layer"));
    }
    let left_out = left_out.iter().map(|scanner| leave_out(scanner.as_ref(), "--staged looks for secrets only"));
    Ok(Choice { left_out: left_out.collect(), scanners })
}
