//! TruffleHog: credentials in files and in the history. To try a credential out it would send it to whoever issued it,
//! which nobody asked for.

use super::history;
use super::spec::{Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// TruffleHog as a layer.
pub static TRUFFLEHOG: Spec = Spec {
    name: "trufflehog",
    programs: &["trufflehog"],
    about: "credentials in files and history, by TruffleHog",
    kinds: &[Kind::Secret],
    install: "https://github.com/trufflesecurity/trufflehog",
    // Older ones run what the configuration of a local repository names (CVE-2025-41390):
    // https://github.com/trufflesecurity/trufflehog/pull/4502
    oldest: "3.90.11",
    question: &["--no-update", "--version"],
    prepare: Prepare::Decide(prepare),
    format: "trufflehog",
    usual: 30,
    ..Spec::PLAIN
};

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    let (command, target) = match history::is_wanted(context) {
        true => ("git", "file://{target}"),
        false => ("filesystem", "{target}"),
    };
    let words = [command, "--json", "--no-update", "--no-verification", "--no-color", target];
    Preparation::Run(words.map(str::to_owned).to_vec())
}
