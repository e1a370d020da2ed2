//! zizmor: weaknesses of GitHub Actions workflows.
//!
//! Its configuration, `zizmor.yml`, names findings to leave out and policies; it runs nothing. Audits that ask GitHub are
//! left out always: they need a token, and tools get none.

use super::spec::{Prepare, Spec};
use crate::finding::Kind;

/// zizmor as a layer.
pub static ZIZMOR: Spec = Spec {
    name: "zizmor",
    programs: &["zizmor"],
    about: "weaknesses of workflows, by zizmor",
    kinds: &[Kind::Config, Kind::Secret],
    install: "https://docs.zizmor.sh/installation/",
    oldest: "1.0.0",
    wanted: &[
        ".github/workflows/*.yml",
        ".github/workflows/*.yaml",
        "action.yml",
        "action.yaml",
        ".github/dependabot.yml",
        ".github/dependabot.yaml",
    ],
    prepare: Prepare::Words(&["--offline", "--no-progress", "--no-exit-codes", "--format", "json", "--", "{target}"]),
    // https://docs.zizmor.sh/usage/#exit-codes
    meaning: &[
        (1, "it could not go on"),
        (2, "it does not know an option that it was given"),
        (3, "it found nothing to look at"),
    ],
    format: "zizmor",
    usual: 2,
    ..Spec::PLAIN
};
