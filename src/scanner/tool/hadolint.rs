//! Hadolint: mistakes in Dockerfiles.

use super::files;
use super::spec::{Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// Hadolint as a layer.
pub static HADOLINT: Spec = Spec {
    name: "hadolint",
    programs: &["hadolint"],
    about: "mistakes in Dockerfiles, by Hadolint",
    kinds: &[Kind::Config],
    install: "https://github.com/hadolint/hadolint",
    oldest: "2.0.0",
    wanted: &["Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile", "Containerfile"],
    prepare: Prepare::Decide(prepare),
    // Without `--no-fail`, which came with 2.0: 1 says that there are findings.
    good: &[0, 1],
    format: "hadolint",
    usual: 3,
    ..Spec::PLAIN
};

/// Its configuration chooses rules and registries, and names no code.
const OWN: [&str; 2] = [".hadolint.yaml", ".hadolint.yml"];

fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    let mut arguments = vec!["--no-fail".to_owned(), "--format".to_owned(), "json".to_owned()];
    if let Some(own) = files::first_of(context, &OWN) {
        arguments.extend(["--config".to_owned(), own]);
    }
    arguments.push("--".to_owned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    files::run(context, sink, "hadolint", &arguments, HADOLINT.wanted)
}
