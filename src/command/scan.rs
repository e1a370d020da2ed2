//! `scanall scan`: one scan, its files, and what is printed of it.

mod publish;

use std::path::Path;

use super::{Answer, Surroundings, runtime};
use crate::cli::ScanArgs;
use crate::cli::scan::OutputArgs;
use crate::error::Error;
use crate::github::alert::Alerts;
use crate::github::destination::Asked;
use crate::output::style::Style;
use crate::output::{self, View};
use crate::report::Report;
use crate::{edit, exit, scan};

/// Scans, and writes what was asked for.
///
/// # Errors
/// The scan could not be carried out, or a report not be written.
pub fn run(args: &ScanArgs, around: &Surroundings) -> Result<Answer, Error> {
    check(args)?;
    start_threads(&args.output)?;
    let runtime = runtime()?;
    let report = scan::run(args, &around.environment, &runtime)?;
    let publish = |view: &View| publish::publish(&report, view, args, around);
    let publish: Option<&Publish<'_>> = if args.upload { Some(&publish) } else { None };
    let answered = answer(&report, &args.output, around, publish);
    // The scan's own watch for interrupts goes on until everything is written.
    runtime.shutdown_background();
    // The process ends: giving hundreds of thousands of findings back one by one would only take time.
    std::mem::forget(report);
    answered
}

/// Refuses what only an upload has a use for.
fn check(args: &ScanArgs) -> Result<(), Error> {
    let Asked { repository, commit, reference } = args.destination.asked();
    match !args.upload && (repository.is_some() || commit.is_some() || reference.is_some()) {
        true => Err(Error::usage("--repository, --ref and --commit say what an upload is about").hint("add --upload")),
        false => Ok(()),
    }
}

/// Starts as many threads as were asked for.
///
/// # Errors
/// The system gives none.
pub(super) fn start_threads(args: &OutputArgs) -> Result<(), Error> {
    let Some(jobs) = args.jobs else { return Ok(()) };
    let threads = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs));
    threads.build_global().map_err(|e| Error::usage("cannot start the threads").because(e))
}

/// Uploads a report, and tells which alerts its findings have.
pub(super) type Publish<'a> = dyn Fn(&View) -> Result<Alerts, Error> + 'a;

/// Writes the files that were asked for, uploads if that was, and answers with the report to print.
///
/// # Errors
/// A report cannot be written.
pub(super) fn answer(
    report: &Report,
    args: &OutputArgs,
    around: &Surroundings,
    publish: Option<&Publish<'_>>,
) -> Result<Answer, Error> {
    let mut view = View {
        style: Style::PLAIN,
        show_secrets: args.show_secrets,
        verbosity: i8::try_from(args.verbose).unwrap_or(1) - i8::try_from(args.quiet).unwrap_or(1),
        alerts: Alerts::default(),
    };
    write_files(report, args, &view, |_| true)?;
    let mut answer = Answer { text: String::new(), code: exit::code(report.verdict) };
    match publish.map(|publish| publish(&view)) {
        None => {}
        Some(Ok(alerts)) if alerts.is_empty() => {}
        Some(Ok(alerts)) => {
            view.alerts = alerts;
            // What goes to a pipe has been read; files learn where the alerts are.
            write_files(report, args, &view, Path::is_file)?;
        }
        // Everything was written, and is printed all the same: nothing is lost but the upload.
        Some(Err(error)) => {
            around.explain(&error, "error:");
            answer.code = exit::ERROR;
        }
    }
    if let Some(format) = output::by_id(&args.format).filter(|_| args.quiet < 2) {
        view.style = around.style;
        answer.text = (format.write)(report, &view)?;
        // Paths and messages of what was scanned are no commands to the machine that scans.
        if format.id == "table" && around.environment.github.is_actions {
            answer.text = output::github::defused(&answer.text);
        }
    }
    Ok(answer)
}

/// Writes the files that were asked for and are wanted.
fn write_files(report: &Report, args: &OutputArgs, view: &View, wanted: impl Fn(&Path) -> bool) -> Result<(), Error> {
    for (format, file) in args.files.iter().filter(|(_, file)| wanted(file)) {
        if let Some(format) = output::by_id(format) {
            edit::write(file, &(format.write)(report, view)?)?;
        }
    }
    Ok(())
}
