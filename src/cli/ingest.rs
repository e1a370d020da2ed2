//! The arguments of `scanall ingest`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::scan::{GateArgs, OutputArgs, ScanArgs, WhatArgs};
use crate::ingest::format;

/// What stands below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  scanall ingest trivy.json semgrep.sarif
                                       what two tools found, said once
  trivy fs -f json . | scanall ingest -
                                       what a tool prints
  scanall ingest reports/* -o sarif-upload=scanall.sarif
                                       a file for the GitHub Security tab
  scanall --ingest zap.sarif           as part of a scan

Exit codes:
  0  clean: nothing at or above the threshold
  1  findings at or above the threshold
  2  wrong usage, or an internal error
  3  incomplete: a report could not be read, or not all of it";

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(format::FORMATS.iter().map(|format| format.id))
}

/// The reports of a command, and what they are.
#[derive(Args, Clone, Debug, Default)]
pub struct AsArgs {
    /// What a report is that has no marks of its own, such as a list of licenses [default: found out by its content]
    #[arg(long = "as", value_name = "FORMAT", value_parser = formats(), hide_possible_values = true, help_heading = "What is scanned")]
    pub report_format: Option<String>,
}

/// The arguments of taking in reports.
#[derive(Args, Debug)]
pub struct IngestArgs {
    /// Reports of any tools, in any format that is known; `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    pub given: Vec<PathBuf>,

    /// The repository that they are about [default: the one around here]
    #[arg(long, value_name = "PATH", help_heading = "What is scanned")]
    pub path: Option<PathBuf>,

    /// What the reports are.
    #[command(flatten)]
    pub reports: AsArgs,

    /// An advisory database on disk for components of bills of materials
    #[arg(long, value_name = "PATH", help_heading = "What is scanned")]
    pub advisory_db: Option<PathBuf>,

    /// The configuration [default: .scanall.toml at the root of the repository]
    #[arg(long, value_name = "FILE", help_heading = "What is scanned")]
    pub config: Option<PathBuf>,

    /// Send nothing over the network
    #[arg(long, help_heading = "What is scanned")]
    pub offline: bool,

    /// Report what every tool says by itself, instead of one finding for one defect
    #[arg(long, help_heading = "What is scanned")]
    pub no_dedupe: bool,

    /// The findings that are known already [default: .scanall-baseline.json at the root of the repository]
    #[arg(long, value_name = "FILE", help_heading = "What fails")]
    pub baseline: Option<PathBuf>,

    /// Use no baseline, as if every finding were new
    #[arg(long, conflicts_with = "baseline", help_heading = "What fails")]
    pub no_baseline: bool,

    /// What fails.
    #[command(flatten)]
    pub gate: GateArgs,
    /// What is written, and how.
    #[command(flatten)]
    pub output: OutputArgs,
}

impl IngestArgs {
    /// The scan of reports alone that it asks for.
    pub fn scan(self) -> ScanArgs {
        ScanArgs {
            path: self.path.unwrap_or_else(|| PathBuf::from(".")),
            history: Some("none".to_owned()),
            baseline: self.baseline,
            no_baseline: self.no_baseline,
            ingest: self.given,
            reports: self.reports,
            what: WhatArgs {
                advisory_db: self.advisory_db,
                config: self.config,
                offline: self.offline,
                no_dedupe: self.no_dedupe,
                ..WhatArgs::default()
            },
            gate: self.gate,
            output: self.output,
            ..ScanArgs::default()
        }
    }
}
