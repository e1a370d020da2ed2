//! Trivy: vulnerabilities of every ecosystem, misconfiguration, secrets.

use std::path::PathBuf;

use super::spec::{GIB, Network, Preparation, Prepare, Spec};
use crate::finding::Kind;
use crate::options::Options;
use crate::scanner::{Context, Gap, Sink};

/// Trivy as a layer.
pub static TRIVY: Spec = Spec {
    name: "trivy",
    programs: &["trivy"],
    about: "vulnerable packages and misconfiguration, by Trivy",
    kinds: &[Kind::Advisory, Kind::Config, Kind::Secret],
    install: "https://trivy.dev",
    // The first that can be told to fetch no VEX repository: https://github.com/aquasecurity/trivy/releases/tag/v0.54.0
    oldest: "0.54.0",
    network: Network::Updates("mirror.gcr.io and ghcr.io, for its databases"),
    database: Some(database),
    prepare: Prepare::Decide(prepare),
    format: "trivy",
    environment: &["TRIVY_CACHE_DIR"],
    memory: 8 * GIB,
    usual: 20,
    ..Spec::PLAIN
};

/// What Trivy writes beside its vulnerability database.
pub(in crate::scanner) fn database(options: &Options) -> Option<PathBuf> {
    Some(options.trivy_cache.as_ref()?.join("db/metadata.json"))
}

fn prepare(context: &Context, sink: &dyn Sink) -> Preparation {
    let mut arguments = arguments("fs", &["misconfig", "secret"], context, sink);
    arguments.extend(["--", "{target}"].map(str::to_owned));
    Preparation::Run(arguments)
}

/// The arguments of a command in front of what it looks at: what it looks for, and for vulnerable packages where there
/// is or can be a database.
pub(in crate::scanner) fn arguments(
    command: &str,
    looks_for: &[&str],
    context: &Context,
    sink: &dyn Sink,
) -> Vec<String> {
    let mut scanners = looks_for.to_vec();
    let mut arguments: Vec<String> =
        [command, "--quiet", "--no-progress", "--format", "json", "--offline-scan"].map(str::to_owned).to_vec();
    // It is ended by what counts the time of every tool.
    arguments.extend(["--timeout", "24h"].map(str::to_owned));
    if context.options.offline {
        arguments.extend(
            ["--skip-db-update", "--skip-java-db-update", "--skip-check-update", "--skip-vex-repo-update"]
                .map(str::to_owned),
        );
    }
    if !context.options.offline || database(&context.options).is_some_and(|file| file.is_file()) {
        scanners.push("vuln");
    } else {
        sink.gap(
            Gap::unavailable("trivy has no vulnerability database on this machine, so it looked for the rest only")
                .hint("run it online once, or `trivy fs --download-db-only`"),
        );
    }
    arguments.extend(["--scanners".to_owned(), scanners.join(",")]);
    arguments
}
