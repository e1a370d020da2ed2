//! The arguments of `scanall completions`.

use clap::Args;
use clap_complete::Shell;

pub(super) const EXAMPLES: &str = "\
Examples:
  scanall completions bash > ~/.local/share/bash-completion/completions/scanall
  scanall completions zsh > ~/.zfunc/_scanall
  scanall completions fish > ~/.config/fish/completions/scanall.fish";

/// The arguments of `scanall completions`.
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}
