//! zizmor: weaknesses of GitHub Actions workflows. What it reads of the repository, its own configuration included, is
//! data.

use super::spec::{Prepare, Spec};
use crate::finding::Kind;

/// zizmor as a layer.
pub static ZIZMOR: Spec = Spec {
    name: "zizmor",
    programs: &["zizmor"],
    about: "weaknesses of GitHub Actions, by zizmor",
    kinds: &[Kind::Config],
    install: "pip install zizmor",
    oldest: "1.0.0",
    wanted: &[
        ".github/workflows/*.yml",
        ".github/workflows/*.yaml",
        "action.yml",
        "action.yaml",
        ".github/dependabot.yml",
        ".github/dependabot.yaml",
    ],
    // What it would ask servers for takes a token, which no tool gets.
    prepare: Prepare::Words(&["--offline", "--no-progress", "--quiet", "--format", "json", "--", "{target}"]),
    // From 11 on the code says how bad the worst finding is: https://docs.zizmor.sh/usage/#exit-codes
    good: &[0, 10, 11, 12, 13, 14],
    meaning: &[(1, "it could not audit"), (2, "a usage error"), (3, "it found nothing to audit")],
    format: "zizmor",
    usual: 2,
    ..Spec::PLAIN
};
