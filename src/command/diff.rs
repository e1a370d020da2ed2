//! `scanall diff`: what a change adds, its files, and what is printed of it.

use super::scan::{answer, start_threads};
use super::{Answer, Surroundings, runtime};
use crate::cli::DiffArgs;
use crate::diff;
use crate::error::Error;

/// Compares, and writes what was asked for.
///
/// # Errors
/// The comparison could not be carried out, or a report not be written.
pub fn run(args: &DiffArgs, around: &Surroundings) -> Result<Answer, Error> {
    start_threads(&args.output)?;
    let runtime = runtime()?;
    let report = diff::run(args, &around.environment, &runtime)?;
    runtime.shutdown_background();
    answer(&report, &args.output, around, None)
}
