//! Defines [`Environment`]: all that scanall takes from the variables and the terminal around it, read once.

mod homes;

use std::env;
use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::advisories::sites::Sites;
use crate::github::{Pace, Token};
use crate::net::Way;
pub use homes::Homes;

/// What git tells a hook, or a user tells git, about the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitVariables {
    /// `GIT_DIR`: the git directory.
    pub dir: Option<PathBuf>,
    /// `GIT_WORK_TREE`: the working tree.
    pub work_tree: Option<PathBuf>,
    /// `GIT_INDEX_FILE`: the index, from the root of the working tree; another one than usual for `git commit -a`.
    pub index_file: Option<PathBuf>,
}

/// What GitHub Actions, or a user in its place, tells about the server, the repository and the event. The token is not
/// among it: see [`github_token`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GithubVariables {
    /// `GITHUB_ACTIONS` is `true`.
    pub is_actions: bool,
    /// `GITHUB_API_URL`.
    pub api_url: Option<String>,
    /// `GITHUB_GRAPHQL_URL`.
    pub graphql_url: Option<String>,
    /// `GITHUB_SERVER_URL`.
    pub server_url: Option<String>,
    /// `GITHUB_REPOSITORY`: `owner/name`.
    pub repository: Option<String>,
    /// `GITHUB_SHA`: the commit of the event.
    pub sha: Option<String>,
    /// `GITHUB_REF`: the reference of the event.
    pub reference: Option<String>,
    /// `GITHUB_EVENT_NAME`.
    pub event_name: Option<String>,
    /// `GITHUB_EVENT_PATH`: a file with the event.
    pub event_path: Option<PathBuf>,
    /// `GITHUB_ACTOR`: who made the event happen.
    pub actor: Option<String>,
    /// `SCANALL_TEST_PACE`: the part of each wait for the server that is really waited, from 0 to 1. For tests only,
    /// which cannot wait minutes.
    pub test_pace: Option<String>,
}

impl GithubVariables {
    fn read() -> Self {
        let text = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            is_actions: text("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
            api_url: text("GITHUB_API_URL"),
            graphql_url: text("GITHUB_GRAPHQL_URL"),
            server_url: text("GITHUB_SERVER_URL"),
            repository: text("GITHUB_REPOSITORY"),
            sha: text("GITHUB_SHA"),
            reference: text("GITHUB_REF"),
            event_name: text("GITHUB_EVENT_NAME"),
            event_path: text("GITHUB_EVENT_PATH").map(PathBuf::from),
            actor: text("GITHUB_ACTOR"),
            test_pace: text("SCANALL_TEST_PACE"),
        }
    }
}

/// The token of `GITHUB_TOKEN`, else of `GH_TOKEN`, and the name of the variable; `None` without either. Read when it is
/// needed and kept nowhere.
pub fn github_token() -> Option<(&'static str, Token)> {
    ["GITHUB_TOKEN", "GH_TOKEN"].into_iter().find_map(|name| Some((name, Token::new(&env::var(name).ok()?)?)))
}

/// The way to the providers of secrets.
fn providers() -> Way {
    let first = |names: &[&str]| names.iter().find_map(|name| env::var(name).ok()).filter(|value| !value.is_empty());
    Way {
        proxy: first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
        no_proxy: first(&["NO_PROXY", "no_proxy"]),
        test_server: first(&["SCANALL_TEST_VERIFY"]),
    }
}

/// What surrounds the process.
#[derive(Clone, Debug)]
pub struct Environment {
    /// `CI` is set, and not to `false` or `0`.
    pub is_ci: bool,
    /// Standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// Colour is welcome: `NO_COLOR` is not set and `TERM` is not `dumb`.
    pub colour_welcome: bool,
    /// The width of the terminal in columns; `None` without one.
    pub width: Option<u16>,
    /// `PATH`.
    pub path: Option<OsString>,
    /// scanall's cache folder: `XDG_CACHE_HOME/scanall`, else `HOME/.cache/scanall`; `None` without either.
    pub cache_dir: Option<PathBuf>,
    /// `CARGO_HOME`, else `HOME/.cargo`; `None` without either.
    pub cargo_home: Option<PathBuf>,
    /// Where other package managers keep what they have fetched.
    pub homes: Homes,
    /// `TRIVY_CACHE_DIR`, else where Trivy puts it; `None` without a home.
    pub trivy_cache: Option<PathBuf>,
    /// `GRYPE_DB_CACHE_DIR`, else where Grype puts it; `None` without a home.
    pub grype_db: Option<PathBuf>,
    /// `OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY`, else where OSV-Scanner puts it; `None` without a home.
    pub osv_db: Option<PathBuf>,
    /// The servers that have advisories; `SCANALL_ADVISORY_MIRROR` stands in for all of them.
    pub advisory_sites: Sites,
    /// `SCANALL_DEPSDEV_URL`: a mirror of deps.dev.
    pub deps_dev_url: Option<String>,
    /// Where git says that its things are; only what is staged is read there.
    pub git: GitVariables,
    /// What GitHub Actions tells.
    pub github: GithubVariables,
    /// The way to the providers of secrets.
    pub providers: Way,
    /// Today, for the expiry of ignores.
    pub today: Date,
    /// The time at which the program began.
    pub now: jiff::Timestamp,
    /// `SOURCE_DATE_EPOCH`: the time that what is built is to carry, in seconds since 1970
    /// (<https://reproducible-builds.org/specs/source-date-epoch/>).
    pub source_date_epoch: Option<i64>,
}

impl Environment {
    /// Reads it.
    pub fn read() -> Self {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let home = || set("HOME").or_else(|| set("USERPROFILE")).map(PathBuf::from);
        let cache_home = || set("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| home().map(|home| home.join(".cache")));
        let stdout_is_terminal = std::io::stdout().is_terminal();
        let now = jiff::Timestamp::now();
        Self {
            is_ci: set("CI").is_some_and(|value| value != "false" && value != "0"),
            stdout_is_terminal,
            stderr_is_terminal: std::io::stderr().is_terminal(),
            colour_welcome: set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb"),
            width: terminal_size::terminal_size().filter(|_| stdout_is_terminal).map(|(width, _)| width.0.max(40)),
            path: set("PATH"),
            cache_dir: cache_home().map(|cache| cache.join("scanall")),
            cargo_home: set("CARGO_HOME").map(PathBuf::from).or_else(|| home().map(|home| home.join(".cargo"))),
            homes: Homes::read(home().as_deref()),
            trivy_cache: set("TRIVY_CACHE_DIR")
                .map(PathBuf::from)
                .or_else(|| cache_home().map(|cache| cache.join("trivy"))),
            grype_db: set("GRYPE_DB_CACHE_DIR")
                .map(PathBuf::from)
                .or_else(|| cache_home().map(|cache| cache.join("grype/db"))),
            osv_db: set("OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY").map(PathBuf::from).or_else(cache_home),
            advisory_sites: Sites::of(set("SCANALL_ADVISORY_MIRROR").and_then(|url| url.into_string().ok()).as_deref()),
            deps_dev_url: set("SCANALL_DEPSDEV_URL").and_then(|url| url.into_string().ok()),
            git: GitVariables {
                dir: set("GIT_DIR").map(PathBuf::from),
                work_tree: set("GIT_WORK_TREE").map(PathBuf::from),
                index_file: set("GIT_INDEX_FILE").map(PathBuf::from),
            },
            github: GithubVariables::read(),
            providers: providers(),
            today: now.to_zoned(jiff::tz::TimeZone::UTC).date(),
            now,
            source_date_epoch: env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.trim().parse().ok()),
        }
    }

    /// The way to the providers of secrets, and how much of each wait for them is really waited.
    pub fn way_to_providers(&self) -> (Way, Pace) {
        let part = self.github.test_pace.as_deref().and_then(|part| part.parse().ok());
        (self.providers.clone(), part.map_or_else(Pace::default, Pace::part))
    }

    /// Whether to use colour, by what was asked for and by whether it goes to a terminal.
    pub fn wants_colour(&self, choice: clap::ColorChoice, is_terminal: bool) -> bool {
        match choice {
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
            clap::ColorChoice::Auto => is_terminal && self.colour_welcome,
        }
    }
}
