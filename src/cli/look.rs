//! The arguments of every command that scans to do its work: how it looks.

use std::path::Path;

use clap::Args;

use super::scan::{CompletenessArg, GateArgs, OutputArgs, ScanArgs, WhatArgs};

/// How a command looks at a repository.
#[derive(Args, Debug, Default)]
pub struct LookArgs {
    /// How much git history is read beside the files: `full` or `none` [default: full]
    #[arg(long, value_name = "full|none", help_heading = "What is scanned")]
    pub history: Option<String>,

    /// What is looked for, and by what.
    #[command(flatten)]
    pub what: WhatArgs,

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
            what: self.what.clone(),
            gate: GateArgs { completeness: self.completeness, ..GateArgs::default() },
            output: OutputArgs { quiet: u8::from(self.quiet), ..OutputArgs::default() },
            ..ScanArgs::default()
        }
    }
}
