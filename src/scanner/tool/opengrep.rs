//! Opengrep: weaknesses in source code, by the rules that Semgrep would take from the project.

use super::semgrep;
use super::spec::{Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// Opengrep as a layer.
pub static OPENGREP: Spec = Spec {
    name: "opengrep",
    programs: &["opengrep"],
    about: "weaknesses in source code, by Opengrep",
    install: "https://github.com/opengrep/opengrep",
    network: semgrep::SEMGREP.network,
    kinds: &[Kind::Code],
    prepare: Prepare::Decide(prepare),
    good: semgrep::SEMGREP.good,
    meaning: semgrep::SEMGREP.meaning,
    format: "semgrep",
    usual: 30,
    ..Spec::PLAIN
};

fn prepare(context: &Context, _: &dyn Sink) -> Preparation {
    semgrep::prepare_as("opengrep", context, &["scan", "--json", "--quiet", "--disable-version-check"])
}
