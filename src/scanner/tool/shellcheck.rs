//! ShellCheck: mistakes in shell scripts.
//!
//! A `.shellcheckrc` beside a script turns checks on and off, and names files to follow; it runs nothing.

use super::files;
use super::spec::{Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::scanner::{Context, Sink};

/// ShellCheck as a layer.
pub static SHELLCHECK: Spec = Spec {
    name: "shellcheck",
    programs: &["shellcheck"],
    about: "mistakes in shell scripts, by ShellCheck",
    kinds: &[Kind::Code],
    install: "https://www.shellcheck.net",
    oldest: "0.7.0",
    wanted: &["*.sh", "*.bash", "*.dash", "*.ksh", "*.bats"],
    prepare: Prepare::Decide(prepare),
    good: &[0, 1],
    // https://github.com/koalaman/shellcheck/blob/master/shellcheck.1.md#return-values
    meaning: &[
        (2, "it could not read some of the files"),
        (3, "it was called wrongly"),
        (4, "it does not know an option that it was given"),
    ],
    format: "shellcheck",
    usual: 4,
    ..Spec::PLAIN
};

fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    files::run(context, sink, "shellcheck", &["--format=json1", "--"], SHELLCHECK.wanted)
}
