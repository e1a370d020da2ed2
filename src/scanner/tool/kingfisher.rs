//! Kingfisher: credentials in files and in the history. It reads git's objects by itself, and tries nothing out unless it
//! may.

use super::history;
use super::spec::{Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// Kingfisher as a layer.
pub static KINGFISHER: Spec = Spec {
    name: "kingfisher",
    programs: &["kingfisher"],
    about: "credentials in files and history, by Kingfisher",
    kinds: &[Kind::Secret],
    install: "https://github.com/mongodb/kingfisher",
    oldest: "1.12.0",
    prepare: Prepare::Decide(prepare),
    // https://github.com/mongodb/kingfisher/blob/main/docs/USAGE.md#exit-codes
    good: &[0, 200, 205],
    format: "kingfisher",
    usual: 20,
    ..Spec::PLAIN
};

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    let history = if history::is_wanted(context) { "full" } else { "none" };
    let words = ["scan", "--no-validate", "--no-update-check", "--quiet", "--format", "json", "--git-history", history];
    Preparation::Run(words.iter().chain(&["--", "{target}"]).map(|word| (*word).to_owned()).collect())
}
