//! The arguments of `scanall ignore`.

use std::path::PathBuf;

use clap::Args;

use super::look::LookArgs;
use crate::config::Day;

pub(super) const EXAMPLES: &str = "\
Examples:
  scanall ignore 3fa9c01de2 --reason 'a token of the public sandbox'
  scanall ignore 3fa9c01de2 --reason 'fixed with the move to 2.0' --expires 2027-01-31
  scanall ignore 3fa9c01de2 --reason 'a sample' --inline

The digits are the fingerprint of a finding, which stands behind its rule in the table; six or more will do.";

/// The arguments of `scanall ignore`.
#[derive(Args, Debug)]
pub struct IgnoreArgs {
    /// The fingerprint of a finding, or its first six digits or more
    #[arg(value_name = "FINGERPRINT")]
    pub fingerprint: String,

    /// What to scan for it: a repository, a folder or a file
    #[arg(default_value = ".", hide_default_value = true, value_name = "PATH")]
    pub path: PathBuf,

    /// Why it is accepted, for whoever reads it next
    #[arg(long, value_name = "TEXT")]
    pub reason: String,

    /// The last day on which it is accepted [default: for ever]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day, conflicts_with = "inline")]
    pub expires: Option<Day>,

    /// Write a comment behind the line instead of an entry in the configuration
    #[arg(long)]
    pub inline: bool,

    /// How to look.
    #[command(flatten)]
    pub look: LookArgs,
}

fn day(text: &str) -> Result<Day, String> {
    text.parse().map(Day).map_err(|_| "write a day such as 2027-01-31".to_owned())
}
