//! Defines [`Options`]: the choices of one run, after the command line, the environment and the configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::advisories::sites::Sites;
use crate::environment::Homes;
use crate::finding::{Confidence, Severity};
use crate::github::Pace;
use crate::net::Way;

/// The choices of one run.
#[derive(Clone, Debug)]
pub struct Options {
    /// How much of the history is read.
    pub history: HistoryRange,
    /// Only what differs between versions of a file is searched; the findings are the same without.
    pub delta: bool,
    /// What several tools say of one defect is one finding.
    pub dedupe: bool,
    /// What other tools' comments and files accept counts, too.
    pub others_accept: bool,
    /// The least confidence of findings that are told; `None` for medium of secrets and any of everything else.
    pub confidence: Option<Confidence>,
    /// When the run began: what has expired by then opens nothing.
    pub now: jiff::Timestamp,
    /// Findings of at least this severity decide the exit code.
    pub fail_on: Severity,
    /// What makes a run incomplete.
    pub completeness: Completeness,
    /// No packet leaves the machine.
    pub offline: bool,
    /// Nothing is read from or written to the cache folder.
    pub no_cache: bool,
    /// Reports of other tools to take in; `-` is standard input.
    pub ingest: Vec<PathBuf>,
    /// The id of their format; `None` to find out.
    pub ingest_as: Option<String>,
    /// What the reports say is all there is: no lockfile of the target is read.
    pub reports_alone: bool,
    /// Rule packs of the user, files or folders.
    pub rules: Vec<PathBuf>,
    /// Those of them that are in the repository that is scanned, so that whoever can change it can change them.
    pub rules_within: Vec<PathBuf>,
    /// How providers are asked about credentials; `None` to ask nobody.
    pub verify: Option<(Way, Pace)>,
    /// Where advisories are taken from.
    pub advisories: AdvisorySource,
    /// A database of advisories on disk; `None` for the store in the cache folder, or OSV's server.
    pub advisory_db: Option<PathBuf>,
    /// Where caches live; `None` when the environment names no home.
    pub cache_dir: Option<PathBuf>,
    /// Cargo's home, in which sources of crates are looked for; `None` when the environment names no home.
    pub cargo_home: Option<PathBuf>,
    /// Where other package managers keep what they have fetched.
    pub homes: Homes,
    /// deps.dev is asked for the licenses that nothing on disk tells.
    pub licenses_online: bool,
    /// A mirror of deps.dev; `None` for its own place.
    pub deps_dev_url: Option<String>,
    /// Where programs are looked for, as the environment's `PATH`; `None` runs none.
    pub path: Option<std::ffi::OsString>,
    /// A container image to look into, by its name or as a file; `None` for none.
    pub image: Option<String>,
    /// How external programs are run.
    pub programs: Programs,
    /// Where Trivy keeps its databases; `None` when the environment names no home.
    pub trivy_cache: Option<PathBuf>,
    /// Where Grype keeps its database; `None` when the environment names no home.
    pub grype_db: Option<PathBuf>,
    /// The folder in which OSV-Scanner has one for its databases; `None` when the environment names no home.
    pub osv_db: Option<PathBuf>,
    /// The servers that have advisories.
    pub advisory_sites: Sites,
}

/// How external programs are run, as whoever scans says, and no file of the repository.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    /// The programs that the configuration lists may run.
    pub vouched: bool,
    /// Variables of the environment that they see, with the layer that alone does; `None` for all.
    pub pass: Vec<(Option<String>, String)>,
    /// Where the program of a layer is.
    pub paths: BTreeMap<String, PathBuf>,
}

/// How much of the history is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryRange {
    /// Every object git holds.
    Full,
    /// The working tree alone.
    None,
    /// What the commits of a revision range added, in git's notation.
    Range(String),
}

/// Where advisories are taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AdvisorySource {
    /// The store on disk while it is fresh, else OSV's server
    #[default]
    Auto,
    /// The store on disk, however old
    Store,
    /// OSV's server
    Api,
}

/// What makes a run incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Whatever was not seen.
    Strict,
    /// What should have worked; data that cannot be had is a warning.
    BestEffort,
}
