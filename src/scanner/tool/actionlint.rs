//! actionlint: mistakes in GitHub Actions workflows.
//!
//! It runs in the target, since it names files from the folder that it is in. Its configuration,
//! `.github/actionlint.yaml`, names labels of runners and errors to leave out; it runs nothing.

use super::files;
use super::spec::{Folder, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// actionlint as a layer.
pub static ACTIONLINT: Spec = Spec {
    name: "actionlint",
    programs: &["actionlint"],
    about: "mistakes in workflows, by actionlint",
    kinds: &[Kind::Config, Kind::Secret],
    install: "https://github.com/rhysd/actionlint",
    oldest: "1.5.0",
    question: &["-version"],
    wanted: &[".github/workflows/*.yml", ".github/workflows/*.yaml"],
    prepare: Prepare::Decide(prepare),
    folder: Folder::Target,
    good: &[0, 1],
    // https://github.com/rhysd/actionlint/blob/main/docs/usage.md#exit-status
    meaning: &[(2, "it does not know an option that it was given"), (3, "it could not go on")],
    format: "actionlint",
    usual: 3,
    ..Spec::PLAIN
};

fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    files::run(context, sink, "actionlint", &["-no-color", "-format", "{{json .}}", "--"], ACTIONLINT.wanted)
}
