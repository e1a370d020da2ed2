//! The arguments of every command that scans to do its work: how it looks.

use std::path::{Path, PathBuf};

use clap::Args;

use super::scan::{CompletenessArg, GateArgs, OutputArgs, ScanArgs, WhatArgs, layers};

/// How a command looks at a repository; what each means is said where a scan takes it.
#[derive(Args, Debug, Default)]
pub struct LookArgs {
    /// Run these layers only
    #[arg(long, value_delimiter = ',', value_name = "LAYER,...", value_parser = layers(), hide_possible_values = true, help_heading = "What is scanned")]
    pub only: Vec<String>,

    /// Leave these layers out
    #[arg(long, value_delimiter = ',', value_name = "LAYER,...", value_parser = layers(), hide_possible_values = true, help_heading = "What is scanned")]
    pub skip: Vec<String>,

    /// How much git history is read beside the files: `full` or `none` [default: full]
    #[arg(long, value_name = "full|none", help_heading = "What is scanned")]
    pub history: Option<String>,

    /// Secret rules of your own, beside the built-in ones
    #[arg(long, value_name = "FILE|DIR", help_heading = "What is scanned")]
    pub rules: Vec<PathBuf>,

    /// A RustSec advisory database on disk, instead of fetching it
    #[arg(long, value_name = "DIR", help_heading = "What is scanned")]
    pub advisory_db: Option<PathBuf>,

    /// The configuration [default: .scanall.toml at the root of what is scanned]
    #[arg(long, value_name = "FILE", help_heading = "What is scanned")]
    pub config: Option<PathBuf>,

    /// Send nothing over the network
    #[arg(long, help_heading = "What is scanned")]
    pub offline: bool,

    /// Neither read nor write the cache folder
    #[arg(long, help_heading = "What is scanned")]
    pub no_cache: bool,

    /// What makes the scan incomplete; see `scanall scan --help`
    #[arg(long, value_name = "strict|best-effort", hide_possible_values = true, help_heading = "What is scanned")]
    pub completeness: Option<CompletenessArg>,

    /// Draw no progress bars
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}

impl LookArgs {
    /// The scan that it asks for.
    pub fn scan(&self, path: &Path) -> ScanArgs {
        ScanArgs {
            path: path.to_owned(),
            history: self.history.clone(),
            what: WhatArgs {
                only: self.only.clone(),
                skip: self.skip.clone(),
                rules: self.rules.clone(),
                advisory_db: self.advisory_db.clone(),
                config: self.config.clone(),
                offline: self.offline,
                no_cache: self.no_cache,
                ..WhatArgs::default()
            },
            gate: GateArgs { completeness: self.completeness, ..GateArgs::default() },
            output: OutputArgs { quiet: u8::from(self.quiet), ..OutputArgs::default() },
            ..ScanArgs::default()
        }
    }
}
