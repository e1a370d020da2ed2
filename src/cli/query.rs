//! The arguments of `scanall query`.

use std::path::PathBuf;

use clap::Args;

use super::listing::ListingArgs;
use crate::options::AdvisorySource;

pub(super) const EXAMPLES: &str = "\
Examples:
  scanall query pkg:npm/lodash@4.17.15          what is known to be wrong with it
  scanall query pkg:pypi/jinja2@2.4.1 pkg:cargo/time@0.1.43 --json
  cat purls | scanall query -                   a package URL on each line

Exit codes: 0 nothing is known, 1 something is, 3 the advisories at hand are not all there are";

/// The arguments of `scanall query`.
#[derive(Args, Debug)]
pub struct QueryArgs {
    /// Package URLs with versions; `-` reads them from standard input, one a line
    #[arg(required = true, value_name = "PURL")]
    pub packages: Vec<String>,

    /// Where advisories are taken from [default: auto]
    #[arg(long, value_name = "SOURCE")]
    pub advisories: Option<AdvisorySource>,

    /// An advisory database on disk: a store of `scanall db`, records of OSV in a folder or an archive, or a checkout of
    /// the RustSec database
    #[arg(long, value_name = "PATH")]
    pub advisory_db: Option<PathBuf>,

    /// Send nothing over the network
    #[arg(long)]
    pub offline: bool,

    /// How it is printed.
    #[command(flatten)]
    pub listing: ListingArgs,
}
