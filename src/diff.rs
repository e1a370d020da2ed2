//! The straight line of a comparison: what is compared, HEAD's scan, BASE's findings, what is new, report.
//!
//! ```text
//! sides -> scan HEAD (files, and the history BASE..HEAD) -> scan BASE (files) or read its report -> compare -> Report
//! ```
//!
//! Findings are compared, not lines: a file that was touched brings nothing back, and a file that was not may have
//! something new. Both sides are scanned by the same rules, settings and data, those of HEAD and of now, so that what
//! differs is the change.

pub mod change;
pub mod compare;
pub mod earlier;
pub mod identity;
pub mod layers;
mod reports;
mod sides;
mod version;

use std::collections::HashSet;
use std::time::Instant;

use crate::cli::DiffArgs;
use crate::config::Config;
use crate::engine::{LayerRun, Outcome};
use crate::environment::Environment;
use crate::error::Error;
use crate::finding::{Finding, Fingerprint, Kind};
use crate::inventory::Inventory;
use crate::options::{Completeness, HistoryRange, Options};
use crate::report::{self, Coverage, Report};
use crate::scan::{self, Choice, Looked};
use crate::scanner::{Cancel, Context, Gap, registry};
use crate::suppress::Split;
use crate::target::Target;
use crate::text;
use crate::verify;
pub use change::{Base, BaseKind, Change, Moved, PackageChange};
use compare::compare;
use earlier::Earlier;
use identity::{Contents, Identity};
use layers::BaseLayer;
use sides::{BaseSide, Sides};
use version::Version;

/// Compares what the arguments name.
///
/// # Errors
/// The arguments or the configuration are not valid, or a side cannot be opened. What goes wrong in a layer is in the
/// report instead.
pub fn run(args: &DiffArgs, environment: &Environment, runtime: &tokio::runtime::Runtime) -> Result<Report, Error> {
    if let Some(head) = args.head.as_deref().filter(|name| earlier::is_report(name)) {
        return reports::run(args, head, environment);
    }
    let start = Instant::now();
    let cancel = Cancel::default();
    scan::stop_at_interrupt(&cancel, runtime.handle());
    let sides = Sides::open(args, &cancel)?;
    let config = Config::load(args.what.config.as_deref(), &sides.head.root)?;
    let history = match (config.scan.history.as_deref(), &sides.range) {
        (Some("none"), _) => HistoryRange::None,
        (_, Some(range)) => HistoryRange::Range(range.clone()),
        (_, None) => HistoryRange::Full,
    };
    let mut options = scan::options(&args.what, &args.gate, history, (&config, sides.project()), environment)?;
    options.verify = args.verify.verify.then(|| environment.way_to_providers());
    options.path = sides.trusted(options.path.as_deref());
    let Choice { scanners, left_out } = scan::choose(&args.what, &config)?;
    let Sides { head, head_gaps, base, base_kind, _head_files: _keep, .. } = sides;
    let mut context = Context::new(head, config, options, runtime.handle().clone())?;
    context.cancel = cancel;

    let shown = environment.stderr_is_terminal && args.output.quiet == 0;
    let Looked { mut split, mut layers } = scan::look(&scanners, &context, environment, shown)?;
    scan::miss(&mut layers, &args.what, &context.config);
    add_to_all(&mut layers, &head_gaps);
    leave_out_ignored(&mut split, &mut layers, &context.target)?;

    // Of what HEAD was not searched for completely nobody knows whether it is gone.
    let completeness = context.options.completeness;
    let complete = complete(&layers, completeness);
    let mut before = match base {
        BaseSide::Files(history, commit) => {
            let files = Version::write(&history, commit, context.target.scope.as_ref(), &context.cancel)?;
            scan_base(&files, &context, &layers, environment, shown)?
        }
        BaseSide::Report(earlier) => Before::of_report(earlier, &context),
    };
    layers::add(&mut layers, &before.layers);
    let mut layers = scan::in_order(layers, left_out);
    let contents = before.has_contents.then_some(&context.target);
    let accepted: Vec<Finding> = split.suppressed.iter().map(|(finding, _)| finding.clone()).collect();
    let accepted = identities(&accepted, contents);
    let is = identities(&split.open, contents);
    let after = After { open: split.open.into_iter().zip(is).collect(), accepted, complete };
    let base_packages = before.packages.take();
    let (findings, mut change) = changes(before, after, base_kind);
    change.packages = base_packages.map(|base| change::packages(&base, &context, &findings));
    let findings = verify::verify(findings, &context, &mut layers)?;
    let fail_on = context.options.fail_on;
    // Of a part of the history nobody can tell that nothing needs an acceptance any more.
    split.unused.retain(|unused| unused.expired.is_some());
    Ok(Report {
        verdict: report::verdict(&findings, &layers, fail_on, completeness),
        findings,
        suppressed: split.suppressed,
        // What it lists is in BASE, too.
        baseline: None,
        unused: split.unused,
        layers,
        fail_on,
        completeness,
        elapsed: start.elapsed(),
        origin: context.target.origin,
        change: Some(change),
    })
}

/// What is known of BASE.
struct Before {
    /// Its findings.
    open: Vec<Identity>,
    /// Findings that HEAD may have, too, and that are not told as fixed.
    accepted: Vec<Identity>,
    layers: Vec<BaseLayer>,
    /// Whether its files were there to tell findings without text apart.
    has_contents: bool,
    /// Its packages; `None` when nobody read them.
    packages: Option<Inventory>,
}

impl Before {
    fn of_report(Earlier { mut findings, accepted, layers, .. }: Earlier, head: &Context) -> Self {
        // Nothing can be said of a history that was not read whole.
        let target = &head.target;
        if head.options.history != HistoryRange::Full || target.git_dir.is_none() || target.shallow {
            findings.retain(|finding| finding.is_in_files);
        }
        Self { open: findings, accepted, layers, has_contents: false, packages: None }
    }
}

/// Scans the files of BASE by the layers that ran on HEAD, and as HEAD was scanned.
fn scan_base(
    files: &Version,
    head: &Context,
    ran_on_head: &[LayerRun],
    environment: &Environment,
    shown: bool,
) -> Result<Before, Error> {
    let options = Options { history: HistoryRange::None, ..head.options.clone() };
    let context = head.beside(Target::of_version(files.folder()?, head.target.scope.clone()), options);
    let mut scanners = registry::all();
    scanners.retain(|scanner| ran_on_head.iter().any(|layer| layer.id == scanner.id() && ran(layer)));
    let Looked { split, mut layers } = scan::look(&scanners, &context, environment, shown)?;
    let reads_packages = scanners.iter().any(|scanner| ["dependencies", "licenses"].contains(&scanner.id()));
    // What looked at HEAD and found no file to look at here has seen everything that there is.
    for layer in layers.iter_mut().filter(|layer| matches!(layer.outcome, Outcome::Skipped(_))) {
        layer.outcome = Outcome::Completed;
    }
    add_to_all(&mut layers, &files.gaps());
    Ok(Before {
        open: identities(&split.open, Some(&context.target)),
        accepted: Vec::new(),
        layers: layers.into_iter().map(BaseLayer::from).collect(),
        has_contents: true,
        packages: reads_packages.then(|| context.into_inventory()),
    })
}

/// What is known of HEAD.
struct After {
    /// Its findings, and what each is recognised by.
    open: Vec<(Finding, Identity)>,
    /// What the findings that it accepts are recognised by.
    accepted: Vec<Identity>,
    /// The kinds that were looked for completely.
    complete: Vec<Kind>,
}

/// The findings that are new, and what became of the others.
fn changes(before: Before, after: After, base: Base) -> (Vec<Finding>, Change) {
    let listed = before.open.len();
    let was: Vec<Identity> = before.open.into_iter().chain(before.accepted).collect();
    // A credential that BASE's files have is no news in the history after it, and gone if no file has it any more.
    let known: HashSet<&Fingerprint> = was.iter().filter(|it| it.is_in_files).map(|it| &it.fingerprint).collect();
    let is_news = |it: &Identity| it.is_in_files || !known.contains(&it.fingerprint);
    let (mut findings, is): (Vec<Finding>, Vec<Identity>) =
        after.open.into_iter().filter(|(_, identity)| is_news(identity)).unzip();
    let compared = compare(&was, &is);
    // What HEAD has and accepts is not fixed.
    let gone = compared.fixed.iter().filter(|index| **index < listed).map(|index| was[*index].clone());
    let gone: Vec<Identity> = gone.collect();
    let fixed = compare(&gone, &after.accepted).fixed.into_iter().map(|index| gone[index].clone());
    let mut fixed: Vec<Identity> = fixed.filter(|it| after.complete.contains(&it.kind)).collect();
    fixed.sort();
    let moved = compared.moved.iter().map(|pair| Moved { from: was[pair.base].clone(), to: is[pair.head].clone() });
    let mut moved: Vec<Moved> = moved.collect();
    moved.sort_by(|a, b| (&a.to, &a.from).cmp(&(&b.to, &b.from)));
    let introduced: HashSet<usize> = compared.introduced.into_iter().collect();
    let mut index = 0..;
    findings.retain(|_| index.next().is_some_and(|index| introduced.contains(&index)));
    (findings, Change { base, unchanged: compared.unchanged.len(), moved, fixed, packages: None })
}

/// The kinds that some layers looked for completely.
fn complete(layers: &[LayerRun], completeness: Completeness) -> Vec<Kind> {
    let is_complete = |kind: &Kind| report::coverage(layers, *kind, completeness) == Coverage::Full;
    Kind::ALL.into_iter().filter(is_complete).collect()
}

fn identities(findings: &[Finding], contents: Option<&Target>) -> Vec<Identity> {
    let mut contents = contents.map(Contents::new);
    findings.iter().map(|finding| Identity::of(finding, contents.as_mut())).collect()
}

fn ran(layer: &LayerRun) -> bool {
    layer.outcome.has_run()
}

/// What of the files could not be read, no layer has seen.
fn add_to_all(layers: &mut [LayerRun], gaps: &[Gap]) {
    for layer in layers.iter_mut().filter(|layer| ran(layer)) {
        layer.gaps.extend(gaps.iter().cloned());
    }
}

/// Takes out findings in files that git ignores and in other repositories: programs that read the disk see them, but
/// no change brings them.
fn leave_out_ignored(split: &mut Split, layers: &mut [LayerRun], target: &Target) -> Result<(), Error> {
    let listed: HashSet<_> = target.files()?.files.into_iter().map(|file| file.path).collect();
    let is_ignored = |finding: &Finding| {
        let place = &finding.location;
        place.commit.is_none() && !listed.contains(&place.path) && target.root.join(place.path.as_str()).is_file()
    };
    let before = split.open.len();
    split.open.retain(|finding| !is_ignored(finding));
    split.suppressed.retain(|(finding, _)| !is_ignored(finding));
    let count = before - split.open.len();
    if let Some(first) = layers.iter_mut().find(|layer| count > 0 && ran(layer)) {
        first.notes.push(format!("{} in files that git ignores", text::count(count, "finding")));
    }
    Ok(())
}
