//! The arguments of `scanall db`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::listing::ListingArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  scanall db update                    the advisories for what this repository depends on, into the cache folder
  scanall db update --all              for every ecosystem
  scanall db update --from https://example.org/advisories.store
                                       a store that somebody built, with its checksum in the file ….sha256
  scanall db import all.zip advisory-db known_exploited_vulnerabilities.json
                                       without a network, from files that came another way
  scanall db build -o advisories.store all.zip
                                       a store to publish: the same files make the same bytes";

/// What can be done with the advisory store.
#[derive(Debug, Subcommand)]
pub enum DbCommand {
    /// Download advisories, or what has changed of them, and the lists of what is exploited
    Update(UpdateArgs),
    /// Add advisories from files: OSV as JSON, YAML, lines of JSON or archives, RustSec, RubySec, FriendsOfPHP, KEV, EPSS,
    /// stores
    Import(ImportArgs),
    /// Say what the store has, of which source, and how old it is
    Status(StatusArgs),
    /// Make a store of files, the same bytes of the same files
    Build(BuildArgs),
}

/// The arguments of `scanall db update`.
#[derive(Args, Debug)]
pub struct UpdateArgs {
    /// What is scanned: its ecosystems are updated, and those that the store has already
    #[arg(default_value = ".", hide_default_value = true, value_name = "PATH")]
    pub path: PathBuf,

    /// Every ecosystem that has advisories
    #[arg(long)]
    pub all: bool,

    /// These ecosystems only, by their names in OSV: npm, PyPI, crates.io
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', conflicts_with = "all")]
    pub ecosystem: Vec<String>,

    /// A store that somebody built, instead
    #[arg(long, value_name = "URL|FILE", conflicts_with_all = ["all", "ecosystem"])]
    pub from: Option<String>,

    /// Its SHA-256 [default: what the file of the same name with .sha256 behind it says]
    #[arg(long, value_name = "HEX", requires = "from")]
    pub sha256: Option<String>,

    /// Send nothing over the network
    #[arg(long)]
    pub offline: bool,
}

/// The arguments of `scanall db import`.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// Files and folders
    #[arg(required = true, value_name = "FILE|DIR")]
    pub from: Vec<PathBuf>,
}

/// The arguments of `scanall db status`.
#[derive(Args, Debug)]
pub struct StatusArgs {
    /// Another store than that in the cache folder
    #[arg(value_name = "FILE")]
    pub store: Option<PathBuf>,

    /// How it is printed.
    #[command(flatten)]
    pub listing: ListingArgs,
}

/// The arguments of `scanall db build`.
#[derive(Args, Debug)]
pub struct BuildArgs {
    /// The store
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,

    /// Files and folders
    #[arg(required = true, value_name = "FILE|DIR")]
    pub from: Vec<PathBuf>,
}
