//! The arguments of `scanall diff`.

use std::path::PathBuf;

use clap::Args;

use super::scan::{GateArgs, OutputArgs, WhatArgs};
use super::verify::VerifyArgs;

/// What stands below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  scanall diff origin/main             what this branch and the files as they are add
  scanall diff v1.0 v1.1 --exact       what is in v1.1 and not in v1.0
  scanall diff base.json               what is new since `scanall -o json=base.json`

Exit codes, of what was introduced alone:
  0  clean: nothing at or above the threshold
  1  findings at or above the threshold
  2  wrong usage, or an internal error
  3  incomplete: something could not be looked at, so nobody can say what is new";

/// The arguments of a comparison.
#[derive(Args, Debug)]
pub struct DiffArgs {
    /// What to compare with: a revision, which means where HEAD branched off from it, or a JSON report of an earlier scan
    #[arg(value_name = "BASE")]
    pub base: String,

    /// What to look at: a revision, or a report if BASE is one [default: the files as they are]
    #[arg(value_name = "HEAD")]
    pub head: Option<String>,

    /// Compare with BASE itself, wherever HEAD branched off
    #[arg(long, help_heading = "What is scanned")]
    pub exact: bool,

    /// The repository, or a folder in one that the comparison is limited to [default: the whole repository around here]
    #[arg(long, value_name = "PATH", help_heading = "What is scanned")]
    pub path: Option<PathBuf>,

    /// What is looked for, and by what.
    #[command(flatten)]
    pub what: WhatArgs,
    /// Whether providers are asked.
    #[command(flatten)]
    pub verify: VerifyArgs,
    /// What fails.
    #[command(flatten)]
    pub gate: GateArgs,
    /// What is written, and how.
    #[command(flatten)]
    pub output: OutputArgs,
}
