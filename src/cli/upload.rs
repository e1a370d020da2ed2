//! The arguments of `scanall upload`.

use std::path::PathBuf;

use clap::Args;

use super::destination::DestinationArgs;

/// The arguments of an upload.
#[derive(Args, Debug)]
pub struct UploadArgs {
    /// SARIF files, of scanall or of other tools
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Which version of which repository they are about.
    #[command(flatten)]
    pub destination: DestinationArgs,

    /// Let GitHub also refuse what it could take but would show badly
    #[arg(long, help_heading = "GitHub")]
    pub validate: bool,
}
