//! Defines [`Config`]: what `.scanall.toml` may say, strictly. An unknown key is an error, never a silent no-op.
//!
//! The file comes with the scanned repository, so it can choose what is looked at and what is accepted, in the open
//! where a reviewer sees it; it cannot name a network address or a path outside of the repository, and the programs that
//! it names run only when whoever scans vouches for them.

pub mod licenses;
pub mod tools;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::finding::{Confidence, Severity};
use crate::options::AdvisorySource;
use crate::text;
pub use licenses::{LicenseClarification, LicenseException, LicenseLists, Licenses};
use tools::{OwnTool, ToolSettings};

/// The name of the file, looked for at the root of the target.
pub const FILE: &str = ".scanall.toml";

/// A project's settings; the command line wins over them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// What is scanned and what fails.
    pub scan: Scan,
    /// The secrets layer.
    pub secrets: Secrets,
    /// The licenses layer.
    pub licenses: Licenses,
    /// The Semgrep layer.
    pub semgrep: Semgrep,
    /// How external programs run, by the name of their layer.
    pub tools: BTreeMap<String, ToolSettings>,
    /// The project's own programs.
    pub tool: Vec<OwnTool>,
    /// Accepted findings.
    pub ignore: Vec<Ignore>,
}

/// `[scan]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scan {
    /// The severity from which findings fail the run; `None` for the default, high.
    pub fail_on: Option<Severity>,
    /// The least confidence of findings that are told; `None` for medium of secrets and any of everything else.
    pub confidence: Option<Confidence>,
    /// The layers to run; empty for all.
    pub only: Vec<String>,
    /// Layers not to run.
    pub skip: Vec<String>,
    /// Globs of paths whose findings are dropped unseen, for generated and vendored trees; prefer `[[ignore]]`.
    pub exclude: Vec<String>,
    /// `full`, `none` or a revision range; `None` for the default, full.
    pub history: Option<String>,
    /// What other tools' comments and files accept does not count.
    pub own_ignores_only: bool,
    /// Where advisories are taken from; `None` for the default, a fresh store and else OSV's server.
    pub advisories: Option<AdvisorySource>,
    /// The file of known findings, relative to the root; `None` for the default, which need not exist.
    pub baseline: Option<String>,
}

/// `[secrets]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Secrets {
    /// Rule packs, relative to the file, inside the repository.
    pub rules: Vec<String>,
    /// Whether the configurations of other tools in the root of the repository are taken in.
    pub import: bool,
}

impl Default for Secrets {
    fn default() -> Self {
        Self { rules: Vec::new(), import: true }
    }
}

/// `[semgrep]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Semgrep {
    /// Rule files of the repository, or packs of the Semgrep registry such as `p/default`.
    pub config: Vec<String>,
}

/// `[[ignore]]`: accepts the findings that fit every selector given.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Ignore {
    /// The fingerprint of one finding.
    pub fingerprint: Option<String>,
    /// The id of a rule; `*` stands for any text.
    pub rule: Option<String>,
    /// A glob of paths.
    pub path: Option<String>,
    /// A package, by name or purl, with or without `@version`.
    pub package: Option<String>,
    /// An advisory, by its id or one of its aliases.
    pub advisory: Option<String>,
    /// Why the finding is accepted.
    pub reason: String,
    /// The last day on which it is accepted; `None` for ever.
    pub expires: Option<Day>,
}

/// A calendar day, written `2027-01-31` with or without quotes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(try_from = "DayText")]
pub struct Day(pub jiff::civil::Date);

#[derive(Deserialize)]
#[serde(untagged)]
enum DayText {
    Quoted(String),
    Bare(toml::value::Datetime),
}

impl TryFrom<DayText> for Day {
    type Error = String;

    fn try_from(text: DayText) -> Result<Self, String> {
        let text = match text {
            DayText::Quoted(text) => text,
            DayText::Bare(day) => day.to_string(),
        };
        let day = text.get(..10).unwrap_or(&text);
        day.parse().map(Day).map_err(|_| format!("`{text}` is not a day such as 2027-01-31"))
    }
}

impl Ignore {
    fn check(&self) -> Result<(), Error> {
        if self.reason.trim().is_empty() {
            return Err(Error::usage("an [[ignore]] has an empty reason")
                .hint("say why the finding is accepted; whoever reads it next will want to know"));
        }
        let selectors = [&self.fingerprint, &self.rule, &self.path, &self.package, &self.advisory];
        if selectors.iter().all(|selector| selector.is_none()) {
            return Err(Error::usage("an [[ignore]] would accept every finding")
                .hint("name a fingerprint, a rule, a path, a package or an advisory"));
        }
        if let Some(glob) = &self.path {
            glob_of(glob)?;
        }
        Ok(())
    }
}

impl Config {
    /// Reads a file given by name, or the one at the root of the target if there is one.
    ///
    /// # Errors
    /// The file cannot be read or is not valid.
    pub fn load(named: Option<&Path>, root: &Path) -> Result<Self, Error> {
        let at_root = root.join(FILE);
        let (path, must_exist) = named.map_or((at_root.as_path(), false), |path| (path, true));
        match std::fs::read_to_string(path) {
            Ok(source) => {
                let origin = named.map_or_else(|| FILE.to_owned(), |path| path.display().to_string());
                Self::read(&source, &origin)
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && !must_exist => Ok(Self::default()),
            Err(e) => Err(Error::usage(format!("cannot read the configuration `{}`", path.display())).because(e)),
        }
    }

    /// Reads a configuration; `origin` names it in errors.
    ///
    /// # Errors
    /// It is not valid.
    pub fn read(source: &str, origin: &str) -> Result<Self, Error> {
        let config: Self = parse_toml(source, origin)?;
        config.ignore.iter().try_for_each(Ignore::check)?;
        config.tool.iter().try_for_each(OwnTool::check)?;
        let mut names = BTreeSet::new();
        if let Some(twice) = config.tool.iter().find(|tool| !names.insert(&tool.name)) {
            return Err(Error::usage(format!("there are two [[tool]] with the name `{}`", twice.name)));
        }
        config.scan.exclude.iter().try_for_each(|glob| glob_of(glob).map(drop))?;
        Ok(config)
    }
}

/// Compiles a glob over repository paths: `*` stays in one folder, `**` does not, and a glob without a slash fits in
/// every folder, as in a `.gitignore`.
///
/// # Errors
/// It is not a valid glob.
pub fn glob_of(glob: &str) -> Result<globset::GlobMatcher, Error> {
    let pattern = match glob.trim_start_matches("./") {
        name if !name.contains('/') => format!("**/{name}"),
        folder if folder.ends_with('/') => format!("{folder}**"),
        path => path.to_owned(),
    };
    globset::GlobBuilder::new(&pattern)
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|e| Error::usage(format!("`{glob}` is not a valid path pattern")).because(e.kind().to_string()))
}

/// Reads TOML strictly; `origin` names the source in errors.
///
/// # Errors
/// The source is not TOML, lacks a key, or has one that is not known: the error names it, its place and the nearest
/// known one.
pub fn parse_toml<T: DeserializeOwned>(source: &str, origin: &str) -> Result<T, Error> {
    toml::from_str(source).map_err(|error| {
        let line = error.span().map(|span| source[..span.start.min(source.len())].matches('\n').count() + 1);
        let place = line.map_or_else(|| origin.to_owned(), |line| format!("{origin}:{line}"));
        let refused = Error::usage(format!("`{place}` is not valid")).because(error.message().to_owned());
        match suggestion(error.message()) {
            Some(hint) => refused.hint(hint),
            None => refused,
        }
    })
}

/// The nearest valid key for serde's sentence about an unknown one.
fn suggestion(message: &str) -> Option<String> {
    let mut words = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let unknown = words.next()?;
    let known: Vec<&str> = words.collect();
    match text::nearest(unknown, known.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => Some(format!("known keys are {}", known.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(source: &str) -> String {
        let error = Config::read(source, FILE).unwrap_err();
        format!("{error} | {}", error.hints().join(" | "))
    }

    #[test]
    fn a_typo_is_named_with_its_place_and_the_nearest_key() {
        let said = refusal("[scan]\n\nfail_no = \"high\"\n");
        assert!(
            said.contains(".scanall.toml:3") && said.contains("fail_no") && said.contains("did you mean `fail_on`?"),
            "{said}"
        );
        assert!(refusal("[licences]\n").contains("did you mean `licenses`?"));
    }

    #[test]
    fn an_ignore_needs_a_selector_and_a_reason() {
        assert!(refusal("[[ignore]]\nrule = \"x\"\n").contains("missing field `reason`"));
        assert!(refusal("[[ignore]]\nreason = \"x\"\n").contains("every finding"));
        assert!(refusal("[[ignore]]\nrule = \"x\"\nreason = \" \"\n").contains("empty reason"));
        assert!(refusal("[[ignore]]\npath = \"a[\"\nreason = \"x\"\n").contains("not a valid path pattern"));
    }

    #[test]
    fn days_are_written_with_or_without_quotes() {
        let config = Config::read(
            "[[ignore]]\nrule='a'\nreason='b'\nexpires=2027-01-31\n[[ignore]]\nrule='a'\nreason='b'\nexpires='2027-01-31'\n",
            FILE,
        )
        .unwrap();
        assert_eq!(config.ignore[0].expires, config.ignore[1].expires);
        assert!(refusal("[[ignore]]\nrule='a'\nreason='b'\nexpires='soon'\n").contains("soon"));
    }

    #[test]
    fn globs_are_those_of_gitignore() {
        let fits = |glob: &str, path: &str| glob_of(glob).unwrap().is_match(path);
        assert!(fits("*.pem", "a/b/c.pem") && fits("vendor/", "vendor/x/y") && fits("a/*.rs", "a/b.rs"));
        assert!(!fits("a/*.rs", "a/b/c.rs") && fits("a/**", "a/b/c.rs") && !fits("vendor/", "lib/vendor/x"));
    }
}
