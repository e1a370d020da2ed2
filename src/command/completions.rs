//! `scanall completions`: what completes scanall's commands in a shell, made of the arguments themselves.

use clap::CommandFactory as _;

use super::Answer;
use crate::cli::Cli;
use crate::cli::completions::CompletionsArgs;
use crate::error::Error;

/// Answers with the script.
///
/// # Errors
/// Never: the text of the arguments is UTF-8.
pub fn run(args: &CompletionsArgs) -> Result<Answer, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "scanall", &mut script);
    String::from_utf8(script).map(Answer::of).map_err(|e| Error::usage("cannot write the completions").because(e))
}
