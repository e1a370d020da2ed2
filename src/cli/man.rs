//! The arguments of `scanall man`.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `scanall man`.
#[derive(Args, Debug)]
pub struct ManArgs {
    /// Write `scanall.1`, `scanall-scan.1` and so on into this folder instead of printing the first
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
