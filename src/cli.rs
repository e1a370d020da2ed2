//! The command line: what can be asked for, one file for each command. What they do is in [`crate::command`].

pub mod baseline;
pub mod comment;
pub mod completions;
pub mod db;
pub mod destination;
pub mod diff;
pub mod doctor;
pub mod explain;
pub mod ignore;
pub mod ingest;
pub mod init;
pub mod listing;
pub mod look;
pub mod man;
pub mod packages;
pub mod programs;
pub mod query;
pub mod rules;
pub mod sarif;
pub mod sbom;
pub mod scan;
pub mod tools;
pub mod upload;
pub mod verify;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, ColorChoice, Parser, Subcommand};

pub use comment::CommentArgs;
pub use diff::DiffArgs;
pub use init::InitArgs;
pub use sarif::SarifArgs;
pub use scan::ScanArgs;
pub use upload::UploadArgs;

const EXAMPLES: &str = "\
Examples:
  scanall                              everything in this repository and its history
  scanall scan ../shop --offline       another one, without a packet leaving the machine
  scanall --only secrets --history none
                                       the files as they are, in a blink
  scanall --staged                     what the next commit would add, for a pre-commit hook
  scanall diff main                    what this branch adds, for a pull request
  scanall --fail-on medium -o sarif-upload=scanall.sarif
                                       a stricter gate, and a file for the GitHub Security tab

Exit codes:
  0  clean: nothing at or above the threshold
  1  findings at or above the threshold
  2  wrong usage, or an internal error
  3  incomplete: something could not be looked at, so nobody can say it is clean";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Finds leaked secrets, vulnerable dependencies and license problems, runs the scanners you already have, and says it
/// all once.
#[derive(Debug, Parser)]
#[command(name = "scanall", version, styles = STYLES, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// The command; `None` means scan.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The arguments of a scan without its name.
    #[command(flatten)]
    pub scan: ScanArgs,
    /// What every command takes.
    #[command(flatten)]
    pub terminal: TerminalArgs,
}

/// What scanall can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan a repository, a folder or a file (this is also what a bare `scanall` does)
    #[command(after_help = EXAMPLES)]
    Scan(Box<ScanArgs>),
    /// Say what a change adds: findings of HEAD that BASE does not have
    #[command(after_help = diff::EXAMPLES)]
    Diff(Box<DiffArgs>),
    /// Take in reports of other tools, in any format, and say each thing once
    #[command(after_help = ingest::EXAMPLES)]
    Ingest(Box<ingest::IngestArgs>),
    /// Say what a rule or a finding means, where it came from and how to fix it
    #[command(after_help = explain::EXAMPLES)]
    Explain(Box<explain::ExplainArgs>),
    /// Accept a finding in `.scanall.toml` or on its line, with a reason
    #[command(after_help = ignore::EXAMPLES)]
    Ignore(Box<ignore::IgnoreArgs>),
    /// Keep the findings of today apart, so that only new ones fail
    #[command(subcommand, after_help = baseline::EXAMPLES)]
    Baseline(baseline::BaselineCommand),
    /// Write workflows that run scanall, and a configuration to begin with; never over what is there
    Init(InitArgs),
    /// Check what a scan here needs: the repository, tools, advisories, configuration, cache, network
    Doctor(doctor::DoctorArgs),
    /// List every dependency: its version, the line that names it, what it is for and what pulls it in
    #[command(after_help = packages::EXAMPLES)]
    Packages(packages::PackagesArgs),
    /// Write a bill of materials, as CycloneDX or SPDX, or compare two
    #[command(after_help = sbom::EXAMPLES)]
    Sbom(Box<sbom::SbomArgs>),
    /// List the programs that scanall can run: which are here, which a scan would run, and why not the others
    #[command(after_help = tools::EXAMPLES)]
    Tools(tools::ToolsArgs),
    /// Say what is known to be wrong with packages, by their package URLs
    #[command(after_help = query::EXAMPLES)]
    Query(query::QueryArgs),
    /// Keep advisories on disk: download, import, build, and say how old they are
    #[command(subcommand, after_help = db::EXAMPLES)]
    Db(db::DbCommand),
    /// List, show and test secret rules
    #[command(subcommand, after_help = rules::EXAMPLES)]
    Rules(rules::RulesCommand),
    /// Check, repair, merge and split SARIF files of any tool for GitHub
    Sarif(SarifArgs),
    /// Upload SARIF files to GitHub code scanning; the token is GITHUB_TOKEN or GH_TOKEN
    Upload(Box<UploadArgs>),
    /// Keep one comment with the report on a pull request; the token is GITHUB_TOKEN or GH_TOKEN
    Comment(CommentArgs),
    /// Print the JSON Schema of the JSON report
    Schema,
    /// Print what completes scanall's commands in a shell
    #[command(after_help = completions::EXAMPLES)]
    Completions(completions::CompletionsArgs),
    /// Print the manual page, or write one for each command
    Man(man::ManArgs),
}

/// What every command takes, in front of its name or behind it.
#[derive(Args, Debug)]
pub struct TerminalArgs {
    /// When to use colour
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN", help_heading = "Output")]
    pub color: ColorChoice,
}

impl Cli {
    /// The command that was asked for; a bare call is a scan.
    pub fn into_command(self) -> (Command, TerminalArgs) {
        (self.command.unwrap_or(Command::Scan(Box::new(self.scan))), self.terminal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_bare_call_is_a_scan() {
        let asked = |words: &[&str]| format!("{:?}", Cli::parse_from(words).into_command());
        assert_eq!(asked(&["scanall", "--offline", "x"]), asked(&["scanall", "scan", "x", "--offline"]));
    }
}
