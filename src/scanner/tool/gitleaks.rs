//! Gitleaks: credentials in files and in the history. The `.gitleaks.toml` and `.gitleaksignore` of the scanned tree are
//! data, and the project's own decision.

use super::history;
use super::spec::{Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// Gitleaks as a layer.
pub static GITLEAKS: Spec = Spec {
    name: "gitleaks",
    programs: &["gitleaks"],
    about: "credentials in files and history, by Gitleaks",
    kinds: &[Kind::Secret],
    install: "https://github.com/gitleaks/gitleaks",
    // The first with the commands `git` and `dir`: https://github.com/gitleaks/gitleaks/releases/tag/v8.19.0
    oldest: "8.19.0",
    prepare: Prepare::Decide(prepare),
    meaning: &[(1, "an error"), (126, "an option that it does not know")],
    format: "gitleaks",
    usual: 15,
    ..Spec::PLAIN
};

/// The options that both commands know; `--exit-code 0` tells a leak from an error.
const OPTIONS: [&str; 10] = [
    "--no-banner",
    "--no-color",
    "--log-level",
    "error",
    "--exit-code",
    "0",
    "--report-format",
    "json",
    "--report-path",
    "-",
];

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    let mut arguments: Vec<String> = match history::is_wanted(context) {
        true => vec!["git".to_owned(), format!("--log-opts={}", history::LOG)],
        false => vec!["dir".to_owned()],
    };
    arguments.extend(OPTIONS.iter().chain(&["--", "{target}"]).map(|word| (*word).to_owned()));
    Preparation::Run(arguments)
}
