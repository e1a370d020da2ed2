//! The arguments of `scanall baseline`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::look::LookArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  scanall baseline create              accept what is there today
  scanall baseline update              take out what is fixed, take in what is new
  scanall baseline update --prune-only
                                       only take out what is fixed
  scanall baseline show                what is in it, and what of that still stands";

/// What to do with a baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Scan, and write what is found into a new baseline
    Create(CreateArgs),
    /// Scan, take out what is fixed and take in what is new
    Update(UpdateArgs),
    /// Scan, and list what is in the baseline and what of it still stands
    Show(ShowArgs),
}

/// What every command about a baseline takes.
#[derive(Args, Debug)]
pub struct BaselineArgs {
    /// What to scan: a repository or a folder
    #[arg(default_value = ".", hide_default_value = true, value_name = "PATH")]
    pub path: PathBuf,

    /// The baseline [default: what `[scan] baseline` names, else .scanall-baseline.json at the root]
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// How to look.
    #[command(flatten)]
    pub look: LookArgs,
}

/// The arguments of `scanall baseline create`.
#[derive(Args, Debug)]
pub struct CreateArgs {
    /// What and where.
    #[command(flatten)]
    pub common: BaselineArgs,

    /// Write a baseline anew that is there already
    #[arg(long)]
    pub force: bool,
}

/// The arguments of `scanall baseline update`.
#[derive(Args, Debug)]
pub struct UpdateArgs {
    /// What and where.
    #[command(flatten)]
    pub common: BaselineArgs,

    /// Take in nothing new
    #[arg(long)]
    pub prune_only: bool,
}

/// The arguments of `scanall baseline show`.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// What and where.
    #[command(flatten)]
    pub common: BaselineArgs,
}
