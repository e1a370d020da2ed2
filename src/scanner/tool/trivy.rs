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
    let mut scanners = vec!["misconfig", "secret"];
    let mut arguments: Vec<String> =
        ["fs", "--quiet", "--no-progress", "--format", "json", "--offline-scan"].map(str::to_owned).to_vec();
    arguments.extend(["--timeout".to_owned(), format!("{}s", TRIVY.timeout.as_secs())]);
    let has_database = database(&context.options).is_some_and(|file| file.is_file());
    if context.options.offline {
        arguments.extend(
            ["--skip-db-update", "--skip-java-db-update", "--skip-check-update", "--skip-vex-repo-update"]
                .map(str::to_owned),
        );
    }
    if has_database || !context.options.offline {
        scanners.push("vuln");
    } else {
        sink.gap(
            Gap::unavailable("trivy has no vulnerability database on this machine, so it looked for the rest only")
                .hint("run it online once, or `trivy fs --download-db-only`"),
        );
    }
    arguments.extend(["--scanners".to_owned(), scanners.join(",")]);
    arguments.extend(["--", "{target}"].map(str::to_owned));
    Preparation::Run(arguments)
}
