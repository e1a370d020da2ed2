//! `scanall scan`: one scan, its files, and what is printed of it.

use super::{Answer, Surroundings, runtime};
use crate::cli::ScanArgs;
use crate::cli::scan::OutputArgs;
use crate::error::Error;
use crate::output::style::Style;
use crate::output::{self, View};
use crate::report::Report;
use crate::{exit, scan};

/// Scans, and writes what was asked for.
///
/// # Errors
/// The scan could not be carried out, or a report not be written.
pub fn run(args: &ScanArgs, around: &Surroundings) -> Result<Answer, Error> {
    start_threads(&args.output)?;
    let runtime = runtime()?;
    let report = scan::run(args, &around.environment, &runtime)?;
    runtime.shutdown_background();
    answer(&report, &args.output, around)
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

/// Writes the files that were asked for, and answers with the report to print.
///
/// # Errors
/// A report cannot be written.
pub(super) fn answer(report: &Report, args: &OutputArgs, around: &Surroundings) -> Result<Answer, Error> {
    let mut view = View {
        style: Style::PLAIN,
        show_secrets: args.show_secrets,
        verbosity: i8::try_from(args.verbose).unwrap_or(1) - i8::try_from(args.quiet).unwrap_or(1),
    };
    for (format, file) in &args.files {
        if let Some(format) = output::by_id(format) {
            scan::write_file(file, &(format.write)(report, &view)?)?;
        }
    }
    let mut answer = Answer { text: String::new(), code: exit::code(report.verdict) };
    if let Some(format) = output::by_id(&args.format).filter(|_| args.quiet < 2) {
        view.style = around.style;
        answer.text = (format.write)(report, &view)?;
    }
    Ok(answer)
}
