//! The straight line of a scan: options, target, scanners, findings, report, files.

mod choice;
mod interrupt;
mod layers;
mod settings;

use std::sync::PoisonError;
use std::time::Instant;

use crate::baseline::{self, Extent, Known};
use crate::cli::scan::ScanArgs;
use crate::config::Config;
use crate::engine::{self, Collected, LayerRun, progress::Progress};
use crate::environment::Environment;
use crate::error::Error;
use crate::finding::{Confidence, Finding, Kind};
use crate::options::{HistoryRange, Options};
use crate::report::{self, Report};
use crate::scanner::image::{self, Image};
use crate::scanner::ingest::{self, Ingest};
use crate::scanner::{Context, Scanner, registry};
use crate::suppress::{Accepting, Split, foreign, reviewed};
use crate::target::Target;
use crate::{dedupe, normalize, redact, suppress, text, verify};
use choice::staged_only;
pub(crate) use choice::{Choice, choose};
pub(crate) use interrupt::stop_at_interrupt;
pub(crate) use layers::{in_order, miss};
use layers::{note, saw_secrets};
pub(crate) use settings::{completeness, options};

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
/// There are too many secret rules, or a pattern in a list of what is accepted is not valid.
pub(crate) fn look(
    scanners: &[Box<dyn Scanner>],
    context: &Context,
    environment: &Environment,
    shown: bool,
) -> Result<Looked, Error> {
    let ids: Vec<&'static str> = scanners.iter().map(|scanner| scanner.id()).collect();
    let progress = Progress::new(&ids, shown);
    let Collected { findings, mut layers } = engine::run(scanners, context, &progress);
    progress.clear();

    let (mut findings, excluded) = normalize::normalize(findings, &context.target, context.exclusion());
    redact::redact(&mut findings, || context.matcher())?;
    let findings = if context.options.dedupe { dedupe::dedupe(findings) } else { dedupe::sort(findings) };
    let others = context.options.others_accept;
    let (mut lists, mut notes) = if others { foreign::load(&context.target) } else { (Vec::new(), Vec::new()) };
    // They are about what is no secret, and finding them takes a walk through the tree.
    let (reviewed, unread) = match others && scanners.iter().any(|scanner| looks_beyond_secrets(scanner.as_ref())) {
        true => reviewed::load(&context.target, context.paths()),
        false => (Vec::new(), Vec::new()),
    };
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

/// Whether a scanner looks for more than secrets. One that says nothing of what it looks for may tell anything.
fn looks_beyond_secrets(scanner: &dyn Scanner) -> bool {
    scanner.kinds().is_empty() || scanner.kinds().iter().any(|kind| *kind != Kind::Secret)
}

/// The findings of at least some confidence, and how many are of less.
fn sure(mut findings: Vec<Finding>, least: Option<Confidence>) -> (Vec<Finding>, usize) {
    let all = findings.len();
    findings.retain(|finding| least.is_none_or(|least| finding.confidence >= least));
    let unsure = all - findings.len();
    (findings, unsure)
}
