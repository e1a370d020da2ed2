//! Betterleaks: credentials in files and in the history. It tries none of them out unless it is told to, and reads no
//! configuration from what it scans.

use super::history;
use super::spec::{Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// Betterleaks as a layer.
pub static BETTERLEAKS: Spec = Spec {
    name: "betterleaks",
    programs: &["betterleaks"],
    about: "credentials in files and history, by Betterleaks",
    kinds: &[Kind::Secret],
    install: "https://github.com/betterleaks/betterleaks",
    // The first whose reports go to standard output in one form: https://github.com/betterleaks/betterleaks/releases
    oldest: "2.0.0",
    prepare: Prepare::Decide(prepare),
    format: "betterleaks",
    usual: 15,
    ..Spec::PLAIN
};

/// The options that both commands know; `--exit-code 0` tells a leak from an error.
const OPTIONS: [&str; 6] =
    ["--no-banner", "--no-color", "--exit-code=0", "--log-level=error", "--silent", "--output=-"];

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    let mut arguments: Vec<String> = match history::is_wanted(context) {
        true => vec!["git".to_owned(), format!("--log-opts={}", history::LOG)],
        false => vec!["fs".to_owned()],
    };
    arguments.extend(OPTIONS.iter().chain(&["--", "{target}"]).map(|word| (*word).to_owned()));
    Preparation::Run(arguments)
}
