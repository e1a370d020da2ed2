//! The arguments of `scanall tools`.

use std::path::PathBuf;

use clap::Args;

use super::listing::ListingArgs;
use super::programs::ProgramArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  scanall tools                        which programs a scan of this repository would run, and why not the others
  scanall tools --offline --json       the same for programs, as if nothing could be asked of a server";

/// The arguments of `scanall tools`.
#[derive(Args, Debug)]
pub struct ToolsArgs {
    /// What would be scanned
    #[arg(default_value = ".", hide_default_value = true, value_name = "PATH")]
    pub path: PathBuf,

    /// The configuration [default: .scanall.toml at the root of what is scanned]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Say what a scan without the network would run
    #[arg(long)]
    pub offline: bool,

    /// How it is printed.
    #[command(flatten)]
    pub listing: ListingArgs,

    /// How programs are run.
    #[command(flatten)]
    pub programs: ProgramArgs,
}
