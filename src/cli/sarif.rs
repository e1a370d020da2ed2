//! The arguments of `scanall sarif`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use scanall_sarif::Profile;

const EXAMPLES: &str = "\
Examples:
  scanall sarif check results/*.sarif          what GitHub would refuse, drop or show poorly
  scanall sarif fix trivy.sarif -o fixed.sarif --root .
                                               the same without all that, and with line hashes
  scanall sarif merge results/*.sarif -o all.sarif
                                               one file for one upload

Exit codes of check:
  0  nothing would be refused or dropped
  1  something would be
  2  a file cannot be read";

/// The arguments of `scanall sarif`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct SarifArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: SarifCommand,
}

/// What can be done with SARIF files.
#[derive(Debug, Subcommand)]
pub enum SarifCommand {
    /// Tell what GitHub would refuse, drop or show poorly, and what to do about it
    Check(CheckArgs),
    /// Repair a file
    Fix(FixArgs),
    /// Repair several files and make one of them, the same whatever their order
    Merge(MergeArgs),
    /// Repair a file and divide it into as many uploads as the limits ask for
    Split(SplitArgs),
}

/// Whose rules count, and where the files are.
#[derive(Args, Debug)]
pub struct ProfileArgs {
    /// Whose rules count: `github`, `ghes` (GitHub Enterprise Server) or `plain` (the standard only)
    #[arg(long, default_value = "github", value_name = "PROFILE", value_parser = profiles(), hide_possible_values = true)]
    pub profile: Profile,

    /// The checkout: paths are held to the files in it, symbolic links resolved and lines hashed
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
}

/// The arguments of `scanall sarif check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// SARIF files, also gzip; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Whose rules count.
    #[command(flatten)]
    pub profile: ProfileArgs,

    /// What is printed
    #[arg(long, default_value = "table", value_name = "FORMAT")]
    pub format: CheckFormat,
}

/// The arguments of `scanall sarif fix`.
#[derive(Args, Debug)]
pub struct FixArgs {
    /// A SARIF file, also gzip; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// What is written; with numbers in the name when one upload cannot hold it
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,

    /// Whose rules count.
    #[command(flatten)]
    pub profile: ProfileArgs,
}

/// The arguments of `scanall sarif merge`.
#[derive(Args, Debug)]
pub struct MergeArgs {
    /// SARIF files, also gzip; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// What is written; with numbers in the name when one upload cannot hold it
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,

    /// Whose rules count.
    #[command(flatten)]
    pub profile: ProfileArgs,
}

/// The arguments of `scanall sarif split`.
#[derive(Args, Debug)]
pub struct SplitArgs {
    /// A SARIF file, also gzip; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// What the names of the files written begin with: PREFIX-1.sarif and so on
    #[arg(short, long, value_name = "PREFIX")]
    pub output: PathBuf,

    /// Whose rules count.
    #[command(flatten)]
    pub profile: ProfileArgs,
}

/// How defects are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people.
    Table,
    /// For programs.
    Json,
}

fn profiles() -> impl TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::id))
        .map(|id| Profile::ALL.into_iter().find(|profile| profile.id() == id).unwrap_or_default())
}
