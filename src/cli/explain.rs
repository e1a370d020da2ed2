//! The arguments of `scanall explain`.

use std::path::PathBuf;

use clap::Args;

use super::look::LookArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  scanall explain secret/github-pat        what a rule is about
  scanall explain CVE-2020-26235           what an advisory says
  scanall explain license/agpl-3.0-only    what the policy says of a license
  scanall explain 3fa9c01de2               everything about one finding, by its fingerprint";

/// The arguments of `scanall explain`.
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// The id of a rule, an advisory or a license, or the first digits of the fingerprint of a finding
    #[arg(value_name = "RULE|FINGERPRINT")]
    pub what: String,

    /// What to scan for a finding: a repository, a folder or a file
    #[arg(default_value = ".", hide_default_value = true, value_name = "PATH")]
    pub path: PathBuf,

    /// How to look.
    #[command(flatten)]
    pub look: LookArgs,
}
