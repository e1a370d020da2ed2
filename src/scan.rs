//! The straight line of a scan: options, target, scanners, findings, report, files.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::Instant;

use crate::baseline::{self, Extent, Known};
use crate::cli::scan::{CompletenessArg, GateArgs, LicensesArg, ScanArgs, WhatArgs};
use crate::config::{self, Config};
use crate::engine::{self, Collected, LayerRun, Outcome, progress::Progress};
use crate::environment::Environment;
use crate::error::Error;
use crate::finding::{Confidence, Finding, Severity};
use crate::options::{Completeness, HistoryRange, Options, Programs};
use crate::report::{self, Report};
use crate::scanner::image::{self, Image};
use crate::scanner::ingest::{self, Ingest};
use crate::scanner::tool::{self, own};
use crate::scanner::{Cancel, Context, Gap, Scanner, registry};
use crate::suppress::{Accepting, Split, foreign, reviewed};
use crate::target::Target;
use crate::{dedupe, normalize, redact, suppress, text, verify};

/// Scans what the arguments name.
///
/// # Errors
/// The arguments or the configuration are not valid, or the target cannot be opened. What goes wrong in a layer is in
/// the report instead.
pub fn run(args: &ScanArgs, environment: &Environment, runtime: &tokio::runtime::Runtime) -> Result<Report, Error> {
    let start = Instant::now();
    let context = context(args, environment, runtime)?;
    let mut choice = match args.staged {
        true => staged_only(&args.what)?,
        false => choose(&args.what, &context.config)?,
    };
    if !args.ingest.is_empty() && !choice.scanners.iter().any(|scanner| scanner.id() == ingest::ID) {
        choice.scanners.push(Box::new(Ingest::default()));
    }
    if args.image.is_some() {
        image::tool(&context)?;
        if !choice.scanners.iter().any(|scanner| scanner.id() == image::ID) {
            choice.scanners.push(Box::new(Image));
        }
    }
    report(args, environment, runtime, &context, choice, start)
}

/// Runs the scanners that were chosen, and makes the report.
fn report(
    args: &ScanArgs,
    environment: &Environment,
    runtime: &tokio::runtime::Runtime,
    context: &Context,
    choice: Choice,
    start: Instant,
) -> Result<Report, Error> {
    let Choice { scanners, left_out } = choice;
    let baseline = baseline(args, context)?;

    stop_at_interrupt(&context.cancel, runtime.handle());
    let shown = environment.stderr_is_terminal && args.output.quiet == 0;
    let Looked { mut split, mut layers } = look(&scanners, context, environment, shown)?;
    miss(&mut layers, &args.what, &context.config);
    let mut layers = in_order(layers, left_out);
    let extent = Extent {
        layers: &layers,
        whole: is_whole(context),
        history: if context.options.history == HistoryRange::Full { "full" } else { "none" },
    };
    let (baseline, notes) = match baseline {
        Some((place, Known::Own(baseline))) => {
            (Some(baseline::apply(&baseline, &place.name, &mut split, &extent)), Vec::new())
        }
        Some((_, Known::Other(mut list))) => {
            suppress::apply(&mut list, &mut split);
            let saw_all = extent.whole && extent.history == "full" && saw_secrets(&layers);
            (None, list.notes(saw_all))
        }
        None => (None, Vec::new()),
    };
    note(&mut layers, notes);
    split.open = verify::verify(split.open, context, &mut layers)?;
    let Options { fail_on, completeness, .. } = context.options;
    Ok(Report {
        verdict: report::verdict(&split.open, &layers, fail_on, completeness),
        findings: split.open,
        suppressed: split.suppressed,
        // What is staged or in reports is too little to tell that nothing needs an acceptance any more.
        baseline,
        unused: if args.staged || context.options.reports_alone { Vec::new() } else { split.unused },
        layers,
        fail_on,
        completeness,
        elapsed: start.elapsed(),
        origin: context.target.origin.clone(),
        change: None,
    })
}

/// Takes in the reports that the arguments name, and nothing else. Components of bills of materials are judged like those
/// of a lockfile.
///
/// # Errors
/// The arguments or the configuration are not valid, or the repository cannot be opened.
pub fn ingest(args: &ScanArgs, environment: &Environment, runtime: &tokio::runtime::Runtime) -> Result<Report, Error> {
    let start = Instant::now();
    let mut context = context(args, environment, runtime)?;
    context.options.reports_alone = true;
    let has_components = !context.ingested().lock().unwrap_or_else(PoisonError::into_inner).components.is_empty();
    let wanted = |id: &str| id == ingest::ID || (has_components && matches!(id, "dependencies" | "licenses"));
    let scanners: Vec<_> = registry::all().into_iter().filter(|scanner| wanted(scanner.id())).collect();
    report(args, environment, runtime, &context, Choice { scanners, left_out: Vec::new() }, start)
}

/// All that scanners may know of what the arguments name.
///
/// # Errors
/// The arguments or the configuration are not valid, or the target cannot be opened.
pub fn context(
    args: &ScanArgs,
    environment: &Environment,
    runtime: &tokio::runtime::Runtime,
) -> Result<Context, Error> {
    let target = match args.staged {
        true => Target::open_staged(&args.path, &environment.git)?,
        false => Target::open(&args.path)?,
    };
    let config = Config::load(args.what.config.as_deref(), &target.root)?;
    let history = match args.history.as_deref().or(config.scan.history.as_deref()).unwrap_or("full") {
        _ if args.staged => HistoryRange::None,
        "full" => HistoryRange::Full,
        "none" => HistoryRange::None,
        range => HistoryRange::Range(range.to_owned()),
    };
    let mut options = options(&args.what, &args.gate, history, (&config, &target.root), environment)?;
    options.verify = args.verify.verify.then(|| environment.way_to_providers());
    options.image.clone_from(&args.image);
    options.ingest.clone_from(&args.ingest);
    options.ingest_as.clone_from(&args.reports.report_format);
    Context::new(target, config, options, runtime.handle().clone())
}

/// The baseline that counts, if there is one.
fn baseline(args: &ScanArgs, context: &Context) -> Result<Option<(baseline::Place, Known)>, Error> {
    if args.no_baseline {
        return Ok(None);
    }
    let configured = context.config.scan.baseline.as_deref();
    let place = baseline::Place::find(args.baseline.as_deref(), configured, &context.target.root)?;
    Ok(Known::load(&place)?.map(|baseline| (place, baseline)))
}

/// What scanners came to.
pub(crate) struct Looked {
    /// Findings, joined, and split by whether somebody accepted them.
    pub(crate) split: Split,
    /// What came of each scanner.
    pub(crate) layers: Vec<LayerRun>,
}

/// Runs scanners, and makes of what they say what is reported.
///
/// # Errors
/// A path pattern of the configuration is not valid.
pub(crate) fn look(
    scanners: &[Box<dyn Scanner>],
    context: &Context,
    environment: &Environment,
    shown: bool,
) -> Result<Looked, Error> {
    let exclude = &context.config.scan.exclude;
    let exclude = exclude.iter().map(|glob| config::glob_of(glob)).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<&'static str> = scanners.iter().map(|scanner| scanner.id()).collect();
    let progress = Progress::new(&ids, shown);
    let Collected { findings, mut layers } = engine::run(scanners, context, &progress);
    progress.clear();

    let (mut findings, excluded) = normalize::normalize(findings, &context.target, &exclude);
    redact::redact(&mut findings, || context.matcher())?;
    let findings = if context.options.dedupe { dedupe::dedupe(findings) } else { dedupe::sort(findings) };
    let others = context.options.others_accept;
    let (mut lists, mut notes) = if others { foreign::load(&context.target) } else { (Vec::new(), Vec::new()) };
    let (reviewed, unread) =
        if others { reviewed::load(&context.target, context.paths()) } else { (Vec::new(), Vec::new()) };
    notes.extend(unread);
    let (ignores, today) = (&context.config.ignore, environment.today);
    let accepting = Accepting { ignores, lists: &mut lists, reviewed: &reviewed, others, today };
    let mut split = suppress::suppress(findings, accepting)?;
    notes.extend(reviewed.iter().flat_map(|file| file.expired(&split.open, today)));
    let saw_all = is_whole(context) && context.options.history == HistoryRange::Full && saw_secrets(&layers);
    notes.extend(lists.iter().flat_map(|list| list.notes(saw_all)));
    // What is accepted is used, however sure it is.
    let least = context.options.confidence;
    let (open, unsure) = sure(split.open, least);
    split.open = open;
    split.suppressed.retain(|(finding, _)| least.is_none_or(|least| finding.confidence >= least));
    if let Some(first) = layers.first_mut() {
        first.gaps.extend(context.target.gaps.iter().cloned());
        first.notes.extend(context.target.notes.iter().cloned());
        if unsure > 0 {
            first.notes.push(format!("{} of less confidence than asked for", text::count(unsure, "finding")));
        }
        if excluded > 0 {
            first.notes.push(format!("{} in excluded paths", text::count(excluded, "finding")));
        }
    }
    note(&mut layers, notes);
    Ok(Looked { split, layers })
}

/// Whether the scan is about the repository as a whole, not what is staged, in a range of revisions or in a part of it.
fn is_whole(context: &Context) -> bool {
    context.target.staged.is_none()
        && !context.options.reports_alone
        && context.target.scope.is_none()
        && !matches!(context.options.history, HistoryRange::Range(_))
}

/// Whether every place was searched for secrets.
fn saw_secrets(layers: &[LayerRun]) -> bool {
    let mut secrets = layers.iter().filter(|layer| layer.id == SECRETS);
    secrets.any(|layer| layer.outcome == Outcome::Completed && layer.gaps.is_empty())
}

/// Says something beside what the layer of secrets says, or the first one where that did not run.
fn note(layers: &mut [LayerRun], notes: Vec<String>) {
    let of_secrets = layers.iter().position(|layer| layer.id == SECRETS && layer.outcome.has_run());
    if let Some(layer) = layers.get_mut(of_secrets.unwrap_or(0)) {
        layer.notes.extend(notes);
    }
}

/// The findings of at least some confidence, and how many are of less.
fn sure(mut findings: Vec<Finding>, least: Option<Confidence>) -> (Vec<Finding>, usize) {
    let all = findings.len();
    findings.retain(|finding| least.is_none_or(|least| finding.confidence >= least));
    let unsure = all - findings.len();
    (findings, unsure)
}

/// Makes it plain that a program is missing that somebody named: what it would have found, nobody has looked for.
pub(crate) fn miss(layers: &mut [LayerRun], args: &WhatArgs, config: &Config) {
    for layer in layers {
        let is_named = |names: &[String]| names.iter().any(|name| name == layer.id);
        if let Outcome::Absent(reason) = &layer.outcome
            && (is_named(&args.only) || is_named(&config.scan.only))
        {
            let reason = reason.clone();
            layer.gaps.push(Gap::unavailable(format!("{} was asked for and is {reason}", layer.id)));
            layer.outcome = Outcome::Skipped(reason);
        }
    }
}

/// The layers that ran and those that were left out, in the order of the registry.
pub(crate) fn in_order(mut layers: Vec<LayerRun>, left_out: Vec<LayerRun>) -> Vec<LayerRun> {
    layers.extend(left_out);
    layers.sort_by_key(|layer| registry::ids().iter().position(|id| *id == layer.id).unwrap_or(usize::MAX));
    layers
}

/// Lets the first interrupt ask everybody to stop.
pub(crate) fn stop_at_interrupt(cancel: &Cancel, runtime: &tokio::runtime::Handle) {
    let stop = cancel.clone();
    runtime.spawn(async move { environment_interrupt(&stop).await });
}

/// Asks the scanners to stop at the first interrupt; a second one ends the process as usual.
async fn environment_interrupt(stop: &Cancel) {
    if interrupted().await.is_ok() {
        stop.cancel();
        let _ = interrupted().await;
        tool::end_all();
        crate::exit::at_once();
    }
}

/// Waits for what a terminal or a CI system sends to end a process.
#[cfg(unix)]
async fn interrupted() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn interrupted() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

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
fn passed(text: &str) -> (Option<String>, String) {
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

/// The layer that looks at what is staged.
const SECRETS: &str = "secrets";

fn must_exist(path: &Path, what: &str) -> Result<(), Error> {
    match path.exists() {
        true => Ok(()),
        false => Err(Error::usage(format!("the {what} `{}` does not exist", path.display()))),
    }
}

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
fn staged_only(args: &WhatArgs) -> Result<Choice, Error> {
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

/// Writes a report beside its place and moves it there, so that nobody ever reads half of one.
///
/// # Errors
/// The file cannot be written.
pub fn write_file(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |e: std::io::Error| Error::usage(format!("cannot write `{}`", path.display())).because(e);
    // A device or a pipe is written to as it is.
    if path.exists() && !path.is_file() {
        return std::fs::write(path, text).map_err(failed);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)?;
    file.persist(path).map(drop).map_err(|e| failed(e.error))
}
