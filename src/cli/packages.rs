//! The arguments of `scanall packages`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::listing::ListingArgs;
use crate::ecosystem::Ecosystem;
use crate::inventory::Scope;

pub(super) const EXAMPLES: &str = "\
Examples:
  scanall packages                     every dependency of this repository, with the line that names it
  scanall packages --direct            those that it asks for itself
  scanall packages --scope runtime --ecosystem npm,pypi
                                       what runs with the product, of these two
  scanall packages --json              with the way to each, its licenses and checksums

Exit codes: 0, or 3 when a file could not be read as a whole.";

/// The arguments of `scanall packages`.
#[derive(Args, Debug)]
pub struct PackagesArgs {
    /// What to look at: a repository or a folder
    #[arg(default_value = ".", hide_default_value = true, value_name = "PATH")]
    pub path: PathBuf,

    /// The configuration [default: .scanall.toml at the root of what is scanned]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Also take the components of a bill of materials; may be given several times
    #[arg(long, value_name = "FILE")]
    pub ingest: Vec<PathBuf>,

    /// Only what is needed for these: runtime, optional, build, dev
    #[arg(long, value_name = "LIST", value_delimiter = ',', hide_possible_values = true)]
    pub scope: Vec<ScopeArg>,

    /// Only packages of these ecosystems, by their names in package URLs or in OSV: npm, pypi, golang
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = ecosystem)]
    pub ecosystem: Vec<Ecosystem>,

    /// Only what the project asks for itself
    #[arg(long)]
    pub direct: bool,

    /// How it is printed.
    #[command(flatten)]
    pub listing: ListingArgs,
}

/// What a package is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScopeArg {
    /// It runs with the product.
    Runtime,
    /// It runs with the product where somebody asks for it.
    Optional,
    /// It runs while the product is built.
    Build,
    /// It runs while the product is written and tested.
    Dev,
}

impl From<ScopeArg> for Scope {
    fn from(scope: ScopeArg) -> Self {
        match scope {
            ScopeArg::Runtime => Self::Runtime,
            ScopeArg::Optional => Self::Optional,
            ScopeArg::Build => Self::Build,
            ScopeArg::Dev => Self::Dev,
        }
    }
}

fn ecosystem(name: &str) -> Result<Ecosystem, String> {
    let (kind, space) = name.split_once('/').unwrap_or((name, ""));
    Ecosystem::of_osv(name).or_else(|| Ecosystem::of_purl(kind, space)).ok_or_else(|| {
        let known: Vec<&str> = Ecosystem::all().map(Ecosystem::purl).collect();
        match crate::text::nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of {}", known.join(", ")),
        }
    })
}
