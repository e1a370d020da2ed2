//! `scanall ingest`: reports of other tools, said once.

use super::scan::{answer, start_threads};
use super::{Answer, Surroundings, runtime};
use crate::cli::ingest::IngestArgs;
use crate::error::Error;
use crate::scan;

/// Takes in reports, and writes what was asked for.
///
/// # Errors
/// The arguments or the configuration are not valid, or a report cannot be written. A report that cannot be read is a
/// gap instead.
pub fn run(args: IngestArgs, around: &Surroundings) -> Result<Answer, Error> {
    start_threads(&args.output)?;
    let runtime = runtime()?;
    let args = args.scan();
    let report = scan::ingest(&args, &around.environment, &runtime)?;
    let answered = answer(&report, &args.output, around, None);
    runtime.shutdown_background();
    // The process ends: giving hundreds of thousands of findings back one by one would only take time.
    std::mem::forget(report);
    answered
}
