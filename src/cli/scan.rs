//! The arguments of `scanall scan`, in groups that other commands that scan have, too.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{ArgAction, Args, ValueEnum};

use super::destination::DestinationArgs;
use super::ingest::AsArgs;
use super::programs::ProgramArgs;
use super::verify::VerifyArgs;
use crate::finding::{Confidence, Severity};
use crate::options::AdvisorySource;
use crate::output;
use crate::scanner::registry;

/// Takes any word for a layer, since a configuration can add some, and offers those that are known before it is read.
#[derive(Clone)]
pub(super) struct Layers;

impl TypedValueParser for Layers {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(registry::ids().into_iter().map(PossibleValue::new)))
    }
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(output::FORMATS.iter().map(|format| format.id))
}

/// The arguments of a scan.
#[derive(Args, Debug, Default)]
pub struct ScanArgs {
    /// What to scan: a repository, a folder in or outside of one, or a file
    #[arg(default_value = ".", hide_default_value = true, value_name = "PATH")]
    pub path: PathBuf,

    /// Search what is staged for the next commit and nothing else, for secrets that HEAD does not have there
    #[arg(long, conflicts_with = "history", help_heading = "What is scanned")]
    pub staged: bool,

    /// How much git history is read beside the files: `full`, `none`, or what a range such as `main..HEAD` adds
    /// [default: full]
    #[arg(long, value_name = "full|none|RANGE", help_heading = "What is scanned")]
    pub history: Option<String>,

    /// Also take in a report of another tool; may be given several times
    #[arg(long, value_name = "FILE", conflicts_with = "staged", help_heading = "What is scanned")]
    pub ingest: Vec<PathBuf>,

    /// What those reports are.
    #[command(flatten)]
    pub reports: AsArgs,

    /// Also look into a container image, through Trivy or Grype: a name as for docker pull, or a file of docker save
    #[arg(long, value_name = "IMAGE", conflicts_with = "staged", help_heading = "What is scanned")]
    pub image: Option<String>,

    /// The findings that are known already [default: .scanall-baseline.json at the root of what is scanned]
    #[arg(long, value_name = "FILE", help_heading = "What fails")]
    pub baseline: Option<PathBuf>,

    /// Use no baseline, as if every finding were new
    #[arg(long, conflicts_with = "baseline", help_heading = "What fails")]
    pub no_baseline: bool,

    /// What is looked for, and by what.
    #[command(flatten)]
    pub what: WhatArgs,
    /// Whether providers are asked.
    #[command(flatten)]
    pub verify: VerifyArgs,
    /// What fails.
    #[command(flatten)]
    pub gate: GateArgs,
    /// What is written, and how.
    #[command(flatten)]
    pub output: OutputArgs,

    /// Upload the findings to GitHub code scanning, without kinds that are incomplete; the token is GITHUB_TOKEN or
    /// GH_TOKEN
    #[arg(long, conflicts_with_all = ["offline", "staged"], help_heading = "GitHub")]
    pub upload: bool,

    /// On the default branch, also dismiss the alerts of findings that an [[ignore]] accepts, and open those again that
    /// none does any more
    #[arg(long, requires = "upload", help_heading = "GitHub")]
    pub sync_dismissals: bool,

    /// Which version of which repository the upload is about.
    #[command(flatten)]
    pub destination: DestinationArgs,
}

/// What is looked for, and by what: of every command that scans.
#[derive(Args, Clone, Debug, Default)]
pub struct WhatArgs {
    /// Run these layers only: secrets, dependencies, licenses, or a tool of `scanall tools`
    #[arg(long, value_delimiter = ',', value_name = "LAYER,...", value_parser = Layers, hide_possible_values = true, help_heading = "What is scanned")]
    pub only: Vec<String>,

    /// Leave these layers out
    #[arg(long, value_delimiter = ',', value_name = "LAYER,...", value_parser = Layers, hide_possible_values = true, help_heading = "What is scanned")]
    pub skip: Vec<String>,

    /// Search every version of every file whole, to prove that searching only what differs finds the same
    #[arg(long, hide_short_help = true, help_heading = "What is scanned")]
    pub no_delta: bool,

    /// Tell findings of this confidence or more: high, medium, low [default: medium for secrets, low for everything else]
    #[arg(long, value_name = "CONFIDENCE", help_heading = "What is scanned")]
    pub confidence: Option<Confidence>,

    /// Report what every tool says by itself, instead of one finding for one defect
    #[arg(long, help_heading = "What is scanned")]
    pub no_dedupe: bool,

    /// Leave what is accepted for other tools to those: comments such as gitleaks:allow, .gitleaksignore,
    /// .secrets.baseline, .secretsignore
    #[arg(long, help_heading = "What fails")]
    pub own_ignores_only: bool,

    /// Secret rules of your own, beside the built-in ones; a rule with the id of a built-in one replaces it
    #[arg(long, value_name = "FILE|DIR", help_heading = "What is scanned")]
    pub rules: Vec<PathBuf>,

    /// Where advisories are taken from [default: auto]
    #[arg(long, value_name = "SOURCE", help_heading = "What is scanned")]
    pub advisories: Option<AdvisorySource>,

    /// An advisory database on disk: a store of `scanall db`, records of OSV in a folder or an archive, or a checkout of
    /// the databases of RustSec, RubySec or FriendsOfPHP
    #[arg(long, value_name = "PATH", help_heading = "What is scanned")]
    pub advisory_db: Option<PathBuf>,

    /// Where licenses are looked for: `disk`, or `online` to ask deps.dev about public packages whose license nothing on
    /// disk tells [default: disk]
    #[arg(long, value_name = "disk|online", hide_possible_values = true, help_heading = "What is scanned")]
    pub licenses: Option<LicensesArg>,

    /// The configuration [default: .scanall.toml at the root of what is scanned]
    #[arg(long, value_name = "FILE", help_heading = "What is scanned")]
    pub config: Option<PathBuf>,

    /// Send nothing over the network
    #[arg(long, help_heading = "What is scanned")]
    pub offline: bool,

    /// Neither read nor write the cache folder
    #[arg(long, help_heading = "What is scanned")]
    pub no_cache: bool,

    /// How programs are run.
    #[command(flatten)]
    pub programs: ProgramArgs,
}

/// What fails: of every command that scans.
#[derive(Args, Debug, Default)]
pub struct GateArgs {
    /// Findings of this severity or worse fail the run: critical, high, medium, low, info [default: high]
    #[arg(long, value_name = "SEVERITY", help_heading = "What fails")]
    pub fail_on: Option<Severity>,

    /// What makes a run incomplete: `strict` anything that was not seen, `best-effort` only what broke, so that data
    /// that cannot be had (no network, a shallow clone) is a warning [default: strict where CI is set, else best-effort]
    #[arg(long, value_name = "strict|best-effort", hide_possible_values = true, help_heading = "What fails")]
    pub completeness: Option<CompletenessArg>,
}

/// What is written, and how: of every command that reports findings.
#[derive(Args, Debug, Default)]
pub struct OutputArgs {
    /// What is printed: table, json, sarif, sarif-upload, markdown, markdown-comment, github, gitlab-sast,
    /// gitlab-dependency, gitlab-secret, junit or csv
    #[arg(long, default_value = "table", value_name = "FORMAT", value_parser = formats(), hide_possible_values = true, help_heading = "Output")]
    pub format: String,

    /// Also write a file; may be given several times
    #[arg(short = 'o', long = "output", value_name = "FORMAT=FILE", value_parser = output_file, help_heading = "Output")]
    pub files: Vec<(String, PathBuf)>,

    /// Show secrets in clear in the table and in JSON
    #[arg(long, help_heading = "Output")]
    pub show_secrets: bool,

    /// Say less; twice, print nothing
    #[arg(short, long, action = ArgAction::Count, help_heading = "Output")]
    pub quiet: u8,

    /// Say more
    #[arg(short, long, action = ArgAction::Count, conflicts_with = "quiet", help_heading = "Output")]
    pub verbose: u8,

    /// Threads for scanning [default: one for each core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Output")]
    pub jobs: Option<u16>,
}

/// `--licenses`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LicensesArg {
    /// What package managers have fetched, and lockfiles.
    Disk,
    /// deps.dev as well.
    Online,
}

/// `--completeness`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CompletenessArg {
    /// Whatever was not seen.
    Strict,
    /// What should have worked.
    BestEffort,
}

/// Reads `FORMAT=FILE`.
fn output_file(text: &str) -> Result<(String, PathBuf), String> {
    let ids = || output::FORMATS.iter().map(|format| format.id);
    let known = ids().collect::<Vec<_>>().join(", ");
    let (format, file) =
        text.split_once('=').ok_or_else(|| format!("write FORMAT=FILE, with one of the formats {known}"))?;
    if output::by_id(format).is_none() {
        let near = crate::text::nearest(format, ids());
        let hint = near.map_or_else(|| format!("the formats are {known}"), |near| format!("did you mean `{near}`?"));
        return Err(format!("`{format}` is no format: {hint}"));
    }
    if file.is_empty() {
        return Err(format!("write the name of a file behind `{format}=`"));
    }
    Ok((format.to_owned(), PathBuf::from(file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_lists_every_format() {
        let command = ScanArgs::augment_args(clap::Command::new("scan"));
        let help =
            command.get_arguments().find(|arg| arg.get_id() == "format").unwrap().get_help().unwrap().to_string();
        let listed: Vec<&str> = help.split([' ', ',', ':']).filter(|word| output::by_id(word).is_some()).collect();
        assert_eq!(listed, output::FORMATS.iter().map(|format| format.id).collect::<Vec<_>>());
    }

    #[test]
    fn outputs_name_a_format_and_a_file() {
        assert_eq!(output_file("sarif=a=b").unwrap(), ("sarif".to_owned(), PathBuf::from("a=b")));
        assert!(output_file("serif=a").unwrap_err().contains("did you mean `sarif`?"));
        assert!(output_file("a.sarif").is_err() && output_file("json=").is_err());
    }
}
