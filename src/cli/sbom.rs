//! The arguments of `scanall sbom`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::look::LookArgs;

pub(super) const EXAMPLES: &str = "\
Examples:
  scanall sbom -o bom.cdx.json         a bill of materials of this repository, as CycloneDX 1.6
  scanall sbom --format spdx           the same as SPDX 2.3, to the terminal
  scanall sbom --vex                   with what is known to be wrong with the packages, and what of it is accepted
  scanall sbom --diff old.json new.json
                                       what one bill has and the other has not, of any format

Exit codes: 0, or 3 when a file could not be read as a whole.";

/// The arguments of `scanall sbom`.
#[derive(Args, Debug)]
pub struct SbomArgs {
    /// What to make a bill of: a repository or a folder
    #[arg(default_value = ".", hide_default_value = true, value_name = "PATH")]
    pub path: PathBuf,

    /// The format: cyclonedx (1.6), cyclonedx-1.7, spdx (2.3), or openvex for what is wrong with the packages alone
    #[arg(long, value_name = "FORMAT", default_value = "cyclonedx", hide_possible_values = true, hide_default_value = true,
          value_parser = PossibleValuesParser::new(["cyclonedx", "spdx", "openvex", "cyclonedx-1.6", "cyclonedx-1.7", "spdx-2.3"]))]
    pub format: String,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// What the product is called [default: the name of the folder]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// The version of the product
    #[arg(long, value_name = "VERSION")]
    pub product_version: Option<String>,

    /// Add advisories about the packages, and which of them are accepted and why
    #[arg(long)]
    pub vex: bool,

    /// Compare two bills instead, of any format
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["path", "vex", "name", "product_version", "format"])]
    pub diff: Option<Vec<PathBuf>>,

    /// Print JSON (of --diff; bills are always JSON)
    #[arg(long, requires = "diff")]
    pub json: bool,

    /// How the dependencies are looked at.
    #[command(flatten)]
    pub look: LookArgs,
}
