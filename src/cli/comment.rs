//! The arguments of `scanall comment`.

use std::path::PathBuf;

use clap::Args;

use crate::github::Slug;
use crate::github::comment::WhenClean;

/// The arguments of a comment.
#[derive(Args, Debug)]
pub struct CommentArgs {
    /// The report, as `scanall -o markdown=FILE` writes it; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub markdown: PathBuf,

    /// The pull request [default: that of the event of the workflow]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub pull_request: Option<u64>,

    /// What becomes of a comment when the report is clean: `close` deletes it, `keep` lets it say so
    #[arg(long, value_enum, default_value = "close", value_name = "close|keep", hide_possible_values = true)]
    pub when_clean: WhenClean,

    /// The repository on GitHub [default: GITHUB_REPOSITORY, else the remote `origin`]
    #[arg(long, value_name = "OWNER/NAME")]
    pub repository: Option<Slug>,
}
