//! The arguments of `scanall init`.

use std::path::PathBuf;

use clap::Args;

/// The arguments of an initialization.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// The repository to write into
    #[arg(default_value = ".", hide_default_value = true, value_name = "DIR")]
    pub dir: PathBuf,

    /// A job for GitLab CI/CD, instead of workflows for GitHub
    #[arg(long)]
    pub gitlab: bool,

    /// A hook for the pre-commit framework, instead of workflows for GitHub
    #[arg(long)]
    pub pre_commit: bool,

    /// A workflow that scans every repository of an organization each night, instead of those for one repository
    #[arg(long)]
    pub organization: bool,

    /// Show what would be written, and write nothing
    #[arg(long)]
    pub print: bool,
}
