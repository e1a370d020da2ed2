//! How a listing is printed.

use clap::{Args, ValueEnum};

/// How a listing is printed.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct ListingArgs {
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: ListingFormat,

    /// Print JSON, as `--format json` does
    #[arg(long, overrides_with = "format")]
    pub json: bool,
}

/// A format of listings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListingFormat {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

impl ListingArgs {
    /// Whether JSON is asked for.
    pub fn is_json(self) -> bool {
        self.json || self.format == ListingFormat::Json
    }
}
