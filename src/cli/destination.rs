//! The arguments that say which version of which repository an upload is about.

use clap::Args;

use crate::github::Slug;
use crate::github::destination::Asked;

/// Which version of which repository an upload is about.
#[derive(Args, Clone, Debug, Default)]
pub struct DestinationArgs {
    /// The repository on GitHub [default: GITHUB_REPOSITORY, else the remote `origin`]
    #[arg(long, value_name = "OWNER/NAME", help_heading = "GitHub")]
    pub repository: Option<Slug>,

    /// The full reference that was scanned [default: GITHUB_REF, else the branch of HEAD]
    #[arg(long = "ref", value_name = "REF", help_heading = "GitHub")]
    pub reference: Option<String>,

    /// The commit that was scanned [default: HEAD, else GITHUB_SHA]
    #[arg(long, value_name = "SHA", help_heading = "GitHub")]
    pub commit: Option<String>,
}

impl DestinationArgs {
    /// What was asked for.
    pub fn asked(&self) -> Asked<'_> {
        Asked {
            repository: self.repository.as_ref(),
            commit: self.commit.as_deref(),
            reference: self.reference.as_deref(),
        }
    }
}
