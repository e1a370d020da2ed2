//! The argument that lets secrets be verified. No configuration can: what is scanned decides nothing about the network.

use clap::Args;

/// Whether providers are asked about secrets.
#[derive(Args, Clone, Debug, Default)]
pub struct VerifyArgs {
    /// Ask the providers of the secrets that were found whether these still work, each one the hosts that its rule lists
    /// and nobody else; a secret that its provider refuses is of severity low at most
    #[arg(long, conflicts_with = "offline", help_heading = "What is scanned")]
    pub verify: bool,
}
