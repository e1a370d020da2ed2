//! The arguments of `scanall rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::listing::ListingArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  scanall rules list                   every secret rule, by provider
  scanall rules list --rules acme.toml the same with rules of your own
  scanall rules show github-pat        what a rule finds, and what it asks of a match
  scanall rules test acme.toml         run the examples of a pack, each against its rule";

/// What to do with secret rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List the rules that a scan would use
    List(ListArgs),
    /// Say what a rule finds
    Show(ShowArgs),
    /// Run the examples of packs: each must give exactly its secret, and each counter-example nothing
    Test(TestArgs),
}

/// The arguments of `scanall rules list`.
#[derive(Args, Debug)]
pub struct ListArgs {
    /// Secret rules of your own, beside the built-in ones
    #[arg(long, value_name = "FILE|DIR")]
    pub rules: Vec<PathBuf>,

    /// How it is printed.
    #[command(flatten)]
    pub listing: ListingArgs,
}

/// The arguments of `scanall rules show`.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The id of a rule, with or without `secret/`
    #[arg(value_name = "RULE")]
    pub rule: String,

    /// Secret rules of your own, beside the built-in ones
    #[arg(long, value_name = "FILE|DIR")]
    pub rules: Vec<PathBuf>,
}

/// The arguments of `scanall rules test`.
#[derive(Args, Debug)]
pub struct TestArgs {
    /// Packs to test, files or folders [default: the built-in ones]
    #[arg(value_name = "FILE|DIR")]
    pub packs: Vec<PathBuf>,
}
