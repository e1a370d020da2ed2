//! Checkov: infrastructure as code, Dockerfiles, workflows and credentials.
//!
//! The configuration of a repository, `.checkov.yaml`, could name checks in Python, so that it is not read: Checkov looks
//! for it in the folder that it runs in and in that of `--directory X`, but not of `--directory=X`.

use super::spec::{Prepare, Spec};
use crate::finding::Kind;

/// Checkov as a layer.
pub static CHECKOV: Spec = Spec {
    name: "checkov",
    programs: &["checkov"],
    about: "infrastructure as code, by Checkov",
    kinds: &[Kind::Config, Kind::Secret],
    install: "pip install checkov",
    oldest: "2.0.0",
    wanted: &[
        "*.tf",
        "*.tf.json",
        "*.bicep",
        "*.yml",
        "*.yaml",
        "*.template",
        "Dockerfile",
        "Dockerfile.*",
        "*.Dockerfile",
        "serverless.yml",
        "template.json",
        "cdk.json",
    ],
    // Helm and kustomize would be run on charts of the repository; packages are asked of a server that wants an account.
    prepare: Prepare::Words(&[
        "--directory={target}",
        "--output",
        "json",
        "--quiet",
        "--compact",
        "--skip-download",
        "--soft-fail",
        "--skip-framework",
        "helm",
        "kustomize",
        "sca_package",
        "sca_image",
    ]),
    // With `--soft-fail` only a failure of Checkov itself has another code.
    meaning: &[(1, "it could not go on"), (2, "it was called wrongly, or could not go on")],
    format: "checkov",
    set: &[("LOG_LEVEL", "ERROR"), ("CKV_IGNORE_HIDDEN_DIRECTORIES", "false")],
    usual: 40,
    ..Spec::PLAIN
};
