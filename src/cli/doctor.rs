//! The arguments of `scanall doctor`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The arguments of `scanall doctor`.
#[derive(Args, Debug)]
pub struct DoctorArgs {
    /// What would be scanned
    #[arg(default_value = ".", hide_default_value = true, value_name = "PATH")]
    pub path: PathBuf,

    /// The configuration [default: .scanall.toml at the root of what is scanned]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// An advisory database on disk
    #[arg(long, value_name = "PATH")]
    pub advisory_db: Option<PathBuf>,

    /// Send nothing over the network, and say what a scan without it would lack
    #[arg(long)]
    pub offline: bool,

    /// What is printed
    #[arg(long, default_value = "table", value_name = "FORMAT")]
    pub format: DoctorFormat,
}

/// How the checks are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DoctorFormat {
    /// For people.
    Table,
    /// For programs.
    Json,
}
